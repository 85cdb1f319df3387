"""A thread stands still while another one computes for it.

Two threads of Python that compute at once go no faster than one: they take the interpreter from each other at every
call that lets go of it, each statement and each socket, and every such change costs as much as a small statement. So
whoever hands work over does nothing meanwhile, for as long as the work gets on: not while it waits for a disk.
"""

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

PATIENCE_SECONDS = 0.005
"""Standing still ends when nothing has got on for so long."""
MOST_SECONDS = 0.02
"""It ends after so long in any case."""
SHY_SECONDS = 0.25
"""Where something did not get on, it is not waited for again for so long."""


class StandingStill:
    """An agreement of one thread that hands over and one or more that work."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._words: SimpleQueue[None] = SimpleQueue()
        self._steps = 0
        self._awaited = False
        self._shy_until = 0.0

    @property
    def is_awaited(self) -> bool:
        """Whether somebody stands still for this work, or is about to."""
        return self._awaited

    def begin(self) -> None:
        """Called before work is handed over."""
        while not self._words.empty():  # said too late to be heard
            self._words.get_nowait()
        self._awaited = self._monotonic() >= self._shy_until

    def wait(self) -> None:
        """Called once it is handed over: until it is over, or does not get on."""
        if not self._awaited:
            return
        until = self._monotonic() + MOST_SECONDS
        before = self._steps
        while not self._is_over():
            if self._steps == before:
                self._shy_until = self._monotonic() + SHY_SECONDS
                break
            if self._monotonic() > until:
                break
            before = self._steps
        self._awaited = False

    def step(self) -> None:
        """Called by who works, after each piece of it."""
        self._steps += 1

    def over(self) -> bool:
        """Called by who works, once its results lie ready: whether they will be looked at without another word."""
        # Who gives up waiting says so first and looks at the results then, so that none lies unseen.
        if self._awaited:
            self._words.put(None)
            return True
        return False

    def _is_over(self) -> bool:
        try:
            self._words.get(timeout=PATIENCE_SECONDS)
        except Empty:
            return False
        return True

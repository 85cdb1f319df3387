"""Who hands work over waits while it gets on, and only then."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from storage.standing_still import MOST_SECONDS, PATIENCE_SECONDS, SHY_SECONDS, StandingStill


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join()


def test_the_wait_ends_with_the_work() -> None:
    still = StandingStill()
    seen: list[bool] = []
    still.begin()
    with beside(lambda: seen.append(still.over())):
        still.wait()

    assert [True] == seen
    assert not still.is_awaited


def test_what_nobody_waits_for_has_to_be_said() -> None:
    assert not StandingStill().over()


def test_a_word_that_came_too_late_does_not_end_the_next_wait() -> None:
    """Seen red: without the look for old words at the beginning, the second wait was over before its work."""
    now = 0.0
    still = StandingStill(lambda: now)
    still.begin()
    still.over()
    still.begin()
    still.wait()
    now = SHY_SECONDS / 2
    still.begin()

    assert not still.is_awaited  # as nothing had got on


def test_what_does_not_get_on_is_left_alone_and_tried_again_later() -> None:
    """Seen red: where no notice was taken of a wait in vain, the next one was awaited at once."""
    now = 0.0
    still = StandingStill(lambda: now)
    still.begin()
    still.wait()
    still.begin()
    at_once = still.is_awaited
    now = SHY_SECONDS
    still.begin()

    assert (False, True) == (at_once, still.is_awaited)


class Getting(SimpleQueue[None]):
    """Nobody says a word, and a piece of work is done at each look for one."""

    def __init__(self, step: Callable[[], None]) -> None:
        super().__init__()
        self._step = step

    def get(self, block: bool = True, timeout: float | None = None) -> None:  # noqa: FBT001, FBT002 - as it is called
        del block, timeout
        self._step()
        raise Empty


def test_work_without_end_is_left_alone_too() -> None:
    """Seen red: without the limit, the wait never ended."""
    now = 0.0
    still = StandingStill(lambda: now)

    def step() -> None:
        nonlocal now
        now += PATIENCE_SECONDS
        still.step()

    still._words = Getting(step)
    still.begin()
    still.wait()
    waited = now
    still.begin()

    assert MOST_SECONDS < waited <= MOST_SECONDS + 2 * PATIENCE_SECONDS
    assert still.is_awaited  # it did get on

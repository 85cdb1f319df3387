"""Work that follows an acknowledgement: nobody waits for it, shutdown does."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def done_or_late(task: "asyncio.Task[Any]", seconds: float) -> None:
    """Wait until a task is done, at most so long, and leave it be.

    `asyncio.wait_for` would also wait for the cancelled task to clean up behind itself; `asyncio.wait` costs half as
    much again.
    """
    loop = asyncio.get_running_loop()
    waited = loop.create_future()

    def enough(_done: object = None) -> None:
        if not waited.done():
            waited.set_result(None)

    timer = loop.call_later(seconds, enough)
    task.add_done_callback(enough)
    try:
        await waited
    finally:
        timer.cancel()
        task.remove_done_callback(enough)


class LateWork:
    """The tasks that were begun after an answer. A failure is logged, never lost and never raised into the loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._over_at: float | None = None

    def begin(self, work: Coroutine[Any, Any, Any], what: str) -> None:
        """Begin work that nobody waits for."""
        self.adopt(asyncio.ensure_future(work), what)

    def adopt(self, task: "asyncio.Task[Any]", what: str) -> None:
        """Take over a task that somebody has stopped waiting for."""
        self._tasks.add(task)

        def ended(done: asyncio.Task[Any]) -> None:
            self._tasks.discard(done)
            if not done.cancelled() and done.exception() is not None:
                _log.error("late_work_failed", what=what, exc_info=done.exception())

        task.add_done_callback(ended)

    def is_over_in(self, seconds: float) -> bool:
        """From now on so much time is left. False where that was said before: it stays as it was."""
        if self._over_at is not None:
            return False
        self._over_at = asyncio.get_running_loop().time() + seconds
        return True

    async def drain(self) -> None:
        """Wait until all is done, and what it leads to, as long as there is time; then say what was given up."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._over_at):
                while self._tasks:
                    await asyncio.wait(set(self._tasks))
        if self._tasks:
            _log.error("late_work_given_up", tasks=len(self._tasks))

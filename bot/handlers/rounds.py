"""Looks for work that the database holds for later, round after round, and at once where somebody says so."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot.handlers.late import LateWork
from storage.errors import StorageError

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Rounds:
    """The rounds of one worker, which end with the process."""

    label: str
    """What the worker is called where late work is counted."""
    look: Callable[[], Awaitable[float]]
    """Looks once; in how many seconds to look again. It may raise `StorageError`."""
    rest: float
    """Seconds until the next look where one failed."""
    put_off: str
    """What the log says where the database did not answer."""
    failed: str
    """What the log says of a defect, which must not keep everything back until the next start."""
    late: LateWork
    stopping: asyncio.Event
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin to look, now and then from here on."""
        self.late.begin(self._run(), self.label)

    def wake(self) -> None:
        """Let the pause between two looks be over: there is something to do, or the process ends."""
        self._woken.set()

    async def _run(self) -> None:
        while not self.stopping.is_set():
            self._woken.clear()
            pause = self.rest
            try:
                pause = await self.look()
            except StorageError as error:
                _log.warning(self.put_off, error=type(error).__name__)
            except Exception:  # noqa: BLE001 - said and outlived, as `failed` tells
                _log.exception(self.failed)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

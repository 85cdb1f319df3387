"""Lets guests go who have left, in every process: it does no harm that several do it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot.handlers.late import LateWork
from bot.services.guest_upkeep import GuestUpkeep
from storage.errors import StorageError

SWEEP_SECONDS = 10.0
"""Between two looks while somebody waits."""
IDLE_SECONDS = 60.0
"""Between two looks otherwise."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sweeper:
    """The sweeper of one process."""

    upkeep: GuestUpkeep
    late: LateWork
    stopping: asyncio.Event
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin to look, now and then from here on."""
        self.late.begin(self._run(), "sweeper")

    def wake(self) -> None:
        """Look at once, or end."""
        self._woken.set()

    async def _run(self) -> None:
        while not self.stopping.is_set():
            self._woken.clear()
            pause = IDLE_SECONDS
            try:
                pause = SWEEP_SECONDS if await self.upkeep.sweep() else IDLE_SECONDS
            except StorageError as error:
                _log.warning("guests_not_swept", error=type(error).__name__)
            except Exception:  # noqa: BLE001 - one defect must not keep those who have left waiting until the next start
                _log.exception("sweeping_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

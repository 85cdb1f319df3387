"""Ends the meetings that nobody ends, once their time is over."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot.handlers.late import LateWork
from bot.services.meetings import Meetings
from storage.errors import StorageError

LOOK_SECONDS = 60.0
"""Between two looks: until then nobody comes in any more all the same."""
AT_ONCE = 100
"""Meetings in one transaction."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Closer:
    """The closer of one process. That several close at once does no harm."""

    meetings: Meetings
    late: LateWork
    stopping: asyncio.Event
    look_seconds: float = LOOK_SECONDS
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin to look, now and then from here on."""
        self.late.begin(self._run(), "closer")

    def wake(self) -> None:
        """Look at once, or end."""
        self._woken.set()

    async def _run(self) -> None:
        while not self.stopping.is_set():
            self._woken.clear()
            pause = self.look_seconds
            try:
                pause = await self.look()
            except StorageError as error:
                _log.warning("meetings_not_closed", error=type(error).__name__)
            except Exception:  # noqa: BLE001 - one defect must not keep every meeting open until the next start
                _log.exception("closing_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

    async def look(self) -> float:
        """End what is over; in how many seconds to look again.

        Raises:
            StorageError: the database did not answer as it should.
        """
        ended = await self.meetings.end_overdue(AT_ONCE)
        if ended:
            _log.info("meetings_closed", meetings=len(ended))
        return 0.0 if len(ended) == AT_ONCE else self.look_seconds

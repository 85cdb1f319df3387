"""Ends the meetings that nobody ends, once their time is over."""

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.handlers.late import LateWork
from bot.handlers.rounds import Rounds
from bot.services.meetings import Meetings

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
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._rounds = Rounds(
            label="closer",
            look=self.look,
            rest=self.look_seconds,
            put_off="meetings_not_closed",
            failed="closing_failed",
            late=self.late,
            stopping=self.stopping,
        )

    def start(self) -> None:
        """Begin to look, now and then from here on."""
        self._rounds.start()

    def wake(self) -> None:
        """Look at once, or end."""
        self._rounds.wake()

    async def look(self) -> float:
        """End what is over; in how many seconds to look again.

        Raises:
            StorageError: the database did not answer as it should.
        """
        ended = await self.meetings.end_overdue(AT_ONCE)
        if ended:
            _log.info("meetings_closed", meetings=len(ended))
        return 0.0 if len(ended) == AT_ONCE else self.look_seconds

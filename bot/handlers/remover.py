"""Closes what the app has left, and purges it once its time has come. Each workspace is purged by one process."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from bot.handlers.late import LateWork
from bot.handlers.rounds import Rounds
from bot.services.departures import Closings
from bot.services.purging import Purges

LOOK_SECONDS = 30.0
"""Between two looks."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Remover:
    """The remover of one process."""

    closings: Closings
    purges: Purges
    speaks_for: Callable[[], Awaitable[tuple[str, int]]]
    """The one workspace that a token of ours is known to be good for, and since when; empty where there is none."""
    late: LateWork
    stopping: asyncio.Event
    look_seconds: float = LOOK_SECONDS
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._rounds = Rounds(
            label="remover",
            look=self.look,
            rest=self.look_seconds,
            put_off="departures_put_off",
            failed="removing_failed",
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
        """Close and purge what is due; in how many seconds to look again.

        Raises:
            StorageError: the database did not answer as it should.
        """
        if await self.closings.anybody_left():
            workspace, since = await self.speaks_for()
            if workspace and await self.closings.come_back(workspace, datetime.fromtimestamp(since, UTC)):
                _log.info("workspace_is_back", workspace=workspace)
        if (closed := await self.closings.close()) is not None:
            if closed:
                _log.info("workspace_closed", workspace=closed)
            return 0.0
        purged = await self.purges.purge(may_go_on=lambda: not self.stopping.is_set())
        return 0.0 if purged is not None and purged.finished else self.look_seconds

"""Lets guests go who have left, in every process: it does no harm that several do it."""

import asyncio
from dataclasses import dataclass, field

from bot.handlers.late import LateWork
from bot.handlers.rounds import Rounds
from bot.services.guest_upkeep import GuestUpkeep

SWEEP_SECONDS = 10.0
"""Between two looks while somebody waits."""
IDLE_SECONDS = 60.0
"""Between two looks otherwise."""


@dataclass(slots=True)
class Sweeper:
    """The sweeper of one process."""

    upkeep: GuestUpkeep
    late: LateWork
    stopping: asyncio.Event
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._rounds = Rounds(
            label="sweeper",
            look=self.look,
            rest=IDLE_SECONDS,
            put_off="guests_not_swept",
            failed="sweeping_failed",
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
        """Let go who has left; in how many seconds to look again.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return SWEEP_SECONDS if await self.upkeep.sweep() else IDLE_SECONDS

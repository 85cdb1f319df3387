"""Gives the rows of the change log their links, after their commit. One process at a time does, whoever comes first."""

import asyncio
from dataclasses import dataclass, field

from bot.handlers.late import LateWork
from bot.handlers.rounds import Rounds
from bot.services.change_chain import ChangeChain

LOOK_SECONDS = 30.0
"""Between two looks: for about so long an alteration of a new row can go unnoticed."""
AT_ONCE = 500
"""Rows in one transaction."""


@dataclass(slots=True)
class Sealer:
    """The sealer of one process."""

    chain: ChangeChain
    late: LateWork
    stopping: asyncio.Event
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._rounds = Rounds(
            label="sealer",
            look=self.look,
            rest=LOOK_SECONDS,
            put_off="changes_not_sealed",
            failed="sealing_changes_failed",
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
        """Seal what is not sealed yet; in how many seconds to look again.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return 0.0 if await self.chain.seal(AT_ONCE) == AT_ONCE else LOOK_SECONDS

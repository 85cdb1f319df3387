"""That the app has left a workspace: its rooms are closed, and nothing of it goes until its time.

Numbers and links stay whose they are. Where the app comes back before the purge, all is as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.services.beginnings import Beginnings
from bot.services.house import House
from bot.services.postings import PostingRecords
from storage import changes, departures, guests, requests, sessions, workspaces
from storage.changes import Change
from storage.errors import Conflict
from storage.transactions import Transaction

AT_ONCE = 100
"""Meetings, and guests, in one transaction."""


class Departure(StrEnum):
    """What happened; the value is the code in the change log."""

    UNINSTALLED = "app.uninstalled"
    REVOKED = "tokens.revoked"


async def note_departure(
    house: House, workspace: str, key: str, departure: Departure, *, has_left: bool = False
) -> None:
    """Note it in the change log, where the workspace is known and the event is heard for the first time.

    `key` is the same for every repeat of the event. Nobody did it: the member and the actor stay empty. `has_left`
    says that nothing speaks for the workspace any more.

    Raises:
        StorageError: the database did not answer as it should.
    """

    def work(tx: Transaction) -> None:
        if requests.answer_to(tx, key) is not None or workspaces.one(tx, workspace) is None:
            return
        at = house.now()
        nothing = house.keys.seal("", table="seen_request", column="answer", workspace=workspace, key=key)
        if not requests.remember(tx, key, workspace, nothing, at):
            raise Conflict
        changes.record(tx, workspace, [Change(departure, None, None)], at, member_id=None, actor_id=None)
        if has_left:
            leave(tx, house, workspace)

    await house.store.write(work)


def leave(tx: Transaction, house: House, workspace: str) -> None:
    """Close a workspace, in the transaction of whatever ended it; nothing changes where it is closed already."""
    at = house.now()
    departures.leave(tx, workspace, at, at + house.purge_after)


@dataclass(frozen=True, slots=True)
class Closings:
    """Ends what runs in workspaces that the app has left. That several processes do it at once does no harm.

    `told` is called where messages have something else to show.
    """

    house: House
    told: Callable[[], None]

    async def anybody_left(self) -> bool:
        """Whether the app has left any workspace.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return await self.house.store.read(departures.anybody_left)

    async def close(self) -> str | None:
        """End some of what still runs where the app has left: the workspace where that was the last, or "".

        None where nothing was left to do.

        Raises:
            StorageError: the database did not answer as it should.
        """
        workspace = await self.house.store.read(departures.still_open)
        if workspace is None:
            return None
        is_closed = await self.house.store.write(lambda tx: self._close(tx, workspace))
        self.told()
        return workspace if is_closed else ""

    def _close(self, tx: Transaction, workspace: str) -> bool:
        beginnings, at = Beginnings(self.house, PostingRecords(self.house)), self.house.now()
        running = sessions.running_in_workspace(tx, workspace, AT_ONCE)
        for row in running:
            beginnings.end(tx, row, None)
        if running or guests.send_away(tx, workspace, at, AT_ONCE):
            return False
        departures.close(tx, workspace, at)
        return True

    async def come_back(self, workspace: str, since: datetime) -> bool:
        """Open a workspace again that the app speaks for since then, if it left before that; whether it was closed.

        Raises:
            StorageError: the database did not answer as it should.
        """
        row = await self.house.store.read(lambda tx: departures.one(tx, workspace))
        if row is None or row.returned_at is not None or row.left_at >= since:
            return False
        return await self.house.store.write(lambda tx: departures.come_back(tx, workspace, self.house.now()))

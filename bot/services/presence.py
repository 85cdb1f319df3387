"""Who has left a workspace and who is back. Number and link of whoever left stay theirs, behind a closed door."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.services.arrival import welcome_back
from bot.services.beginnings import Beginnings
from bot.services.house import House
from bot.services.people import Actor
from bot.services.postings import PostingRecords
from storage import changes, members, sessions
from storage.changes import Change
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Presence:
    """The use cases of leaving and coming back.

    `told` is called with those whose Home may show another thing, after what they could see has ended.
    """

    house: House
    told: Callable[[Iterable[Actor]], None]

    async def is_news(self, actor: Actor, *, gone: bool) -> bool:
        """Whether somebody who was here is kept as there, and is gone; or the other way round.

        Raises:
            StorageError: the database did not answer as it should.
        """
        row = await self.house.store.read(lambda tx: members.find(tx, actor.workspace, actor.user))
        return row is not None and (row.left_at is not None) is not gone

    async def left(self, actor: Actor) -> None:
        """Close the room of somebody who was here, and end what runs there. Nothing happens where that was done.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> bool:
            person = members.lock(tx, actor.workspace, actor.user)
            if person is None or person.left_at is not None:
                return False
            at = self.house.now()
            members.set_left(tx, person.id, at)
            gone = Change("member.left", None, None)
            changes.record(tx, actor.workspace, [gone], at, member_id=person.id, actor_id=None)
            beginnings = Beginnings(self.house, PostingRecords(self.house))
            running = sessions.running_of_member(tx, person.id)
            for row in running:
                beginnings.end(tx, row, None)
            return bool(running)

        if await self.house.store.write(work):
            self.told((actor,))

    async def returned(self, actor: Actor) -> None:
        """Open the room again of somebody who had left. Nothing happens where they had not.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> None:
            person = members.lock(tx, actor.workspace, actor.user)
            if person is not None and person.left_at is not None:
                welcome_back(tx, self.house, person)

        await self.house.store.write(work)

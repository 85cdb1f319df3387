"""Seeing a room: one's own, or a colleague's."""

from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.people import Actor, Person, Standing
from bot.services.refusals import Declined
from bot.services.room import Room, room_of
from storage import members
from storage.members import MemberRow
from storage.transactions import Transaction


class Rooms:
    """The use cases that show a room."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def knows(self, actor: Actor) -> bool:
        """Whether there was a first contact already, and they have not left since."""
        row = await self._row(actor)
        return row is not None and row.left_at is None

    async def own(self, actor: Actor) -> Room:
        """The actor's room; on first contact with a PMI of their own.

        Raises:
            StorageError: the database did not answer as it should.
        """
        row = await self._row(actor)
        if row is not None and row.left_at is None:
            return room_of(row, self._house.defaults)

        def work(tx: Transaction) -> Room:
            return room_of(arrive(tx, self._house, actor), self._house.defaults)

        return await self._house.store.write(work)

    async def return_to(self, actor: Actor) -> None:
        """Open again the room of somebody who left and is here now; nothing happens for anybody else.

        Raises:
            StorageError: the database did not answer as it should.
        """
        row = await self._row(actor)
        if row is not None and row.left_at is not None:
            await self._house.store.write(lambda tx: arrive(tx, self._house, actor))

    async def of_colleague(self, actor: Actor, person: Person) -> Room:
        """A colleague's room. Looking counts as a first contact for both.

        Raises:
            Declined: Slack says that this person can have no room here, or they have left.
            StorageError: the database did not answer as it should.
        """
        await self.own(actor)
        if person.standing not in (Standing.MEMBER, Standing.UNKNOWN):
            raise Declined(f"person.{person.standing}", user=person.user)
        colleague = Actor(actor.workspace, person.user)
        row = await self._row(colleague)
        if row is not None:
            if row.left_at is not None:
                raise Declined(f"person.{Standing.DEACTIVATED}", user=person.user)
            return room_of(row, self._house.defaults)
        if person.standing is Standing.UNKNOWN:
            raise Declined("person.unknown", user=person.user)

        def work(tx: Transaction) -> Room:
            looker = members.find(tx, actor.workspace, actor.user)
            by = None if looker is None else looker.id
            return room_of(arrive(tx, self._house, colleague, by), self._house.defaults)

        return await self._house.store.write(work)

    async def _row(self, actor: Actor) -> MemberRow | None:
        row = await self._house.store.read(lambda tx: members.find(tx, actor.workspace, actor.user))
        if row is not None:
            # Whoever shows the room next needs no other reading for its address.
            self._house.hosts.note(row.workspace, row.vanity_host)
        return row

"""Members with rooms, meetings and keys on a store, and the doors before them, with the clock in the test's hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.rules import WaitingRoom
from bot.services.doors import Doors
from bot.services.house import House
from bot.services.invitations import InvitationRecords, Opens
from bot.services.links import Links
from bot.services.people import Actor
from bot.services.pmis import PMIs
from bot.services.room_records import RoomRecords
from bot.services.rooms import Rooms
from bot.services.session_records import Beginning, SessionRecords
from bot.services.ways import Source
from storage import invitations, meetings, members, numbers
from storage.ids import new_id
from storage.meetings import MeetingRow
from storage.members import MemberRow
from storage.transactions import Store, Transaction
from tests.integration.services.houses import START, anna, house_of, new_call

ANNA = Actor("T0ACME", "U0ANNA")
HERE, THERE = Source("192.0.2.1"), Source("2001:db8::/64")
SECRET = "k7m2n9pqrs"
WRONG = "wrong7777"
NUMBER, OTHER, ONE_OFF = "5829047316", "3141592653", "61755501423"


@dataclass
class Entrance:
    """A house with doors."""

    store: Store
    at: datetime = START
    house: House = field(init=False)
    doors: Doors = field(init=False)
    rooms: Rooms = field(init=False)
    pmis: PMIs = field(init=False)
    links: Links = field(init=False)

    def __post_init__(self) -> None:
        self.house = house_of(self.store, clock=lambda: self.at)
        self.doors = Doors(self.house)
        self.rooms = Rooms(self.house)
        self.pmis = PMIs(self.house, self.rooms)
        self.links = Links(self.house, self.rooms)

    def passes(self, **time: float) -> None:
        """Let time go by."""
        self.at += timedelta(**time)

    async def person(self, actor: Actor = ANNA) -> MemberRow:
        """The row of a member, who comes for the first time at the latest now."""
        await self.rooms.own(actor)
        found = await self.store.read(lambda tx: members.find(tx, actor.workspace, actor.user))
        assert found is not None
        return found

    async def has_number(self, digits: str = NUMBER, actor: Actor = ANNA) -> None:
        """Have a member choose a number."""
        await self.pmis.save(new_call(actor), digits)

    async def has_link(self, link: str, actor: Actor = ANNA) -> None:
        """Have a member choose a link."""
        await self.links.save(new_call(actor), link, anna)

    async def has_room(self, passcode: str | None = SECRET, actor: Actor = ANNA) -> MemberRow:
        """Have a member's room guarded by a passcode, or by the waiting room alone."""
        person = await self.person(actor)
        records = RoomRecords(self.house)

        def work(tx: Transaction) -> None:
            row = records.ensure(tx, person)
            waits = WaitingRoom.EVERYBODY if passcode is None else WaitingRoom.NOBODY
            wanted = replace(records.choice(row, person), passcode=passcode, waiting_room=waits)
            records.keep(tx, row, person, wanted)

        await self.store.write(work)
        return person

    async def meets(self, passcode: str = SECRET, digits: str = ONE_OFF, actor: Actor = ANNA) -> str:
        """The id of a member's meeting on a number of its own."""
        person = await self.person(actor)
        meeting_id = new_id(self.at)
        place = {"table": "meeting", "column": "passcode", "workspace": person.workspace, "key": meeting_id}
        sealed = self.house.keys.seal(passcode, **place)

        def work(tx: Transaction) -> None:
            numbers.claim(tx, digits, meeting_id, self.at)
            row = MeetingRow(
                meeting_id, person.workspace, person.id, "instant", digits, None, sealed, self.at, cancelled_at=None
            )
            meetings.add(tx, row)

        await self.store.write(work)
        return meeting_id

    async def runs(self, person: MemberRow) -> str:
        """The id of a session in a member's room."""
        beginning = Beginning(person.workspace, person.id, None, True, person.pmi, "", person.slack_user)
        begun = await self.store.write(lambda tx: SessionRecords(self.house).begin(tx, beginning, "jitsi", "handle"))
        assert begun is not None
        return begun.id

    async def key(
        self, *, number: str | None = None, meeting: str | None = None, session: str | None = None, guest: str = ""
    ) -> str:
        """The key of an invitation to Anna's room, or to what else is said."""
        person = await self.person()
        opens = Opens(person.workspace, person.id, number or person.pmi, meeting, session, guest or None)
        return await self.store.write(lambda tx: InvitationRecords(self.house).key(tx, opens))

    async def takes_back(self, person: MemberRow) -> None:
        """Take back every invitation to a member's room."""
        await self.store.write(lambda tx: invitations.revoke_room(tx, person.id, self.at))

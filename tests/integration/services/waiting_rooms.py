"""A room with guests at its door: the use cases of guests and of hosts, with a clock that is set by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.rules import Option, Policy, Stance, WaitingRoom
from bot.services.doors import Doors
from bot.services.guest_decisions import GuestDecisions
from bot.services.guest_messages import Door, GuestMessages
from bot.services.guest_upkeep import GuestUpkeep
from bot.services.guest_views import GuestView, Stage, Visitor
from bot.services.guests import Guests
from bot.services.hosting import Hosting
from bot.services.house import House
from bot.services.meeting_results import Started, StartWish
from bot.services.meetings import Meetings
from bot.services.people import Actor, Person, Standing
from bot.services.places import Place
from bot.services.postings import PostingKind, PostingRecords
from bot.services.room_settings import SettingsOfRooms, Wish
from bot.services.rooms import Rooms
from bot.services.session_records import Session
from bot.services.ways import Way
from storage import members
from storage.meeting_tables import postings as posting_table
from storage.transactions import Store
from tests.fake_provider import FakeProvider
from tests.integration.services.houses import START, house_of, new_call

ANNA = Actor("T0ACME", "U0ANNA")
BEN = Actor("T0ACME", "U0BEN")
CARLA = Actor("T0ACME", "U0CARLA")
STRANGER = Actor("T0OTHER", "U0ANNA")
ZOE, YAN = "z" * 43, "y" * 43


class OpenDoors(Doors):
    """Doors where every way stays open until the test says otherwise."""

    opens = True

    async def still_opens(self, way: Way) -> bool:
        """As the test says."""
        del way
        return self.opens


@dataclass
class WaitingRoomScene:
    """Anna's room, and who wants in."""

    house: House
    hosting: Hosting
    meetings: Meetings
    settings: SettingsOfRooms
    provider: FakeProvider
    doors: OpenDoors
    guests: Guests
    decisions: GuestDecisions
    messages: GuestMessages
    upkeep: GuestUpkeep
    clock: list[datetime]
    place: Place
    told: list[str] = field(default_factory=list)
    """Guests whose pages were told of something, in order."""
    woken: list[None] = field(default_factory=list)

    @property
    def way(self) -> Way:
        """The way of somebody with the passcode."""
        return Way(self.place)

    def later(self, time: timedelta) -> None:
        """Let time pass."""
        self.clock[0] += time

    async def has(self, waiting_room: WaitingRoom | None = None, *hosts: Actor, **options: bool) -> None:
        """Set Anna's room up."""
        chosen = {Option(name): wanted for name, wanted in options.items()}
        wish = Wish(waiting_room=waiting_room, options=chosen, hosts=tuple(host.user for host in hosts) or None)
        await self.settings.save(new_call(ANNA), wish, _member)

    async def start(self, actor: Actor = ANNA) -> Session:
        """Start Anna's room."""
        started = await self.meetings.start(new_call(actor), StartWish(holder=ANNA, on_pmi=True))
        assert isinstance(started, Started)
        return started.session

    async def end(self, session: Session) -> None:
        """End a session."""
        await self.meetings.end(new_call(ANNA), session.id)

    async def arrives(self, token: str = ZOE, name: str = "Zoe", way: Way | None = None, **more: object) -> GuestView:
        """Somebody comes to the door, a moment after the one before."""
        self.later(timedelta(milliseconds=1))
        return await self.guests.arrive(way or self.way, Visitor(token, "192.0.2.1", name, **more))  # type: ignore[arg-type]

    async def looks(self, token: str = ZOE, name: str = "Zoe") -> Stage:
        """Where somebody stands."""
        return (await self.guests.look(self.way, Visitor(token, "192.0.2.1", name))).stage

    async def door(self) -> Door | None:
        """What hosts see."""
        return await self.house.store.read(lambda tx: self.messages.door(tx, self.place.member_id))

    async def waiting(self) -> list[str]:
        """The names of those whom hosts see waiting."""
        found = await self.door()
        return [] if found is None else [guest.name for guest in found.waiting]

    async def planned(self, kind: PostingKind = PostingKind.GUESTS) -> list[tuple[str, int]]:
        """To whom messages were planned, and how often each is to show something else."""
        columns = posting_table.c
        rows = (
            select(columns.slack_user, columns.wanted)
            .where(columns.kind == kind)
            .order_by(columns.due_at, columns.slack_user)
        )
        return [(user, wanted) for user, wanted in await self.house.store.read(lambda tx: tx.execute(rows).all())]


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody whom Slack has vouched for."""

    workspace: str
    user: str
    name: str


def signed_in(actor: Actor, name: str = "") -> Vouched:
    """That this is the one who came."""
    return Vouched(actor.workspace, actor.user, name)


async def waiting_room(store: Store, *, sign_in: bool = True) -> WaitingRoomScene:
    """Anna's room on this store."""
    clock = [START]
    policy = Policy({Option.PASSCODE: Stance.ON_UNLESS_CHOSEN}, sign_in=sign_in)
    house = replace(house_of(store, lambda: clock[0]), policy=policy)
    provider = FakeProvider()
    meetings = Meetings(house, provider, PostingRecords(house))
    hosting = Hosting(house)
    doors = OpenDoors(house)
    rooms = Rooms(house)
    pmi = (await rooms.own(ANNA)).pmi
    anna = await store.read(lambda tx: members.find(tx, ANNA.workspace, ANNA.user))
    assert anna is not None
    told: list[str] = []
    woken: list[None] = []

    def tell(guests: Iterable[str]) -> None:
        told.extend(guests)

    def wake() -> None:
        woken.append(None)

    return WaitingRoomScene(
        house=house,
        hosting=hosting,
        meetings=meetings,
        settings=SettingsOfRooms(house, rooms),
        provider=provider,
        doors=doors,
        guests=Guests(house, hosting, meetings, doors, wake),
        decisions=GuestDecisions(house, hosting, meetings, tell, wake),
        messages=GuestMessages(house, hosting),
        upkeep=GuestUpkeep(house, hosting, wake),
        clock=clock,
        place=Place(ANNA.workspace, anna.id, None, in_room=True, number=pmi),
        told=told,
        woken=woken,
    )


async def _member(user: str) -> Person:
    return Person(user, user, Standing.MEMBER)

"""Guests at the door: who goes in, who waits for whom, and who has to show first that they belong here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.providers import Participant
from bot.rules import Option
from bot.rules.entry import AtTheDoor, Entry, Standing, entry_of
from bot.services.doors import Doors
from bot.services.doorsteps import Doorstep, Doorsteps
from bot.services.guest_messages import GuestMessages
from bot.services.guest_records import Guest, GuestRecords, GuestState, Knock, guest_id_of, place_id_of
from bot.services.guest_views import GuestView, Stage, Visitor
from bot.services.hosting import Hosting
from bot.services.house import House
from bot.services.meetings import Meetings
from bot.services.places import Place
from bot.services.recurrence import zone_of
from bot.services.schedule_records import Kept, ScheduleRecords
from bot.services.ways import Way
from storage import guests, members
from storage.transactions import Transaction

MOST_AT_A_PLACE = 100
"""Guests who wait at one place."""
MOST_FROM_A_SOURCE = 30
"""Guests who wait, at whatever places, from one address."""
DENIED_FOR = timedelta(minutes=10)
"""For how long whoever was turned away is not heard again."""
SIGN_OF_LIFE = timedelta(seconds=20)
"""Between two that are written down."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is known of a visitor at a moment."""

    view: GuestView
    guest: Guest | None
    knock: Knock | None = None
    """That they are to begin to wait."""


class Guests:
    """The use cases of guests. `wake` lets the host's message be posted; it is called after a commit."""

    def __init__(
        self, house: House, hosting: Hosting, meetings: Meetings, doors: Doors, wake: Callable[[], None]
    ) -> None:
        self._house = house
        self._meetings = meetings
        self._doors = doors
        self._wake = wake
        self._records = GuestRecords(house)
        self._schedules = ScheduleRecords(house)
        self._doorsteps = Doorsteps(house, hosting)
        self._messages = GuestMessages(house, hosting)

    async def arrive(self, way: Way, visitor: Visitor) -> GuestView:
        """Come to the door, or be there again, which is a sign of life. Who has to wait does so from now on.

        Raises:
            StorageError: the database did not answer as it should.
        """
        found = await self._seen(way, visitor)
        if found.knock is not None:
            view = await self._house.store.write(lambda tx: self._knocks(tx, way, visitor))
            self._wake()
            return view
        guest, at = found.guest, self._house.now()
        waits = found.view.stage.may_change and guest is not None
        if waits and guest is not None and at - guest.seen_at >= SIGN_OF_LIFE:
            await self._house.store.write(lambda tx: guests.seen(tx, [guest.id], at))
        return found.view

    async def look(self, way: Way, visitor: Visitor) -> GuestView:
        """Where they stand. Nothing is changed by it.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return (await self._seen(way, visitor)).view

    async def door(self, view: GuestView) -> str | None:
        """The provider's address for a guest who goes on; None where they stand otherwise by now.

        Raises:
            Declined: the meeting is over, or the one who comes is a host no more.
            ProviderUnavailable: there is no way in now.
            StorageError: the database did not answer as it should.
        """
        session_id = view.session_id
        if session_id is None:
            session = await self._meetings.begin_for_guest(view.place, host=view.host)
            if session is None:
                return None
            session_id = session.id
        who = Participant(view.name, is_host=view.host is not None)
        address = await self._meetings.door(session_id, who)
        if view.host is not None:
            await self._meetings.host_entered(session_id)
        entered = session_id
        if view.has_knocked and await self._house.store.write(lambda tx: self._lets_in(tx, view, entered)):
            self._wake()
        return address

    def _lets_in(self, tx: Transaction, view: GuestView, session_id: str) -> bool:
        """Note that nobody need let them in any more; whether they had been waiting."""
        at = self._house.now()
        if not guests.decide(tx, view.guest_id, GuestState.ADMITTED, at, by=None, session_id=session_id):
            return False
        self._messages.refresh(tx, place_id_of(view.place))
        return True

    async def _seen(self, way: Way, visitor: Visitor) -> _Look:
        if not await self._doors.still_opens(way):
            return _Look(GuestView(Stage.CLOSED, guest_id_of(visitor.token, way.place), way.place), None)
        return await self._house.store.read(lambda tx: self._looks(tx, way, visitor))

    def _knocks(self, tx: Transaction, way: Way, visitor: Visitor) -> GuestView:
        found = self._looks(tx, way, visitor)
        if found.knock is None:
            return found.view
        place_id = place_id_of(way.place)
        if guests.how_many_wait(tx, place_id) >= MOST_AT_A_PLACE:
            return replace(found.view, stage=Stage.FULL)
        if guests.how_many_came_from(tx, found.knock.source) >= MOST_FROM_A_SOURCE:
            return replace(found.view, stage=Stage.FULL)
        self._records.knock(tx, found.knock)
        self._messages.tell(tx, way.place)
        return found.view

    def _looks(self, tx: Transaction, way: Way, visitor: Visitor) -> _Look:
        place, guest_id = way.place, guest_id_of(visitor.token, way.place)
        view = GuestView(Stage.CLOSED, guest_id, place)
        step = self._doorsteps.at(tx, place)
        if step is None:
            return _Look(view, None)
        session = step.session
        guest, over = self._records.find(tx, guest_id) or (None, False)
        view = replace(
            view,
            name=_name(visitor, guest),
            topic=step.topic,
            session_id=None if session is None else session.id,
            host=_host(step, visitor),
            has_knocked=guest is not None and guest.state is GuestState.WAITING,
        )
        was_another = way.session_id is not None and (session is None or session.id != way.session_id)
        if step.is_past or was_another or step.is_off:
            return _Look(replace(view, stage=Stage.OVER if step.is_past or was_another else Stage.OFF), guest)
        kept = self._left_out(tx, place) if session is None and view.host is None else None
        if kept is not None:
            view = replace(view, stage=Stage.SKIPPED, next_time=_next_time(kept, self._house.now()))
            return _Look(view, guest)
        if guest is not None and self._is_denied(guest):
            return _Look(replace(view, stage=Stage.DENIED), guest)
        if guest is not None and over and (visitor.since is None or visitor.since <= guest.asked_at):
            return _Look(replace(view, stage=Stage.OVER, may_ask_again=True), guest)
        # Somebody from elsewhere can be invited too. They never become a member here.
        is_colleague = way.invited is not None and members.find(tx, place.workspace, way.invited) is not None
        return self._judged(view, guest, visitor, way, _at_the_door(step, guest, _standing(visitor, way, is_colleague)))

    def _left_out(self, tx: Transaction, place: Place) -> Kept | None:
        """The series whose meeting of today was cancelled; None where there is none at this door."""
        kept = None if place.meeting_id is None else self._schedules.find(tx, place.workspace, place.meeting_id)
        return kept if kept is not None and kept.is_left_out(self._house.now()) else None

    def _judged(self, view: GuestView, guest: Guest | None, visitor: Visitor, way: Way, asks: AtTheDoor) -> _Look:
        entry = Entry.GOES_IN if view.host is not None else entry_of(asks)
        stage = _STAGES[entry]
        if not stage.may_change:
            return _Look(replace(view, stage=stage), guest)
        slack_user, signed_in = _slack_user(visitor, way)
        if guest is not None and guest.state is GuestState.WAITING and (view.name or guest.slack_user):
            return _Look(replace(view, stage=stage), guest)
        if not view.name and slack_user is None:
            return _Look(replace(view, stage=Stage.NAME), guest)
        source = self._records.source(visitor.network)
        before = None if guest is None else guest.state
        knock = Knock(view.guest_id, way.place, view.name, slack_user, signed_in, source, before)
        return _Look(replace(view, stage=stage), guest, knock)

    def _is_denied(self, guest: Guest) -> bool:
        decided_at = guest.decided_at
        return (
            guest.state is GuestState.DENIED and decided_at is not None and self._house.now() - decided_at < DENIED_FOR
        )


_STAGES = {
    Entry.GOES_IN: Stage.ON,
    Entry.BEGINS: Stage.ON,
    Entry.WAITS_FOR_START: Stage.EARLY,
    Entry.WAITS_IN_ROOM: Stage.WAITS,
    Entry.SIGNS_IN: Stage.SIGN_IN,
    Entry.STAYS_OUT: Stage.MEMBERS,
}


def _at_the_door(step: Doorstep, guest: Guest | None, standing: Standing) -> AtTheDoor:
    settings, session = step.hosted.settings, step.session
    let_in_to = guest.session_id if guest is not None and guest.state is GuestState.ADMITTED else None
    return AtTheDoor(
        standing=standing,
        waiting_room=settings.waiting_room,
        members_only=bool(settings.options[Option.MEMBERS_ONLY]),
        join_before_host=bool(settings.options[Option.JOIN_BEFORE_HOST]),
        runs=session is not None,
        admitted=session is not None and let_in_to == session.id,
    )


def _standing(visitor: Visitor, way: Way, is_colleague: bool) -> Standing:  # noqa: FBT001  what is known of way.invited
    if visitor.signed_in is None:
        return Standing.INVITED if is_colleague else Standing.UNKNOWN
    # Whoever has shown who they are is that person, whoever's invitation they hold.
    return Standing.MEMBER if visitor.signed_in.workspace == way.place.workspace else Standing.STRANGER


def _slack_user(visitor: Visitor, way: Way) -> tuple[str | None, bool]:
    """Who they are to Slack, and whether they have shown it."""
    if visitor.signed_in is not None and visitor.signed_in.workspace == way.place.workspace:
        return visitor.signed_in.user, True
    return way.invited, False


def _name(visitor: Visitor, guest: Guest | None) -> str:
    """What they are called: as they say, else as Slack does."""
    vouched = "" if visitor.signed_in is None else visitor.signed_in.name
    return visitor.name or ("" if guest is None else guest.name) or vouched


def _host(step: Doorstep, visitor: Visitor) -> str | None:
    hosted, signed_in = step.hosted, visitor.signed_in
    if signed_in is None or signed_in.workspace != hosted.holder.workspace:
        return None
    return signed_in.user if hosted.may_host(signed_in.user) else None


def _next_time(kept: Kept, now: datetime) -> datetime | None:
    """When a series goes on, in its own zone."""
    coming = kept.next(now)
    return None if coming is None else coming.start.astimezone(zone_of(kept.schedule.zone))

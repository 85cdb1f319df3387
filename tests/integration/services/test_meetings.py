"""Meetings on both databases: where they are started, who may, what is offered instead, and how they end."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.providers import Participant, ProviderUnavailable
from bot.rules import PMI, Code, Option, Policy, Stance, parse_pmi
from bot.services import meetings as under_test
from bot.services.house import House
from bot.services.invitations import StartLink, read_start_key
from bot.services.meeting_results import Ended, Started, StartWish, Unsaid
from bot.services.meetings import Meetings
from bot.services.people import Actor, Person, Standing
from bot.services.places import Place
from bot.services.postings import PostingRecords, Target
from bot.services.refusals import Declined, SettingsRefused
from bot.services.room_settings import SettingsOfRooms, Wish
from bot.services.rooms import Rooms
from bot.services.session_records import LONGEST, Session
from storage import changes, numbers
from storage.meeting_tables import invitations, postings, sessions
from storage.transactions import Store
from tests.fake_provider import FakeProvider
from tests.integration.services.houses import START, house_of, new_call

ANNA = Actor("T0ACME", "U0ANNA")
BEN = Actor("T0ACME", "U0BEN")
CARLA = Actor("T0ACME", "U0CARLA")
STRANGER = Actor("T0OTHER", "U0BEN")
HERE = Target(channel="C0GENERAL")
HOST = Participant("Anna", is_host=True)


@dataclass
class Scene:
    """The use cases, with a clock that is set by hand."""

    house: House
    meetings: Meetings
    settings: SettingsOfRooms
    provider: FakeProvider
    clock: list[datetime]
    told: list[Actor]

    def later(self, time: timedelta) -> None:
        self.clock[0] += time

    async def start(self, actor: Actor = ANNA, wish: StartWish = StartWish(on_pmi=True)) -> Started:  # noqa: B008
        started = await self.meetings.start(new_call(actor), wish)
        assert isinstance(started, Started)
        return started

    async def prefers(self, *, pmi: bool) -> None:
        await self.settings.save(new_call(ANNA), Wish(options={Option.PMI_FOR_INSTANT: pmi}), member)

    async def has_host(self, *hosts: Actor) -> None:
        await self.settings.save(new_call(ANNA), Wish(hosts=tuple(each.user for each in hosts)), member)

    async def log(self) -> list[str]:
        """The actions on Anna's room, the newest first."""
        return [row.action for row in await self.house.store.read(lambda tx: changes.of_member(tx, self.member_id(tx)))]

    def member_id(self, tx: sa.Connection) -> str:
        found = tx.execute(sa.text("SELECT id FROM member WHERE slack_user = 'U0ANNA'")).scalar_one()
        return str(found)

    async def place(self) -> Place:
        pmi = (await Rooms(self.house).own(ANNA)).pmi
        return Place("T0ACME", await self.house.store.read(self.member_id), None, in_room=True, number=pmi)


async def member(user: str) -> Person:
    return Person(user, user, Standing.MEMBER)


def scene(store: Store, policy: Policy | None = None) -> Scene:
    clock = [START]
    settled = policy or Policy({Option.PASSCODE: Stance.ON_UNLESS_CHOSEN}, sign_in=False)
    house = replace(house_of(store, lambda: clock[0]), policy=settled)
    provider = FakeProvider()
    told: list[Actor] = []

    def hear(actors: Iterable[Actor]) -> None:
        told.extend(actors)

    meetings = Meetings(house, provider, PostingRecords(house), hear)
    return Scene(house, meetings, SettingsOfRooms(house, Rooms(house)), provider, clock, told)


async def declined(asked: object) -> str:
    with pytest.raises(Declined) as caught:
        await asked  # type: ignore[misc]
    return caught.value.code


async def test_whoever_has_said_nothing_is_asked_and_nothing_is_started(store: Store) -> None:
    at = scene(store)

    assert Unsaid("Budget") == await at.meetings.start(new_call(ANNA), StartWish(topic=" Budget "))
    assert [] == at.provider.opened
    assert ["pmi.assigned"] == await at.log()


async def test_a_start_in_the_room_is_on_the_pmi_and_what_was_said_is_remembered(store: Store) -> None:
    at = scene(store)

    started = await at.start(wish=StartWish(topic="Budget", on_pmi=True))

    pmi = (await Rooms(at.house).own(ANNA)).pmi
    assert (pmi, True, None, "Budget") == _told(started.session)
    assert started.fresh
    assert started.passcode == (await at.settings.see(ANNA)).settings.passcode
    assert (await Rooms(at.house).own(ANNA)).pmi_for_instant
    assert {"instant.changed", "meeting.started"} < set(await at.log())
    assert ANNA in at.told


def _told(session: Session) -> tuple[str, bool, str | None, str]:
    return session.number, session.in_room, session.meeting_id, session.topic


async def test_a_start_on_a_one_off_number_takes_a_number_that_nobody_else_gets(store: Store) -> None:
    at = scene(store)

    started = await at.start(wish=StartWish(on_pmi=False))

    session = started.session
    assert (11, False) == (len(session.number), session.in_room)
    assert isinstance(parse_pmi(session.number), PMI)
    assert started.passcode is not None
    held = await store.read(lambda tx: numbers.holders(tx, [session.number]))
    assert {session.number: session.meeting_id} == held
    assert (await Rooms(at.house).own(ANNA)).pmi_for_instant is False


async def test_what_was_said_once_is_not_asked_again(store: Store) -> None:
    at = scene(store)
    await at.start(wish=StartWish(on_pmi=False))
    at.later(timedelta(minutes=5))

    again = await at.start(wish=StartWish())

    assert not again.session.in_room


async def test_what_a_policy_forces_needs_no_question_and_is_not_remembered(store: Store) -> None:
    at = scene(store, Policy({Option.PMI_FOR_INSTANT: Stance.FORCED_OFF}, sign_in=False))

    started = await at.start(wish=StartWish(on_pmi=True))

    assert not started.session.in_room
    assert (await Rooms(at.house).own(ANNA)).pmi_for_instant is None


async def test_in_a_room_where_a_meeting_runs_it_is_offered_however_late(store: Store) -> None:
    at = scene(store)
    first = await at.start()
    at.later(timedelta(hours=5))

    second = await at.start()

    assert (first.session, False) == (second.session, second.fresh)


async def test_a_second_one_off_start_within_half_a_minute_is_offered_the_first(store: Store) -> None:
    at = scene(store)
    first = await at.start(wish=StartWish(on_pmi=False))
    at.later(timedelta(seconds=29))
    second = await at.start(wish=StartWish(on_pmi=False))
    at.later(timedelta(seconds=2))
    third = await at.start(wish=StartWish(on_pmi=False))

    assert (first.session.id, False) == (second.session.id, second.fresh)
    assert third.fresh
    assert third.session.number != first.session.number


async def test_a_one_off_meeting_that_was_ended_is_not_offered(store: Store) -> None:
    at = scene(store)
    first = await at.start(wish=StartWish(on_pmi=False))
    await at.meetings.end(new_call(ANNA), first.session.id)

    assert (await at.start(wish=StartWish(on_pmi=False))).fresh


async def test_the_same_request_again_gets_the_same_answer(store: Store) -> None:
    at = scene(store)
    call = new_call(ANNA)
    first = await at.meetings.start(call, StartWish(on_pmi=True))
    assert isinstance(first, Started)
    await at.meetings.end(new_call(ANNA), first.session.id)

    assert first == await at.meetings.start(call, StartWish(on_pmi=True))


async def test_two_starts_at_once_leave_one_meeting(store: Store) -> None:
    at = scene(store)
    await at.prefers(pmi=True)

    both = await asyncio.gather(*(at.start(wish=StartWish()) for _ in range(4)))

    assert 1 == len({each.session.id for each in both})
    assert [True] == [each.fresh for each in both if each.fresh]


async def test_two_one_off_starts_at_once_leave_one_meeting(store: Store) -> None:
    at = scene(store)
    await at.prefers(pmi=False)

    both = await asyncio.gather(*(at.start(wish=StartWish()) for _ in range(4)))

    assert 1 == len({each.session.id for each in both})


async def test_an_alternative_host_starts_and_ends_and_nobody_else_does(store: Store) -> None:
    at = scene(store)
    await at.has_host(BEN)

    started = await at.start(BEN, StartWish(holder=ANNA))

    assert started.session.in_room, "nobody but the holder is asked which number it is"
    assert ("U0ANNA", "U0BEN") == (started.holder, started.session.started_by)
    assert started.passcode is None, "the room's passcode is its holder's"
    assert {ANNA, BEN} <= set(at.told)
    assert "meeting.not_host" == await declined(at.meetings.start(new_call(CARLA), StartWish(holder=ANNA)))
    assert "meeting.not_host" == await declined(at.meetings.end(new_call(CARLA), started.session.id))
    ended = await at.meetings.end(new_call(BEN), started.session.id)
    assert ended.changed


async def test_a_meeting_of_another_workspace_is_none(store: Store) -> None:
    at = scene(store)
    await at.has_host(BEN)
    started = await at.start()

    assert "meeting.over" == await declined(at.meetings.end(new_call(STRANGER), started.session.id))
    assert "meeting.over" == await declined(at.meetings.end(new_call(ANNA), "0" * 26))
    assert await at.meetings.running(await at.place()) == started.session


async def test_an_end_says_how_it_was_and_a_second_end_changes_nothing(store: Store) -> None:
    at = scene(store)
    started = await at.start()
    at.later(timedelta(minutes=12))

    ended = await at.meetings.end(new_call(ANNA), started.session.id)
    again = await at.meetings.end(new_call(ANNA), started.session.id)

    assert (True, False) == (ended.changed, again.changed)
    assert timedelta(minutes=12) == _length(ended)
    assert "meeting.ended" == (await at.log())[0]
    assert 1 == (await at.log()).count("meeting.ended")
    assert await at.meetings.running(await at.place()) is None
    assert "meeting.over" == await declined(at.meetings.door(started.session.id, HOST))


def _length(ended: Ended) -> timedelta:
    assert ended.session.ended_at is not None
    return ended.session.ended_at - ended.session.started_at


async def test_a_meeting_that_nobody_ends_is_over_after_the_limit(store: Store) -> None:
    at = scene(store)
    first = await at.start()
    at.later(LONGEST)

    assert await at.meetings.running(await at.place()) is None
    assert "meeting.over" == await declined(at.meetings.door(first.session.id, HOST))
    (ended,) = await at.meetings.end_overdue(10)
    assert (first.session.id, True) == (ended.session.id, ended.changed)
    assert () == await at.meetings.end_overdue(10)


async def test_a_start_after_the_limit_ends_the_old_meeting_first(store: Store) -> None:
    at = scene(store)
    first = await at.start()
    at.later(LONGEST)

    second = await at.start()

    assert second.fresh
    assert second.session.id != first.session.id
    assert () == await at.meetings.end_overdue(10)


async def test_two_processes_end_what_is_overdue_once(store: Store) -> None:
    at = scene(store)
    await at.start()
    at.later(LONGEST)

    both = await asyncio.gather(*(at.meetings.end_overdue(10) for _ in range(3)))

    assert 1 == sum(len(each) for each in both)


async def test_a_provider_that_is_down_starts_nothing(store: Store) -> None:
    at = scene(store)
    at.provider.is_down = True

    with pytest.raises(ProviderUnavailable):
        await at.start()
    assert "meeting.started" not in await at.log()


async def test_a_provider_that_does_not_answer_is_not_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    at = scene(store)
    at.provider.before = asyncio.Event()
    monkeypatch.setattr(under_test, "PROVIDER_SECONDS", 0.01)

    with pytest.raises(ProviderUnavailable):
        await at.start()


async def test_a_topic_that_breaks_a_rule_starts_nothing(store: Store) -> None:
    at = scene(store)

    with pytest.raises(SettingsRefused) as caught:
        await at.start(wish=StartWish(topic="x" * 201, on_pmi=True))
    assert [Code.ROOM_TOPIC_LONG] == [violation.code for violation in caught.value.violations]
    assert "refused.start" == caught.value.head


async def test_the_card_is_planned_once_for_each_place(store: Store) -> None:
    at = scene(store)
    await at.start(wish=StartWish(on_pmi=True, target=HERE))
    await at.start(wish=StartWish(on_pmi=True, target=HERE))
    await at.start(wish=StartWish(on_pmi=True, target=HERE, thread="1700000000.000100"))

    assert 2 == await count(store, postings)
    assert 1 == await count(store, invitations), "all cards of a meeting have one key"


async def count(store: Store, table: sa.Table) -> int:
    return await store.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


async def test_an_end_wants_the_card_shown_anew(store: Store) -> None:
    at = scene(store)
    started = await at.start(wish=StartWish(on_pmi=True, target=HERE))

    await at.meetings.end(new_call(ANNA), started.session.id)

    assert [2] == await store.read(lambda tx: list(tx.execute(sa.select(postings.c.wanted)).scalars()))


async def link_of(at: Scene, started: Started) -> StartLink:
    link = read_start_key(at.house.keys, started.start_key, at.clock[0])
    assert link is not None
    return link


async def test_a_start_link_leads_to_what_runs_and_starts_the_room_where_nothing_does(store: Store) -> None:
    at = scene(store)
    started = await at.start()
    link = await link_of(at, started)

    assert started.session == (await at.meetings.start_by_link(link)).session
    await at.meetings.end(new_call(ANNA), started.session.id)
    again = await at.meetings.start_by_link(link)
    assert again.fresh
    assert again.session.in_room


async def test_a_start_link_of_a_one_off_meeting_opens_nothing_once_it_is_over(store: Store) -> None:
    at = scene(store)
    started = await at.start(wish=StartWish(on_pmi=False))
    link = await link_of(at, started)
    assert started.session == (await at.meetings.start_by_link(link)).session

    await at.meetings.end(new_call(ANNA), started.session.id)

    assert "meeting.over" == await declined(at.meetings.start_by_link(link))


async def test_the_rooms_own_start_link_goes_by_what_its_holder_prefers_and_starts_one_meeting(store: Store) -> None:
    at = scene(store)
    await at.prefers(pmi=False)
    place = await at.place()
    link = StartLink("T0ACME", "U0ANNA", place.member_id, None, START + LONGEST)

    first = await at.meetings.start_by_link(link)
    at.later(timedelta(minutes=5))
    second = await at.meetings.start_by_link(link)

    assert not first.session.in_room
    assert (first.session, False) == (second.session, second.fresh)


async def test_a_start_link_of_somebody_who_is_no_host_any_more_starts_nothing(store: Store) -> None:
    at = scene(store)
    await at.has_host(BEN)
    started = await at.start(BEN, StartWish(holder=ANNA))
    link = await link_of(at, started)
    await at.meetings.end(new_call(ANNA), started.session.id)
    await at.has_host()

    assert "meeting.not_host" == await declined(at.meetings.start_by_link(link))


async def test_a_guest_begins_a_meeting_only_where_guests_may_come_first(store: Store) -> None:
    at = scene(store)
    place = await at.place()
    assert await at.meetings.begin_for_guest(place) is None
    await at.settings.save(new_call(ANNA), Wish(options={Option.JOIN_BEFORE_HOST: True}), member)

    begun = await at.meetings.begin_for_guest(place)

    assert begun is not None
    assert (None, None) == (begun.started_by, begun.host_at)
    assert begun == await at.meetings.begin_for_guest(place)
    await at.meetings.host_entered(begun.id)
    running = await at.meetings.running(place)
    assert running is not None
    assert at.clock[0] == running.host_at


async def test_the_door_goes_by_the_settings_and_the_role(store: Store) -> None:
    at = scene(store)
    started = await at.start(wish=StartWish(topic="Budget", on_pmi=True))

    assert "https://meet.example/handle-1?topic=Budget&name=Anna&as=host" == await at.meetings.door(
        started.session.id, HOST
    )
    at.provider.name = "Another"
    with pytest.raises(ProviderUnavailable):
        await at.meetings.door(started.session.id, HOST)


async def test_the_handle_of_a_meeting_is_kept_sealed(store: Store) -> None:
    at = scene(store)
    await at.start()

    (kept,) = await store.read(lambda tx: list(tx.execute(sa.select(sessions.c.handle)).scalars()))
    assert "handle-1" not in kept


async def test_a_changed_pmi_leaves_a_running_meeting_alone(store: Store) -> None:
    from bot.services.pmis import PMIs

    at = scene(store)
    started = await at.start()
    await PMIs(at.house, Rooms(at.house)).save(new_call(ANNA), "5829047316")

    assert started.session == await at.meetings.running(await at.place())

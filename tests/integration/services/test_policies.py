"""What administrators say holds at once, for what is there already too, and in their workspace alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.rules import Code, Customisers, Lock, Option, Stance, WaitingRoom
from bot.services.guest_views import Stage
from bot.services.hosting import Hosting
from bot.services.meeting_results import Started, StartWish
from bot.services.people import Actor, Person, Standing
from bot.services.policies import AddressWish, Policies
from bot.services.postings import PostingRecords, Target
from bot.services.refusals import Declined, SettingsRefused
from bot.services.room_records import RoomRecords
from bot.services.room_settings import SettingsOfRooms, Wish
from bot.services.rooms import Rooms
from bot.services.sharing import Sharing
from storage import members, policies, rooms
from storage.rooms import RoomRow
from storage.tables import change_log
from storage.transactions import Store, Transaction
from tests.integration.services.houses import START, anna, codes_of, house_of, new_call, use_cases
from tests.integration.services.test_scheduled_at_the_door import door
from tests.integration.services.waiting_rooms import waiting_room

ANNA = Actor("T0ACME", "U0ANNA")
BEN = Actor("T0ACME", "U0BEN")
ZOE = Actor("T0OTHER", "U0ZOE")
ROOM_OFF = AddressWish(pmis_enabled=False)
NUMBER = "5829047316"


async def member(user: str) -> Person:
    return Person(user, user, Standing.MEMBER)


def policies_on(store: Store, *, sign_in: bool = True) -> Policies:
    house = house_of(store)
    return Policies(replace(house, policy=replace(house.policy, sign_in=sign_in)))


async def logged(store: Store, code: str) -> list[tuple[str | None, str | None]]:
    """From what to what, of each such change of policy, with the member who did it."""
    rows = sa.select(change_log.c.old, change_log.c.new, change_log.c.actor_id).where(
        change_log.c.action == code, change_log.c.member_id.is_(None)
    )
    found = await store.read(lambda tx: tx.execute(rows).all())
    actor = await store.read(lambda tx: members.find(tx, ANNA.workspace, ANNA.user))
    assert actor is not None
    assert {actor.id} >= {row.actor_id for row in found}
    return [(row.old, row.new) for row in found]


async def test_what_is_said_is_kept_whole_logged_once_and_holds_for_that_workspace_alone(store: Store) -> None:
    """Seen red: without `workspace` in the question for the policy, Zoe's rooms were as Anna's administrators said."""
    cases, house = policies_on(store), house_of(store)
    settings = SettingsOfRooms(house, Rooms(house))
    await settings.save(new_call(ANNA), Wish(options={Option.MUTE_ON_ENTRY: True}), member)
    said = {Option.MUTE_ON_ENTRY: Stance.FORCED_OFF, Option.HOST_VIDEO: Stance.ON_UNLESS_CHOSEN, Option.PASSCODE: None}
    call = new_call(ANNA)

    first, again = await cases.save_options(call, said), await cases.save_options(call, said)
    same = await cases.save_options(new_call(ANNA), said)

    assert [True, True, False] == [first.changed, again.changed, same.changed]
    assert {Option.MUTE_ON_ENTRY: Stance.FORCED_OFF, Option.HOST_VIDEO: Stance.ON_UNLESS_CHOSEN} == same.seen.stances
    assert [(None, "forced_off")] == await logged(store, "policy.mute_on_entry")
    seen = await settings.see(ANNA)
    assert [False, True] == [seen.settings.options[each] for each in (Option.MUTE_ON_ENTRY, Option.HOST_VIDEO)]
    assert Lock.POLICY is seen.locks[Option.MUTE_ON_ENTRY]
    assert Option.MUTE_ON_ENTRY not in (await settings.see(ZOE)).locks
    with pytest.raises(SettingsRefused, match=r"room\.locked"):
        await settings.save(new_call(BEN), Wish(topic="Weekly", options={Option.MUTE_ON_ENTRY: True}), member)
    assert not (await settings.see(BEN)).settings.topic

    await cases.save_options(new_call(ANNA), {Option.MUTE_ON_ENTRY: None})
    assert (await settings.see(ANNA)).settings.options[Option.MUTE_ON_ENTRY]
    assert {(None, "forced_off"), ("forced_off", None)} == set(await logged(store, "policy.mute_on_entry"))


@pytest.mark.parametrize("sign_in", [True, False])
async def test_what_would_leave_no_guard_is_refused_whole(store: Store, *, sign_in: bool) -> None:
    """Seen red: with the rule asked of what was said alone, nothing was refused where nobody can sign in."""
    cases = policies_on(store, sign_in=sign_in)
    off = dict.fromkeys((Option.PASSCODE, Option.WAITING_ROOM), Stance.FORCED_OFF)
    wish = off | {Option.MUTE_ON_ENTRY: Stance.FORCED_ON}
    wish |= {Option.MEMBERS_ONLY: Stance.FORCED_OFF} if sign_in else {}

    with pytest.raises(SettingsRefused, match=r"room\.open"):
        await cases.save_options(new_call(ANNA), wish)

    assert {} == (await cases.see(ANNA)).stances
    if sign_in:
        assert off == (await cases.save_options(new_call(ANNA), off)).seen.stances


async def test_two_administrators_at_once_leave_a_guard(store: Store) -> None:
    """Seen red: with the row read and not locked, each saw the other's guard, on PostgreSQL."""
    cases = policies_on(store)
    guards = (Option.PASSCODE, Option.WAITING_ROOM, Option.MEMBERS_ONLY)
    actors = (ANNA, BEN, Actor("T0ACME", "U0CARLA"))
    for actor in actors:
        await cases.save_addresses(new_call(actor), AddressWish())
    saves = [
        cases.save_options(new_call(actor), {guard: Stance.FORCED_OFF})
        for actor, guard in zip(actors, guards, strict=True)
    ]

    found = await asyncio.gather(*saves, return_exceptions=True)

    assert 1 == sum(isinstance(each, SettingsRefused) for each in found)
    assert 2 == len((await cases.see(ANNA)).stances)


async def test_a_room_without_the_passcode_that_is_wanted_gets_one_when_its_holder_comes(store: Store) -> None:
    house = house_of(store)
    settings, records = SettingsOfRooms(house, Rooms(house)), RoomRecords(house)
    await settings.save(new_call(ANNA), Wish(passcode="", waiting_room=WaitingRoom.EVERYBODY), member)
    await policies_on(store).save_options(new_call(ANNA), {Option.PASSCODE: Stance.FORCED_ON})

    glance, drawn = await settings.glance(ANNA), (await settings.see(ANNA)).settings.passcode

    def kept(tx: Transaction) -> tuple[RoomRow | None, bool]:
        person = members.find(tx, ANNA.workspace, ANNA.user)
        assert person is not None
        return rooms.find(tx, person.id), records.has_passcode(tx, person.id, drawn or "")

    row, same = await store.read(kept)
    assert "" == glance.settings.passcode
    assert drawn
    assert same
    assert row is not None
    assert WaitingRoom.EVERYBODY == row.waiting_room
    assert drawn == (await settings.see(ANNA)).settings.passcode


async def test_what_is_said_of_use_holds_in_the_dialog_of_the_pmi_too(store: Store) -> None:
    cases = use_cases(store)
    await cases.rooms.own(ANNA)
    await policies_on(store).save_options(new_call(ANNA), {Option.PMI_FOR_INSTANT: Stance.FORCED_ON})

    room = await cases.rooms.own(ANNA)
    assert (True, True) == (room.pmi_for_instant, room.instant_is_locked)
    refused = cases.pmis.save(new_call(ANNA), NUMBER, for_instant=False)
    assert (Code.POLICY_INSTANT,) == await codes_of(refused)
    assert room.pmi == (await cases.rooms.own(ANNA)).pmi
    assert () == await codes_of(cases.pmis.save(new_call(ANNA), NUMBER, for_instant=True))


@pytest.mark.parametrize(
    ("wish", "pmi", "link"),
    [
        (AddressWish(customisers=Customisers.NOBODY), Code.POLICY_PMI, Code.POLICY_LINK),
        (ROOM_OFF, Code.POLICY_PMIS_OFF, Code.POLICY_PMIS_OFF),
    ],
)
async def test_nobody_customises_where_administrators_do_not_want_it(
    store: Store, wish: AddressWish, pmi: Code, link: Code
) -> None:
    """Whether they were here before or not, on every path; and again once they may."""
    cases, said = use_cases(store), policies_on(store)
    await cases.rooms.own(ANNA)
    await said.save_addresses(new_call(ANNA), wish)

    for actor in (ANNA, BEN):
        assert pmi in [each.code for each in (await cases.pmis.check(actor, NUMBER)).violations]
        assert link in [each.code for each in (await cases.links.check(actor, "blue.harbour", anna)).violations]
        assert (pmi,) == await codes_of(cases.pmis.save(new_call(actor), NUMBER))
        assert (link,) == await codes_of(cases.links.save(new_call(actor), "blue.harbour", anna))
        assert (pmi,) == (await cases.pmis.history(actor)).missing
    assert () == await codes_of(cases.pmis.save(new_call(ZOE), "6175550142"))

    await said.save_addresses(new_call(ANNA), AddressWish(pmis_enabled=True, customisers=Customisers.LICENSED))
    assert () == await codes_of(cases.pmis.save(new_call(BEN), NUMBER))


async def test_links_are_held_as_long_as_administrators_say(store: Store) -> None:
    cases, said, clock = use_cases(store, clock=lambda: START), policies_on(store), START
    for days, expected in (("", 180), ("30", 30), ("0", 0)):
        await said.save_addresses(new_call(ANNA), AddressWish(hold_days=days))
        await cases.links.save(new_call(ANNA), "blue.harbour", anna)

        assert clock + timedelta(days=expected) == (await cases.links.remove(new_call(ANNA))).held_until
    with pytest.raises(SettingsRefused, match=r"policy\.hold"):
        await said.save_addresses(new_call(ANNA), AddressWish(hold_days="soon", leads_on=False))
    assert (0, True) == ((seen := await said.see(ANNA)).hold_days, seen.leads_on)


async def test_what_runs_on_a_pmi_goes_on_and_nothing_begins_there_any_more(store: Store) -> None:
    """Seen red: without `is_off` in the look, a guest with the passcode waited for a host who cannot come."""
    at = await waiting_room(store)
    said = Policies(at.house)
    await at.has(join_before_host=True)
    session = await at.start()
    seen = (await said.save_addresses(new_call(ANNA), ROOM_OFF)).seen
    assert (False, 1, 0) == (seen.pmis_enabled, seen.running, seen.scheduled)

    assert Stage.ON is (await at.arrives()).stage
    await at.end(session)
    assert Stage.OFF is await at.looks()
    assert await at.meetings.begin_for_guest(at.place) is None
    assert await at.meetings.begin_for_guest(at.place, host=ANNA.user) is None
    started = await at.meetings.start(new_call(ANNA), StartWish(on_pmi=True))
    assert isinstance(started, Started)
    assert (False, True) == (started.session.in_room, started.pmis_off)
    with pytest.raises(Declined, match=r"policy\.pmis_off"):
        await Sharing(at.house, PostingRecords(at.house)).share(new_call(ANNA), Target(channel="C0GENERAL"))
    by_name = await at.meetings.start_room(ANNA, ANNA.user)
    assert started.session.id == by_name.session.id

    await said.save_addresses(new_call(ANNA), AddressWish(pmis_enabled=True))
    assert Stage.ON is (await at.arrives()).stage


async def test_what_is_scheduled_on_a_pmi_takes_place_and_what_is_new_or_changed_has_its_own_number(
    store: Store,
) -> None:
    at = await door(store, on_pmi=True)
    planner = at.planner
    said = Policies(house_of(store, lambda: planner.at))
    seen = (await said.save_addresses(new_call(ANNA), ROOM_OFF)).seen
    assert (0, 1) == (seen.running, seen.scheduled)

    assert Stage.EARLY is (await at.ben()).stage
    new = await planner.scheduled(on_pmi=True, topic="Another")
    assert new.place_is_set
    assert new.shown.passcode
    wish = (await planner.cases.see(ANNA, at.shown.meeting_id)).wish
    changed = await planner.cases.change(new_call(ANNA), at.shown.meeting_id, replace(wish, topic="Moved"))
    assert changed.place_is_set
    assert changed.shown.number != at.shown.number
    assert 0 == (await said.see(ANNA)).scheduled
    assert Stage.EARLY is (await at.ben()).stage


async def test_no_policy_that_can_be_kept_and_no_room_that_can_be_kept_leave_a_room_open(store: Store) -> None:
    house = house_of(store)
    settings = SettingsOfRooms(house, Rooms(house))
    await settings.see(ANNA)
    open_rooms: list[object] = []

    def work(tx: Transaction) -> None:
        person = members.find(tx, ANNA.workspace, ANNA.user)
        assert person is not None
        row = rooms.find(tx, person.id)
        assert row is not None
        kept = policies.lock(tx, ANNA.workspace)
        for passcode in (None, Stance.FORCED_ON, Stance.FORCED_OFF):
            for waits in Stance:
                for members_only in (None, Stance.FORCED_ON):
                    policies.change(tx, replace(kept, passcode=passcode, waiting_room=waits, members_only=members_only))
                    for room in (
                        row,
                        replace(row, passcode=None, waiting_room="everybody"),
                        replace(row, passcode=None, members_only=True),
                    ):
                        rooms.change(tx, room)
                        hosted = Hosting(house).of(tx, person)
                        open_rooms.extend([hosted] if hosted.settings.is_open else [])

    await store.write(work)

    assert [] == open_rooms

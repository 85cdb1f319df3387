"""Room settings under a workspace's policy: what is locked, required, or holds by itself."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.rules import Code, Lock, Option, Policy, Stance, WaitingRoom
from bot.services.people import Actor, Person, Standing
from bot.services.refusals import SettingsRefused
from bot.services.room_settings import SettingsOfRooms, Wish
from bot.services.rooms import Rooms
from bot.services.settings_seen import SettingsSaved
from storage.transactions import Store
from tests.integration.services.houses import house_of, new_call

ANNA = Actor("T0ACME", "U0ANNA")
CHOSEN = "aB3@-_*x9K"


def settings(store: Store, stances: Mapping[Option, Stance] | None = None, *, sign_in: bool = True) -> SettingsOfRooms:
    house = replace(house_of(store), policy=Policy(stances or {}, sign_in=sign_in))
    return SettingsOfRooms(house, Rooms(house))


async def member(user: str) -> Person:
    return Person(user, user, Standing.MEMBER)


async def saved(cases: SettingsOfRooms, wish: Wish) -> SettingsSaved:
    return await cases.save(new_call(ANNA), wish, member)


async def codes_of(cases: SettingsOfRooms, wish: Wish) -> list[Code]:
    with pytest.raises(SettingsRefused) as caught:
        await saved(cases, wish)
    return [violation.code for violation in caught.value.violations]


async def test_what_a_policy_forces_holds_whatever_was_chosen_and_is_chosen(store: Store) -> None:
    free = settings(store)
    every = dict.fromkeys((Option.HOST_VIDEO, Option.MUTE_ON_ENTRY, Option.PMI_FOR_INSTANT), True)
    await saved(free, Wish(options=every, waiting_room=WaitingRoom.OUTSIDE))
    forced = settings(store, dict.fromkeys((*every, Option.WAITING_ROOM), Stance.FORCED_OFF))

    locked = Wish(options={**dict.fromkeys(every, True), Option.HOST_VIDEO: False}, waiting_room=WaitingRoom.EVERYBODY)
    assert [Code.ROOM_LOCKED] * 2 == await codes_of(forced, locked)
    done = await saved(forced, Wish(options=dict.fromkeys(every, True), waiting_room=WaitingRoom.OUTSIDE))

    assert not done.changed
    assert [False, False, False] == [done.seen.settings.options[option] for option in every]
    assert WaitingRoom.NOBODY is done.seen.settings.waiting_room
    assert dict.fromkeys((Option.WAITING_ROOM, *every), Lock.POLICY) == done.seen.locks
    again = (await free.see(ANNA)).settings
    assert [True, True, True] == [again.options[option] for option in every]
    assert WaitingRoom.OUTSIDE is again.waiting_room


async def test_a_passcode_that_is_required_can_be_changed_and_not_taken_away(store: Store) -> None:
    cases = settings(store, {Option.PASSCODE: Stance.FORCED_ON})

    assert [Code.ROOM_PASSCODE_REQUIRED] == await codes_of(cases, Wish(passcode="", waiting_room=WaitingRoom.EVERYBODY))
    assert CHOSEN == (await saved(cases, Wish(passcode=CHOSEN))).seen.settings.passcode


async def test_a_passcode_that_is_forbidden_is_kept_for_the_day_when_it_is_not(store: Store) -> None:
    await saved(settings(store), Wish(passcode=CHOSEN))
    forbidden = settings(store, {Option.PASSCODE: Stance.FORCED_OFF})

    assert [Code.ROOM_LOCKED] == await codes_of(forbidden, Wish(topic="Weekly", passcode="other-one"))
    done = await saved(forbidden, Wish(topic="Weekly", passcode=""))

    assert done.seen.settings.passcode is None
    assert WaitingRoom.EVERYBODY is done.seen.settings.waiting_room
    assert CHOSEN == (await settings(store).see(ANNA)).settings.passcode


async def test_a_waiting_room_that_is_forced_on_guards_a_room_for_good(store: Store) -> None:
    forced = settings(store, {Option.WAITING_ROOM: Stance.FORCED_ON})

    assert (await saved(forced, Wish(passcode=""))).seen.settings.passcode is None
    assert WaitingRoom.EVERYBODY is (await settings(store).see(ANNA)).settings.waiting_room


async def test_members_only_guards_a_room_while_people_can_sign_in(store: Store) -> None:
    with_sign_in, without = settings(store), settings(store, sign_in=False)
    wish = Wish(passcode="", options={Option.MEMBERS_ONLY: True})

    assert [Code.ROOM_OPEN] == await codes_of(without, wish)
    assert (await saved(with_sign_in, wish)).seen.settings.options[Option.MEMBERS_ONLY]

    seen = await without.see(ANNA)
    assert WaitingRoom.EVERYBODY is seen.settings.waiting_room
    assert Lock.SIGN_IN is seen.locks[Option.MEMBERS_ONLY]
    assert WaitingRoom.EVERYBODY is (await saved(without, Wish(topic="Weekly"))).seen.settings.waiting_room
    assert [Code.ROOM_OPEN] == await codes_of(without, Wish(waiting_room=WaitingRoom.NOBODY))


async def test_what_nobody_chose_follows_a_policy_that_changes(store: Store) -> None:
    await settings(store).see(ANNA)
    on = settings(store, dict.fromkeys(Option, Stance.ON_UNLESS_CHOSEN))

    found = (await on.see(ANNA)).settings

    assert WaitingRoom.EVERYBODY is found.waiting_room
    assert all(found.options.values())


async def test_a_host_who_is_named_twice_is_one(store: Store) -> None:
    done = await saved(settings(store), Wish(hosts=("U0BEN", "U0CARLA", "U0BEN")))

    assert ("U0BEN", "U0CARLA") == done.seen.settings.hosts

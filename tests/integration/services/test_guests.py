"""Guests on both databases: who goes in, who waits, what hosts see of it, and when somebody has left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.providers import ProviderUnavailable
from bot.rules import WaitingRoom
from bot.services import guests as under_test
from bot.services.guest_messages import FRESH
from bot.services.guest_views import Stage
from bot.services.guests import DENIED_FOR
from bot.services.invitations import read_start_key
from bot.services.people import Actor
from bot.services.postings import PostingKind
from bot.services.refusals import Declined
from bot.services.rooms import Rooms
from storage.guest_tables import guests as table
from storage.transactions import Store
from tests.integration.services.waiting_rooms import (
    ANNA,
    BEN,
    CARLA,
    STRANGER,
    YAN,
    ZOE,
    signed_in,
    waiting_room,
)

EVERYBODY, NOBODY, OUTSIDE = WaitingRoom.EVERYBODY, WaitingRoom.NOBODY, WaitingRoom.OUTSIDE
MINUTE = timedelta(minutes=1)


async def test_nobody_waits_in_an_open_room_whose_host_is_there(store: Store) -> None:
    at = await waiting_room(store)
    session = await at.start()

    view = await at.arrives()

    assert (Stage.ON, session.id) == (view.stage, view.session_id)
    assert "https://meet.example/handle-1?topic=&name=Zoe&as=guest" == await at.guests.door(view)
    assert [] == await at.planned()


async def test_before_the_host_a_guest_waits_and_goes_on_by_themselves_once_there_is_one(store: Store) -> None:
    at = await waiting_room(store)

    seen = [(await at.arrives()).stage]
    waited = await at.waiting()
    await at.start()
    seen.append(await at.looks())
    view = await at.arrives()
    await at.guests.door(view)

    assert [Stage.EARLY, Stage.ON] == seen
    assert ["Zoe"] == waited
    assert [] == await at.waiting()
    assert [("U0ANNA", 2)] == await at.planned()


async def test_join_before_host_lets_the_first_guest_begin_unless_a_host_must_let_them_in(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(join_before_host=True)

    view = await at.arrives()

    assert (Stage.ON, None) == (view.stage, view.session_id)
    assert "https://meet.example/handle-1?topic=&name=Zoe&as=guest" == await at.guests.door(view)
    session = await at.meetings.running(at.place)
    assert session is not None
    assert (None, None) == (session.started_by, session.host_at)

    await at.end(session)
    await at.has(EVERYBODY)
    assert Stage.EARLY is (await at.arrives(YAN, "Yan")).stage


async def test_a_room_that_is_set_otherwise_meanwhile_is_not_begun_by_a_guest(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(join_before_host=True)
    view = await at.arrives()
    await at.has(join_before_host=False)

    assert await at.guests.door(view) is None
    assert await at.meetings.running(at.place) is None


async def test_the_host_lets_a_guest_in_and_they_come_back_as_they_like_while_it_lasts(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY)
    session = await at.start()
    view = await at.arrives()
    assert Stage.WAITS is view.stage

    decided = await at.decisions.admit(ANNA, view.guest_id)

    assert ["Zoe"] == [guest.name for guest in decided.guests]
    assert "" == decided.start_key
    assert [view.guest_id] == at.told
    for _ in range(2):
        view = await at.arrives()
        assert (Stage.ON, session.id) == (view.stage, view.session_id)
        assert await at.guests.door(view) is not None

    await at.end(session)
    assert Stage.OVER is await at.looks()
    await at.start()
    assert Stage.WAITS is (await at.arrives()).stage


async def test_a_double_click_decides_once_and_another_host_comes_too_late(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY, BEN)
    await at.start()
    zoe, yan = await at.arrives(), await at.arrives(YAN, "Yan")

    await at.decisions.admit(ANNA, zoe.guest_id)
    await at.decisions.deny(BEN, yan.guest_id)
    told = list(at.told)

    assert () == (await at.decisions.admit(ANNA, zoe.guest_id)).guests
    assert () == (await at.decisions.deny(ANNA, yan.guest_id)).guests
    assert "guest.was.admitted" == await _declined(at.decisions.deny(BEN, zoe.guest_id))
    assert "guest.was.denied" == await _declined(at.decisions.admit(BEN, yan.guest_id))
    assert told == at.told


async def test_who_was_turned_away_is_heard_again_after_a_while(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY)
    await at.start()
    view = await at.arrives()
    await at.decisions.deny(ANNA, view.guest_id)

    assert Stage.DENIED is (await at.arrives()).stage
    at.later(DENIED_FOR - timedelta(seconds=1))
    assert Stage.DENIED is (await at.arrives()).stage
    at.later(timedelta(seconds=1))
    assert Stage.WAITS is (await at.arrives()).stage
    assert ["Zoe"] == await at.waiting()


@pytest.mark.parametrize("who", [BEN, CARLA, STRANGER], ids=str)
async def test_nobody_but_a_host_decides_nor_learns_who_waits(store: Store, who: Actor) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY)
    await at.start()
    view = await at.arrives()

    for asked in (
        at.decisions.admit(who, view.guest_id),
        at.decisions.deny(who, view.guest_id),
        at.decisions.admit_all(who, at.place.member_id),
        at.decisions.admit(ANNA, "0" * 64),
        at.decisions.deny(ANNA, ""),
    ):
        assert "guest.unknown" == await _declined(asked)
    assert Stage.WAITS is await at.looks()
    assert [] == at.told


async def test_an_alternative_host_lets_everybody_in_and_starts_the_meeting_by_it(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY, BEN)
    for token, name in ((ZOE, "Zoe"), (YAN, "Yan")):
        assert Stage.EARLY is (await at.arrives(token, name)).stage

    decided = await at.decisions.admit_all(BEN, at.place.member_id)

    assert ["Zoe", "Yan"] == [guest.name for guest in decided.guests]
    session = await at.meetings.running(at.place)
    assert session is not None
    assert ("U0BEN", True) == (session.started_by, session.in_room)
    link = read_start_key(at.house.keys, decided.start_key, at.house.now())
    assert link is not None
    assert session.id == (await at.meetings.start_by_link(link)).session.id
    assert [Stage.ON, Stage.ON] == [await at.looks(token) for token in (ZOE, YAN)]
    assert "guests.nobody" == await _declined(at.decisions.admit_all(BEN, at.place.member_id))


async def test_a_host_who_prefers_one_off_numbers_meets_their_guest_in_the_room_all_the_same(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(pmi_for_instant=False)
    view = await at.arrives()

    decided = await at.decisions.admit(ANNA, view.guest_id)

    session = await at.meetings.running(at.place)
    assert session is not None
    link = read_start_key(at.house.keys, decided.start_key, at.house.now())
    assert link is not None
    assert session.id == (await at.meetings.start_by_link(link)).session.id
    assert Stage.ON is await at.looks()


async def test_nobody_is_let_in_where_the_meeting_cannot_be_opened(store: Store) -> None:
    at = await waiting_room(store)
    view = await at.arrives()
    at.provider.is_down = True

    with pytest.raises(ProviderUnavailable):
        await at.decisions.admit(ANNA, view.guest_id)
    assert Stage.EARLY is await at.looks()
    assert ["Zoe"] == await at.waiting()


async def test_only_whoever_must_wait_is_asked_for_a_name(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY)
    await at.start()

    assert Stage.NAME is (await at.arrives(name="")).stage
    assert [] == await at.waiting()
    assert Stage.WAITS is (await at.arrives(YAN, "", replace(at.way, invited="U0BEN"))).stage
    found = await at.door()
    assert found is not None
    assert [("", "U0BEN", False)] == [(each.name, each.slack_user, each.signed_in) for each in found.waiting]


async def test_who_signed_in_or_was_invited_is_from_inside(store: Store) -> None:
    at = await waiting_room(store)
    await Rooms(at.house).own(BEN)
    await at.has(OUTSIDE)
    await at.start()

    assert Stage.WAITS is (await at.arrives()).stage
    assert Stage.ON is (await at.arrives("a" * 43, "", replace(at.way, invited="U0BEN"))).stage
    assert Stage.ON is (await at.arrives("b" * 43, "", signed_in=signed_in(BEN))).stage
    assert Stage.WAITS is (await at.arrives("c" * 43, "Eve", signed_in=signed_in(STRANGER))).stage


async def test_who_was_invited_from_elsewhere_is_no_more_from_inside_than_anybody(store: Store) -> None:
    at = await waiting_room(store)
    await Rooms(at.house).own(Actor("T0OTHER", "U0FAR"))
    await at.has(OUTSIDE, join_before_host=True)

    assert Stage.EARLY is (await at.arrives(way=replace(at.way, invited="U0FAR"))).stage
    await at.start()
    assert Stage.WAITS is (await at.arrives(way=replace(at.way, invited="U0FAR"))).stage


async def test_a_room_for_members_takes_nobody_elses_word(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(members_only=True)
    await at.start()

    assert Stage.SIGN_IN is (await at.arrives()).stage
    assert Stage.SIGN_IN is (await at.arrives(way=replace(at.way, invited="U0BEN"))).stage
    assert Stage.MEMBERS is (await at.arrives(signed_in=signed_in(STRANGER))).stage
    assert Stage.ON is (await at.arrives(signed_in=signed_in(BEN))).stage
    assert [] == await at.waiting()


async def test_a_host_who_comes_by_the_address_and_has_signed_in_starts_and_hosts(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY)
    await at.arrives()

    view = await at.arrives(YAN, "", signed_in=signed_in(ANNA, "Anna"))

    assert "https://meet.example/handle-1?topic=&name=Anna&as=host" == await at.guests.door(view)
    session = await at.meetings.running(at.place)
    assert session is not None
    assert "U0ANNA" == session.started_by
    assert Stage.WAITS is await at.looks()


async def test_who_gives_no_sign_of_life_for_a_minute_has_left_and_may_come_back(store: Store) -> None:
    at = await waiting_room(store)
    await at.arrives()
    await at.arrives(YAN, "Yan")
    at.later(timedelta(seconds=50))
    await at.arrives(YAN, "Yan")
    at.later(timedelta(seconds=11))

    assert await at.upkeep.sweep()
    assert ["Yan"] == await at.waiting()
    found = await at.door()
    assert found is not None
    assert ["gone"] == [guest.state for guest in found.decided]
    assert Stage.EARLY is (await at.arrives()).stage
    assert ["Yan", "Zoe"] == await at.waiting()


async def test_what_ends_is_over_for_whoever_waited_until_they_ask_again(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY)
    session = await at.start()
    await at.arrives(since=at.house.now())
    at.later(MINUTE)
    await at.end(session)

    assert Stage.OVER is await at.looks()
    await at.upkeep.sweep()
    assert [] == await at.waiting()
    assert not await at.upkeep.sweep()
    assert Stage.OVER is (await at.arrives(since=at.house.now() - 2 * MINUTE)).stage
    assert Stage.EARLY is (await at.arrives(since=at.house.now())).stage
    assert ["Zoe"] == await at.waiting()


async def test_an_invitation_to_one_session_opens_no_other(store: Store) -> None:
    at = await waiting_room(store)
    session = await at.start()
    way = replace(at.way, session_id=session.id)
    seen = [(await at.arrives(way=way)).stage]
    await at.end(session)
    seen.append((await at.arrives(way=way)).stage)
    await at.start()
    seen.append((await at.arrives(way=way)).stage)

    assert [Stage.ON, Stage.OVER, Stage.OVER] == seen


async def test_a_way_that_was_closed_leads_nowhere(store: Store) -> None:
    at = await waiting_room(store)
    await at.start()
    at.doors.opens = False

    assert Stage.CLOSED is (await at.arrives()).stage


async def test_the_hosts_are_told_at_the_first_knock_and_hear_of_later_ones(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(None, BEN)

    await at.arrives()
    assert [("U0ANNA", 1), ("U0BEN", 1)] == await at.planned()
    await at.arrives(YAN, "Yan")
    await at.arrives("x" * 43, "Xi")

    assert [("U0ANNA", 3), ("U0BEN", 3)] == await at.planned()
    assert ["U0ANNA", "U0BEN"] == [user for user, _ in await at.planned(PostingKind.MORE_GUESTS)]
    assert 3 == len(at.woken)
    at.later(FRESH)
    await at.arrives("w" * 43, "Wim")
    assert [("U0ANNA", 4), ("U0BEN", 4), ("U0ANNA", 1), ("U0BEN", 1)] == await at.planned()


async def test_a_host_who_was_named_meanwhile_is_shown_who_waits_and_not_only_that_somebody_else_does(
    store: Store,
) -> None:
    at = await waiting_room(store)
    await at.arrives()
    await at.has(None, BEN)
    await at.arrives(YAN, "Yan")

    assert ["U0ANNA", "U0BEN"] == sorted(user for user, _ in await at.planned())
    assert ["U0ANNA"] == [user for user, _ in await at.planned(PostingKind.MORE_GUESTS)]


async def test_where_they_meet_the_one_who_began_and_the_holder_are_told(store: Store) -> None:
    at = await waiting_room(store)
    await at.has(EVERYBODY, BEN, CARLA)
    await at.start(CARLA)

    await at.arrives()

    assert ["U0ANNA", "U0CARLA"] == [user for user, _ in await at.planned()]


async def test_to_look_again_tells_nobody_anything_new(store: Store) -> None:
    at = await waiting_room(store)
    for _ in range(3):
        await at.arrives()
        at.later(timedelta(seconds=25))

    assert [("U0ANNA", 1)] == await at.planned()
    assert [] == await at.planned(PostingKind.MORE_GUESTS)
    assert 1 == len(at.woken)


@pytest.mark.parametrize("limit", ["MOST_AT_A_PLACE", "MOST_FROM_A_SOURCE"])
async def test_a_crowd_is_stopped_before_the_door(store: Store, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    at = await waiting_room(store)
    monkeypatch.setattr(under_test, limit, 2)
    seen = [(await at.arrives(letter * 43, letter)).stage for letter in "abca"]

    assert [Stage.EARLY, Stage.EARLY, Stage.FULL, Stage.EARLY] == seen
    assert ["a", "b"] == await at.waiting()


async def test_what_a_guest_is_called_is_kept_sealed_and_where_they_come_from_as_a_hash(store: Store) -> None:
    at = await waiting_room(store)
    await at.arrives(name="Zoe Canary")

    row = await store.read(lambda tx: tx.execute(table.select()).mappings().one())
    assert "Canary" not in str(dict(row))
    assert "192.0.2.1" not in str(dict(row))
    assert ZOE not in str(dict(row))


async def _declined(asked: object) -> str:
    with pytest.raises(Declined) as caught:
        await asked  # type: ignore[misc]
    return caught.value.code

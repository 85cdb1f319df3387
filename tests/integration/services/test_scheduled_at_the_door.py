"""Scheduled meetings at their door, on both databases: until when they open, and what a cancellation does to them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.rules import Option, Repeats
from bot.services.doors import Doors
from bot.services.guest_views import GuestView, Stage, Visitor
from bot.services.guests import Guests
from bot.services.hosting import Hosting
from bot.services.invitations import START_LASTS, StartLink
from bot.services.meeting_results import Started, StartWish
from bot.services.meetings import Meetings
from bot.services.people import Person, Standing
from bot.services.postings import PostingRecords
from bot.services.refusals import Declined
from bot.services.room_settings import SettingsOfRooms, Wish
from bot.services.rooms import Rooms
from bot.services.timetable import Shown
from bot.services.ways import Way
from storage import sessions
from storage.transactions import Store
from tests.fake_provider import FakeProvider
from tests.integration.services.houses import house_of, new_call
from tests.integration.services.planned import ANNA, BEN, Planner, wish


@dataclass
class Door:
    """The door of one scheduled meeting of Anna's, with the clock in the test's hand."""

    planner: Planner
    meetings: Meetings
    doors: Doors
    guests: Guests
    shown: Shown
    key: str

    async def ben(self) -> GuestView:
        """Where somebody stands who has come with Ben's invitation."""
        way = await self.doors.by_key(self.key)
        assert isinstance(way, Way)
        return await self.guests.arrive(way, Visitor("b" * 43, "192.0.2.1", "Ben"))

    async def starts(self) -> Started:
        """Anna follows her start link."""
        until = self.planner.at + START_LASTS
        link = StartLink(self.shown.workspace, ANNA.user, self.shown.holder_id, self.shown.meeting_id, until)
        return await self.meetings.start_by_link(link)

    async def runs(self) -> bool:
        """Whether the meeting runs."""
        store, meeting_id = self.planner.store, self.shown.meeting_id
        return await store.read(lambda tx: sessions.running_of_meeting(tx, meeting_id)) is not None


async def door(store: Store, *, on_pmi: bool, **more: Any) -> Door:
    planner = Planner(store)
    shown = (await planner.scheduled(on_pmi=on_pmi, invitees=("U0BEN",), **more)).shown
    house = house_of(store, lambda: planner.at)
    meetings = Meetings(house, FakeProvider(), PostingRecords(house))
    doors = Doors(house)
    guests = Guests(house, Hosting(house), meetings, doors, lambda: None)
    key = (await planner.cases.see(BEN, shown.meeting_id)).shown.key
    return Door(planner, meetings, doors, guests, shown, key)


async def member(user: str) -> Person:
    return Person(user, user, Standing.MEMBER)


@pytest.mark.parametrize("on_pmi", [True, False])
async def test_an_invitation_opens_until_a_day_after_the_last_time(store: Store, on_pmi: bool) -> None:  # noqa: FBT001
    at = await door(store, on_pmi=on_pmi)

    seen = [(await at.ben()).stage]
    at.planner.at = at.shown.last.end + START_LASTS - timedelta(seconds=1)
    seen.append((await at.ben()).stage)
    at.planner.later(seconds=1)
    seen.append((await at.ben()).stage)

    assert [Stage.EARLY, Stage.EARLY, Stage.OVER] == seen
    with pytest.raises(Declined, match=r"meeting\.over"):
        await at.starts()


async def test_an_old_invitation_to_the_room_opens_no_later_meeting_in_it(store: Store) -> None:
    at = await door(store, on_pmi=True)
    at.planner.at = at.shown.last.end + START_LASTS
    await at.meetings.start(new_call(ANNA), StartWish(on_pmi=True))

    assert Stage.OVER is (await at.ben()).stage


async def test_guests_begin_nothing_that_is_long_over(store: Store) -> None:
    at = await door(store, on_pmi=False)
    house = house_of(store, lambda: at.planner.at)
    settings = SettingsOfRooms(house, Rooms(house))
    await settings.save(new_call(ANNA), Wish(options={Option.JOIN_BEFORE_HOST: True}), member)

    assert Stage.ON is (await at.ben()).stage
    at.planner.at = at.shown.last.end + START_LASTS
    assert Stage.OVER is (await at.ben()).stage


async def test_what_runs_on_takes_guests_in_as_long_as_it_does(store: Store) -> None:
    at = await door(store, on_pmi=False)
    at.planner.at = at.shown.last.end + START_LASTS - timedelta(minutes=1)
    started = await at.starts()

    at.planner.later(hours=1)
    assert Stage.ON is (await at.ben()).stage
    await at.meetings.end(new_call(ANNA), started.session.id)
    assert Stage.OVER is (await at.ben()).stage


@pytest.mark.parametrize("on_pmi", [True, False])
async def test_a_meeting_that_is_cancelled_while_it_runs_is_over(store: Store, on_pmi: bool) -> None:  # noqa: FBT001
    at = await door(store, on_pmi=on_pmi)
    started = await at.starts()

    await at.planner.cases.cancel(new_call(ANNA), at.shown.meeting_id)

    assert not await at.runs()
    assert not (await at.meetings.end(new_call(ANNA), started.session.id)).changed
    log = await at.planner.log()
    assert (1, 1) == (log["meeting.cancelled", at.shown.meeting_id, None], log["meeting.ended", at.shown.number, None])


async def test_one_time_that_is_cancelled_while_the_series_runs_lets_it_run(store: Store) -> None:
    at = await door(store, on_pmi=False, repeats=Repeats.WEEKLY, count=3)
    await at.starts()

    await at.planner.cases.cancel(new_call(ANNA), at.shown.meeting_id, at.shown.last.key)

    assert await at.runs()


async def test_a_meeting_that_moves_to_the_pmi_while_it_runs_is_still_the_one_that_runs(store: Store) -> None:
    at = await door(store, on_pmi=False)
    started = await at.starts()

    await at.planner.cases.change(new_call(ANNA), at.shown.meeting_id, wish(on_pmi=True, invitees=("U0BEN",)))

    assert (started.session.id, False) == ((again := await at.starts()).session.id, again.fresh)
    assert (Stage.ON, started.session.id) == ((view := await at.ben()).stage, view.session_id)


@pytest.mark.parametrize("on_pmi", [True, False])
async def test_on_the_day_of_one_that_was_cancelled_the_door_says_so_and_when_the_next_is(
    store: Store,
    on_pmi: bool,  # noqa: FBT001
) -> None:
    """Seen red: without the look at the series, whoever came was told that the host had not started."""
    at = await door(store, on_pmi=on_pmi, repeats=Repeats.DAILY, count=3)
    first, second, third = at.shown.coming
    await at.planner.cases.cancel(new_call(ANNA), at.shown.meeting_id, second.key)
    # Nine and a half in Berlin: the day begins there an hour before it does in UTC.
    midnight = second.start - timedelta(hours=9, minutes=30)
    seen = []
    for moment in (midnight - timedelta(seconds=1), midnight, second.end, midnight + timedelta(days=1)):
        at.planner.at = moment
        seen.append(await at.ben())

    assert [Stage.EARLY, Stage.SKIPPED, Stage.SKIPPED, Stage.EARLY] == [view.stage for view in seen]
    assert third.start == seen[1].next_time
    assert "2026-03-12 09:30 Europe/Berlin" == f"{seen[1].next_time:%Y-%m-%d %H:%M} {seen[1].next_time.tzinfo}"
    assert first.start < third.start
    # A host may meet there all the same.
    at.planner.at = second.start
    await at.starts()
    assert (await at.ben()).stage is not Stage.SKIPPED


async def test_on_the_day_of_the_last_one_that_was_cancelled_there_is_no_next(store: Store) -> None:
    at = await door(store, on_pmi=False, repeats=Repeats.DAILY, count=2)
    last = at.shown.coming[1]
    await at.planner.cases.cancel(new_call(ANNA), at.shown.meeting_id, last.key)
    at.planner.at = last.start
    view = await at.ben()

    assert (Stage.SKIPPED, None) == (view.stage, view.next_time)

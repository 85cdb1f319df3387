"""Scheduled meetings that change: the whole series or one of its times, cancelled in part or all, by two at once."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.rules import Answer, Code, Repeats
from bot.services.invitations import InvitationRecords
from bot.services.people import Actor, Call
from bot.services.postings import Target
from bot.services.refusals import ScheduleRefused
from bot.services.timetable import Changed
from bot.services.tombstones import mark_of
from storage.errors import Busy
from storage.transactions import Store, open_store
from tests.integration.services.houses import new_call
from tests.integration.services.planned import ANNA, BEN, CARL, CHANNEL, Planner, codes_of, repeat_of, wish

SERIES: dict[str, Any] = {"repeats": Repeats.WEEKLY, "count": 4}
FIRST, SECOND, THIRD, FOURTH = ("2026-03-10T09:30", "2026-03-17T09:30", "2026-03-24T09:30", "2026-03-31T09:30")


async def series(planner: Planner) -> str:
    """A weekly meeting whose invitations are posted; its id."""
    meeting = (await planner.scheduled(**SERIES)).shown.meeting_id
    await planner.posted()
    return meeting


async def changed(planner: Planner, meeting: str, occurrence: str | None = None, **changes: object) -> Changed:
    seen = (await planner.cases.see(ANNA, meeting, occurrence)).wish
    asked = replace(seen, at=None, **changes)  # type: ignore[arg-type]
    return await planner.cases.change(new_call(ANNA), meeting, asked, occurrence)


def times(done: Changed) -> list[str]:
    return [f"{one.start:%m-%d %H:%M}{' off' if one.cancelled else ''}" for one in done.shown.coming]


# The whole series


@pytest.mark.parametrize("at", [True, False])
async def test_what_is_sent_in_as_it_was_shown_changes_nothing(store: Store, at: bool) -> None:  # noqa: FBT001
    planner = Planner(store)
    meeting = await series(planner)
    planner.at = datetime(2026, 3, 20, tzinfo=UTC)
    seen = (await planner.cases.see(ANNA, meeting)).wish
    asked = seen if at else replace(seen, at=None)

    done = await planner.cases.change(new_call(ANNA), meeting, asked)

    assert (False, 0, False) == (done.changed, done.shown.sequence, done.elsewhere)
    assert [] == await planner.planned("meeting.invitation")


async def test_another_time_moves_every_meeting_and_what_is_posted_is_brought_up_to_date(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)

    done = await changed(planner, meeting, time="11:00", topic="Later", minutes=60)

    assert (True, 1, "Later", 60) == (done.changed, done.shown.sequence, done.shown.topic, done.shown.minutes)
    assert ["03-10 10:00", "03-17 10:00", "03-24 10:00", "03-31 09:00"] == times(done)
    assert [CHANNEL, "U0BEN", "U0CARL"] == [where for where, *_ in await planner.planned("meeting.invitation")]
    log = await planner.log()
    assert 1 == log["meeting.time_changed", "2026-03-10T09:30 Europe/Berlin", "2026-03-10T11:00 Europe/Berlin"]
    assert 1 == log["meeting.topic_changed", None, None]
    assert 1 == log["meeting.minutes_changed", "30", "60"]


async def test_only_the_holder_changes_or_cancels(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)

    for actor in (BEN, CARL):
        call = new_call(actor)
        assert [Code.SCHEDULE_NOT_HOLDER] == await codes_of(planner.cases.change(call, meeting, wish(topic="Mine")))
        assert [Code.SCHEDULE_NOT_HOLDER] == await codes_of(planner.cases.cancel(call, meeting))
        assert [Code.SCHEDULE_NOT_HOLDER] == await codes_of(planner.cases.cancel(call, meeting, FIRST))
    assert ("Weekly", 0, 4) == await _state(planner, meeting)


async def _state(planner: Planner, meeting: str) -> tuple[str, int, int]:
    shown = (await planner.cases.see(ANNA, meeting)).shown
    return shown.topic, shown.sequence, shown.times


async def test_a_series_that_has_begun_can_be_changed_and_one_that_is_over_cannot(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    planner.at = datetime(2026, 3, 20, tzinfo=UTC)

    assert ["03-24 10:00", "03-31 09:00"] == times(await changed(planner, meeting, time="11:00"))
    assert [Code.SCHEDULE_PAST] == await codes_of(changed(planner, meeting, count=2, time="11:05"))
    planner.at = datetime(2026, 4, 1, tzinfo=UTC)
    assert [Code.SCHEDULE_OVER] == await codes_of(changed(planner, meeting, topic="Too late"))
    assert [Code.SCHEDULE_OVER] == await codes_of(planner.cases.cancel(new_call(ANNA), meeting))


async def test_every_refusal_of_a_change_comes_at_once_and_changes_nothing(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)

    assert [Code.SCHEDULE_MINUTES, Code.SCHEDULE_CHANNEL, Code.SCHEDULE_LONG] == await codes_of(
        changed(planner, meeting, minutes=1, channel="general", count=200, topic="Not so")
    )
    assert ("Weekly", 0, 4) == await _state(planner, meeting)


async def test_who_is_left_out_loses_their_key_and_who_is_new_is_invited(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    carls = (await planner.cases.see(CARL, meeting)).shown.key
    bens = (await planner.cases.see(BEN, meeting)).shown.key
    await planner.cases.answer(new_call(BEN), meeting, Answer.YES)
    await planner.posted()

    done = await changed(planner, meeting, invitees=("U0DORA", "U0BEN"))

    assert [("U0DORA", None), ("U0BEN", Answer.YES)] == [(one.user, one.answer) for one in done.shown.invitees]
    assert [CHANNEL, "U0BEN", "U0CARL", "U0DORA"] == [w for w, *_ in await planner.planned("meeting.invitation")]
    assert await planner.cases.card("T0ACME", meeting, Target(user="U0CARL")) is None
    records = InvitationRecords(planner.cases._house)
    rows = [await store.read(partial(records.find, key=key)) for key in (carls, bens)]
    assert [False, True] == [row is not None and row.revoked_at is None for row in rows]
    log = await planner.log()
    keys = planner.cases._house.keys
    carl, dora = (mark_of(keys, "T0ACME", user) for user in ("U0CARL", "U0DORA"))
    assert (1, 1) == (log["invitee.removed", carl, None], log["invitee.added", None, dora])


async def test_who_is_invited_again_has_a_new_key(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    old = (await planner.cases.see(CARL, meeting)).shown.key
    await changed(planner, meeting, invitees=("U0BEN",))
    await changed(planner, meeting, invitees=("U0BEN", "U0CARL"))

    card = await planner.cases.card("T0ACME", meeting, Target(user="U0CARL"))

    assert card is not None
    assert card.key not in ("", old)


async def test_another_channel_has_the_card_and_the_old_ones_key_is_taken_back(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    before = await planner.cases.card("T0ACME", meeting, Target(channel=CHANNEL))
    assert before is not None

    await changed(planner, meeting, channel="C0OTHER")

    assert await planner.cases.card("T0ACME", meeting, Target(channel=CHANNEL)) is None
    after = await planner.cases.card("T0ACME", meeting, Target(channel="C0OTHER"))
    assert after is not None
    assert before.key != after.key
    row = await store.read(lambda tx: InvitationRecords(planner.cases._house).find(tx, before.key))
    assert row is not None
    assert row.revoked_at is not None


async def test_a_reminder_that_stands_gives_no_key_to_who_was_left_out_nor_to_another_channel(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    places = [Target(user="U0CARL"), Target(channel=CHANNEL)]
    before = [await planner.cases.reminded("T0ACME", meeting, place, f"{FIRST}/0") for place in places]

    await changed(planner, meeting, invitees=("U0BEN",), channel="C0OTHER")

    assert [False, False] == [one is None for one in before]
    assert [None, None] == [await planner.cases.reminded("T0ACME", meeting, place, f"{FIRST}/0") for place in places]
    assert await planner.cases.reminded("T0ACME", meeting, Target(user="U0ANNA"), f"{FIRST}/0") is not None


async def test_a_meeting_goes_to_the_pmi_and_back_to_the_number_that_was_its_own(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    first = (await planner.cases.see(ANNA, meeting)).shown

    on_pmi = (await changed(planner, meeting, on_pmi=True)).shown
    back = (await changed(planner, meeting, on_pmi=False)).shown

    assert (True, "") == (on_pmi.on_pmi, on_pmi.passcode)
    assert (first.number, False, 10) == (back.number, back.on_pmi, len(back.passcode))
    assert first.passcode != back.passcode


# One of a series


async def test_one_meeting_moves_and_the_others_stay(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)

    done = await changed(planner, meeting, SECOND, date="2026-03-18", time="15:00", minutes=45, topic="Special")

    assert ["03-10 08:30", "03-18 14:00", "03-24 08:30", "03-31 07:30"] == times(done)
    one = done.shown.coming[1]
    assert (SECOND, "Special", True, 45 * 60) == (one.key, one.topic, one.changed, (one.end - one.start).seconds)
    assert (1, 30, "Weekly") == (done.shown.sequence, done.shown.minutes, done.shown.topic)
    again = await changed(planner, meeting, SECOND)
    assert (False, 1) == (again.changed, again.shown.sequence)
    back = await changed(planner, meeting, SECOND, date="2026-03-17", time="09:30", minutes=30, topic="Weekly")
    assert (False, "03-17 08:30", 2) == (back.shown.coming[1].changed, times(back)[1], back.shown.sequence)


async def test_the_end_of_a_series_follows_the_one_that_was_moved_last(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    await changed(planner, meeting, SECOND, date="2026-05-05")
    planner.at = datetime(2026, 4, 15, tzinfo=UTC)

    assert ["05-05"] == [f"{each.occurrence.start:%m-%d}" for each in await planner.cases.coming(ANNA, 10)]
    planner.at = datetime(2026, 5, 6, tzinfo=UTC)
    assert () == await planner.cases.coming(ANNA, 10)


async def test_one_that_is_not_there_over_or_cancelled_cannot_be_changed(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    await planner.cases.cancel(new_call(ANNA), meeting, THIRD)
    planner.at = datetime(2026, 3, 11, tzinfo=UTC)
    asked = wish(date="2026-03-20")

    for key, code in (("2026-03-11T09:30", "gone"), ("", "gone"), (FIRST, "over"), (THIRD, "cancelled")):
        assert [f"schedule.{code}"] == await codes_of(planner.cases.change(new_call(ANNA), meeting, asked, key))
    assert [Code.SCHEDULE_PAST] == await codes_of(changed(planner, meeting, SECOND, date="2026-03-10"))


async def test_of_a_single_meeting_the_one_is_the_whole(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled()).shown.meeting_id

    moved = await changed(planner, meeting, FIRST, time="12:00")
    assert ["2026-03-10T12:00"] == [one.key for one in moved.shown.coming]
    assert (await planner.cases.cancel(new_call(ANNA), meeting, "2026-03-10T12:00")).shown.cancelled


async def test_what_is_cancelled_stays_so_at_another_time_and_what_was_moved_follows_the_series(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    await planner.cases.cancel(new_call(ANNA), meeting, THIRD)
    await changed(planner, meeting, SECOND, date="2026-03-18")

    done = await changed(planner, meeting, time="11:00")

    assert ["03-10 10:00", "03-17 10:00", "03-24 10:00 off", "03-31 09:00"] == times(done)
    assert (1, 3) == (done.reset, done.shown.times)


async def test_a_longer_series_keeps_what_differs(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)
    await planner.cases.cancel(new_call(ANNA), meeting, THIRD)
    await changed(planner, meeting, SECOND, date="2026-03-18")

    done = await changed(planner, meeting, count=5)

    assert ["03-10 08:30", "03-18 08:30", "03-24 08:30 off", "03-31 07:30", "04-07 07:30"] == times(done)
    assert 0 == done.reset


# Cancelling


async def test_a_cancelled_meeting_is_shown_as_such_and_never_comes_back(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)

    done = await planner.cases.cancel(new_call(ANNA), meeting)
    again = await planner.cases.cancel(new_call(ANNA), meeting)

    assert (True, True, 1, None) == (done.changed, done.shown.cancelled, done.shown.sequence, done.occurrence)
    assert (False, 1) == (again.changed, again.shown.sequence)
    assert [CHANNEL, "U0BEN", "U0CARL"] == [where for where, *_ in await planner.planned("meeting.invitation")]
    assert [] == await planner.planned("meeting.reminder")
    card = await planner.cases.card("T0ACME", meeting, Target(channel=CHANNEL))
    assert card is not None
    assert card.cancelled
    assert [Code.SCHEDULE_CANCELLED] == await codes_of(changed(planner, meeting, topic="Back"))
    assert () == await planner.cases.coming(ANNA, 10)


async def test_what_was_not_posted_before_it_was_cancelled_never_is(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled()).shown.meeting_id

    await planner.cases.cancel(new_call(ANNA), meeting)

    assert [] == await planner.planned("meeting.invitation")


async def test_one_of_a_series_is_cancelled_alone(store: Store) -> None:
    planner = Planner(store)
    meeting = await series(planner)

    done = await planner.cases.cancel(new_call(ANNA), meeting, SECOND)
    again = await planner.cases.cancel(new_call(ANNA), meeting, SECOND)

    assert done.occurrence is not None
    assert (True, SECOND, True, 1, 3) == (
        done.changed,
        done.occurrence.key,
        done.occurrence.cancelled,
        done.shown.sequence,
        done.shown.times,
    )
    assert (False, 1) == (again.changed, again.shown.sequence)
    planner.at = datetime(2026, 3, 12, tzinfo=UTC)
    assert ["03-24"] == [f"{each.occurrence.start:%m-%d}" for each in await planner.cases.coming(ANNA, 10)]


# At once


async def _patiently(planner: Planner, call: Call, meeting: str, **changes: object) -> Changed:
    for _ in range(20):
        with suppress(Busy):
            return await planner.cases.change(call, meeting, wish(**SERIES, **changes))
    return await planner.cases.change(call, meeting, wish(**SERIES, **changes))


@pytest.mark.row("R03")
async def test_two_processes_that_change_at_once_count_each_change_and_keep_one_of_them_whole(
    store: Store, database_url: str
) -> None:
    """Seen red: with neither the holder nor the meeting locked, each of eight changes was the first on PostgreSQL."""
    other_store = await open_store(database_url)
    planner, other = Planner(store), Planner(other_store)
    meeting = await series(planner)
    wishes = [{"topic": f"Topic {n}", "time": f"{10 + n}:00", "minutes": 10 + n, "sequence": 0} for n in range(8)]

    done = await asyncio.gather(
        *(_patiently((planner, other)[n % 2], repeat_of(), meeting, **each) for n, each in enumerate(wishes))
    )
    await other_store.close()

    shown = (await planner.cases.see(ANNA, meeting)).shown
    assert list(range(1, 9)) == sorted(each.shown.sequence for each in done)
    assert 7 == sum(each.elsewhere for each in done)
    number = shown.minutes - 10
    assert (f"Topic {number}", f"2026-03-10T{10 + number}:00", 8) == (shown.topic, shown.first.key, shown.sequence)


async def test_an_answer_and_a_cancellation_at_once_leave_a_cancelled_meeting_and_each_is_told_the_truth(
    store: Store, database_url: str
) -> None:
    other_store = await open_store(database_url)
    planner, other = Planner(store), Planner(other_store)
    for _ in range(5):
        meeting = await series(planner)
        results = await asyncio.gather(
            planner.cases.cancel(new_call(ANNA), meeting),
            other.cases.answer(new_call(BEN), meeting, Answer.YES),
            return_exceptions=True,
        )

        shown = (await planner.cases.see(ANNA, meeting)).shown
        assert shown.cancelled
        refused = isinstance(results[1], ScheduleRefused)
        assert refused or isinstance(results[1], BaseException) is False
        assert (0 if refused else 1) == shown.counts.yes
    await other_store.close()


@pytest.mark.row("R03")
async def test_whoever_answers_while_they_are_left_out_is_not_invited_afterwards(
    store: Store, database_url: str
) -> None:
    """Seen red: without the lock on the meeting, the answer put the invitation back on PostgreSQL."""
    other_store = await open_store(database_url)
    planner, other = Planner(store), Planner(other_store)
    people = [Actor("T0ACME", f"U0GUEST{number}") for number in range(12)]
    everybody = tuple(each.user for each in people)
    meeting = (await planner.scheduled(**SERIES, invitees=everybody)).shown.meeting_id
    for actor in people:  # their first contact is behind them
        await planner.cases.answer(new_call(actor), meeting, Answer.MAYBE)

    async def answer(actor: Actor, said: Answer) -> None:
        for _ in range(20):  # as people do who are told that too much waits
            with suppress(Busy):
                await other.cases.answer(new_call(actor), meeting, said)
                return

    await asyncio.gather(
        *(answer(actor, Answer.YES) for actor in people),
        _patiently(planner, repeat_of(), meeting, invitees=()),
        *(answer(actor, Answer.NO) for actor in people),
    )
    await other_store.close()

    invitees = (await planner.cases.see(ANNA, meeting)).shown.invitees
    assert not any(each.invited for each in invitees)


async def test_a_change_that_is_repeated_counts_once_whatever_came_between(store: Store) -> None:
    planner, call = Planner(store), repeat_of()
    meeting = await series(planner)
    first = await planner.cases.change(call, meeting, wish(**SERIES, topic="One"))
    await changed(planner, meeting, topic="Two")
    await planner.cases.cancel(new_call(ANNA), meeting)

    assert first == await planner.cases.change(call, meeting, wish(**SERIES, topic="One"))
    assert ("Two", 3, 4) == await _state(planner, meeting)

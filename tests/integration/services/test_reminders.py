"""Reminders: planned once, some days ahead, by whichever process is up; moved, taken back, silent where too late."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.rules import Answer, Repeats
from bot.services.postings import Target
from bot.services.timetable import Reminded
from bot.services.upkeep import keep_up
from storage.tables import postings
from storage.transactions import Store, open_store
from tests.integration.services.houses import new_call
from tests.integration.services.planned import ANNA, BEN, CHANNEL, Planner, wish

DAILY: dict[str, Any] = {"repeats": Repeats.DAILY, "count": 30, "date": "2026-03-02", "invitees": ("U0BEN",)}
EVERYBODY = (CHANNEL, "U0ANNA", "U0BEN")


async def at_channel(planner: Planner) -> list[tuple[str, str]]:
    return [(key, at) for where, key, at in await planner.planned("meeting.reminder") if where == CHANNEL]


async def planned_ahead(planner: Planner) -> None:
    while await planner.reminders.plan_ahead():
        pass


async def everything(store: Store) -> int:
    count = sa.select(sa.func.count()).select_from(postings).where(postings.c.kind == "meeting.reminder")
    return await store.read(lambda tx: tx.execute(count).scalar_one())


async def reminded(planner: Planner, meeting: str, target: Target, key: str) -> Reminded | None:
    shown = (await planner.cases.see(ANNA, meeting)).shown
    detail = next((one.detail for one in shown.coming if one.key == key), f"{key}/0")
    return await planner.cases.reminded("T0ACME", meeting, target, detail)


# Planning


async def test_everybody_who_is_to_come_is_reminded_once_in_time(store: Store) -> None:
    planner = Planner(store)
    await planner.scheduled(date="2026-03-03")

    assert [(where, "2026-03-03T09:30", "03-03 08:20") for where in (*EVERYBODY, "U0CARL")] == (
        await planner.planned("meeting.reminder")
    )


async def test_nobody_is_reminded_of_what_nobody_is_to_be_reminded_of(store: Store) -> None:
    planner = Planner(store)
    await planner.scheduled(date="2026-03-03", remind_minutes=None)

    assert [] == await planner.planned("meeting.reminder")


async def test_a_reminder_that_would_come_with_the_invitation_does_not(store: Store) -> None:
    planner = Planner(store)
    await planner.scheduled(date="2026-03-01", time="10:09")  # in nine minutes
    await planned_ahead(planner)

    assert [] == await planner.planned("meeting.reminder")


async def test_a_long_series_is_planned_some_days_ahead_and_none_is_left_out_or_planned_twice(store: Store) -> None:
    planner = Planner(store)
    await planner.scheduled(**DAILY)
    assert ["03-02", "03-03", "03-04"] == [at[:5] for _, at in await at_channel(planner)]

    for _ in range(40 * 24):
        planner.later(hours=1)
        if planner.at.hour == 3:  # an hour in which nothing is due
            await planned_ahead(planner)
            await planned_ahead(planner)

    days = [key for key, _ in await at_channel(planner)]
    assert 30 == len(set(days)) == len(days)
    assert 30 * 3 == await everything(store)


@pytest.mark.parametrize(("minute", "first"), [(25, "2026-03-10"), (30, "2026-03-11"), (45, "2026-03-11")])
async def test_what_came_due_while_all_processes_were_down_is_posted_late_and_what_has_begun_is_not(
    store: Store, minute: int, first: str
) -> None:
    planner = Planner(store)
    await planner.scheduled(**DAILY)
    planner.at = datetime(2026, 3, 10, 8, minute, tzinfo=UTC)  # one of them begins at half past eight

    await planned_ahead(planner)

    late = [key[:10] for key, _ in await at_channel(planner) if key >= "2026-03-05"]
    assert first == late[0]
    assert "2026-03-13" == late[-1]


async def test_two_processes_that_plan_at_once_plan_everything_once(store: Store, database_url: str) -> None:
    others = [await open_store(database_url) for _ in range(2)]
    planner = Planner(store)
    for number in range(25):
        await planner.scheduled(**DAILY | {"time": f"12:{number:02}"})
    planners = [Planner(each, at=planner.at + timedelta(days=5)) for each in (store, *others)]

    await asyncio.gather(*(planned_ahead(each) for each in planners))
    for each in others:
        await each.close()

    # The second and third of March at first; then the sixth to the eighth, as those between are over.
    assert 25 * 3 * (2 + 3) == await everything(store)
    rows = sa.select(postings.c.subject, postings.c.detail, postings.c.lane).distinct()
    assert 25 * 3 * 5 == len(
        await store.read(lambda tx: tx.execute(rows.where(postings.c.kind == "meeting.reminder")).all())
    )


async def test_upkeep_plans_and_goes_on_after_a_restart(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner(store)
    await planner.scheduled(**DAILY)
    planner.at = datetime(2026, 3, 6, 12, tzinfo=UTC)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr("bot.services.upkeep.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await keep_up(planner.cases._house)

    assert [3600.0] == slept
    assert "2026-03-09T09:30" == (await at_channel(planner))[-1][0]


# Changing


async def test_another_time_moves_the_reminders_that_are_not_posted(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    await planner.cases.change(new_call(ANNA), meeting, wish(**DAILY | {"time": "15:00"}))

    assert [("2026-03-02T15:00", "03-02 13:50"), ("2026-03-03T15:00", "03-03 13:50")] == await at_channel(planner)
    await planner.cases.change(new_call(ANNA), meeting, wish(**DAILY))
    assert [("2026-03-02T09:30", "03-02 08:20")] == (await at_channel(planner))[:1]
    assert 3 == len(await at_channel(planner))


async def test_another_reminder_is_one_reminder(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    await planner.cases.change(new_call(ANNA), meeting, wish(**DAILY, remind_minutes=60))
    assert ["03-02 07:30", "03-03 07:30", "03-04 07:30"] == [at for _, at in await at_channel(planner)]

    await planner.cases.change(new_call(ANNA), meeting, wish(**DAILY, remind_minutes=None))
    assert [] == await planner.planned("meeting.reminder")


async def test_one_that_moves_takes_its_reminder_with_it_and_back(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    moved = wish(date="2026-03-03", time="18:00")
    back = wish(date="2026-03-03")

    await planner.cases.change(new_call(ANNA), meeting, moved, "2026-03-03T09:30")
    assert ["03-02 08:20", "03-03 16:50", "03-04 08:20"] == [at for _, at in await at_channel(planner)]
    await planner.cases.change(new_call(ANNA), meeting, back, "2026-03-03T09:30")
    assert ["03-02 08:20", "03-03 08:20", "03-04 08:20"] == [at for _, at in await at_channel(planner)]


async def test_one_that_is_cancelled_has_no_reminder(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    await planner.cases.cancel(new_call(ANNA), meeting, "2026-03-03T09:30")

    assert ["03-02 08:20", "03-04 08:20"] == [at for _, at in await at_channel(planner)]
    planner.later(days=1)
    await planned_ahead(planner)
    assert "2026-03-03T09:30" not in [key for key, _ in await at_channel(planner)]


async def test_who_is_invited_later_is_reminded_and_nobody_else_twice(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    await planner.cases.change(new_call(ANNA), meeting, wish(**DAILY | {"invitees": ("U0BEN", "U0DORA")}))

    assert dict.fromkeys((*EVERYBODY, "U0DORA"), 3) == {
        where: sum(each[0] == where for each in await planner.planned("meeting.reminder"))
        for where in (*EVERYBODY, "U0DORA")
    }


# What a reminder says


async def test_a_reminder_says_what_it_is_about_and_that_it_has_begun(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    ben, key = Target(user="U0BEN"), "2026-03-02T09:30"
    for at, begun, due in (("08:20", False, True), ("08:31", True, True), ("08:45", True, False)):
        planner.at = datetime.fromisoformat(f"2026-03-02T{at}:00+00:00")

        found = await reminded(planner, meeting, ben, key)

        assert found is not None
        assert (key, begun, due) == (found.occurrence.key, found.begun, found.is_due)
        assert 24 == len(found.shown.key)


async def test_a_short_meeting_that_is_over_is_not_worth_a_reminder(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY, minutes=5)).shown.meeting_id
    planner.at = datetime(2026, 3, 2, 8, 35, tzinfo=UTC)

    found = await planner.cases.reminded("T0ACME", meeting, Target(channel=CHANNEL), "2026-03-02T09:30/0")

    assert found is not None
    assert not found.is_due


async def test_who_declined_or_was_left_out_and_another_channel_are_not_reminded(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    await planner.cases.answer(new_call(BEN), meeting, Answer.NO)
    targets = (
        Target(user="U0BEN"),
        Target(user="U0DORA"),
        Target(channel="C0OTHER"),
        Target(user="U0ANNA"),
        Target(channel=CHANNEL),
    )

    found = [await reminded(planner, meeting, target, "2026-03-02T09:30") for target in targets]

    assert [False, False, False, True, True] == [each is not None and each.is_due for each in found]


async def test_a_reminder_that_stands_already_shows_that_it_was_moved_or_cancelled(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id
    planner.at = datetime(2026, 3, 2, 8, 25, tzinfo=UTC)
    await planner.posted()
    detail = "2026-03-02T09:30/0"

    await planner.cases.change(new_call(ANNA), meeting, wish(date="2026-03-02", time="18:00"), "2026-03-02T09:30")
    assert [("2026-03-02T09:30", "03-02 08:25"), ("2026-03-02T09:30", "03-02 16:50")] == (await at_channel(planner))[:2]
    moved = await planner.cases.reminded("T0ACME", meeting, Target(channel=CHANNEL), detail)
    assert moved is not None
    assert (17, False) == (moved.occurrence.start.hour, moved.is_due)

    await planner.cases.cancel(new_call(ANNA), meeting, "2026-03-02T09:30")
    gone = await planner.cases.reminded("T0ACME", meeting, Target(channel=CHANNEL), detail)
    assert gone is not None
    assert (True, False) == (gone.occurrence.cancelled, gone.is_due)


async def test_a_reminder_of_what_the_series_has_no_more_says_nothing(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**DAILY)).shown.meeting_id

    for detail in ("2026-03-02T09:31/0", "", "/", "x" * 64):
        assert await planner.cases.reminded("T0ACME", meeting, Target(channel=CHANNEL), detail) is None
    assert await planner.cases.reminded("T0OTHER", meeting, Target(channel=CHANNEL), "2026-03-02T09:30/0") is None

"""Scheduled meetings: how they come about, who is asked, what they answer, and what everybody sees."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.rules import Answer, Code, Option, Policy, Repeats, Stance
from bot.services.house import House
from bot.services.postings import Target
from bot.services.timetable import Adjusted, Counts
from storage.tables import change_log, invitees, meeting_numbers, meetings, members, postings, rooms, schedules
from storage.transactions import Store, Transaction
from tests.integration.services.houses import new_call
from tests.integration.services.planned import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    CHANNEL,
    STRANGER,
    Planner,
    codes_of,
    repeat_of,
    wish,
)

TABLES = (meetings, schedules, invitees, postings, rooms, members, meeting_numbers, change_log)


async def counts(store: Store) -> list[int | None]:
    def work(tx: Transaction) -> list[int | None]:
        return [tx.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in TABLES]

    return await store.read(work)


# Scheduling


async def test_a_meeting_on_a_one_off_number_has_all_that_it_needs(store: Store) -> None:
    planner = Planner(store)

    shown = (await planner.scheduled()).shown

    assert ("Weekly", "U0ANNA", "U0ANNA", CHANNEL, 0, False) == (
        shown.topic,
        shown.holder,
        shown.reader,
        shown.channel,
        shown.sequence,
        shown.cancelled,
    )
    assert (11, 10, False) == (len(shown.number), len(shown.passcode), shown.on_pmi)
    assert ["2026-03-10T09:30"] == [one.key for one in shown.coming]
    assert "2026-03-10 08:30 09:00" == f"{shown.first.start:%Y-%m-%d %H:%M} {shown.first.end:%H:%M}"
    assert shown.passcode not in repr(shown)
    assert [
        (CHANNEL, "", "03-01 09:00"),
        ("U0BEN", "", "03-01 09:00"),
        ("U0CARL", "", "03-01 09:00"),
    ] == await planner.planned("meeting.invitation")
    assert {("meeting.scheduled", None, shown.meeting_id): 1} == await planner.log()


async def test_the_number_is_the_meetings_own_and_its_passcode_is_sealed(store: Store) -> None:
    shown = (await Planner(store).scheduled()).shown

    def look(tx: Transaction) -> tuple[str, str]:
        number = sa.select(meeting_numbers.c.holder_id).where(meeting_numbers.c.digits == shown.number)
        return tx.execute(number).scalar_one(), tx.execute(sa.select(meetings.c.passcode)).scalar_one()

    holder, sealed = await store.read(look)

    assert shown.meeting_id == holder
    assert "v1." == sealed[:3]
    assert shown.passcode not in sealed


async def test_refusals_come_all_at_once_and_nothing_is_written(store: Store) -> None:
    planner = Planner(store)
    before = await counts(store)

    assert [Code.SCHEDULE_MINUTES, Code.SCHEDULE_ZONE] == await codes_of(planner.scheduled(minutes=1, zone="Mars"))
    assert [Code.ROOM_TOPIC_LONG, Code.SCHEDULE_PAST] == await codes_of(
        planner.scheduled(topic="x" * 201, date="2026-02-28")
    )
    assert before == await counts(store)


@pytest.mark.row("R07")
async def test_a_request_that_is_repeated_schedules_one_meeting(store: Store) -> None:
    """Seen red: without the record of what was asked, each repeat scheduled a meeting of its own."""
    planner, call = Planner(store), repeat_of()

    first = await planner.cases.schedule(call, wish())
    before = await counts(store)
    again = await asyncio.gather(*(planner.cases.schedule(call, wish()) for _ in range(10)))

    assert [first] * 10 == again
    assert before == await counts(store)


@pytest.mark.row("R07")
async def test_ten_repeats_at_once_schedule_one_meeting(store: Store) -> None:
    """Seen red: without the record of what was asked, there were ten meetings."""
    planner, call = Planner(store), repeat_of()

    found = await asyncio.gather(*(planner.cases.schedule(call, wish()) for _ in range(10)))

    assert 1 == len({each.shown.meeting_id for each in found})
    assert [1, 1, 2] == (await counts(store))[:3]
    assert 3 == len(await planner.planned("meeting.invitation"))


async def test_what_fails_at_the_end_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner(store)

    def fails(*_: object) -> None:
        raise RuntimeError("the last step")

    monkeypatch.setattr("bot.services.rescheduling.Rescheduling.log", fails)
    before = await counts(store)

    with pytest.raises(RuntimeError):
        await planner.scheduled()
    assert before == await counts(store)


async def test_what_is_said_of_the_pmi_for_the_first_time_is_kept_and_prevails_where_nothing_is_said(
    store: Store,
) -> None:
    planner = Planner(store)

    assert not (await planner.scheduled()).shown.on_pmi
    on_pmi = (await planner.scheduled(on_pmi=True)).shown
    assert (True, "", 10) == (on_pmi.on_pmi, on_pmi.passcode, len(on_pmi.number))
    assert (await planner.scheduled()).shown.on_pmi
    assert not (await planner.scheduled(on_pmi=False)).shown.on_pmi
    assert (await planner.scheduled()).shown.on_pmi


async def test_a_policy_prevails_over_what_is_said_and_nothing_is_kept_of_it(store: Store) -> None:
    planner = Planner(store, Policy({Option.PMI_FOR_SCHEDULED: Stance.FORCED_ON}, sign_in=False))

    assert (await planner.scheduled(on_pmi=False)).shown.on_pmi
    assert [None] == await store.read(lambda tx: list(tx.execute(sa.select(rooms.c.pmi_for_scheduled)).scalars()))


async def test_what_is_not_as_it_was_asked_for_is_said(store: Store) -> None:
    found = await Planner(store).scheduled(date="2026-03-31", repeats=Repeats.MONTHLY)

    assert (Adjusted.SHORT_MONTHS, Adjusted.BOUNDED) == found.adjusted
    assert (15, 10) == (found.shown.times, len(found.shown.coming))


# Seeing


async def test_everybody_sees_it_with_a_key_of_their_own_and_the_holder_with_none(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled()).shown.meeting_id

    seen = {actor.user: (await planner.cases.see(actor, meeting)).shown for actor in (ANNA, BEN, CARL)}
    channel = await planner.cases.card("T0ACME", meeting, Target(channel=CHANNEL))

    assert channel is not None
    keys = {seen["U0BEN"].key, seen["U0CARL"].key, channel.key}
    assert (3, "") == (len(keys - {""}), seen["U0ANNA"].key)
    assert ["", ""] == [seen[user].passcode for user in ("U0BEN", "U0CARL")]
    assert channel.passcode == ""
    assert seen["U0BEN"] == (await planner.cases.see(BEN, meeting)).shown
    card = await planner.cases.card("T0ACME", meeting, Target(user="U0BEN"))
    assert card is not None
    assert seen["U0BEN"].key == card.key
    assert card.key not in repr(card)


async def test_nobody_else_sees_it_and_a_stranger_learns_nothing(store: Store) -> None:
    planner = Planner(store)
    private = (await planner.scheduled(channel=None, invitees=("U0BEN",))).shown.meeting_id
    public = (await planner.scheduled()).shown.meeting_id

    assert [Code.SCHEDULE_GONE] == await codes_of(planner.cases.see(CARL, private))
    assert [Code.SCHEDULE_GONE] == await codes_of(planner.cases.see(STRANGER, public))
    for actor, meeting in ((CARL, private), (STRANGER, public), (ANNA, "x" * 26), (ANNA, "")):
        call = new_call(actor)
        assert [Code.SCHEDULE_GONE] == await codes_of(planner.cases.answer(call, meeting, Answer.YES))
        assert [Code.SCHEDULE_GONE] == await codes_of(planner.cases.change(call, meeting, wish()))
        assert [Code.SCHEDULE_GONE] == await codes_of(planner.cases.cancel(call, meeting))
    assert await planner.cases.card("T0OTHER", public, Target(channel=CHANNEL)) is None
    assert await planner.cases.card("T0ACME", public, Target(channel="C0OTHER")) is None
    assert await planner.cases.card("T0ACME", public, Target(user="U0DORA")) is None


async def test_what_is_coming_is_the_next_of_each_the_earliest_first(store: Store) -> None:
    planner = Planner(store)
    late = (await planner.scheduled(date="2026-05-01", topic="Late")).shown.meeting_id
    series = (await planner.scheduled(date="2026-03-02", repeats=Repeats.DAILY, topic="Daily")).shown.meeting_id
    bens = (await planner.scheduled(BEN, date="2026-03-20", topic="Ben's", invitees=("U0ANNA",))).shown.meeting_id
    await planner.scheduled(BEN, date="2026-03-21", topic="Not hers", invitees=())
    cancelled = (await planner.scheduled(date="2026-03-03", topic="Cancelled")).shown.meeting_id
    await planner.cases.cancel(new_call(ANNA), cancelled)
    planner.at = BEGIN.replace(day=5)

    coming = await planner.cases.coming(ANNA, 10)

    assert [series, bens, late] == [each.shown.meeting_id for each in coming]
    assert ["03-06", "03-20", "05-01"] == [f"{each.occurrence.start:%m-%d}" for each in coming]
    assert [True, False, True] == [each.shown.is_holder for each in coming]
    assert ["", 24, ""] == [each.shown.key and len(each.shown.key) for each in coming]
    assert [series] == [each.shown.meeting_id for each in await planner.cases.coming(ANNA, 1)]
    assert () == await planner.cases.coming(STRANGER, 10)


async def test_what_somebody_declines_is_not_coming_and_what_they_accept_in_a_channel_is(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(invitees=("U0BEN",))).shown.meeting_id

    assert [1, 0] == [len(await planner.cases.coming(actor, 10)) for actor in (BEN, CARL)]
    await planner.cases.answer(new_call(BEN), meeting, Answer.NO)
    await planner.cases.answer(new_call(CARL), meeting, Answer.YES)
    assert [0, 1] == [len(await planner.cases.coming(actor, 10)) for actor in (BEN, CARL)]
    await planner.cases.answer(new_call(CARL), meeting, Answer.MAYBE)
    assert () == await planner.cases.coming(CARL, 10)


async def test_a_meeting_that_runs_is_coming_until_it_is_over(store: Store) -> None:
    planner = Planner(store)
    await planner.scheduled()

    planner.at = BEGIN.replace(day=10, hour=8, minute=59)
    assert 1 == len(await planner.cases.coming(ANNA, 10))
    planner.later(minutes=1)
    assert () == await planner.cases.coming(ANNA, 10)


async def test_a_changed_pmi_gives_the_next_reader_a_key_of_the_new_number(store: Store) -> None:
    from bot.services.pmis import PMIs
    from bot.services.rooms import Rooms

    planner = Planner(store)
    meeting = (await planner.scheduled(on_pmi=True)).shown.meeting_id
    before = (await planner.cases.see(BEN, meeting)).shown
    house: House = planner.cases._house
    await PMIs(house, Rooms(house)).save(new_call(ANNA), "5829047316")

    after = (await planner.cases.see(BEN, meeting)).shown

    assert "5829047316" == after.number != before.number
    assert before.key != after.key


# Answering


async def test_answers_are_counted_and_the_holders_own_is_not(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(invitees=("U0BEN",))).shown.meeting_id
    await planner.posted()

    found = [
        await planner.cases.answer(new_call(actor), meeting, said)
        for actor, said in ((BEN, Answer.YES), (CARL, Answer.MAYBE), (ANNA, Answer.YES), (BEN, Answer.NO))
    ]

    assert [Counts(1, 0, 0), Counts(1, 0, 1), Counts(1, 0, 1), Counts(0, 1, 1)] == [each.shown.counts for each in found]
    assert [True, True, False, True] == [each.changed for each in found]
    assert [Answer.YES, Answer.MAYBE, None, Answer.NO] == [each.shown.answer for each in found]
    assert [("U0BEN", True), ("U0CARL", False)] == [(one.user, one.invited) for one in found[-1].shown.invitees]
    assert 0 == found[-1].shown.sequence
    assert [CHANNEL, "U0BEN"] == [where for where, *_ in await planner.planned("meeting.invitation")]
    assert {
        ("meeting.scheduled", None, meeting): 1,
        ("meeting.answered", None, "yes"): 1,
        ("meeting.answered", None, "maybe"): 1,
        ("meeting.answered", "yes", "no"): 1,
    } == await planner.log()


async def test_the_same_answer_again_changes_nothing(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled()).shown.meeting_id
    await planner.cases.answer(new_call(BEN), meeting, Answer.YES)
    await planner.posted()

    again = await planner.cases.answer(new_call(BEN), meeting, Answer.YES)

    assert (False, Counts(1, 0, 0)) == (again.changed, again.shown.counts)
    assert [] == await planner.planned("meeting.invitation")


async def test_nobody_answers_what_is_cancelled_or_over(store: Store) -> None:
    planner = Planner(store)
    gone, over = [(await planner.scheduled()).shown.meeting_id for _ in range(2)]
    await planner.cases.cancel(new_call(ANNA), gone)
    planner.at = BEGIN.replace(day=11)

    assert [Code.SCHEDULE_CANCELLED] == await codes_of(planner.cases.answer(new_call(BEN), gone, Answer.YES))
    assert [Code.SCHEDULE_OVER] == await codes_of(planner.cases.answer(new_call(BEN), over, Answer.YES))

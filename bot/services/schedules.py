"""Scheduled meetings: schedule, change, cancel, answer, see what is coming.

Whoever plans or changes something here wakes the poster after it; invitations, reminders and cards then follow.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from pydantic import TypeAdapter

from bot.rules import Answer, Code, Lock, Option, Refusal, Repeats, ScheduleWish, settled
from bot.services.agenda import Agenda, is_for
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.meeting_records import MeetingRecords
from bot.services.once import once
from bot.services.people import Actor, Call
from bot.services.policies import policy_of
from bot.services.postings import PostingRecords
from bot.services.refusals import ScheduleRefused
from bot.services.rescheduling import Rescheduling
from bot.services.room_records import RoomRecords, differences
from bot.services.schedule_records import Kept
from bot.services.schedule_wishes import Wanted, broken_by_its_state, read_wish, read_wish_for_one, refusal
from bot.services.timetable import (
    CANCELLED,
    CHANGED,
    COUNTED,
    SCHEDULED,
    Cancelled,
    Changed,
    Counted,
    Occurrence,
    Scheduled,
)
from storage import changes, schedules
from storage.changes import Change
from storage.members import MemberRow
from storage.schedules import InviteeRow, ScheduleRow
from storage.transactions import Transaction

R = TypeVar("R")


class Schedules(Agenda):
    """The use cases of scheduled meetings."""

    def __init__(self, house: House, postings: PostingRecords) -> None:
        super().__init__(house, postings)
        self._rooms = RoomRecords(house)
        self._changes = Rescheduling(house, postings)
        self._postings = postings

    async def schedule(self, call: Call, wish: ScheduleWish) -> Scheduled:
        """Schedule a meeting, with its invitations and reminders.

        Where nobody has said yet whether scheduled meetings take place on the PMI, and the wish does, that is kept.

        Raises:
            ScheduleRefused: rules stand against it, each said. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        wanted = read_wish(wish, call.actor.user, self._house.now())
        if isinstance(wanted, Refusal):
            raise ScheduleRefused(wanted.violations)

        def work(tx: Transaction) -> Scheduled:
            person = arrive(tx, self._house, call.actor)
            kept = self._new(tx, person, wanted)
            self._changes.announce(tx, kept, wish)
            self._changes.log(tx, kept, [Change("meeting.scheduled", None, kept.meeting.id)], person.id)
            shown = self._records.shown(kept, call.actor.user)
            is_set = _is_elsewhere(kept, wish)
            return Scheduled(shown, wanted.timing.adjusted, self.start_key(shown), place_is_set=is_set)

        return await self._once(call, work, SCHEDULED)

    async def change(self, call: Call, meeting_id: str, wish: ScheduleWish, occurrence: str | None = None) -> Changed:
        """Make a meeting what is wished, or one occurrence of it, by its key: then topic, time and length alone count.

        Raises:
            ScheduleRefused: rules stand against it, or it is not the actor's. Nothing was changed.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Changed | Refusal:
            person = arrive(tx, self._house, call.actor)
            kept = self._held(tx, call.actor, meeting_id)
            if isinstance(kept, Refusal):
                return kept
            old = self._one(kept, occurrence)
            if isinstance(old, Refusal):
                return old
            user, now, reset = call.actor.user, self._house.now(), 0
            wanted = read_wish(wish, user, now, kept.rule) if old is None else read_wish_for_one(wish, user, now, old)
            if isinstance(wanted, Refusal):
                return wanted
            if old is None:
                on_pmi = self._stays_on_pmi(tx, kept, wish)
                after, done, reset = self._changes.series(tx, kept, wanted, on_pmi=on_pmi)
            else:
                after, done = self._changes.one(tx, kept, old, wanted)
            self._changes.log(tx, after, done, person.id)
            elsewhere = wish.sequence not in (None, kept.schedule.sequence)
            shown = self._records.shown(after, call.actor.user)
            key = self.start_key(shown)
            left_out = tuple(row.slack_user for row in kept.invitees if after.invitee(row.slack_user) is None)
            return Changed(
                shown,
                bool(done),
                wanted.timing.adjusted,
                reset,
                elsewhere=elsewhere,
                start_key=key,
                left_out=left_out,
                place_is_set=old is None and _is_elsewhere(after, wish),
            )

        return await self._once(call, work, CHANGED)

    async def cancel(self, call: Call, meeting_id: str, occurrence: str | None = None) -> Cancelled:
        """Cancel a meeting, or one occurrence of it, by its key.

        Raises:
            ScheduleRefused: it is not the actor's, over or not there. Nothing was changed.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Cancelled | Refusal:
            person = arrive(tx, self._house, call.actor)
            kept = self._held(tx, call.actor, meeting_id, may_be_cancelled=True)
            if isinstance(kept, Refusal):
                return kept
            old = self._one(kept, occurrence, may_be_cancelled=True)
            if isinstance(old, Refusal):
                return old
            after, done = kept, list[Change]()
            if not kept.cancelled and old is None:
                after, done = self._changes.none(tx, kept)
            elif not kept.cancelled and old is not None and not old.cancelled:
                after, done = self._changes.without(tx, kept, old)
            self._changes.log(tx, after, done, person.id)
            one = None if old is None else after.occurrence(old.key)
            return Cancelled(self._records.shown(after, call.actor.user), bool(done), one)

        return await self._once(call, work, CANCELLED)

    async def answer(self, call: Call, meeting_id: str, answer: Answer) -> Counted:
        """Keep what an invitee, or anybody who sees the channel's card, says to the whole series.

        The holder's own answer changes nothing.

        Raises:
            ScheduleRefused: it is cancelled or over, or not for the actor. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        user = call.actor.user

        def work(tx: Transaction) -> Counted | Refusal:
            person = arrive(tx, self._house, call.actor)
            kept = self._records.lock(tx, call.actor.workspace, meeting_id)
            if kept is None or not is_for(kept, user):
                return refusal(Code.SCHEDULE_GONE)
            broken = broken_by_its_state(kept, self._house.now())
            if broken is not None:
                return broken
            row = kept.invitee(user) or InviteeRow(meeting_id, user, False, len(kept.invitees), None, None)
            is_new = row.answer != answer and person.id != kept.holder.id
            if is_new:
                said = replace(row, answer=answer, answered_at=self._house.now())
                schedules.put_invitee(tx, said)
                others = tuple(each for each in kept.invitees if each.slack_user != user)
                kept = replace(kept, invitees=tuple(sorted((*others, said), key=lambda each: each.place)))
                self._changes.log(tx, kept, [Change("meeting.answered", row.answer, answer)], person.id)
                self._postings.refresh(tx, meeting_id, detail="")
            return Counted(self._records.shown(kept, user), is_new)

        return await self._once(call, work, COUNTED)

    async def _once(self, call: Call, work: Callable[[Transaction], R | Refusal], shape: TypeAdapter[R]) -> R:
        work_once = once(self._house, call, work, shape, is_long=True)
        result = await self._house.store.write(work_once)
        if isinstance(result, Refusal):
            raise ScheduleRefused(result.violations)
        return result

    def _held(
        self, tx: Transaction, actor: Actor, meeting_id: str, *, may_be_cancelled: bool = False
    ) -> Kept | Refusal:
        """The actor's own meeting, locked, if it can still be changed."""
        kept = self._records.lock(tx, actor.workspace, meeting_id)
        if kept is None or not is_for(kept, actor.user):
            return refusal(Code.SCHEDULE_GONE)
        if kept.holder.slack_user != actor.user:
            return refusal(Code.SCHEDULE_NOT_HOLDER)
        if kept.cancelled and may_be_cancelled:
            return kept
        return broken_by_its_state(kept, self._house.now()) or kept

    def _one(self, kept: Kept, key: str | None, *, may_be_cancelled: bool = False) -> Occurrence | Refusal | None:
        """The one of a series with this key, if it can still be changed; None where all of the meeting is meant."""
        if key is None or Repeats(kept.schedule.repeats) is Repeats.NONE:
            return None
        found = kept.occurrence(key)
        if found is None:
            return refusal(Code.SCHEDULE_GONE)
        if found.cancelled and not may_be_cancelled:
            return refusal(Code.SCHEDULE_CANCELLED)
        return refusal(Code.SCHEDULE_OVER) if found.end <= self._house.now() else found

    def _new(self, tx: Transaction, person: MemberRow, wanted: Wanted) -> Kept:
        """A new meeting with its schedule and those who are invited."""
        on_pmi = self._begins_on_pmi(tx, person, wanted.wish)
        topic, timing, wish = wanted.asked.topic, wanted.timing, wanted.wish
        meeting = MeetingRecords(self._house).create(tx, person, "scheduled", topic, one_off=not on_pmi)
        starts, length = timing.starts, timedelta(minutes=wish.minutes)
        schedule = ScheduleRow(
            meeting_id=meeting.id,
            zone=timing.rule.zone,
            starts_local=timing.rule.starts,
            minutes=wish.minutes,
            repeats=timing.rule.repeats,
            ends_count=timing.rule.count,
            ends_on=timing.rule.until,
            remind_minutes=wish.remind_minutes,
            channel=wish.channel,
            sequence=0,
            timed=0,
            first_at=starts[0].at,
            last_until=max(start.at for start in starts) + length,
            plan_at=None,
        )
        schedules.add(tx, schedule)
        invitees = tuple(
            InviteeRow(meeting.id, user, invited=True, place=place, answer=None, answered_at=None)
            for place, user in enumerate(wanted.asked.invitees)
        )
        for row in invitees:
            schedules.put_invitee(tx, row)
        return Kept(meeting, schedule, person, (), invitees)

    def _begins_on_pmi(self, tx: Transaction, person: MemberRow, wish: ScheduleWish) -> bool:
        """Where a new meeting takes place; what is said for the first time is kept as what the member prefers."""
        # There is a room from here on, so that there is something that guards it.
        policy = policy_of(tx, self._house, person.workspace)
        row = self._rooms.ensure(tx, person)
        before = self._rooms.choice(row, person)
        prefers = settled(before, policy).options[Option.PMI_FOR_SCHEDULED]
        if wish.on_pmi is None or policy.lock(Option.PMI_FOR_SCHEDULED) is not None:
            return bool(prefers)
        if before.options.get(Option.PMI_FOR_SCHEDULED) is None:
            after = replace(before, options={**before.options, Option.PMI_FOR_SCHEDULED: wish.on_pmi})
            self._rooms.keep(tx, row, person, after)
            done = differences(before, after)
            changes.record(tx, person.workspace, done, self._house.now(), member_id=person.id, actor_id=person.id)
        return wish.on_pmi

    def _stays_on_pmi(self, tx: Transaction, kept: Kept, wish: ScheduleWish) -> bool:
        """Where a meeting takes place after a change. Where PMIs are turned off, on a number of its own."""
        lock = policy_of(tx, self._house, kept.meeting.workspace).lock(Option.PMI_FOR_SCHEDULED)
        if lock is Lock.PMIS:
            return False
        if wish.on_pmi is None or lock is not None:
            return kept.meeting.number is None
        return wish.on_pmi


def _is_elsewhere(kept: Kept, wish: ScheduleWish) -> bool:
    """Whether a meeting does not take place where it was wished to."""
    return wish.on_pmi is not None and wish.on_pmi is not (kept.meeting.number is None)

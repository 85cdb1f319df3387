"""Reminders of scheduled meetings: planned some days ahead by whoever schedules, then by whichever process is up.

What was planned is posted once, however often it was planned. A reminder reads afresh what it is about when it is
posted, and says nothing where that is over, cancelled or elsewhere by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules import Answer
from bot.services.house import House
from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from bot.services.schedule_records import Kept, ScheduleRecords
from bot.services.timetable import Occurrence, Reminded
from storage import schedules
from storage.transactions import Transaction

AHEAD = timedelta(days=3)
"""How far ahead reminders are planned: longer than anybody lets all processes be down."""
EARLY = timedelta(days=1)
"""How long before that the next ones are planned."""
LATE = timedelta(minutes=15)
"""For how long a meeting that has begun is worth a reminder."""
AT_ONCE = 10
"""Meetings in one transaction: each may have fifty people."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders, for one process."""

    house: House
    postings: PostingRecords

    def plan(self, tx: Transaction, kept: Kept, since: datetime | None = None) -> None:
        """Plan the reminders that are due within days, but for those that were due before `since`, which is now.

        The meeting is locked.
        """
        now = self.house.now()
        horizon = now + AHEAD
        since = since or now
        remind = kept.schedule.remind_minutes
        later = False
        if remind is not None and not kept.cancelled:
            for one in kept.coming(now):
                due_at = one.start - timedelta(minutes=remind)
                if one.cancelled or one.start <= now or due_at <= since:
                    continue
                if due_at > horizon:
                    later = True
                    continue
                for target in _targets(kept):
                    self.postings.plan(tx, _plan(kept, target, due_at, one.detail))
        schedules.plan_again(tx, kept.meeting.id, horizon - EARLY if later else None)

    def withdraw(self, tx: Transaction, kept: Kept, occurrence: Occurrence | None = None) -> None:
        """Have what is not posted yet never be posted: of one time, or of all; what was posted shows how it is now."""
        now, remind = self.house.now(), kept.schedule.remind_minutes
        detail = None if occurrence is None else occurrence.detail
        self.postings.withdraw(tx, kept.meeting.id, PostingKind.REMINDER, detail)
        if remind is None:
            return
        for one in kept.coming(now) if occurrence is None else [occurrence]:
            if one.start - timedelta(minutes=remind) <= now < one.end:
                self.postings.refresh(tx, kept.meeting.id, detail=one.detail)

    async def plan_ahead(self) -> bool:
        """Plan the next reminders of long series; whether there is more to plan.

        Raises:
            StorageError: the database did not answer as it should.
        """
        records = ScheduleRecords(self.house)

        def work(tx: Transaction) -> int:
            rows = schedules.due(tx, self.house.now(), AT_ONCE)
            for kept in records.whole(tx, rows):
                planned = kept.schedule.plan_at
                self.plan(tx, kept, None if planned is None else planned + EARLY)
            return len(rows)

        return await self.house.store.write(work) == AT_ONCE

    def reminded(self, kept: Kept, reader: str | None, channel: str | None, detail: str) -> Reminded | None:
        """What a reminder says now, with whether it is worth being posted; None where it is about nothing any more."""
        now = self.house.now()
        found = kept.occurrence(detail.partition("/")[0])
        if found is None:
            return None
        row = None if reader is None else kept.invitee(reader)
        is_theirs = (
            channel == kept.schedule.channel
            if reader is None
            else reader == kept.holder.slack_user or (row is not None and row.invited and row.answer != Answer.NO)
        )
        off = kept.cancelled or found.cancelled or kept.holder.left_at is not None
        in_time = now < min(found.end, found.start + LATE)
        return Reminded(
            shown=ScheduleRecords(self.house).shown(kept, reader),
            occurrence=found,
            begun=found.start <= now,
            is_due=is_theirs and in_time and not off and found.detail == detail,
        )


def _targets(kept: Kept) -> Iterator[Target]:
    if kept.schedule.channel is not None:
        yield Target(channel=kept.schedule.channel)
    yield Target(user=kept.holder.slack_user)
    for row in kept.invitees:
        if row.invited:
            yield Target(user=row.slack_user)


def _plan(kept: Kept, target: Target, due_at: datetime, detail: str) -> Plan:
    return Plan(kept.meeting.workspace, PostingKind.REMINDER, kept.meeting.id, target, due_at, detail)

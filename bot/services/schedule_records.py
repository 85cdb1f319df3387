"""Scheduled meetings as they are kept: from rows to what everybody above sees."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeAlias

from bot.rules import Answer, Repeats, ScheduleWish
from bot.services.house import House
from bot.services.invitations import InvitationRecords, Opens
from bot.services.meeting_records import MeetingRecords
from bot.services.recurrence import Rule, Start, key_of, local_of, starts_of, zone_of
from bot.services.timetable import Counts, Invitee, Occurrence, Shown
from storage import meetings, members, schedules
from storage.meetings import MeetingRow
from storage.members import MemberRow
from storage.schedules import InviteeRow, OccurrenceRow, ScheduleRow
from storage.transactions import Transaction

MOST_SHOWN = 10
"""Times of a series that one sees at once."""

Rows: TypeAlias = tuple[MeetingRow, ScheduleRow]


@dataclass(frozen=True)
class Kept:
    """A scheduled meeting with all that belongs to it."""

    meeting: MeetingRow
    schedule: ScheduleRow
    holder: MemberRow
    differing: tuple[OccurrenceRow, ...]
    invitees: tuple[InviteeRow, ...]

    @cached_property
    def rule(self) -> Rule:
        """By what it has its times."""
        return rule_of(self.schedule)

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """Every one of its times, in the order of its rule, the cancelled ones too."""
        differing = {row.key: row for row in self.differing}
        return tuple(self._occurrence(start, differing.get(start.key)) for start in starts_of(self.rule))

    @property
    def cancelled(self) -> bool:
        """Whether none of it takes place any more."""
        return self.meeting.cancelled_at is not None

    def occurrence(self, key: str) -> Occurrence | None:
        """The one with this key."""
        return next((one for one in self.occurrences if one.key == key), None)

    def invitee(self, user: str) -> InviteeRow | None:
        """Somebody's invitation or answer."""
        return next((row for row in self.invitees if row.slack_user == user), None)

    def coming(self, now: datetime) -> list[Occurrence]:
        """Those that are not over, the cancelled ones too, the earliest first."""
        return sorted((one for one in self.occurrences if one.end > now), key=lambda one: one.start)

    def next(self, now: datetime) -> Occurrence | None:
        """The one that runs or comes next."""
        return next((one for one in self.coming(now) if not one.cancelled), None)

    def is_over(self, now: datetime) -> bool:
        """Whether nothing of it is to come."""
        return self.schedule.last_until <= now

    def is_left_out(self, now: datetime) -> bool:
        """Whether the one of this day, in its own zone, was cancelled, and no other is still to come on it."""
        zone = zone_of(self.schedule.zone)
        if zone is None or not any(row.cancelled for row in self.differing):
            return False
        today = now.astimezone(zone).date()
        found = [one for one in self.occurrences if one.start.astimezone(zone).date() == today]
        return any(one.cancelled for one in found) and all(one.cancelled or one.end <= now for one in found)

    def _occurrence(self, start: Start, row: OccurrenceRow | None) -> Occurrence:
        at, minutes, topic = start.at, self.schedule.minutes, self.meeting.topic or ""
        if row is None:
            return Occurrence(start.key, at, at + timedelta(minutes=minutes), topic, revision=self.schedule.timed)
        at, minutes, topic = row.starts_at or at, row.minutes or minutes, row.topic or topic
        revision = max(row.revision, self.schedule.timed)
        end = at + timedelta(minutes=minutes)
        return Occurrence(start.key, at, end, topic, row.cancelled, changed=not row.cancelled, revision=revision)


@dataclass(frozen=True, slots=True)
class ScheduleRecords:
    """The rows of scheduled meetings, for one process."""

    house: House

    def find(self, tx: Transaction, workspace: str, meeting_id: str) -> Kept | None:
        """A meeting of this workspace, with all that belongs to it."""
        return self._whole(tx, workspace, meetings.find(tx, meeting_id))

    def lock(self, tx: Transaction, workspace: str, meeting_id: str) -> Kept | None:
        """The same, whose changes by others wait until this transaction ends."""
        return self._whole(tx, workspace, meetings.lock(tx, meeting_id))

    def _whole(self, tx: Transaction, workspace: str, meeting: MeetingRow | None) -> Kept | None:
        # Another workspace's meeting is none: nobody learns that there is one.
        schedule = None if meeting is None or meeting.workspace != workspace else schedules.find(tx, meeting.id)
        return None if meeting is None or schedule is None else next(iter(self.whole(tx, [(meeting, schedule)])))

    def whole(self, tx: Transaction, rows: Sequence[Rows]) -> list[Kept]:
        """These meetings with all that belongs to them."""
        ids = [meeting.id for meeting, _ in rows]
        differing, invitees = schedules.occurrences_of(tx, ids), schedules.invitees_of(tx, ids)
        holders = {member_id: members.by_id(tx, member_id) for member_id in {meeting.member_id for meeting, _ in rows}}
        return [
            Kept(
                meeting,
                schedule,
                holder,
                tuple(row for row in differing if row.meeting_id == meeting.id),
                tuple(row for row in invitees if row.meeting_id == meeting.id),
            )
            for meeting, schedule in rows
            if (holder := holders[meeting.member_id]) is not None
        ]

    def shown(self, kept: Kept, reader: str | None, key: str = "") -> Shown:
        """A meeting for one reader, or (None) for a channel, with the key that they may hand on."""
        meeting, schedule, now = kept.meeting, kept.schedule, self.house.now()
        held = [one for one in kept.occurrences if not one.cancelled] or list(kept.occurrences)
        said = Counter(row.answer for row in kept.invitees)
        is_holder = reader == kept.holder.slack_user
        return Shown(
            meeting_id=meeting.id,
            workspace=meeting.workspace,
            holder=kept.holder.slack_user,
            holder_id=kept.holder.id,
            reader=reader,
            topic=meeting.topic or "",
            zone=schedule.zone,
            minutes=schedule.minutes,
            repeats=Repeats(schedule.repeats),
            times=sum(not one.cancelled for one in kept.occurrences),
            first=min(held, key=lambda one: one.start),
            last=max(held, key=lambda one: one.start),
            coming=tuple(kept.coming(now)[:MOST_SHOWN]),
            counts=Counts(said[Answer.YES], said[Answer.NO], said[Answer.MAYBE]),
            invitees=tuple(
                Invitee(row.slack_user, row.invited, None if row.answer is None else Answer(row.answer))
                for row in kept.invitees
            ),
            channel=schedule.channel,
            remind_minutes=schedule.remind_minutes,
            on_pmi=meeting.number is None,
            number=meeting.number or kept.holder.pmi,
            key=key,
            sequence=schedule.sequence,
            cancelled=kept.cancelled,
            passcode=(MeetingRecords(self.house).passcode(meeting) or "") if is_holder else "",
        )

    def known_key(self, tx: Transaction, kept: Kept, reader: str | None) -> str | None:
        """The invitation key that a reader was given before; None where they need a new one."""
        return InvitationRecords(self.house).known(tx, opens_for(kept, reader))

    def key(self, tx: Transaction, kept: Kept, reader: str | None) -> str:
        """The invitation key of a reader, or (None) of the channel: a new one, where there is none that is valid."""
        return InvitationRecords(self.house).key(tx, opens_for(kept, reader))


def opens_for(kept: Kept, reader: str | None) -> Opens:
    """What the key of a reader opens. Who was not invited by name has the channel's."""
    row = None if reader is None else kept.invitee(reader)
    return Opens(
        workspace=kept.meeting.workspace,
        member_id=kept.holder.id,
        number=kept.meeting.number or kept.holder.pmi,
        meeting_id=kept.meeting.id,
        guest=reader if row is not None and row.invited else None,
    )


def rule_of(row: ScheduleRow) -> Rule:
    """By what a schedule has its times."""
    return Rule(row.starts_local, row.zone, Repeats(row.repeats), row.ends_count, row.ends_on)


def minutes_of(occurrence: Occurrence) -> int:
    """How long one of its times takes."""
    return int((occurrence.end - occurrence.start).total_seconds()) // 60


def wish_of(kept: Kept, occurrence: Occurrence | None = None) -> ScheduleWish:
    """The wish that a meeting is, or one of its times: nothing is changed by wishing it again."""
    schedule = kept.schedule
    local = local_of(schedule.starts_local)
    zone = zone_of(schedule.zone)
    if occurrence is not None and zone is not None:
        local = occurrence.start.astimezone(zone)
    date, _, time = key_of(local).partition("T")
    return ScheduleWish(
        topic=(kept.meeting.topic or "") if occurrence is None else occurrence.topic,
        zone=schedule.zone,
        minutes=schedule.minutes if occurrence is None else minutes_of(occurrence),
        at=int((kept.occurrences[0] if occurrence is None else occurrence).start.timestamp()),
        date=date,
        time=time,
        invitees=tuple(row.slack_user for row in kept.invitees if row.invited),
        channel=schedule.channel,
        on_pmi=kept.meeting.number is None,
        repeats=Repeats(schedule.repeats),
        count=schedule.ends_count,
        until=schedule.ends_on or "",
        remind_minutes=schedule.remind_minutes,
        sequence=schedule.sequence,
    )

"""How a scheduled meeting becomes what is wished: its rule, its place, its people, and those times that differ.

All of it is done in the transaction of the change, with the meeting locked; who may change it was asked before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules import ScheduleWish
from bot.services.beginnings import Beginnings
from bot.services.house import House
from bot.services.meeting_records import MeetingRecords
from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from bot.services.recurrence import Rule, starts_of
from bot.services.reminders import Reminders
from bot.services.schedule_records import Kept, minutes_of
from bot.services.schedule_wishes import Wanted
from bot.services.timetable import Occurrence
from bot.services.tombstones import opaque
from storage import changes, invitations, meetings, schedules, sessions
from storage.changes import Change
from storage.schedules import InviteeRow, OccurrenceRow, ScheduleRow
from storage.transactions import Transaction

_LOGGED = 40


@dataclass(frozen=True, slots=True)
class Rescheduling:
    """The changes of scheduled meetings, for one process."""

    house: House
    postings: PostingRecords

    def series(self, tx: Transaction, kept: Kept, wanted: Wanted, *, on_pmi: bool) -> tuple[Kept, list[Change], int]:
        """Make a whole meeting what is wanted; what was changed, and how many times follow the series again."""
        sequence = kept.schedule.sequence + 1
        meeting, done = kept.meeting, _differences(kept, wanted, on_pmi=on_pmi)
        if not done:
            return kept, [], 0
        schedule = self._schedule(kept, wanted, sequence)
        differing, reset = _carried_over(kept, wanted, sequence)
        for old in kept.differing:
            schedules.drop_occurrence(tx, meeting.id, old.key)
        for row in differing:
            schedules.put_occurrence(tx, row)
        topic = wanted.asked.topic or None
        meetings.set_topic(tx, meeting.id, topic)
        meeting = replace(MeetingRecords(self.house).move(tx, meeting, one_off=not on_pmi), topic=topic)
        invitees = self._people(tx, kept, wanted.asked.invitees, schedule)
        after = _bounded(Kept(meeting, schedule, kept.holder, differing, invitees))
        schedules.change(tx, after.schedule)
        if after.schedule.timed == sequence:
            self.reminders.withdraw(tx, kept)
        self._announce(tx, after, wanted.wish)
        self.reminders.plan(tx, after)
        return after, done, reset

    def one(self, tx: Transaction, kept: Kept, old: Occurrence, wanted: Wanted) -> tuple[Kept, list[Change]]:
        """Make one time of a meeting what is wanted, as far as topic, time and length go; what was changed."""
        ruled = next(start.at for start in starts_of(kept.rule) if start.key == old.key)
        at, minutes, topic = wanted.timing.starts[0].at, wanted.wish.minutes, wanted.asked.topic
        topic = topic or kept.meeting.topic or ""
        if (at, minutes, topic) == (old.start, minutes_of(old), old.topic):
            return kept, []
        sequence = kept.schedule.sequence + 1
        row = OccurrenceRow(
            meeting_id=kept.meeting.id,
            key=old.key,
            cancelled=False,
            starts_at=None if at == ruled else at,
            minutes=None if minutes == kept.schedule.minutes else minutes,
            topic=None if topic == (kept.meeting.topic or "") else topic,
            revision=sequence,
        )
        return self._put(tx, kept, old, row), [Change("occurrence.changed", _said(old.start), _said(at))]

    def without(self, tx: Transaction, kept: Kept, old: Occurrence) -> tuple[Kept, list[Change]]:
        """Cancel one time of a meeting."""
        sequence = kept.schedule.sequence + 1
        was = next((row for row in kept.differing if row.key == old.key), None)
        none = OccurrenceRow(kept.meeting.id, old.key, True, None, None, None, sequence)
        row = none if was is None else replace(was, cancelled=True, revision=sequence)
        return self._put(tx, kept, old, row), [Change("occurrence.cancelled", _said(old.start), None)]

    def none(self, tx: Transaction, kept: Kept) -> tuple[Kept, list[Change]]:
        """Cancel a meeting, which ends where it runs.

        Its keys are not taken back: they lead to the word that it is cancelled.
        """
        at = self.house.now()
        meetings.cancel(tx, kept.meeting.id, at)
        schedule = replace(kept.schedule, sequence=kept.schedule.sequence + 1, plan_at=None)
        schedules.change(tx, schedule)
        self.reminders.withdraw(tx, kept)
        self.postings.withdraw(tx, kept.meeting.id, PostingKind.INVITATION)
        self.postings.refresh(tx, kept.meeting.id, detail="")
        running = sessions.running_of_meeting(tx, kept.meeting.id)
        if running is not None:
            Beginnings(self.house, self.postings).end(tx, running, kept.holder.slack_user)
        after = replace(kept, meeting=replace(kept.meeting, cancelled_at=at), schedule=schedule)
        return after, [Change("meeting.cancelled", kept.meeting.id, None)]

    def announce(self, tx: Transaction, kept: Kept, wish: ScheduleWish) -> None:
        """Plan the invitations and reminders of a new meeting."""
        self._announce(tx, kept, wish)
        self.reminders.plan(tx, kept)

    def log(self, tx: Transaction, kept: Kept, done: Sequence[Change], actor_id: str) -> None:
        """Note what was done in the change log."""
        at, workspace = self.house.now(), kept.meeting.workspace
        safe = opaque(tx, self.house.keys, workspace, done)
        changes.record(tx, workspace, safe, at, member_id=kept.holder.id, actor_id=actor_id)

    @property
    def reminders(self) -> Reminders:
        """The reminders."""
        return Reminders(self.house, self.postings)

    def _put(self, tx: Transaction, kept: Kept, old: Occurrence, row: OccurrenceRow) -> Kept:
        schedules.drop_occurrence(tx, row.meeting_id, row.key)
        differs = row.cancelled or (row.starts_at, row.minutes, row.topic) != (None, None, None)
        differing = tuple(each for each in kept.differing if each.key != row.key)
        if differs:
            schedules.put_occurrence(tx, row)
            differing = (*differing, row)
        schedule = replace(kept.schedule, sequence=row.revision)
        after = _bounded(replace(kept, schedule=schedule, differing=differing))
        schedules.change(tx, after.schedule)
        self.reminders.withdraw(tx, kept, old)
        self.postings.refresh(tx, kept.meeting.id, detail="")
        self.reminders.plan(tx, after)
        return after

    def _announce(self, tx: Transaction, kept: Kept, wish: ScheduleWish) -> None:
        """Plan the invitations that are not there yet; those that are show how the meeting is now."""
        targets = [Target(user=row.slack_user) for row in kept.invitees if row.invited]
        if kept.schedule.channel is not None:
            targets.insert(0, Target(channel=kept.schedule.channel, response_url=wish.response_url))
        self.postings.refresh(tx, kept.meeting.id, detail="")
        for target in targets:
            at, workspace = self.house.now(), kept.meeting.workspace
            self.postings.plan(tx, Plan(workspace, PostingKind.INVITATION, kept.meeting.id, target, at))

    def _schedule(self, kept: Kept, wanted: Wanted, sequence: int) -> ScheduleRow:
        old, wish, rule = kept.schedule, wanted.wish, wanted.timing.rule
        timed = rule != kept.rule or wish.remind_minutes != old.remind_minutes
        return replace(
            old,
            zone=rule.zone,
            starts_local=rule.starts,
            minutes=wish.minutes,
            repeats=rule.repeats,
            ends_count=rule.count,
            ends_on=rule.until,
            remind_minutes=wish.remind_minutes,
            channel=wish.channel,
            sequence=sequence,
            timed=sequence if timed else old.timed,
        )

    def _people(
        self, tx: Transaction, kept: Kept, wanted: Sequence[str], schedule: ScheduleRow
    ) -> tuple[InviteeRow, ...]:
        """Invite who is new, take back the keys of who is left out and of a channel that is another now."""
        at, meeting_id = self.house.now(), kept.meeting.id
        if schedule.channel != kept.schedule.channel:
            invitations.revoke_channel(tx, meeting_id, at)
        for row in kept.invitees:
            if row.invited and row.slack_user not in wanted:
                schedules.drop_invitee(tx, meeting_id, row.slack_user)
                invitations.revoke_guest(tx, meeting_id, row.slack_user, at)
        others = tuple(row for row in kept.invitees if not row.invited and row.slack_user not in wanted)
        invited = []
        for place, user in enumerate(wanted):
            known = kept.invitee(user) or InviteeRow(meeting_id, user, True, place, None, None)
            invited.append(replace(known, invited=True, place=place))
            schedules.put_invitee(tx, invited[-1])
        return (*invited, *others)


def bounds(kept: Kept) -> tuple[datetime, datetime]:
    """When the first time of a meeting begins, and when all of them are over."""
    held = [one for one in kept.occurrences if not one.cancelled] or kept.occurrences
    return min(one.start for one in held), max(one.end for one in held)


def _bounded(kept: Kept) -> Kept:
    first, last = bounds(kept)
    return replace(kept, schedule=replace(kept.schedule, first_at=first, last_until=last))


def _carried_over(kept: Kept, wanted: Wanted, sequence: int) -> tuple[tuple[OccurrenceRow, ...], int]:
    """Which times still differ under another rule, and how many had a time of their own and have it no more.

    Where the series has another time of the day, a day that was cancelled stays so, and what was moved is moved back.
    """
    old, new = kept.rule, wanted.timing.rule
    if old == new:
        return kept.differing, 0
    keys = {start.key for start in wanted.timing.starts}
    same_clock = (old.zone, old.starts[10:]) == (new.zone, new.starts[10:])
    carried = []
    for row in kept.differing:
        key = row.key if same_clock else row.key[:10] + new.starts[10:]
        if key in keys and (same_clock or row.cancelled):
            carried.append(replace(row, key=key, revision=sequence))
    moved = sum(not row.cancelled for row in kept.differing)
    return tuple(carried), moved - sum(not row.cancelled for row in carried)


def _differences(kept: Kept, wanted: Wanted, *, on_pmi: bool) -> list[Change]:
    """What is wanted and not so, for the change log."""
    wish, rule, old = wanted.wish, wanted.timing.rule, kept.schedule
    was = kept.rule
    before = [row.slack_user for row in kept.invitees if row.invited]
    pairs: list[tuple[str, object, object]] = [
        ("topic", kept.meeting.topic, wanted.asked.topic or None),
        ("time", f"{was.starts} {was.zone}", f"{rule.starts} {rule.zone}"),
        ("repeats", _series(was), _series(rule)),
        ("minutes", old.minutes, wish.minutes),
        ("reminder", old.remind_minutes, wish.remind_minutes),
        ("channel", old.channel, wish.channel),
        ("place", _place(kept.meeting.number is None), _place(on_pmi)),
    ]
    done = [Change(f"meeting.{what}_changed", _cut(a), _cut(b)) for what, a, b in pairs if a != b]
    done += [Change("invitee.removed", user, None) for user in before if user not in wanted.asked.invitees]
    return done + [Change("invitee.added", None, user) for user in wanted.asked.invitees if user not in before]


def _series(rule: Rule) -> str:
    return " ".join(str(part) for part in (rule.repeats, rule.count, rule.until) if part is not None)


def _place(on_pmi: bool) -> str:  # noqa: FBT001
    return "pmi" if on_pmi else "one-off"


def _cut(value: object) -> str | None:
    text = "" if value is None else str(value)
    return (text if len(text) <= _LOGGED else f"{text[: _LOGGED - 1]}…") or None


def _said(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%MZ")

"""Schedules of meetings, the meetings of a series that differ from it, and who is invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.departures import is_away
from storage.meeting_tables import meetings
from storage.meetings import MeetingRow
from storage.schedule_tables import invitees, occurrences, schedules
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule as it is kept."""

    meeting_id: str
    zone: str
    starts_local: str
    minutes: int
    repeats: str
    ends_count: int | None
    ends_on: str | None
    remind_minutes: int | None
    channel: str | None
    sequence: int
    timed: int
    first_at: datetime
    last_until: datetime
    plan_at: datetime | None


@dataclass(frozen=True, slots=True)
class OccurrenceRow:
    """One meeting of a series that differs from it. What is empty is as the series has it."""

    meeting_id: str
    key: str
    cancelled: bool
    starts_at: datetime | None
    minutes: int | None
    topic: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class InviteeRow:
    """Somebody who was invited, or answered without that."""

    meeting_id: str
    slack_user: str
    invited: bool
    place: int
    answer: str | None
    answered_at: datetime | None


_SCHEDULE = tuple(ScheduleRow.__dataclass_fields__)
_OCCURRENCE = tuple(OccurrenceRow.__dataclass_fields__)
_INVITEE = tuple(InviteeRow.__dataclass_fields__)
_MEETING = tuple(MeetingRow.__dataclass_fields__)

_add = sa.insert(schedules)
_all = sa.select(*(schedules.c[name] for name in _SCHEDULE))
_find = _all.where(schedules.c.meeting_id == sa.bindparam("i"))
_change = (
    sa.update(schedules)
    .where(schedules.c.meeting_id == sa.bindparam("i"))
    .values({name: sa.bindparam(f"new_{name}") for name in _SCHEDULE[1:]})
)
_plan = sa.update(schedules).where(schedules.c.meeting_id == sa.bindparam("i")).values(plan_at=sa.bindparam("at"))
_due = (
    sa.select(*(meetings.c[name] for name in _MEETING), *(schedules.c[name] for name in _SCHEDULE))
    .select_from(schedules.join(meetings, meetings.c.id == schedules.c.meeting_id))
    .where(schedules.c.plan_at <= sa.bindparam("now"), ~is_away(meetings.c.workspace))
    .order_by(schedules.c.plan_at, schedules.c.meeting_id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    # Two processes that plan at once take different rows, and neither waits.
    .with_for_update(skip_locked=True, of=meetings)
)
_mine = (
    sa.select(*(meetings.c[name] for name in _MEETING), *(schedules.c[name] for name in _SCHEDULE))
    .select_from(schedules.join(meetings, meetings.c.id == schedules.c.meeting_id))
    .where(
        meetings.c.workspace == sa.bindparam("w"),
        meetings.c.cancelled_at.is_(None),
        schedules.c.last_until > sa.bindparam("now"),
        sa.or_(
            meetings.c.member_id == sa.bindparam("m"),
            meetings.c.id.in_(
                sa.select(invitees.c.meeting_id).where(
                    invitees.c.slack_user == sa.bindparam("u"),
                    sa.func.coalesce(invitees.c.answer, "") != "no",
                    sa.or_(invitees.c.invited, invitees.c.answer == "yes"),
                )
            ),
        ),
    )
    .order_by(schedules.c.last_until, meetings.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)

_occurrences = (
    sa.select(*(occurrences.c[name] for name in _OCCURRENCE))
    .where(occurrences.c.meeting_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(occurrences.c.key)
)
_one_occurrence = (occurrences.c.meeting_id == sa.bindparam("i"), occurrences.c.key == sa.bindparam("k"))
_add_occurrence = sa.insert(occurrences)
_drop_occurrence = sa.delete(occurrences).where(*_one_occurrence)

_invitees = (
    sa.select(*(invitees.c[name] for name in _INVITEE))
    .where(invitees.c.meeting_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(invitees.c.place, invitees.c.slack_user)
)
_one_invitee = (invitees.c.meeting_id == sa.bindparam("i"), invitees.c.slack_user == sa.bindparam("u"))
_add_invitee = sa.insert(invitees)
_drop_invitee = sa.delete(invitees).where(*_one_invitee)


def add(tx: Transaction, row: ScheduleRow) -> None:
    """Add the schedule of a meeting."""
    tx.execute(_add, {name: getattr(row, name) for name in _SCHEDULE})


def find(tx: Transaction, meeting_id: str) -> ScheduleRow | None:
    """The schedule of a meeting."""
    row = tx.execute(_find, {"i": meeting_id}).first()
    return None if row is None else ScheduleRow(*row)


def change(tx: Transaction, row: ScheduleRow) -> None:
    """Put what a row holds in the place of what the same meeting's holds. The meeting is locked."""
    tx.execute(_change, {"i": row.meeting_id, **{f"new_{name}": getattr(row, name) for name in _SCHEDULE[1:]}})


def plan_again(tx: Transaction, meeting_id: str, at: datetime | None) -> None:
    """Note when the next reminders are to be planned; None where none are left."""
    tx.execute(_plan, {"i": meeting_id, "at": at})


def due(tx: Transaction, now: datetime, most: int) -> tuple[tuple[MeetingRow, ScheduleRow], ...]:
    """Meetings whose next reminders are to be planned, locked until this transaction ends, and at most so many."""
    return _both(tx, _due, {"now": now, "most": most})


def concerning(
    tx: Transaction, *, workspace: str, member_id: str, slack_user: str, now: datetime, most: int
) -> tuple[tuple[MeetingRow, ScheduleRow], ...]:
    """Meetings that are not over, which somebody holds, is invited to and has not declined, or has accepted."""
    given = {"w": workspace, "m": member_id, "u": slack_user, "now": now, "most": most}
    return _both(tx, _mine, given)


def _both(
    tx: Transaction, statement: sa.Select[*tuple[Any, ...]], given: dict[str, object]
) -> tuple[tuple[MeetingRow, ScheduleRow], ...]:
    at = len(_MEETING)
    rows = [tuple(row) for row in tx.execute(statement, given)]
    return tuple((MeetingRow(*row[:at]), ScheduleRow(*row[at:])) for row in rows)


def occurrences_of(tx: Transaction, meeting_ids: Sequence[str]) -> tuple[OccurrenceRow, ...]:
    """What differs from the series of these meetings, by key."""
    found = tx.execute(_occurrences, {"ids": list(meeting_ids)}) if meeting_ids else ()
    return tuple(OccurrenceRow(*row) for row in found)


def put_occurrence(tx: Transaction, row: OccurrenceRow) -> None:
    """Keep how one meeting of a series differs from it, in the place of how it did. The meeting is locked."""
    drop_occurrence(tx, row.meeting_id, row.key)
    tx.execute(_add_occurrence, {name: getattr(row, name) for name in _OCCURRENCE})


def drop_occurrence(tx: Transaction, meeting_id: str, key: str) -> None:
    """Let one meeting of a series be as the series has it."""
    tx.execute(_drop_occurrence, {"i": meeting_id, "k": key})


def invitees_of(tx: Transaction, meeting_ids: Sequence[str]) -> tuple[InviteeRow, ...]:
    """Who is invited to these meetings or answered, in the order of their places."""
    found = tx.execute(_invitees, {"ids": list(meeting_ids)}) if meeting_ids else ()
    return tuple(InviteeRow(*row) for row in found)


def put_invitee(tx: Transaction, row: InviteeRow) -> None:
    """Keep somebody's invitation and answer, in the place of what was kept. The meeting is locked."""
    drop_invitee(tx, row.meeting_id, row.slack_user)
    tx.execute(_add_invitee, {name: getattr(row, name) for name in _INVITEE})


def drop_invitee(tx: Transaction, meeting_id: str, slack_user: str) -> None:
    """Forget somebody's invitation."""
    tx.execute(_drop_invitee, {"i": meeting_id, "u": slack_user})

"""Meetings that have a number of their own, or a time."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.meeting_tables import meetings
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as it is kept."""

    id: str
    workspace: str
    member_id: str
    kind: str
    number: str | None
    """The one-off number; empty where it takes place in the holder's room."""
    topic: str | None
    passcode: str | None = field(repr=False)
    """Of the one-off number, sealed."""
    created_at: datetime
    cancelled_at: datetime | None


_COLUMNS = tuple(MeetingRow.__dataclass_fields__)
_all = sa.select(*(meetings.c[name] for name in _COLUMNS))
_add = sa.insert(meetings)
_find = _all.where(meetings.c.id == sa.bindparam("i"))
_lock = _find.with_for_update()
_newest_instant = (
    _all.where(
        meetings.c.member_id == sa.bindparam("m"),
        meetings.c.kind == "instant",
        meetings.c.created_at >= sa.bindparam("since"),
    )
    .order_by(meetings.c.id.desc())
    .limit(1)
)
_cancel = sa.update(meetings).where(meetings.c.id == sa.bindparam("i")).values(cancelled_at=sa.bindparam("at"))
_set_topic = sa.update(meetings).where(meetings.c.id == sa.bindparam("i")).values(topic=sa.bindparam("value"))
_set_number = (
    sa.update(meetings)
    .where(meetings.c.id == sa.bindparam("i"))
    .values(number=sa.bindparam("digits"), passcode=sa.bindparam("sealed"))
)


def add(tx: Transaction, row: MeetingRow) -> None:
    """Add a meeting. Its one-off number, if it has one, was claimed for it already."""
    tx.execute(_add, {name: getattr(row, name) for name in _COLUMNS})


def find(tx: Transaction, meeting_id: str) -> MeetingRow | None:
    """The meeting with this id."""
    row = tx.execute(_find, {"i": meeting_id}).first()
    return None if row is None else MeetingRow(*row)


def lock(tx: Transaction, meeting_id: str) -> MeetingRow | None:
    """The meeting, whose changes by others wait until this transaction ends."""
    row = tx.execute(_lock, {"i": meeting_id}).first()
    return None if row is None else MeetingRow(*row)


def newest_instant(tx: Transaction, member_id: str, since: datetime) -> MeetingRow | None:
    """The newest instant meeting on a one-off number that a member has begun since then."""
    row = tx.execute(_newest_instant, {"m": member_id, "since": since}).first()
    return None if row is None else MeetingRow(*row)


def cancel(tx: Transaction, meeting_id: str, at: datetime) -> None:
    """Note that it does not take place any more."""
    tx.execute(_cancel, {"i": meeting_id, "at": at})


def set_topic(tx: Transaction, meeting_id: str, topic: str | None) -> None:
    """Give it another topic, or none."""
    tx.execute(_set_topic, {"i": meeting_id, "value": topic})


def set_number(tx: Transaction, meeting_id: str, number: str | None, passcode: str | None) -> None:
    """Give it a one-off number that was claimed for it, with its sealed passcode; or let it be in its holder's room."""
    tx.execute(_set_number, {"i": meeting_id, "digits": number, "sealed": passcode})

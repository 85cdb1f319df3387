"""Messages of ours in Slack: planned, moved, taken back, and wanted anew when what they are about has changed.

Who posts them, and when, is in `posting_lanes`.
"""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.meeting_tables import meetings, postings, sessions
from storage.schedule_tables import schedules
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that is to be posted."""

    id: str
    key: str
    """Hash of what makes the plan: there is one message for it."""
    workspace: str
    kind: str
    subject: str
    detail: str
    channel: str | None
    slack_user: str | None
    response_url: str | None = field(repr=False)
    """Sealed."""
    response_until: datetime | None
    due_at: datetime


_add = InsertUnlessThere(postings, "key")
_not_over = postings.c.ended_at.is_(None)
_never_sent = (postings.c.shown == 0, postings.c.doubts == 0)
_again = (
    sa.update(postings)
    .where(postings.c.key == sa.bindparam("k"), postings.c.ended_at.is_not(None), *_never_sent)
    .values(ended_at=None, due_at=sa.bindparam("due"), rest_ms=0, tries=0, generation=postings.c.generation + 1)
)
_shows_all = postings.c.shown == postings.c.wanted
_anew = (
    sa.update(postings)
    .where(_not_over)
    .values(
        wanted=postings.c.wanted + 1,
        due_at=sa.case((_shows_all, sa.bindparam("now", type_=postings.c.due_at.type)), else_=postings.c.due_at),
        tries=sa.case((_shows_all, 0), else_=postings.c.tries),
        rest_ms=sa.case((_shows_all, 0), else_=postings.c.rest_ms),
    )
)
_refresh = _anew.where(postings.c.subject == sa.bindparam("s"))
_member = sa.bindparam("m", type_=sa.String)
# What is coming in a room shows its number as well.
_of_room = sa.union_all(
    sa.select(_member.label("subject")),
    sa.select(meetings.c.id)
    .join(schedules, schedules.c.meeting_id == meetings.c.id)
    .where(
        meetings.c.member_id == _member,
        meetings.c.number.is_(None),
        meetings.c.cancelled_at.is_(None),
        schedules.c.last_until > sa.bindparam("now", type_=postings.c.due_at.type),
    ),
).subquery("of_room")
_refresh_room = _anew.where(
    postings.c.subject.in_(sa.select(_of_room.c.subject)),
    sa.or_(postings.c.subject == _member, postings.c.detail == ""),
)
_refresh_one = _refresh.where(postings.c.detail == sa.bindparam("d"))
_since = sa.select(postings.c.id).where(
    postings.c.subject == sa.bindparam("s"),
    postings.c.kind == sa.bindparam("what"),
    postings.c.channel == sa.bindparam("c"),
    postings.c.id > sa.bindparam("i"),
)
_newest = (
    sa.select(postings.c.detail, postings.c.due_at)
    .where(postings.c.subject == sa.bindparam("s"), _not_over, postings.c.kind == sa.bindparam("what"))
    .order_by(postings.c.id.desc())
    .limit(1)
)
_waits = (postings.c.subject == sa.bindparam("s"), _not_over, *_never_sent)
_move = (
    sa.update(postings)
    .where(*_waits, postings.c.kind == sa.bindparam("what"), postings.c.detail == sa.bindparam("d"))
    .values(due_at=sa.bindparam("due"))
)
_any_kind = sa.bindparam("what", type_=sa.String)
_any_detail = sa.bindparam("d", type_=sa.String)
_meant = (
    postings.c.subject == sa.bindparam("s"),
    _not_over,
    postings.c.shown == 0,
    sa.or_(_any_kind.is_(None), postings.c.kind == _any_kind),
    sa.or_(_any_detail.is_(None), postings.c.detail == _any_detail),
)
_withdraw = sa.update(postings).where(*_meant, postings.c.doubts == 0).values(ended_at=sa.bindparam("now"))
# What may be on its way just now, or stand there unheard, is to show how it is, if it turns out to be there.
_correct = sa.update(postings).where(*_meant, postings.c.doubts > 0).values(wanted=postings.c.wanted + 1)
_OVER = (
    postings.c.ended_at.is_not(None),
    postings.c.subject.in_(sa.select(sessions.c.id).where(sessions.c.ended_at < sa.bindparam("before"))),
    postings.c.subject.in_(sa.select(meetings.c.id).where(meetings.c.cancelled_at < sa.bindparam("before"))),
    postings.c.kind.in_(sa.bindparam("brief", expanding=True)),
)
_old = (
    sa.select(postings.c.id)
    .where(postings.c.due_at < sa.bindparam("before"), sa.or_(_shows_all, ~_not_over), sa.or_(*_OVER))
    .order_by(postings.c.due_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
    # Two processes that forget at once take different rows, and neither waits.
    .with_for_update(skip_locked=True)
    .cte("old")
)
_forget = sa.delete(postings).where(postings.c.id.in_(sa.select(_old.c.id))).returning(postings.c.id)


def plan(tx: Transaction, planned: Planned) -> bool:
    """Plan a message; False where it was planned before.

    One that was taken back before it was posted is planned anew.
    """
    lane = planned.channel or planned.slack_user
    values = {name: getattr(planned, name) for name in Planned.__dataclass_fields__}
    counts = {"doubts": 0, "wanted": 1, "shown": 0, "generation": 1, "rest_ms": 0, "tries": 0, "response_uses": 0}
    if _add(tx, values | counts | {"lane": lane}):
        return True
    return tx.execute(_again, {"k": planned.key, "due": planned.due_at}).rowcount == 1


def planned_since(tx: Transaction, subject: str, kind: str, channel: str, since: str) -> bool:
    """Whether such a message about a subject was planned for a channel after this id was made."""
    return tx.execute(_since, {"s": subject, "what": kind, "c": channel, "i": since}).first() is not None


def refresh(tx: Transaction, subject: str, now: datetime, detail: str | None = None) -> None:
    """Have everything that was posted about a subject show how it is now."""
    if detail is None:
        tx.execute(_refresh, {"s": subject, "now": now})
    else:
        tx.execute(_refresh_one, {"s": subject, "now": now, "d": detail})


def refresh_room(tx: Transaction, member_id: str, now: datetime) -> None:
    """Have what was posted about a member's room, and about what is scheduled in it, show how it is now."""
    tx.execute(_refresh_room, {"m": member_id, "now": now})


def newest(tx: Transaction, subject: str, kind: str) -> tuple[str, datetime] | None:
    """The detail of the newest message of a kind about a subject, and from when it is; not what was given up."""
    row = tx.execute(_newest, {"s": subject, "what": kind}).first()
    return None if row is None else (row[0], row[1])


def move(tx: Transaction, subject: str, kind: str, detail: str, due_at: datetime) -> None:
    """Have what is not posted yet be posted at another time."""
    tx.execute(_move, {"s": subject, "what": kind, "d": detail, "due": due_at})


def withdraw(tx: Transaction, subject: str, kind: str | None, detail: str | None, now: datetime) -> None:
    """Have what is not posted yet never be posted."""
    meant = {"s": subject, "what": kind, "d": detail}
    tx.execute(_correct, meant)
    tx.execute(_withdraw, meant | {"now": now})


def forget(tx: Transaction, before: datetime, brief: tuple[str, ...], most: int) -> int:
    """Delete what has shown all it should since before a time and is over, at most so many; how many.

    Over is what was given up or taken back, what is about a session or a meeting that is, and every `brief` kind.
    """
    return len(tx.execute(_forget, {"before": before, "brief": brief, "most": most}).all())

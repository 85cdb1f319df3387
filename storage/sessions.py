"""Sessions: each time that people meet. On a number, and in a room, one runs at a time; the index decides which."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.meeting_tables import sessions
from storage.room_tables import alternative_hosts
from storage.tables import members
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as it is kept."""

    id: str
    workspace: str
    member_id: str
    meeting_id: str | None
    in_room: bool
    number: str
    """As it was at the start."""
    topic: str | None
    provider: str
    handle: str = field(repr=False)
    """Sealed."""
    started_at: datetime
    started_by: str | None
    host_at: datetime | None
    ends_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None


_COLUMNS = tuple(SessionRow.__dataclass_fields__)
_all = sa.select(*(sessions.c[name] for name in _COLUMNS))
_running = sessions.c.ended_at.is_(None)
# Without a key: whichever of the two indexes is broken, somebody else has started it.
_add = {
    "sqlite": sqlite.insert(sessions).on_conflict_do_nothing().returning(sessions.c.id),
    "postgresql": postgresql.insert(sessions).on_conflict_do_nothing().returning(sessions.c.id),
}
_find = _all.where(sessions.c.id == sa.bindparam("i"))
_lock = _find.with_for_update()
_in_room = _all.where(sessions.c.member_id == sa.bindparam("m"), sessions.c.in_room, _running)
_of_meeting = _all.where(sessions.c.meeting_id == sa.bindparam("g"), _running)
_of_workspace = (
    _all.where(sessions.c.workspace == sa.bindparam("w"), _running)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_last_of_meeting = (
    _all.where(sessions.c.meeting_id == sa.bindparam("g")).order_by(sessions.c.started_at.desc()).limit(1)
)
_of_member = _all.where(sessions.c.member_id == sa.bindparam("m"), _running).order_by(
    sessions.c.started_at, sessions.c.id
)
_hosted_by = (
    _all.join(members, members.c.id == sessions.c.member_id)
    .join(alternative_hosts, alternative_hosts.c.room_id == sessions.c.member_id)
    .where(members.c.workspace == sa.bindparam("w"), alternative_hosts.c.slack_user == sa.bindparam("u"), _running)
    .add_columns(members.c.slack_user)
    .order_by(sessions.c.started_at, sessions.c.id)
)
_host_came = (
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("i"), _running, sessions.c.host_at.is_(None))
    .values(host_at=sa.bindparam("at"))
)
_end = (
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("i"), _running)
    .values(ended_at=sa.bindparam("at"), ended_by=sa.bindparam("by"))
)
_overdue = (
    _all.where(_running, sessions.c.ends_at <= sa.bindparam("now"))
    .order_by(sessions.c.ends_at, sessions.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    # Two processes that end at once take different rows, and neither waits.
    .with_for_update(skip_locked=True)
)


def add(tx: Transaction, row: SessionRow) -> bool:
    """Start a session; False where one runs already on its number or in its room."""
    values = {name: getattr(row, name) for name in _COLUMNS}
    return tx.execute(_add[tx.dialect.name], values).first() is not None


def find(tx: Transaction, session_id: str) -> SessionRow | None:
    """The session with this id, running or over."""
    row = tx.execute(_find, {"i": session_id}).first()
    return None if row is None else SessionRow(*row)


def lock(tx: Transaction, session_id: str) -> SessionRow | None:
    """The session, whose changes by others wait until this transaction ends."""
    row = tx.execute(_lock, {"i": session_id}).first()
    return None if row is None else SessionRow(*row)


def running_in_room(tx: Transaction, member_id: str) -> SessionRow | None:
    """The session that runs in a member's room, on whatever PMI it was started."""
    row = tx.execute(_in_room, {"m": member_id}).first()
    return None if row is None else SessionRow(*row)


def running_of_meeting(tx: Transaction, meeting_id: str) -> SessionRow | None:
    """The session of a meeting that runs now."""
    row = tx.execute(_of_meeting, {"g": meeting_id}).first()
    return None if row is None else SessionRow(*row)


def last_of_meeting(tx: Transaction, meeting_id: str) -> SessionRow | None:
    """The newest session of a meeting, running or over."""
    row = tx.execute(_last_of_meeting, {"g": meeting_id}).first()
    return None if row is None else SessionRow(*row)


def running_of_member(tx: Transaction, member_id: str) -> tuple[SessionRow, ...]:
    """Every session of a member that runs now, in the room and on one-off numbers, the oldest first."""
    return tuple(SessionRow(*row) for row in tx.execute(_of_member, {"m": member_id}))


def running_in_workspace(tx: Transaction, workspace: str, most: int) -> tuple[SessionRow, ...]:
    """Sessions of a workspace that run now, at most so many, locked until this transaction ends."""
    return tuple(SessionRow(*row) for row in tx.execute(_of_workspace, {"w": workspace, "most": most}))


def running_hosted_by(tx: Transaction, workspace: str, slack_user: str) -> tuple[tuple[SessionRow, str], ...]:
    """Every session that runs with somebody as an alternative host, each with its holder's Slack id, oldest first."""
    rows = tx.execute(_hosted_by, {"w": workspace, "u": slack_user})
    return tuple((SessionRow(*row[:-1]), row[-1]) for row in rows)


def host_came(tx: Transaction, session_id: str, at: datetime) -> bool:
    """Note that a host is there; False where one was already, or the session is over."""
    return tx.execute(_host_came, {"i": session_id, "at": at}).rowcount == 1


def end(tx: Transaction, session_id: str, at: datetime, by: str | None) -> bool:
    """End a session, by a host or (None) because its time is over; False where it was over already."""
    return tx.execute(_end, {"i": session_id, "at": at, "by": by}).rowcount == 1


def overdue(tx: Transaction, now: datetime, most: int) -> tuple[SessionRow, ...]:
    """Sessions that run beyond their end, at most so many, locked until this transaction ends."""
    return tuple(SessionRow(*row) for row in tx.execute(_overdue, {"now": now, "most": most}))

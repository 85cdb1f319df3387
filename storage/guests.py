"""Guests: who waits where, what a host has decided, who has gone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.any_of import AnyOf
from storage.errors import Conflict
from storage.guest_tables import guests
from storage.meeting_tables import sessions
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere


@dataclass(frozen=True, slots=True)
class GuestRow:
    """A guest as it is kept."""

    id: str
    workspace: str
    member_id: str
    """Whose room or meeting it is."""
    meeting_id: str | None
    in_room: bool
    place_id: str
    """The member in whose room, or the meeting on whose number, they want to meet."""
    number: str
    name: str | None = field(repr=False)
    """Sealed."""
    slack_user: str | None
    """Who has signed in; else whose invitation it is."""
    signed_in: bool
    source: str = field(repr=False)
    state: str
    session_id: str | None
    """The session that they were let in to."""
    asked_at: datetime
    seen_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where somebody waits or has waited."""

    place_id: str
    workspace: str
    member_id: str


_COLUMNS = tuple(GuestRow.__dataclass_fields__)
_all = sa.select(*(guests.c[name] for name in _COLUMNS))
_this = guests.c.id == sa.bindparam("i")
_here = guests.c.place_id == sa.bindparam("p")
_waiting = guests.c.state == sa.literal_column("'waiting'")
_most = sa.bindparam("most", type_=sa.Integer)
_spot = (guests.c.place_id, guests.c.workspace, guests.c.member_id)

_add = InsertUnlessThere(guests, "id")
_ASKED = tuple(name for name in _COLUMNS if name not in ("id", "workspace", "member_id"))
_as_before = guests.c.state == sa.bindparam("before")
_ask_again = sa.update(guests).where(_this, _as_before).values({name: sa.bindparam(f"new_{name}") for name in _ASKED})
_decide = (
    sa.update(guests)
    .where(_this, _waiting)
    .values(
        state=sa.bindparam("new_state"),
        decided_at=sa.bindparam("at"),
        decided_by=sa.bindparam("by"),
        session_id=sa.bindparam("s"),
    )
)
_seen = sa.update(guests).where(_this, _waiting).values(seen_at=sa.bindparam("at"))
_at_place = _all.where(_here, _waiting).order_by(guests.c.asked_at, guests.c.id).limit(_most)
_decided = (
    _all.where(_here, ~_waiting, guests.c.decided_at >= sa.bindparam("since"))
    .order_by(guests.c.decided_at.desc(), guests.c.asked_at.desc(), guests.c.id)
    .limit(_most)
)
_count_here = sa.select(sa.func.count()).where(_here, _waiting)
_count_from = sa.select(sa.func.count()).where(guests.c.source == sa.bindparam("source"), _waiting)
_anybody = sa.select(sa.exists().where(_waiting))


def _meets_here(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether for a session at the guest's place, in the room or of the meeting, this holds."""
    in_room = sa.exists().where(guests.c.in_room, sessions.c.in_room, sessions.c.member_id == guests.c.place_id)
    of_meeting = sa.exists().where(~guests.c.in_room, sessions.c.meeting_id == guests.c.place_id)
    return sa.or_(in_room.where(condition), of_meeting.where(condition))


_over = sa.and_(
    _meets_here(sessions.c.ended_at >= guests.c.asked_at), sa.not_(_meets_here(sessions.c.ended_at.is_(None)))
)
_find_beside = _all.add_columns(_over.label("over")).where(_this)
# Two processes that look at once take different rows, and neither waits.
_left = (
    sa.select(guests.c.id)
    .where(_waiting, sa.or_(guests.c.seen_at < sa.bindparam("before"), _over))
    .limit(_most)
    .with_for_update(skip_locked=True, of=guests)
    .cte("left_ones")
)
_leave = (
    sa.update(guests)
    .where(guests.c.id.in_(sa.select(_left.c.id)), _waiting)
    .values(state="gone", decided_at=sa.bindparam("at"))
    .returning(*_spot)
)
_others = (
    sa.select(guests.c.id)
    .where(guests.c.workspace == sa.bindparam("w"), _waiting)
    .limit(_most)
    .with_for_update(skip_locked=True)
    .cte("others")
)
_send_away = (
    sa.update(guests)
    .where(guests.c.id.in_(sa.select(_others.c.id)), _waiting)
    .values(state="gone", decided_at=sa.bindparam("at"))
    .returning(guests.c.id)
)
_oldest = (
    sa.select(guests.c.id)
    .where(guests.c.seen_at < sa.bindparam("before"))
    .order_by(guests.c.seen_at)
    .limit(_most)
    .with_for_update(skip_locked=True)
    .cte("oldest")
)
_forget = sa.delete(guests).where(guests.c.id.in_(sa.select(_oldest.c.id))).returning(guests.c.id)

_room, _meeting = sessions.alias("room"), sessions.alias("meeting")
_standing = AnyOf(
    sa.select(
        guests.c.id,
        guests.c.state
        + sa.literal_column("':'")
        + sa.func.coalesce(_room.c.id, _meeting.c.id, sa.literal_column("''")),
    ).select_from(
        guests.outerjoin(
            _room,
            sa.and_(
                guests.c.in_room, _room.c.in_room, _room.c.member_id == guests.c.place_id, _room.c.ended_at.is_(None)
            ),
        ).outerjoin(
            _meeting,
            sa.and_(~guests.c.in_room, _meeting.c.meeting_id == guests.c.place_id, _meeting.c.ended_at.is_(None)),
        )
    ),
    guests.c.id,
    (1, 10, 100),
)


def find(tx: Transaction, guest_id: str) -> tuple[GuestRow, bool] | None:
    """The guest, and whether what they asked to come in to is over: it ended since, and nothing runs there now."""
    row = tx.execute(_find_beside, {"i": guest_id}).first()
    return None if row is None else (GuestRow(*row[:-1]), bool(row[-1]))


def knock(tx: Transaction, row: GuestRow, before: str | None = None) -> None:
    """Have a guest wait: a new one, or one who asks again and was in a state before.

    Raises:
        Conflict: they knock at another page as well, or a host has just decided.
    """
    values = {name: getattr(row, name) for name in _COLUMNS}
    if before is None:
        knocked = _add(tx, values)
    else:
        again = {"i": row.id, "before": before, **{f"new_{name}": values[name] for name in _ASKED}}
        knocked = tx.execute(_ask_again, again).rowcount == 1
    if not knocked:
        raise Conflict


def decide(
    tx: Transaction, guest_id: str, state: str, at: datetime, *, by: str | None, session_id: str | None = None
) -> bool:
    """Note what was decided of a guest who waits; False for one who does not, any more."""
    values = {"i": guest_id, "new_state": state, "at": at, "by": by, "s": session_id}
    return tx.execute(_decide, values).rowcount == 1


def seen(tx: Transaction, guest_ids: Sequence[str], at: datetime) -> None:
    """Note a sign of life of guests who wait."""
    # In one order, so that two processes that note the same ones never wait for each other.
    listed = [{"i": guest_id, "at": at} for guest_id in sorted(guest_ids)]
    if listed:
        tx.execute(_seen, listed)


def waiting_at(tx: Transaction, place_id: str, most: int) -> tuple[GuestRow, ...]:
    """Who waits at a place, in the order of asking, and at most so many."""
    return tuple(GuestRow(*row) for row in tx.execute(_at_place, {"p": place_id, "most": most}))


def decided_at(tx: Transaction, place_id: str, since: datetime, most: int) -> tuple[GuestRow, ...]:
    """Who waited at a place, and of whom was decided since then: at most so many of the last, in that order."""
    found = tx.execute(_decided, {"p": place_id, "since": since, "most": most}).all()
    return tuple(GuestRow(*row) for row in reversed(found))


def how_many_wait(tx: Transaction, place_id: str) -> int:
    """How many wait at a place."""
    return int(tx.execute(_count_here, {"p": place_id}).scalar_one())


def how_many_came_from(tx: Transaction, source: str) -> int:
    """How many wait who have come from one source, at whatever place."""
    return int(tx.execute(_count_from, {"source": source}).scalar_one())


def anybody_waits(tx: Transaction) -> bool:
    """Whether anybody waits anywhere."""
    return bool(tx.execute(_anybody).scalar_one())


def standings(tx: Transaction, guest_ids: Sequence[str]) -> dict[str, str]:
    """For each guest a text that changes once they may stand otherwise: what was decided, and what runs there."""
    return dict(_standing(tx, guest_ids)) if guest_ids else {}


def leave(tx: Transaction, seen_before: datetime, at: datetime, most: int) -> tuple[Spot, ...]:
    """Let go who has given no sign of life since, and whose meeting is over, at most so many; where they waited."""
    found = tx.execute(_leave, {"before": seen_before, "at": at, "most": most})
    return tuple(Spot(*row) for row in found)


def send_away(tx: Transaction, workspace: str, at: datetime, most: int) -> int:
    """Let those go who wait anywhere in a workspace, at most so many. How many went."""
    return len(tx.execute(_send_away, {"w": workspace, "at": at, "most": most}).all())


def forget(tx: Transaction, seen_before: datetime, most: int) -> int:
    """Delete guests who were seen last before a time, the oldest first and at most so many. How many were deleted."""
    return len(tx.execute(_forget, {"before": seen_before, "most": most}).all())

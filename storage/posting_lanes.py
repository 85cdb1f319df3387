"""Who may write into a channel now, and what: one writer at a time, with a pause after each message.

Whoever takes a lane takes the message that is posted next with it, in one transaction. Both are then of the next
generation, so that nobody else can say what became of them.
"""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.meeting_tables import posting_lanes, postings
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere

LEASE_MS = 30_000
"""For how long whoever took a lane has it alone."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel that somebody writes into, or did."""

    lane: str
    generation: int
    rest_ms: int


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be posted or changed, as far as one needs to know who has not taken it."""

    lane: str
    id: str
    generation: int
    rest_ms: int
    tries: int
    doubts: int
    shown: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Posting:
    """A message in one's own hands."""

    id: str
    workspace: str
    kind: str
    subject: str
    detail: str
    channel: str | None
    slack_user: str | None
    response_url: str | None = field(repr=False)
    """Sealed."""
    response_until: datetime | None
    response_uses: int
    posted_in: str | None
    ts: str | None
    due_at: datetime
    posted_at: datetime | None
    doubts: int
    wanted: int
    shown: int
    generation: int
    tries: int


_is_due = (postings.c.shown < postings.c.wanted, postings.c.ended_at.is_(None))
_due = (
    sa.select(*(postings.c[name] for name in Due.__dataclass_fields__))
    .where(*_is_due, postings.c.due_at <= sa.bindparam("now"))
    .order_by(postings.c.due_at, postings.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_due_after = _due.where(
    sa.tuple_(postings.c.due_at, postings.c.id)
    > sa.tuple_(sa.bindparam("last_at", type_=postings.c.due_at.type), sa.bindparam("last", type_=postings.c.id.type))
)
_due_in_lane = _due.where(postings.c.lane == sa.bindparam("l"))
_later = sa.select(sa.func.min(postings.c.due_at)).where(*_is_due, postings.c.due_at > sa.bindparam("now"))
_backlog = sa.select(sa.func.count(), sa.func.min(postings.c.due_at)).where(
    *_is_due, postings.c.due_at <= sa.bindparam("now")
)
_lanes = sa.select(posting_lanes).order_by(posting_lanes.c.lane).limit(sa.bindparam("most", type_=sa.Integer))
_lane = sa.select(posting_lanes).where(posting_lanes.c.lane == sa.bindparam("l"))
_of_this_generation = (posting_lanes.c.lane == sa.bindparam("l"), posting_lanes.c.generation == sa.bindparam("g"))
_first = InsertUnlessThere(posting_lanes, "lane")
_next = (
    sa.update(posting_lanes)
    .where(*_of_this_generation)
    .values(generation=posting_lanes.c.generation + 1, rest_ms=sa.bindparam("rest", type_=sa.Integer))
)
_free = sa.delete(posting_lanes).where(*_of_this_generation)
_mine = (postings.c.id == sa.bindparam("i"), postings.c.generation == sa.bindparam("g"))
_take = (
    sa.update(postings)
    .where(*_mine, *_is_due, postings.c.due_at <= sa.bindparam("now"))
    .values(
        generation=postings.c.generation + 1,
        tries=postings.c.tries + 1,
        # Until it is heard of, it may be there; a change of what is there may be made twice.
        doubts=postings.c.doubts + sa.case((postings.c.shown == 0, 1), else_=0),
    )
    .returning(*(postings.c[name] for name in Posting.__dataclass_fields__))
)
_posted = (
    sa.update(postings)
    .where(*_mine)
    .values(
        generation=postings.c.generation + 1,
        shown=sa.bindparam("shows", type_=sa.Integer),
        posted_in=sa.bindparam("where", type_=sa.String),
        ts=sa.bindparam("stamp", type_=sa.String),
        posted_at=sa.func.coalesce(postings.c.posted_at, sa.bindparam("now", type_=postings.c.due_at.type)),
        response_uses=sa.bindparam("uses", type_=sa.Integer),
        ended_at=sa.func.coalesce(postings.c.ended_at, sa.bindparam("ended", type_=postings.c.due_at.type)),
        rest_ms=0,
        tries=0,
        doubts=0,
    )
)
_put_off = (
    sa.update(postings)
    .where(*_mine)
    .values(
        generation=postings.c.generation + 1,
        rest_ms=sa.bindparam("rest", type_=sa.Integer),
        tries=sa.bindparam("tried", type_=sa.Integer),
        doubts=sa.bindparam("doubted", type_=sa.Integer),
    )
)
_end = (
    sa.update(postings)
    .where(*_mine, postings.c.ended_at.is_(None))
    .values(generation=postings.c.generation + 1, ended_at=sa.bindparam("now"))
)


def due(tx: Transaction, now: datetime, most: int, after: Due | None = None) -> tuple[Due, ...]:
    """What is due, in whosever hands, the oldest first and at most so many. With `after`, what comes behind it."""
    given = {"now": now, "most": most}
    if after is None:
        found = tx.execute(_due, given)
    else:
        found = tx.execute(_due_after, given | {"last_at": after.due_at, "last": after.id})
    return tuple(Due(*row) for row in found)


def due_in(tx: Transaction, lane: str, now: datetime, most: int) -> tuple[Due, ...]:
    """What is due in one channel, the oldest first and at most so many."""
    return tuple(Due(*row) for row in tx.execute(_due_in_lane, {"l": lane, "now": now, "most": most}))


def later(tx: Transaction, now: datetime) -> datetime | None:
    """When the next of those that are not due yet is."""
    found: datetime | None = tx.execute(_later, {"now": now}).scalar()
    return found


def backlog(tx: Transaction, now: datetime) -> tuple[int, datetime | None]:
    """How many are due, and since when the oldest is."""
    count, oldest = tx.execute(_backlog, {"now": now}).one()
    return count, oldest


def lanes(tx: Transaction, most: int) -> tuple[Lane, ...]:
    """Channels that are not known to be free, at most so many."""
    return tuple(Lane(*row) for row in tx.execute(_lanes, {"most": most}))


def lane(tx: Transaction, name: str) -> Lane | None:
    """A channel; None where it is free."""
    row = tx.execute(_lane, {"l": name}).first()
    return None if row is None else Lane(*row)


def take_lane(tx: Transaction, name: str, generation: int | None, first: int) -> Lane | None:
    """Take a channel of this generation, or (None) a free one, which begins at `first`.

    None where somebody else was faster.
    """
    if generation is None:
        made = _first(tx, {"lane": name, "generation": first, "rest_ms": LEASE_MS})
        return Lane(name, first, LEASE_MS) if made else None
    taken = let_rest(tx, name, generation, LEASE_MS)
    return Lane(name, generation + 1, LEASE_MS) if taken else None


def let_rest(tx: Transaction, name: str, generation: int, rest_ms: int) -> bool:
    """Let nobody write into a channel for so long; False where it is of another generation by now."""
    return tx.execute(_next, {"l": name, "g": generation, "rest": rest_ms}).rowcount == 1


def free(tx: Transaction, name: str, generation: int) -> bool:
    """Free a channel; False where it is of another generation by now."""
    return tx.execute(_free, {"l": name, "g": generation}).rowcount == 1


def take(tx: Transaction, posting_id: str, generation: int, now: datetime) -> Posting | None:
    """Take a message of this generation, of which one then does not know whether it was posted.

    None where somebody else has it, or it is to be posted later, or no more.
    """
    row = tx.execute(_take, {"i": posting_id, "g": generation, "now": now}).first()
    return None if row is None else Posting(*row)


@dataclass(frozen=True, slots=True)
class Stands:
    """What is known of a message that was posted, or changed."""

    shown: int
    posted_in: str | None
    ts: str | None
    response_uses: int
    ended_at: datetime | None
    """Set where it can never be changed again."""


def posted(tx: Transaction, posting_id: str, generation: int, stands: Stands, now: datetime) -> bool:
    """Note that it was posted, or changed; False where it is in somebody else's hands by now."""
    given = {
        "i": posting_id,
        "g": generation,
        "shows": stands.shown,
        "where": stands.posted_in,
        "stamp": stands.ts,
        "uses": stands.response_uses,
        "ended": stands.ended_at,
        "now": now,
    }
    return tx.execute(_posted, given).rowcount == 1


def put_off(tx: Transaction, posting_id: str, generation: int, *, rest_ms: int, tries: int, doubts: int) -> bool:
    """Let it rest until the next try; False where it is in somebody else's hands by now."""
    given = {"i": posting_id, "g": generation, "rest": rest_ms, "tried": tries, "doubted": doubts}
    return tx.execute(_put_off, given).rowcount == 1


def end(tx: Transaction, posting_id: str, generation: int, now: datetime) -> bool:
    """Give it up, or leave it as it is; False where it is in somebody else's hands by now, or over."""
    return tx.execute(_end, {"i": posting_id, "g": generation, "now": now}).rowcount == 1

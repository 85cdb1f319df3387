"""Requests that had an effect, with the answer they got: a repeat gets the same answer and no second effect."""

from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_hex

import sqlalchemy as sa

from storage.any_of import AnyOf
from storage.straight import Straight
from storage.tables import outbox, seen_requests
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere

_add = InsertUnlessThere(seen_requests, "key")
_answer = Straight(sa.select(seen_requests.c.answer).where(seen_requests.c.key == sa.bindparam("k")))
_kept = AnyOf(sa.select(seen_requests.c.key, seen_requests.c.workspace), seen_requests.c.key, (2, 20, 200))
_oldest = (
    sa.select(seen_requests.c.key)
    .where(seen_requests.c.at < sa.bindparam("before"))
    .where(~sa.exists().where(outbox.c.request == seen_requests.c.key, outbox.c.ended_at.is_(None)))
    .order_by(seen_requests.c.at)
    .limit(sa.bindparam("most", type_=sa.Integer))
    # Two processes that forget at once take different rows, and neither waits.
    .with_for_update(skip_locked=True)
    .cte("oldest")
)
_forget = (
    sa.delete(seen_requests)
    .where(seen_requests.c.key.in_(sa.select(_oldest.c.key)))
    # SQLite's driver counts no rows of a statement that begins with WITH.
    .returning(seen_requests.c.key)
)

_take_back = sa.delete(seen_requests).where(seen_requests.c.key == sa.bindparam("k"))
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_TRIED_BYTES = 65536
"""More than any change needs: where this has room, they have."""


def answer_to(tx: Transaction, key: str) -> str | None:
    """The sealed answer that this request got, if it had its effect already."""
    rows = _answer(tx, {"k": key})
    return rows[0][0] if rows else None


def kept_among(tx: Transaction, keys: Sequence[str]) -> set[str]:
    """Those of the keys whose requests had their effect."""
    return {key for key, _ in _kept(tx, keys)}


def remember(tx: Transaction, key: str, workspace: str, answer: str, at: datetime) -> bool:
    """Keep the answer; False where the same request was kept meanwhile, so that this one must not count."""
    return _add(tx, {"key": key, "workspace": workspace, "answer": answer, "at": at})


def forget(tx: Transaction, before: datetime, most: int) -> int:
    """Delete answers from before a time, the oldest first and at most so many. How many were deleted.

    An answer that somebody is still to be told stays; a telling that was given up goes with its answer.
    """
    return len(tx.execute(_forget, {"before": before, "most": most}).all())


def try_out(tx: Transaction) -> None:
    """Write, and take it back: fails as any change would."""
    key = token_hex(32)
    _add(tx, {"key": key, "workspace": "", "answer": token_hex(_TRIED_BYTES // 2), "at": _LONG_AGO})
    tx.execute(_take_back, {"k": key})

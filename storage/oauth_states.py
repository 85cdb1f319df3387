"""States of what was begun at Slack's own pages: each comes back once, in its time and for its purpose."""

from datetime import datetime

import sqlalchemy as sa

from storage.oauth_tables import oauth_states
from storage.transactions import Transaction

_add = sa.insert(oauth_states)
# One statement, so that of any number who come at once, in any number of processes, one takes the row.
_consume = (
    sa.delete(oauth_states)
    .where(
        oauth_states.c.hash == sa.bindparam("h"),
        oauth_states.c.purpose == sa.bindparam("p"),
        oauth_states.c.expires_at > sa.bindparam("now"),
    )
    .returning(oauth_states.c.payload)
)
_oldest = (
    sa.select(oauth_states.c.hash)
    .where(oauth_states.c.expires_at < sa.bindparam("before"))
    .order_by(oauth_states.c.expires_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
    # Two processes that forget at once take different rows, and neither waits.
    .with_for_update(skip_locked=True)
    .cte("oldest")
)
_forget = (
    sa.delete(oauth_states)
    .where(oauth_states.c.hash.in_(sa.select(_oldest.c.hash)))
    # SQLite's driver counts no rows of a statement that begins with WITH.
    .returning(oauth_states.c.hash)
)


def add(tx: Transaction, *, state_hash: str, purpose: str, payload: str, expires_at: datetime) -> None:
    """Keep what was begun, sealed, until it comes back or expires."""
    tx.execute(_add, {"hash": state_hash, "purpose": purpose, "payload": payload, "expires_at": expires_at})


def consume(tx: Transaction, state_hash: str, purpose: str, now: datetime) -> str | None:
    """What was begun under this state; None where it was begun for something else, came back before, or expired."""
    return tx.execute(_consume, {"h": state_hash, "p": purpose, "now": now}).scalar()


def forget(tx: Transaction, before: datetime, most: int) -> int:
    """Delete those that expired before a time, the oldest first and at most so many. How many were deleted."""
    return len(tx.execute(_forget, {"before": before, "most": most}).all())

"""Wrong tries, by the hash of whence or where they were made: the newest of each, shared by all processes."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.any_of import AnyOf
from storage.transactions import Transaction
from storage.try_tables import attempts

Times = tuple[int, ...]
"""In milliseconds since 1970, the oldest first."""

_find = AnyOf(sa.select(attempts.c.key, attempts.c.times), attempts.c.key)
# The change that changes nothing is what waits for whoever tries at the same time, a row that is new among them.
_lock = {
    dialect: insert(attempts)
    .on_conflict_do_update(index_elements=[attempts.c.key], set_={"key": attempts.c.key})
    .returning(attempts.c.times)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_set = (
    sa.update(attempts)
    .where(attempts.c.key == sa.bindparam("k"))
    .values(times=sa.bindparam("value"), last_at=sa.bindparam("at"))
)
_oldest = (
    sa.select(attempts.c.key)
    .where(attempts.c.last_at < sa.bindparam("before"))
    .order_by(attempts.c.last_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
    # A row in use is not old, and two processes that forget at once take different rows.
    .with_for_update(skip_locked=True)
    .cte("oldest")
)
_forget = sa.delete(attempts).where(attempts.c.key.in_(sa.select(_oldest.c.key))).returning(attempts.c.key)


def find(tx: Transaction, keys: Sequence[str]) -> dict[str, Times]:
    """The tries under each of these keys that has some."""
    return {key: _read(times) for key, times in _find(tx, keys)}


def lock(tx: Transaction, key: str, at: datetime) -> Times:
    """The tries under a key, which nobody else counts until this transaction ends."""
    times: str = tx.execute(_lock[tx.dialect.name], {"key": key, "times": "", "last_at": at}).scalar_one()
    return _read(times)


def keep(tx: Transaction, key: str, times: Times, at: datetime) -> None:
    """Put these tries, the newest of them at that time, in the place of those under a key that is locked."""
    tx.execute(_set, {"k": key, "value": ",".join(map(str, times)), "at": at})


def forget(tx: Transaction, before: datetime, most: int) -> int:
    """Delete what had its newest try before a time, the oldest first and at most so many. How many were deleted."""
    return len(tx.execute(_forget, {"before": before, "most": most}).all())


def _read(times: str) -> Times:
    return tuple(map(int, times.split(","))) if times else ()

"""What people are still to be told: rows that are written, taken by one process at a time, put off, struck out."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.tables import outbox, seen_requests
from storage.transactions import Transaction

LEASE_MS = 30_000
"""For how long whoever wrote or took a row has it alone."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that is still to be told, as far as one needs to know who has not taken it."""

    request: str
    generation: int
    rest_ms: int
    tries: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A row in one's own hands, with the sealed answer that is to be told."""

    request: str
    workspace: str
    kind: str
    address: str
    generation: int
    tries: int
    at: datetime
    answer: str


_add = sa.insert(outbox)
_waiting = (
    sa.select(outbox.c.request, outbox.c.generation, outbox.c.rest_ms, outbox.c.tries, outbox.c.at)
    .where(outbox.c.ended_at.is_(None))
    .order_by(outbox.c.at, outbox.c.request)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_waiting_after = _waiting.where(
    sa.tuple_(outbox.c.at, outbox.c.request)
    > sa.tuple_(sa.bindparam("last_at", type_=outbox.c.at.type), sa.bindparam("last", type_=outbox.c.request.type))
)
_backlog = sa.select(sa.func.count(), sa.func.min(outbox.c.at)).where(outbox.c.ended_at.is_(None))
_of_this_generation = (
    outbox.c.request == sa.bindparam("r"),
    outbox.c.generation == sa.bindparam("g"),
    outbox.c.ended_at.is_(None),
)
# Who comes while another is taking it does not wait for them.
_free = sa.select(outbox.c.request).where(*_of_this_generation).with_for_update(skip_locked=True).cte("free")
_take = (
    sa.update(outbox)
    .where(outbox.c.request.in_(sa.select(_free.c.request)))
    .values(generation=outbox.c.generation + 1, tries=outbox.c.tries + 1, rest_ms=LEASE_MS)
    .returning(
        outbox.c.request,
        outbox.c.workspace,
        outbox.c.kind,
        outbox.c.address,
        outbox.c.generation,
        outbox.c.tries,
        outbox.c.at,
    )
)
_answer = sa.select(seen_requests.c.answer).where(seen_requests.c.key == sa.bindparam("k"))
_put_off = (
    sa.update(outbox)
    .where(*_of_this_generation)
    .values(
        generation=outbox.c.generation + 1,
        rest_ms=sa.bindparam("rest", type_=sa.Integer),
        tries=sa.bindparam("tried", type_=sa.Integer),
    )
)
_end = sa.update(outbox).where(*_of_this_generation).values(ended_at=sa.bindparam("ended"))
_strike = sa.delete(outbox).where(outbox.c.request == sa.bindparam("r"))


def add(tx: Transaction, *, request: str, workspace: str, kind: str, address: str, at: datetime) -> None:
    """Write a row in the hands of whoever writes it, whose first try it counts. The request must be kept already."""
    row = {"request": request, "workspace": workspace, "kind": kind, "address": address, "at": at}
    tx.execute(_add, row | {"generation": 1, "rest_ms": LEASE_MS, "tries": 1, "ended_at": None})


def waiting(tx: Transaction, most: int, after: Waiting | None = None) -> tuple[Waiting, ...]:
    """The rows that are still to be told, in whosever hands, the oldest first and at most so many.

    With `after`, the ones that come behind it.
    """
    if after is None:
        found = tx.execute(_waiting, {"most": most})
    else:
        found = tx.execute(_waiting_after, {"most": most, "last_at": after.at, "last": after.request})
    return tuple(Waiting(*row) for row in found)


def backlog(tx: Transaction) -> tuple[int, datetime | None]:
    """How many rows are still to be told, and from when the oldest is."""
    count, oldest = tx.execute(_backlog).one()
    return count, oldest


def take(tx: Transaction, request: str, generation: int) -> Taken | None:
    """Take a row of this generation; None where somebody else was faster."""
    row = tx.execute(_take, {"r": request, "g": generation}).mappings().first()
    return None if row is None else Taken(**row, answer=tx.execute(_answer, {"k": request}).scalar_one())


def put_off(tx: Transaction, request: str, generation: int, *, rest_ms: int, tries: int) -> bool:
    """Let a row in one's own hands rest; False where it is in them no more."""
    given = {"r": request, "g": generation, "rest": rest_ms, "tried": tries}
    return tx.execute(_put_off, given).rowcount == 1


def end(tx: Transaction, request: str, generation: int, at: datetime) -> bool:
    """Give a row of this generation up; False where it is of another one, or gone."""
    return tx.execute(_end, {"r": request, "g": generation, "ended": at}).rowcount == 1


def strike(tx: Transaction, request: str) -> None:
    """Strike out what was told, in whosever hands it is."""
    tx.execute(_strike, {"r": request})

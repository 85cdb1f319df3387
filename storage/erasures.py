"""Erasures: members who are nobody any more, each with the number that they are called by."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.departure_tables import erasures
from storage.errors import Conflict
from storage.tables import members
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """An erasure as it is kept."""

    member_id: str
    workspace: str
    number: int
    at: datetime
    returned_at: datetime | None


_columns = tuple(erasures.c[name] for name in ErasureRow.__dataclass_fields__)
_this = erasures.c.member_id == sa.bindparam("m")
_last = sa.select(sa.func.max(erasures.c.number)).where(erasures.c.workspace == sa.bindparam("w"))
_add = InsertUnlessThere(erasures, "workspace", "number")
_again = sa.update(erasures).where(_this).values(at=sa.bindparam("when"), returned_at=None)
_return = sa.update(erasures).where(_this).values(returned_at=sa.bindparam("when"))
_one = sa.select(*_columns).where(_this)
_of = sa.select(*_columns).where(erasures.c.workspace == sa.bindparam("w")).order_by(erasures.c.number)
_every = sa.select(*_columns).order_by(erasures.c.workspace, erasures.c.number)
_known_as = sa.update(members).where(members.c.id == sa.bindparam("m")).values(slack_user=sa.bindparam("name"))


def note(tx: Transaction, workspace: str, member_id: str, at: datetime) -> int:
    """Note that a member was erased; the number that they are called by. Whoever was before keeps theirs.

    Raises:
        Conflict: somebody else was given this number just now.
    """
    found = one(tx, member_id)
    if found is not None:
        tx.execute(_again, {"m": member_id, "when": at})
        return found.number
    number = int(tx.execute(_last, {"w": workspace}).scalar() or 0) + 1
    row = {"member_id": member_id, "workspace": workspace, "number": number, "at": at, "returned_at": None}
    if not _add(tx, row):
        raise Conflict
    return number


def come_back(tx: Transaction, member_id: str, slack_user: str, at: datetime) -> None:
    """Let somebody be the member again that they were."""
    tx.execute(_known_as, {"m": member_id, "name": slack_user})
    tx.execute(_return, {"m": member_id, "when": at})


def one(tx: Transaction, member_id: str) -> ErasureRow | None:
    """The erasure of a member, also where they came back."""
    row = tx.execute(_one, {"m": member_id}).first()
    return None if row is None else ErasureRow(*row)


def of_workspace(tx: Transaction, workspace: str) -> tuple[ErasureRow, ...]:
    """Who was erased in a workspace, by number."""
    return tuple(ErasureRow(*row) for row in tx.execute(_of, {"w": workspace}))


def every(tx: Transaction) -> tuple[ErasureRow, ...]:
    """Everybody who was erased, by workspace and number."""
    return tuple(ErasureRow(*row) for row in tx.execute(_every))

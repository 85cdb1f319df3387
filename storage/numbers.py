"""Meeting numbers: one namespace over all workspaces, each number one person's for good."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.any_of import AnyOf
from storage.claims import Claim, Holding
from storage.straight import Straight
from storage.tables import meeting_numbers
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere

_add = InsertUnlessThere(meeting_numbers, "digits")
_mine = (meeting_numbers.c.digits == sa.bindparam("d"), meeting_numbers.c.holder_id == sa.bindparam("h"))
_back = Straight(
    sa.update(meeting_numbers)
    .where(*_mine)
    .values(claimed_at=sa.bindparam("at"), released_at=None)
    .returning(meeting_numbers.c.digits)
)
_release = Straight(sa.update(meeting_numbers).where(*_mine).values(released_at=sa.bindparam("at")))
_holders = AnyOf(sa.select(meeting_numbers.c.digits, meeting_numbers.c.holder_id), meeting_numbers.c.digits)
_of_holder = (
    sa.select(meeting_numbers.c.digits, meeting_numbers.c.claimed_at, meeting_numbers.c.released_at)
    .where(meeting_numbers.c.holder_id == sa.bindparam("h"))
    .order_by(meeting_numbers.c.claimed_at.desc(), meeting_numbers.c.digits)
)


def claim(tx: Transaction, digits: str, holder_id: str, at: datetime) -> Claim:
    """Take a number, if it is nobody's or this person's already."""
    if _add(tx, {"digits": digits, "holder_id": holder_id, "claimed_at": at, "released_at": None}):
        return Claim.NEW
    mine = _back(tx, {"d": digits, "h": holder_id, "at": at})
    return Claim.BACK if mine else Claim.LOST


def release(tx: Transaction, digits: str, holder_id: str, at: datetime) -> None:
    """Give a number up: from now on it is held for this person."""
    _release(tx, {"d": digits, "h": holder_id, "at": at})


def holders(tx: Transaction, wanted: Sequence[str]) -> dict[str, str]:
    """The holder's id of each of these numbers that is in use or held; the others are free."""
    return dict(_holders(tx, wanted))


def of_holder(tx: Transaction, holder_id: str) -> tuple[Holding, ...]:
    """Every number of this person, live and held, the newest claim first."""
    return tuple(Holding(*row) for row in tx.execute(_of_holder, {"h": holder_id}))

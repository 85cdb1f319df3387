"""A member moves to another number: it is claimed, the one before is released, the member's row says so."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from storage import members, numbers
from storage.claims import Claim
from storage.straight import Straight
from storage.tables import meeting_numbers
from storage.tables import members as members_table
from storage.transactions import Transaction

_MEMBER = sa.bindparam("m", type_=members_table.c.id.type)
_OLD = sa.bindparam("old", type_=meeting_numbers.c.digits.type)
_NEW = sa.bindparam("new", type_=meeting_numbers.c.digits.type)
_AT = sa.bindparam("at", type_=meeting_numbers.c.claimed_at.type)
_claimed = (
    postgresql.insert(meeting_numbers)
    .values(digits=_NEW, holder_id=_MEMBER, claimed_at=_AT, released_at=None)
    .on_conflict_do_nothing(index_elements=[meeting_numbers.c.digits])
    .returning(meeting_numbers.c.digits)
    .cte("claimed")
)
_if_claimed = sa.exists(sa.select(_claimed.c.digits))
_released = (
    sa.update(meeting_numbers)
    .where(meeting_numbers.c.digits == _OLD, meeting_numbers.c.holder_id == _MEMBER, _if_claimed)
    .values(released_at=_AT)
    .returning(meeting_numbers.c.digits)
    .cte("released")
)
_moved = (
    sa.update(members_table)
    .where(members_table.c.id == _MEMBER, _if_claimed)
    .values(pmi=_NEW)
    .returning(members_table.c.id)
    .cte("moved")
)
# PostgreSQL alone can write in a WITH: one way to the server and back, where three statements are three.
_at_once = Straight(sa.select(_claimed.c.digits).add_cte(_released, _moved))


def move(tx: Transaction, member_id: str, old: str, new: str, at: datetime) -> Claim:
    """Make another number the live PMI of a member who is locked; nothing changes where it is somebody else's."""
    if tx.dialect.name == "postgresql":
        moved = _at_once(tx, {"m": member_id, "old": old, "new": new, "at": at})
        if moved:
            return Claim.NEW
    claim = numbers.claim(tx, new, member_id, at)
    if claim is not Claim.LOST:
        numbers.release(tx, old, member_id, at)
        members.set_pmi(tx, member_id, new)
    return claim

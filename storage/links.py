"""Personal links: one namespace over all workspaces; a link that is given up is held for a time."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.any_of import AnyOf
from storage.claims import Claim, Holding
from storage.tables import personal_links
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere

_add = InsertUnlessThere(personal_links, "key")
_mine = (personal_links.c.key == sa.bindparam("k"), personal_links.c.holder_id == sa.bindparam("h"))
_take = (
    sa.update(personal_links)
    .where(personal_links.c.key == sa.bindparam("k"))
    .values(
        holder_id=sa.bindparam("h"),
        spelling=sa.bindparam("s"),
        claimed_at=sa.bindparam("at"),
        released_at=None,
        held_until=None,
    )
    .returning(personal_links.c.key)
)
_back = _take.where(personal_links.c.holder_id == sa.bindparam("h"))
_lapsed = _take.where(personal_links.c.held_until <= sa.bindparam("at"))
_release = (
    sa.update(personal_links).where(*_mine).values(released_at=sa.bindparam("at"), held_until=sa.bindparam("until"))
)
_holders = AnyOf(
    sa.select(personal_links.c.key, personal_links.c.holder_id).where(
        sa.or_(personal_links.c.held_until.is_(None), personal_links.c.held_until > sa.bindparam("at"))
    ),
    personal_links.c.key,
)
_of_holder = (
    sa.select(
        personal_links.c.spelling,
        personal_links.c.claimed_at,
        personal_links.c.released_at,
        personal_links.c.held_until,
    )
    .where(personal_links.c.holder_id == sa.bindparam("h"))
    .order_by(personal_links.c.claimed_at.desc(), personal_links.c.key)
)


def claim(tx: Transaction, key: str, spelling: str, holder_id: str, at: datetime) -> Claim:
    """Take a link, if it is nobody's, this person's already, or its hold for somebody has ended."""
    row = {"key": key, "spelling": spelling, "holder_id": holder_id, "claimed_at": at}
    if _add(tx, row | {"released_at": None, "held_until": None}):
        return Claim.NEW
    wish = {"k": key, "s": spelling, "h": holder_id, "at": at}
    if tx.execute(_back, wish).first() is not None:
        return Claim.BACK
    return Claim.LOST if tx.execute(_lapsed, wish).first() is None else Claim.NEW


def release(tx: Transaction, key: str, holder_id: str, at: datetime, until: datetime) -> None:
    """Give a link up: it is held for this person until then, and free afterwards."""
    tx.execute(_release, {"k": key, "h": holder_id, "at": at, "until": until})


def holders(tx: Transaction, wanted: Sequence[str], at: datetime) -> dict[str, str]:
    """The holder's id of each of these keys that is in use or held at that time; the others are free."""
    return dict(_holders(tx, wanted, {"at": at}))


def of_holder(tx: Transaction, holder_id: str) -> tuple[Holding, ...]:
    """Every link that is still this person's row, live, held or lapsed, the newest claim first."""
    return tuple(Holding(*row) for row in tx.execute(_of_holder, {"h": holder_id}))

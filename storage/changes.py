"""The change log: a row for every change. Rows are added and read, never altered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.ids import new_id
from storage.straight import Straight
from storage.tables import change_log
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what was done (a dotted code), from what, to what. Empty means nothing was there."""

    action: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as it is kept."""

    member_id: str | None
    actor_id: str | None
    action: str
    old: str | None
    new: str | None
    at: datetime


_add = Straight(sa.insert(change_log))
_columns = (
    change_log.c.member_id,
    change_log.c.actor_id,
    change_log.c.action,
    change_log.c.old,
    change_log.c.new,
    change_log.c.at,
)
_of_member = sa.select(*_columns).where(change_log.c.member_id == sa.bindparam("m")).order_by(change_log.c.id.desc())


def record(
    tx: Transaction,
    workspace: str,
    changes: Sequence[Change],
    at: datetime,
    *,
    member_id: str | None,
    actor_id: str | None,
) -> None:
    """Add a row for each change, in order. An empty member means the workspace itself, an empty actor an operator."""
    for place, change in enumerate(changes):
        # A microsecond apart, so that the changes of one moment keep their order.
        moment = at + timedelta(microseconds=place)
        row = {
            "id": new_id(moment),
            "workspace": workspace,
            "member_id": member_id,
            "actor_id": actor_id,
            "action": change.action,
            "old": change.old,
            "new": change.new,
            "at": moment,
        }
        _add(tx, row)


def of_member(tx: Transaction, member_id: str) -> tuple[ChangeRow, ...]:
    """What was changed of one member, the newest first."""
    return tuple(ChangeRow(*row) for row in tx.execute(_of_member, {"m": member_id}))

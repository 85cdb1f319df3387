"""The chain of the change log: links that cover its rows, in the order in which they were sealed.

What a link is made of is not known here. Rows that come late, with an older id than others, are covered like any:
what has no link yet stands in a queue, whatever its id.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

import sqlalchemy as sa

from storage.change_tables import change_chain, change_keys, change_unsealed
from storage.tables import change_log
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class KeptChange:
    """A row of the change log, whole."""

    id: str
    workspace: str
    member_id: str | None
    actor_id: str | None
    action: str
    old: str | None
    new: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a workspace's chain."""

    workspace: str
    position: int
    change_id: str
    key_id: str
    hash: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A secret that links are made with, sealed."""

    id: str
    workspace: str
    secret: str
    made_at: datetime


_change = tuple(change_log.c[name] for name in KeptChange.__dataclass_fields__)
_link = tuple(change_chain.c[name] for name in Link.__dataclass_fields__)
_key = tuple(change_keys.c[name] for name in KeyRow.__dataclass_fields__)
_in_log = sa.and_(change_log.c.id == change_unsealed.c.id, change_log.c.workspace == change_unsealed.c.workspace)
_unsealed = (
    sa.select(*_change)
    .select_from(change_unsealed.join(change_log, _in_log))
    .order_by(change_unsealed.c.workspace, change_unsealed.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_any = sa.select(change_unsealed.c.id).limit(1)
_head = (
    sa.select(*_link)
    .where(change_chain.c.workspace == sa.bindparam("w"))
    .order_by(change_chain.c.position.desc())
    .limit(1)
)
_keys = sa.select(*_key).where(change_keys.c.workspace == sa.bindparam("w")).order_by(change_keys.c.id)
_page = (
    sa.select(*_link)
    .where(change_chain.c.workspace == sa.bindparam("w"), change_chain.c.position > sa.bindparam("after"))
    .order_by(change_chain.c.position)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_changes = sa.select(*_change).where(
    change_log.c.workspace == sa.bindparam("w"), change_log.c.id.in_(sa.bindparam("ids", expanding=True))
)
_has_link = sa.exists().where(
    change_chain.c.workspace == change_log.c.workspace, change_chain.c.change_id == change_log.c.id
)
_waits = sa.exists().where(
    change_unsealed.c.workspace == change_log.c.workspace, change_unsealed.c.id == change_log.c.id
)
_covered = (
    sa.select(change_log.c.id, sa.or_(_has_link, _waits))
    .where(change_log.c.workspace == sa.bindparam("w"), change_log.c.id > sa.bindparam("after"))
    .order_by(change_log.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_waiting = (
    sa.select(change_unsealed.c.id, change_log.c.id.is_not(None))
    .select_from(change_unsealed.outerjoin(change_log, _in_log))
    .where(change_unsealed.c.workspace == sa.bindparam("w"), change_unsealed.c.id > sa.bindparam("after"))
    .order_by(change_unsealed.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_turn = sa.select(sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended("change_chain", sa.literal(0))))


def is_anything_unsealed(tx: Transaction) -> bool:
    """Whether a row of any workspace has no link yet."""
    return tx.execute(_any).first() is not None


def take_turn(tx: Transaction) -> bool:
    """Have nobody else make links until this transaction ends; False where somebody does just now.

    On SQLite whoever writes has the file alone. Were it not so, the primary key would let one of two pass.
    """
    return tx.dialect.name != "postgresql" or bool(tx.execute(_turn).scalar())


def unsealed(tx: Transaction, most: int) -> tuple[KeptChange, ...]:
    """Rows that have no link yet, at most so many: workspace by workspace, the oldest of each first."""
    return tuple(KeptChange(*row) for row in tx.execute(_unsealed, {"most": most}))


def head(tx: Transaction, workspace: str) -> Link | None:
    """The last link of a workspace."""
    row = tx.execute(_head, {"w": workspace}).first()
    return None if row is None else Link(*row)


def add(tx: Transaction, links: Sequence[Link]) -> None:
    """Add links, each workspace's together; the rows that they cover wait for one no more."""
    tx.execute(sa.insert(change_chain), [asdict(link) for link in links])
    for workspace, of_it in groupby(links, key=attrgetter("workspace")):
        ids = [link.change_id for link in of_it]
        done = (change_unsealed.c.workspace == workspace, change_unsealed.c.id.in_(ids))
        tx.execute(sa.delete(change_unsealed).where(*done))


def keys(tx: Transaction, workspace: str) -> tuple[KeyRow, ...]:
    """The secrets of a workspace's chain, the newest last."""
    return tuple(KeyRow(*row) for row in tx.execute(_keys, {"w": workspace}))


def add_key(tx: Transaction, row: KeyRow) -> None:
    """Keep a new secret."""
    tx.execute(sa.insert(change_keys).values(asdict(row)))


def page(tx: Transaction, workspace: str, after: int, most: int) -> list[tuple[Link, KeptChange | None]]:
    """The links behind this position, at most so many, each with the row that it covers if that is there."""
    links = [Link(*row) for row in tx.execute(_page, {"w": workspace, "after": after, "most": most})]
    rows = tx.execute(_changes, {"w": workspace, "ids": [link.change_id for link in links]})
    changes = {row.id: KeptChange(*row) for row in rows}
    return [(link, changes.get(link.change_id)) for link in links]


def covered(tx: Transaction, workspace: str, after: str, most: int) -> list[tuple[str, bool]]:
    """The ids of the log behind this one, at most so many, each with whether it has a link or waits for one."""
    return [(change_id, bool(covered)) for change_id, covered in _ids(tx, _covered, workspace, after, most)]


def waiting(tx: Transaction, workspace: str, after: str, most: int) -> list[tuple[str, bool]]:
    """The ids behind this one that wait for a link, at most so many, each with whether it stands in the log."""
    return [(change_id, bool(there)) for change_id, there in _ids(tx, _waiting, workspace, after, most)]


def _ids(
    tx: Transaction, wanted: sa.Select[str, bool], workspace: str, after: str, most: int
) -> sa.CursorResult[str, bool]:
    return tx.execute(wanted, {"w": workspace, "after": after, "most": most})

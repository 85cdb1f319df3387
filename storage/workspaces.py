"""Workspaces, their plan and what their members start with."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.policy_tables import policies
from storage.straight import Straight
from storage.tables import members, workspaces
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere


@dataclass(frozen=True, slots=True)
class WorkspaceRow:
    """A workspace as it is kept: an empty plan means the default."""

    key: str
    plan: str | None
    members: int
    default_licence: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for whoever has no licence of their own. Empty means the default."""

    plan: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Entitling:
    """What a workspace has and its administrators say, for whoever was never here; empty means the default."""

    plan: str | None = None
    pmis_enabled: bool | None = None
    who_may_customise: str | None = None
    instant_stance: str | None = None
    default_licence: str | None = None
    licence: None = None


_add = InsertUnlessThere(workspaces, "key")
_counted = (
    sa.select(
        workspaces.c.key, workspaces.c.plan, sa.func.count(members.c.id).label("members"), workspaces.c.default_licence
    )
    .select_from(workspaces.outerjoin(members, members.c.workspace == workspaces.c.key))
    .group_by(workspaces.c.key, workspaces.c.plan, workspaces.c.default_licence)
    .order_by(workspaces.c.key)
)
_known = sa.select(sa.exists().where(workspaces.c.key == sa.bindparam("k")))
_entitling = Straight(
    sa.select(
        workspaces.c.plan,
        policies.c.pmis_enabled,
        policies.c.who_may_customise,
        policies.c.pmi_for_instant.label("instant_stance"),
        workspaces.c.default_licence,
    )
    .select_from(workspaces.outerjoin(policies, policies.c.workspace == workspaces.c.key))
    .where(workspaces.c.key == sa.bindparam("k"))
)
_plan = sa.select(workspaces.c.plan).where(workspaces.c.key == sa.bindparam("k"))
_terms = sa.select(workspaces.c.plan, workspaces.c.default_licence).where(workspaces.c.key == sa.bindparam("k"))


def ensure(tx: Transaction, key: str, at: datetime) -> None:
    """Make the workspace known; nothing changes if it is."""
    _add(tx, {"key": key, "plan": None, "created_at": at, "default_licence": None})


def is_known(tx: Transaction, key: str) -> bool:
    """Whether anybody of this workspace was ever here."""
    return bool(tx.execute(_known, {"k": key}).scalar())


def plan_of(tx: Transaction, key: str) -> str | None:
    """The plan that was set, or None: none was, or the workspace is not known."""
    return tx.execute(_plan, {"k": key}).scalar()


def terms_of(tx: Transaction, key: str, *, lock: bool = False) -> Terms:
    """Plan and licence that were set; none where the workspace is not known. Locked, others wait to change them."""
    row = tx.execute(_terms.with_for_update(key_share=True) if lock else _terms, {"k": key}).first()
    return Terms() if row is None else Terms(*row)


def set_default_licence(tx: Transaction, key: str, licence: str | None) -> None:
    """Set what members start with; None means the operator's default again."""
    tx.execute(sa.update(workspaces).where(workspaces.c.key == key).values(default_licence=licence))


def entitling(tx: Transaction, key: str) -> Entitling:
    """What a workspace has and its administrators say."""
    rows = _entitling(tx, {"k": key})
    return Entitling(*rows[0]) if rows else Entitling()


def set_plan(tx: Transaction, key: str, plan: str | None) -> None:
    """Set the plan; None means the default again."""
    tx.execute(sa.update(workspaces).where(workspaces.c.key == key).values(plan=plan))


def every(tx: Transaction) -> tuple[WorkspaceRow, ...]:
    """All workspaces, by key."""
    return tuple(WorkspaceRow(*row) for row in tx.execute(_counted))


def one(tx: Transaction, key: str) -> WorkspaceRow | None:
    """The workspace with this key."""
    row = tx.execute(_counted.where(workspaces.c.key == key)).first()
    return None if row is None else WorkspaceRow(*row)

"""The hosts of workspaces: the one that their addresses show, and those they had before."""

from datetime import datetime

import sqlalchemy as sa

from storage.host_tables import vanity_hosts
from storage.tables import workspaces
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere

_add = InsertUnlessThere(vanity_hosts, "host")
_of = sa.select(workspaces.c.vanity_host).where(workspaces.c.key == sa.bindparam("w"))
_lock = _of.with_for_update(key_share=True)
_earlier = (
    sa.select(vanity_hosts.c.host)
    .where(vanity_hosts.c.workspace == sa.bindparam("w"), vanity_hosts.c.replaced_at.is_not(None))
    .order_by(vanity_hosts.c.replaced_at.desc(), vanity_hosts.c.host)
)
_owner = sa.select(vanity_hosts.c.workspace).where(vanity_hosts.c.host == sa.bindparam("h"))
_again = (
    sa.update(vanity_hosts)
    .where(vanity_hosts.c.host == sa.bindparam("h"))
    .values(set_at=sa.bindparam("t"), replaced_at=None)
)
_replaced = (
    sa.update(vanity_hosts).where(vanity_hosts.c.host == sa.bindparam("h")).values(replaced_at=sa.bindparam("t"))
)
_show = sa.update(workspaces).where(workspaces.c.key == sa.bindparam("w")).values(vanity_host=sa.bindparam("value"))


def of(tx: Transaction, workspace: str) -> str | None:
    """The host that a workspace's addresses show; None for the one of this service."""
    return tx.execute(_of, {"w": workspace}).scalar()


def lock(tx: Transaction, workspace: str) -> str | None:
    """The same, and nobody else changes it until this transaction ends."""
    return tx.execute(_lock, {"w": workspace}).scalar()


def earlier(tx: Transaction, workspace: str) -> tuple[str, ...]:
    """The hosts that a workspace had before, the last one first."""
    return tuple(tx.execute(_earlier, {"w": workspace}).scalars())


def claim(tx: Transaction, host: str, workspace: str, at: datetime) -> bool:
    """Make a host a workspace's for good; False where it is or was another's."""
    if _add(tx, {"host": host, "workspace": workspace, "set_at": at, "replaced_at": None}):
        return True
    if tx.execute(_owner, {"h": host}).scalar() != workspace:
        return False
    tx.execute(_again, {"h": host, "t": at})
    return True


def show(tx: Transaction, workspace: str, host: str | None, before: str | None, at: datetime) -> None:
    """Have the addresses of a workspace, which is locked, show a host of its own in the place of the one before."""
    if before is not None:
        tx.execute(_replaced, {"h": before, "t": at})
    tx.execute(_show, {"w": workspace, "value": host})

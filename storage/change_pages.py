"""The change log of a workspace as it is read: filtered, and page by page behind the id of a row, both ways."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.tables import change_log, members
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of one member, of actions that begin so (or do not), from an id on. Empty means all."""

    member_id: str | None = None
    prefixes: Sequence[str] = ()
    """What stands before the first period of an action."""
    but_for: Sequence[str] = field(default=())
    first: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A row with the Slack ids of those whom it names; of somebody who is no member any more there is only the id."""

    id: str
    member_id: str | None
    member: str | None
    actor_id: str | None
    actor: str | None
    action: str
    old: str | None
    new: str | None
    at: datetime


_whose, _who = members.alias("whose"), members.alias("who")
_logged = sa.select(
    change_log.c.id,
    change_log.c.member_id,
    _whose.c.slack_user,
    change_log.c.actor_id,
    _who.c.slack_user,
    change_log.c.action,
    change_log.c.old,
    change_log.c.new,
    change_log.c.at,
).select_from(
    change_log.outerjoin(
        _whose, sa.and_(_whose.c.id == change_log.c.member_id, _whose.c.workspace == change_log.c.workspace)
    ).outerjoin(_who, sa.and_(_who.c.id == change_log.c.actor_id, _who.c.workspace == change_log.c.workspace))
)


def before(tx: Transaction, workspace: str, wanted: Wanted, row_id: str | None, most: int) -> tuple[Logged, ...]:
    """Rows that are older than this one (None: from the newest on), the newest first and at most so many."""
    found = _of(workspace, wanted).order_by(change_log.c.id.desc()).limit(most)
    if row_id is not None:
        found = found.where(change_log.c.id < row_id)
    return tuple(Logged(*row) for row in tx.execute(found))


def after(tx: Transaction, workspace: str, wanted: Wanted, row_id: str, most: int) -> tuple[Logged, ...]:
    """Rows that are newer than this one, the nearest to it and at most so many; the newest first."""
    found = _of(workspace, wanted).where(change_log.c.id > row_id).order_by(change_log.c.id).limit(most)
    return tuple(Logged(*row) for row in tx.execute(found))[::-1]


def _of(workspace: str, wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    found = _logged.where(change_log.c.workspace == workspace)
    if wanted.first:
        found = found.where(change_log.c.id >= wanted.first)
    if wanted.member_id is not None:
        found = found.where(change_log.c.member_id == wanted.member_id)
    if wanted.prefixes:
        found = found.where(sa.or_(*(_begins(prefix) for prefix in wanted.prefixes)))
    return found.where(*(sa.not_(_begins(prefix)) for prefix in wanted.but_for))


def _begins(prefix: str) -> sa.ColumnElement[bool]:
    return change_log.c.action.startswith(f"{prefix}.", autoescape=True)

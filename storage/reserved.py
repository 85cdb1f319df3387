"""Words that workspaces keep from being chosen as personal links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.name_tables import reserved_names
from storage.straight import Straight
from storage.tables import members, personal_links, workspaces
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is kept: a whole link's key, or the beginning of one."""

    key: str
    is_prefix: bool


@dataclass(frozen=True, slots=True)
class LiveLink:
    """The link that a member uses, as it is spelled."""

    user: str
    key: str
    spelling: str


_plain = sa.func.replace(reserved_names.c.key, ".", "")
_wish = sa.bindparam("plain", type_=sa.String)
_refusing = sa.exists().where(
    reserved_names.c.workspace == sa.bindparam("w"),
    sa.or_(
        sa.and_(sa.not_(reserved_names.c.is_prefix), _plain == _wish),
        sa.and_(reserved_names.c.is_prefix, sa.func.substr(_wish, 1, sa.func.length(_plain)) == _plain),
    ),
)
_holder = (
    sa.select(personal_links.c.holder_id)
    .where(
        personal_links.c.key == sa.bindparam("k"),
        sa.or_(personal_links.c.held_until.is_(None), personal_links.c.held_until > sa.bindparam("at")),
    )
    .scalar_subquery()
)
_standing = Straight(sa.select(_holder.label("holder"), _refusing.label("is_reserved")))
_words = (
    sa.select(reserved_names.c.key, reserved_names.c.is_prefix)
    .where(reserved_names.c.workspace == sa.bindparam("w"))
    .order_by(reserved_names.c.key, reserved_names.c.is_prefix)
)
_lock = sa.select(workspaces.c.key).where(workspaces.c.key == sa.bindparam("w")).with_for_update(key_share=True)
_live = (
    sa.select(members.c.slack_user, personal_links.c.key, personal_links.c.spelling)
    .join(personal_links, personal_links.c.key == members.c.link_key)
    .where(members.c.workspace == sa.bindparam("w"), members.c.slack_user > sa.bindparam("after"))
    .order_by(members.c.slack_user)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_remove = sa.delete(reserved_names).where(
    reserved_names.c.workspace == sa.bindparam("w"),
    reserved_names.c.key == sa.bindparam("k"),
    reserved_names.c.is_prefix == sa.bindparam("p", type_=sa.Boolean),
)


def standing(tx: Transaction, workspace: str, key: str, at: datetime) -> tuple[str | None, bool]:
    """The id of whoever uses or holds a link at that time, and whether the workspace keeps it from being chosen."""
    holder, is_reserved = _standing(tx, {"w": workspace, "k": key, "plain": key.replace(".", ""), "at": at})[0]
    return holder, bool(is_reserved)


def words(tx: Transaction, workspace: str) -> tuple[Word, ...]:
    """Every word of a workspace, in the order of the alphabet."""
    return tuple(Word(*row) for row in tx.execute(_words, {"w": workspace}))


def take_turn(tx: Transaction, workspace: str) -> None:
    """Have nobody else change the words of a workspace until this transaction ends."""
    tx.execute(_lock, {"w": workspace})


def add(tx: Transaction, workspace: str, new: Sequence[Word]) -> None:
    """Add words that are not there yet."""
    rows = [{"workspace": workspace, "key": word.key, "is_prefix": word.is_prefix} for word in new]
    if rows:
        tx.execute(sa.insert(reserved_names), rows)


def remove(tx: Transaction, workspace: str, gone: Sequence[Word]) -> None:
    """Remove words."""
    rows = [{"w": workspace, "k": word.key, "p": word.is_prefix} for word in gone]
    if rows:
        tx.execute(_remove, rows)


def live_links(tx: Transaction, workspace: str, after: str, most: int) -> tuple[LiveLink, ...]:
    """The links that members of a workspace use, by Slack id behind this one, at most so many."""
    return tuple(LiveLink(*row) for row in tx.execute(_live, {"w": workspace, "after": after, "most": most}))

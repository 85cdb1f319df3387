"""Members: who they are to Slack, what they may, and the number and link that are live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.errors import Conflict
from storage.policy_tables import policies
from storage.straight import Straight
from storage.tables import meeting_numbers, members, personal_links, workspaces
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member, with the workspace's plan and licence beside their own licence; empty means the default."""

    id: str
    workspace: str
    slack_user: str
    plan: str | None
    licence: str | None
    pmi: str
    link: str | None
    link_key: str | None
    pmi_for_instant: bool | None
    default_licence: str | None = None
    """The workspace's."""
    left_at: datetime | None = None
    """When they were deactivated; empty while they are there."""
    vanity_host: str | None = None
    """The host that the workspace's addresses show; known where a member was read whole."""
    pmis_enabled: bool | None = None
    """What administrators say; empty where they have said nothing. So are the next two."""
    who_may_customise: str | None = None
    instant_stance: str | None = None


_add = InsertUnlessThere(members, "workspace", "slack_user")
_BEFORE = (
    members.c.id,
    members.c.workspace,
    members.c.slack_user,
    workspaces.c.plan,
    members.c.licence,
    members.c.pmi,
)
_AFTER = (
    members.c.link_key,
    members.c.pmi_for_instant,
    workspaces.c.default_licence,
    members.c.left_at,
    workspaces.c.vanity_host,
    policies.c.pmis_enabled,
    policies.c.who_may_customise,
    policies.c.pmi_for_instant.label("instant_stance"),
)
"""The columns of a `MemberRow`, before and after the link."""
_WITH_WORKSPACE = members.join(workspaces, workspaces.c.key == members.c.workspace).outerjoin(
    policies, policies.c.workspace == members.c.workspace
)
_all = sa.select(*_BEFORE, personal_links.c.spelling.label("link"), *_AFTER).select_from(
    _WITH_WORKSPACE.outerjoin(personal_links, personal_links.c.key == members.c.link_key)
)
_by_id = _all.where(members.c.id == sa.bindparam("i"))
_everybody = _all.where(members.c.workspace == sa.bindparam("w"))
_page = (
    _everybody.where(members.c.slack_user > sa.bindparam("after"))
    .order_by(members.c.slack_user)
    .limit(sa.bindparam("most"))
)
_count = sa.select(sa.func.count()).where(members.c.workspace == sa.bindparam("w"), members.c.left_at.is_(None))
_one = _everybody.where(members.c.slack_user == sa.bindparam("u"))
_find = Straight(_one)
_holder = sa.select(meeting_numbers.c.holder_id).where(meeting_numbers.c.digits == sa.bindparam("d")).scalar_subquery()
_find_beside = Straight(_one.add_columns(_holder))
_lock = Straight(
    sa.select(*_BEFORE, sa.null().label("link"), *_AFTER)
    .select_from(_WITH_WORKSPACE)
    .where(members.c.workspace == sa.bindparam("w"), members.c.slack_user == sa.bindparam("u"))
    .with_for_update(of=members)
)


def find(tx: Transaction, workspace: str, slack_user: str) -> MemberRow | None:
    """The member, if there ever was a first contact."""
    rows = _find(tx, {"w": workspace, "u": slack_user})
    return MemberRow(*rows[0]) if rows else None


def by_id(tx: Transaction, member_id: str) -> MemberRow | None:
    """The member with this id."""
    row = tx.execute(_by_id, {"i": member_id}).first()
    return None if row is None else _member(row)


def find_beside(tx: Transaction, workspace: str, slack_user: str, digits: str) -> tuple[MemberRow, str | None] | None:
    """The member, and beside them the holder's id of a number, if it is in use or held; one statement for both."""
    rows = _find_beside(tx, {"w": workspace, "u": slack_user, "d": digits})
    return (MemberRow(*rows[0][:-1]), rows[0][-1]) if rows else None


def lock(tx: Transaction, workspace: str, slack_user: str) -> MemberRow | None:
    """The member, whose changes by others wait until this transaction ends.

    On PostgreSQL a statement that waited for a row sees that row anew, and the tables beside it as they were before
    the wait; so one statement waits, and where there is a link, the next one reads. On SQLite whoever writes has the
    file alone.
    """
    if tx.dialect.name == "postgresql":
        rows = _lock(tx, {"w": workspace, "u": slack_user})
        locked = MemberRow(*rows[0]) if rows else None
        if locked is None or locked.link_key is None:
            return locked
    return find(tx, workspace, slack_user)


_take_turn = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("who"), sa.literal(0))))


def take_turn(tx: Transaction, workspace: str, slack_user: str) -> bool:
    """Have nobody else add this member until this transaction ends; whether somebody may have done it meanwhile.

    Two who add one member would each have claimed a number first, and could each wait for the other's. On SQLite
    whoever writes has the file alone.
    """
    if tx.dialect.name != "postgresql":
        return False
    tx.execute(_take_turn, {"who": f"{workspace}\n{slack_user}"})
    return True


def add(tx: Transaction, *, member_id: str, workspace: str, slack_user: str, pmi: str, at: datetime) -> None:
    """Add a member with the PMI that was claimed for them.

    Raises:
        Conflict: somebody else added the same member meanwhile.
    """
    values = {
        "id": member_id,
        "workspace": workspace,
        "slack_user": slack_user,
        "licence": None,
        "pmi": pmi,
        "link_key": None,
        "pmi_for_instant": None,
        "created_at": at,
        "left_at": None,
    }
    if not _add(tx, values):
        raise Conflict


_set_pmi = Straight(sa.update(members).where(members.c.id == sa.bindparam("m")).values(pmi=sa.bindparam("value")))
_set_link = sa.update(members).where(members.c.id == sa.bindparam("m")).values(link_key=sa.bindparam("value"))
_set_instant = sa.update(members).where(members.c.id == sa.bindparam("m")).values(pmi_for_instant=sa.bindparam("value"))
_set_licence = sa.update(members).where(members.c.id == sa.bindparam("m")).values(licence=sa.bindparam("value"))
_set_left = sa.update(members).where(members.c.id == sa.bindparam("m")).values(left_at=sa.bindparam("value"))


def set_pmi(tx: Transaction, member_id: str, digits: str) -> None:
    """Make a number that is theirs the live PMI."""
    _set_pmi(tx, {"m": member_id, "value": digits})


def set_link(tx: Transaction, member_id: str, key: str | None) -> None:
    """Make a link that is theirs the live one, or none."""
    tx.execute(_set_link, {"m": member_id, "value": key})


def set_pmi_for_instant(tx: Transaction, member_id: str, *, wanted: bool | None) -> None:
    """Keep whether instant meetings use the PMI; None means that nobody has said."""
    tx.execute(_set_instant, {"m": member_id, "value": wanted})


def set_licence(tx: Transaction, member_id: str, licence: str | None) -> None:
    """Set the licence; None means the default again."""
    tx.execute(_set_licence, {"m": member_id, "value": licence})


def set_left(tx: Transaction, member_id: str, at: datetime | None) -> None:
    """Keep since when somebody is gone; None means that they are there."""
    tx.execute(_set_left, {"m": member_id, "value": at})


def among(tx: Transaction, workspace: str, users: Sequence[str], *, lock: bool = False) -> tuple[MemberRow, ...]:
    """Those of these people who are members, by Slack id. Locked, others wait to change them, in the same order."""
    wanted = _everybody.where(members.c.slack_user.in_(users)).order_by(members.c.slack_user)
    if lock:
        wanted = wanted.with_for_update(of=members, key_share=True)
    return tuple(MemberRow(*row) for row in tx.execute(wanted, {"w": workspace}))


def page(tx: Transaction, workspace: str, after: str, most: int) -> tuple[MemberRow, ...]:
    """The next members of a workspace, by Slack id."""
    rows = tx.execute(_page, {"w": workspace, "after": after, "most": most})
    return tuple(MemberRow(*row) for row in rows)


def count(tx: Transaction, workspace: str) -> int:
    """How many members are there: those who have left do not count."""
    return tx.execute(_count, {"w": workspace}).scalar_one()


def of_workspace(tx: Transaction, workspace: str) -> tuple[MemberRow, ...]:
    """All members of a workspace, by Slack id."""
    rows = tx.execute(_everybody.order_by(members.c.slack_user), {"w": workspace})
    return tuple(_member(row) for row in rows)


def _member(row: Sequence[Any]) -> MemberRow:
    return MemberRow(*row)

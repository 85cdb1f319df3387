"""What goes in a purge: rows of one workspace, a batch at a time, and all that is kept of one person.

Which tables and columns there are to go over is in `classification`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage.classification import KEPT, NAMED, PASSING, THROUGH, emptied
from storage.installation_tables import installations
from storage.meeting_tables import invitations, meetings, posting_lanes, postings, sessions
from storage.metadata import Table
from storage.room_tables import alternative_hosts, rooms
from storage.schedule_tables import invitees, schedules
from storage.tables import guests, members, personal_links, workspaces
from storage.transactions import Transaction

MARK = "~"
"""How a tombstone begins; no Slack id does."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member, by id and by what Slack calls them."""

    id: str
    slack_user: str


@cache
def swept() -> tuple[str, ...]:
    """The tables whose rows go, what refers to others before those."""
    tables = reversed(Table.metadata.sorted_tables)
    return tuple(each.name for each in tables if each.name not in KEPT | PASSING)


def _of_workspace(table: sa.Table) -> sa.ColumnElement[bool]:
    if "workspace" in table.c:
        return table.c.workspace == sa.bindparam("w")
    column, parent = THROUGH[table.name]
    name, key = parent.split(".")
    above = Table.metadata.tables[name]
    return table.c[column].in_(sa.select(above.c[key]).where(above.c.workspace == sa.bindparam("w")))


@cache
def _sweep(name: str) -> sa.sql.dml.ReturningDelete[Any]:
    table = Table.metadata.tables[name]
    keys = list(table.primary_key.columns)
    wanted = sa.select(*keys).where(_of_workspace(table))
    if table is installations:
        # Where it was installed anew while this goes on, that stays.
        wanted = wanted.where(installations.c.bot_token.is_(None))
    some = wanted.limit(sa.bindparam("most", type_=sa.Integer)).subquery("some")
    gone: sa.sql.dml.ReturningDelete[Any] = (
        sa.delete(table).where(sa.tuple_(*keys).in_(sa.select(some))).returning(keys[0])
    )
    return gone


_sweep_people = (
    sa.select(members.c.id, members.c.slack_user)
    .where(members.c.workspace == sa.bindparam("w"), sa.func.substr(members.c.slack_user, 1, 1) != MARK)
    .order_by(members.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update()
)
_release_links = (
    sa.update(personal_links)
    .where(personal_links.c.holder_id == sa.bindparam("m"), personal_links.c.released_at.is_(None))
    .values(released_at=sa.bindparam("at"), held_until=sa.bindparam("until"))
)
_clear_member = (
    sa.update(members)
    .where(members.c.id == sa.bindparam("m"))
    .values(dict.fromkeys(emptied("member")) | {"slack_user": sa.bindparam("mark")})
)
_clear_workspace = dict.fromkeys(emptied("workspace"))
_lapsed = (
    sa.select(personal_links.c.key)
    .join(members, members.c.id == personal_links.c.holder_id)
    .where(personal_links.c.held_until <= sa.bindparam("now"), sa.func.substr(members.c.slack_user, 1, 1) == MARK)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def sweep(tx: Transaction, workspace: str, table: str, most: int) -> int:
    """Delete rows of a workspace in one table, at most so many. How many were deleted."""
    return len(tx.execute(_sweep(table), {"w": workspace, "most": most}).all())


def people(tx: Transaction, workspace: str, most: int) -> tuple[Somebody, ...]:
    """Members of a workspace who are not erased, at most so many, locked until this transaction ends."""
    return tuple(Somebody(*row) for row in tx.execute(_sweep_people, {"w": workspace, "most": most}))


def clear_member(tx: Transaction, member_id: str, mark: str, at: datetime, links_until: datetime) -> None:
    """Leave of a member's own row what is nobody's, with a tombstone; their link is given up and held until then."""
    tx.execute(_clear_member, {"m": member_id, "mark": mark})
    tx.execute(_release_links, {"m": member_id, "at": at, "until": links_until})


def clear_workspace(tx: Transaction, workspace: str) -> None:
    """Empty what of a workspace's own row is personal."""
    if _clear_workspace:
        tx.execute(sa.update(workspaces).where(workspaces.c.key == workspace).values(_clear_workspace))


def forget_links(tx: Transaction, now: datetime, most: int) -> int:
    """Delete links whose holders were erased and whose hold is over, at most so many. How many were deleted."""
    keys = tx.execute(_lapsed, {"now": now, "most": most}).scalars().all()
    if keys:
        tx.execute(sa.delete(personal_links).where(personal_links.c.key.in_(keys), personal_links.c.held_until <= now))
    return len(keys)


def forget_person(tx: Transaction, workspace: str, person: Somebody, mark: str) -> None:
    """Delete all that is kept of one person beside their own row, and their name where it stands in others' rows."""
    for statement in _of_person(workspace, person, mark):
        tx.execute(statement)


def _of_person(workspace: str, person: Somebody, mark: str) -> Iterator[sa.Delete | sa.Update]:
    user = person.slack_user
    theirs = sa.select(meetings.c.id).where(meetings.c.member_id == person.id)
    met = sa.select(sessions.c.id).where(sessions.c.member_id == person.id)
    here = sa.select(meetings.c.id).where(meetings.c.workspace == workspace)
    rooms_here = sa.select(rooms.c.member_id).where(rooms.c.workspace == workspace)
    of_them = (guests.c.member_id == person.id, guests.c.slack_user == user)
    yield sa.delete(guests).where(guests.c.workspace == workspace, sa.or_(*of_them))
    held = (invitations.c.member_id == person.id, invitations.c.guest == user)
    yield sa.delete(invitations).where(invitations.c.workspace == workspace, sa.or_(*held))
    about = (postings.c.subject == person.id, postings.c.subject.in_(theirs), postings.c.subject.in_(met))
    to_them = postings.c.slack_user == user
    yield sa.delete(postings).where(postings.c.workspace == workspace, sa.or_(*about, to_them))
    yield sa.delete(posting_lanes).where(posting_lanes.c.lane == user)
    yield sa.delete(sessions).where(sessions.c.member_id == person.id)
    yield sa.delete(schedules).where(schedules.c.meeting_id.in_(theirs))
    yield sa.delete(meetings).where(meetings.c.member_id == person.id)
    yield sa.delete(rooms).where(rooms.c.member_id == person.id)
    yield sa.delete(alternative_hosts).where(
        alternative_hosts.c.slack_user == user, alternative_hosts.c.room_id.in_(rooms_here)
    )
    yield sa.delete(invitees).where(invitees.c.slack_user == user, invitees.c.meeting_id.in_(here))
    for name, column in NAMED:
        table = Table.metadata.tables[name]
        named = (table.c.workspace == workspace, table.c[column] == user)
        yield sa.update(table).where(*named).values({column: mark})

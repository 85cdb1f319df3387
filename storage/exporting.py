"""All that is kept about one member, row by row. What is sealed is sealed in it."""

from collections.abc import Iterator

import sqlalchemy as sa

from storage.departure_tables import erasures
from storage.meeting_tables import invitations, meetings, postings, sessions
from storage.room_tables import alternative_hosts, rooms
from storage.schedule_tables import invitees, occurrences, schedules
from storage.tables import change_log, guests, installations, meeting_numbers, members, personal_links
from storage.transactions import Transaction

Row = dict[str, object]


def of_person(tx: Transaction, workspace: str, member_id: str, user: str) -> dict[str, list[Row]]:
    """By the names of the tables; in each the oldest row first, as its key has it."""
    found: dict[str, list[Row]] = {}
    for table, condition in _about(workspace, member_id, user):
        rows = tx.execute(sa.select(table).where(condition).order_by(*table.primary_key.columns)).mappings()
        found[table.name] = [dict(row) for row in rows]
    return found


def _about(workspace: str, member_id: str, user: str) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    theirs = sa.select(meetings.c.id).where(meetings.c.member_id == member_id)
    here = sa.select(meetings.c.id).where(meetings.c.workspace == workspace)
    rooms_here = sa.select(rooms.c.member_id).where(rooms.c.workspace == workspace)
    yield members, members.c.id == member_id
    yield erasures, erasures.c.member_id == member_id
    yield meeting_numbers, meeting_numbers.c.holder_id == member_id
    yield personal_links, personal_links.c.holder_id == member_id
    yield rooms, rooms.c.member_id == member_id
    yield (
        alternative_hosts,
        sa.or_(
            alternative_hosts.c.room_id == member_id,
            sa.and_(alternative_hosts.c.slack_user == user, alternative_hosts.c.room_id.in_(rooms_here)),
        ),
    )
    yield meetings, meetings.c.member_id == member_id
    yield schedules, schedules.c.meeting_id.in_(theirs)
    yield occurrences, occurrences.c.meeting_id.in_(theirs)
    # Whom they invited, and where they were.
    invited = sa.and_(invitees.c.slack_user == user, invitees.c.meeting_id.in_(here))
    yield invitees, sa.or_(invitees.c.meeting_id.in_(theirs), invited)
    by_them = sa.or_(sessions.c.started_by == user, sessions.c.ended_by == user)
    yield sessions, sa.or_(sessions.c.member_id == member_id, sa.and_(sessions.c.workspace == workspace, by_them))
    yield invitations, sa.and_(invitations.c.workspace == workspace, invitations.c.guest == user)
    yield guests, sa.and_(guests.c.workspace == workspace, guests.c.slack_user == user)
    yield postings, sa.and_(postings.c.workspace == workspace, postings.c.slack_user == user)
    yield installations, sa.and_(installations.c.workspace == workspace, installations.c.installer == user)
    yield (
        change_log,
        sa.and_(
            change_log.c.workspace == workspace,
            sa.or_(change_log.c.member_id == member_id, change_log.c.actor_id == member_id),
        ),
    )

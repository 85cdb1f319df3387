"""What stands behind a number, a link, or an id: a room or a meeting, with what guards it. One statement for each.

Nothing stands there where the app has left the workspace.
"""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.departures import is_away
from storage.meeting_tables import meetings
from storage.policy_tables import policies
from storage.room_tables import rooms
from storage.tables import meeting_numbers, members, personal_links
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Behind:
    """A room, or a meeting with a number of its own."""

    workspace: str
    member_id: str
    """Whose it is."""
    pmi: str
    link_key: str | None
    meeting_id: str | None
    """The meeting; empty for the room."""
    number: str | None
    """The meeting's own number."""
    guarded_by: str | None
    """Whose passcode it is, for its place: the room's or the meeting's id; empty where there is no room yet."""
    passcode: str | None = field(repr=False)
    """Sealed; empty where there is none."""
    cancelled_at: datetime | None
    passcode_stance: str | None = None
    """What administrators say of passcodes; empty where they have said nothing. So is the next."""
    old_addresses_lead_on: bool | None = None


_OF_POLICY = (policies.c.passcode.label("passcode_stance"), policies.c.old_addresses_lead_on)
_OF_ROOM = (
    members.c.workspace,
    members.c.id,
    members.c.pmi,
    members.c.link_key,
    sa.null().label("meeting_id"),
    sa.null().label("number"),
    rooms.c.member_id,
    rooms.c.passcode,
    sa.null().label("cancelled_at"),
    *_OF_POLICY,
)
_OF_MEETING = (
    meetings.c.workspace,
    meetings.c.member_id,
    members.c.pmi,
    members.c.link_key,
    meetings.c.id,
    meetings.c.number,
    sa.case((meetings.c.number.is_(None), rooms.c.member_id), else_=meetings.c.id),
    sa.case((meetings.c.number.is_(None), rooms.c.passcode), else_=meetings.c.passcode),
    meetings.c.cancelled_at,
    *_OF_POLICY,
)
_WITH_ROOM = members.outerjoin(rooms, rooms.c.member_id == members.c.id).outerjoin(
    policies, policies.c.workspace == members.c.workspace
)
_THERE = members.c.left_at.is_(None)
"""Behind the door of somebody who has left is nobody."""
_room = (
    sa.select(*_OF_ROOM)
    .select_from(_WITH_ROOM)
    .where(members.c.id == sa.bindparam("i"), _THERE, ~is_away(members.c.workspace))
)
_meeting = (
    sa.select(*_OF_MEETING)
    .select_from(meetings.join(_WITH_ROOM, members.c.id == meetings.c.member_id))
    .where(meetings.c.id == sa.bindparam("i"), _THERE, ~is_away(meetings.c.workspace))
)
_number_holder = sa.select(meeting_numbers.c.holder_id).where(meeting_numbers.c.digits == sa.bindparam("d"))
_link_holder = sa.select(personal_links.c.holder_id).where(
    personal_links.c.key == sa.bindparam("k"),
    sa.or_(personal_links.c.held_until.is_(None), personal_links.c.held_until > sa.bindparam("at")),
)


def holder_of_number(tx: Transaction, digits: str) -> str | None:
    """The id of the member or meeting whose number it is or was."""
    return tx.execute(_number_holder, {"d": digits}).scalar()


def holder_of_link(tx: Transaction, key: str, at: datetime) -> str | None:
    """The id of the member whose link it is, or is held for at that time."""
    return tx.execute(_link_holder, {"k": key, "at": at}).scalar()


def room(tx: Transaction, member_id: str) -> Behind | None:
    """The room of a member."""
    row = tx.execute(_room, {"i": member_id}).first()
    return None if row is None else Behind(*row)


def meeting(tx: Transaction, meeting_id: str) -> Behind | None:
    """A meeting; where it has no number of its own, the room that it takes place in is what guards it."""
    row = tx.execute(_meeting, {"i": meeting_id}).first()
    return None if row is None else Behind(*row)

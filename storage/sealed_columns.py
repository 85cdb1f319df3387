"""Which columns hold sealed values, and what makes up the place of each."""

from dataclasses import dataclass

from sqlalchemy import Column

from storage.change_tables import change_keys
from storage.guest_tables import guests
from storage.installation_tables import installations
from storage.meeting_tables import invitations, meetings, postings, sessions
from storage.oauth_tables import oauth_states
from storage.room_tables import rooms
from storage.tables import outbox, seen_requests


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column whose values are sealed, with the two columns that, beside the names, make up a value's place."""

    value: Column[str]
    workspace: Column[str]
    key: Column[str]
    """The primary key."""


SEALED = (
    SealedColumn(seen_requests.c.answer, seen_requests.c.workspace, seen_requests.c.key),
    SealedColumn(outbox.c.address, outbox.c.workspace, outbox.c.request),
    SealedColumn(rooms.c.passcode, rooms.c.workspace, rooms.c.member_id),
    SealedColumn(meetings.c.passcode, meetings.c.workspace, meetings.c.id),
    SealedColumn(sessions.c.handle, sessions.c.workspace, sessions.c.id),
    SealedColumn(invitations.c.secret, invitations.c.workspace, invitations.c.key_hash),
    SealedColumn(postings.c.response_url, postings.c.workspace, postings.c.id),
    SealedColumn(guests.c.name, guests.c.workspace, guests.c.id),
    SealedColumn(oauth_states.c.payload, oauth_states.c.purpose, oauth_states.c.hash),
    SealedColumn(installations.c.bot_token, installations.c.workspace, installations.c.key),
    SealedColumn(installations.c.refresh_token, installations.c.workspace, installations.c.key),
    SealedColumn(change_keys.c.secret, change_keys.c.workspace, change_keys.c.id),
)
"""Every column whose values are sealed: `python -m bot keys rotate` seals again what stands in these."""

"""Invitations: keys that open a room, a meeting or one session of it, until they are taken back."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.meeting_tables import invitations
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as it is kept."""

    key_hash: str
    workspace: str
    member_id: str
    """Whose room or meeting it opens."""
    meeting_id: str | None
    session_id: str | None
    """Where it opens one session alone."""
    number: str
    """The number that it was given out with."""
    guest: str | None
    """The Slack id of whom it was given to; empty where a channel was."""
    secret: str = field(repr=False)
    """Sealed."""
    created_at: datetime
    revoked_at: datetime | None = None


_COLUMNS = tuple(InvitationRow.__dataclass_fields__)
_all = sa.select(*(invitations.c[name] for name in _COLUMNS))
_valid = invitations.c.revoked_at.is_(None)
_add = sa.insert(invitations)
_find = _all.where(invitations.c.key_hash == sa.bindparam("k"))
_newest = (
    _all.where(
        invitations.c.member_id == sa.bindparam("m"),
        invitations.c.meeting_id.is_not_distinct_from(sa.bindparam("g", type_=sa.String)),
        invitations.c.session_id.is_not_distinct_from(sa.bindparam("s", type_=sa.String)),
        invitations.c.guest.is_not_distinct_from(sa.bindparam("u", type_=sa.String)),
        _valid,
    )
    .order_by(invitations.c.created_at.desc(), invitations.c.key_hash)
    .limit(1)
)
_revoke = sa.update(invitations).where(_valid).values(revoked_at=sa.bindparam("at"))
_revoke_room = _revoke.where(invitations.c.member_id == sa.bindparam("m"), invitations.c.meeting_id.is_(None))
_revoke_meeting = _revoke.where(invitations.c.meeting_id == sa.bindparam("g"))
_revoke_guest = _revoke_meeting.where(invitations.c.guest == sa.bindparam("u"))
_revoke_channel = _revoke_meeting.where(invitations.c.guest.is_(None), invitations.c.session_id.is_(None))


def add(tx: Transaction, row: InvitationRow) -> None:
    """Add an invitation."""
    tx.execute(_add, {name: getattr(row, name) for name in _COLUMNS})


def find(tx: Transaction, key_hash: str) -> InvitationRow | None:
    """The invitation with this key, valid or taken back."""
    row = tx.execute(_find, {"k": key_hash}).first()
    return None if row is None else InvitationRow(*row)


def newest(
    tx: Transaction, member_id: str, *, meeting_id: str | None, session_id: str | None, guest: str | None
) -> InvitationRow | None:
    """The newest valid invitation for just this."""
    row = tx.execute(_newest, {"m": member_id, "g": meeting_id, "s": session_id, "u": guest}).first()
    return None if row is None else InvitationRow(*row)


def revoke_room(tx: Transaction, member_id: str, at: datetime) -> int:
    """Take back every invitation to a member's room itself; how many."""
    return tx.execute(_revoke_room, {"m": member_id, "at": at}).rowcount


def revoke_guest(tx: Transaction, meeting_id: str, guest: str, at: datetime) -> int:
    """Take back somebody's own invitation to a meeting; how many."""
    return tx.execute(_revoke_guest, {"g": meeting_id, "u": guest, "at": at}).rowcount


def revoke_channel(tx: Transaction, meeting_id: str, at: datetime) -> int:
    """Take back what a channel was given for a meeting, but for keys of one session of it; how many."""
    return tx.execute(_revoke_channel, {"g": meeting_id, "at": at}).rowcount

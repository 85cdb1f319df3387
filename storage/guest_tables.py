"""The table of guests: who stands at the door of a room or a meeting."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Text
from sqlmodel import Field

from storage.metadata import ID, Table, one_of, where

GUEST_STATES = ("waiting", "admitted", "denied", "gone")
HASH = 64


class Guest(Table, table=True):
    """One browser at one door. It is forgotten after a day without a sign of life."""

    __tablename__ = "guest"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        ForeignKeyConstraint(["member_id"], ["member.id"]),
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        ForeignKeyConstraint(["session_id"], ["session.id"]),
        where("state = 'waiting'", "ix_guest_waiting", "place_id", "asked_at"),
        where("state = 'waiting'", "ix_guest_waiting_source", "source"),
        Index(None, "place_id", "decided_at"),
        Index(None, "seen_at"),
        CheckConstraint(f"length(id) = {HASH}", name="id_is_a_hash"),
        CheckConstraint(f"length(source) = {HASH}", name="source_is_a_hash"),
        CheckConstraint(
            "place_id = coalesce(CASE WHEN in_room THEN member_id ELSE meeting_id END, '')", name="is_at_a_place"
        ),
        CheckConstraint("substr(name, 1, 3) = 'v1.'", name="name_is_sealed"),
        CheckConstraint(one_of("state", GUEST_STATES), name="state_is_known"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="a_decision_has_a_time"),
        CheckConstraint("(state = 'admitted') = (session_id IS NOT NULL)", name="is_admitted_to_a_session"),
        CheckConstraint("slack_user IS NOT NULL OR NOT signed_in", name="who_signed_in_is_somebody"),
    )

    id: str = Field(max_length=HASH)
    """Hash of the place and of the random text in the browser's cookie: nobody comes in with what stands here."""
    workspace: str = Field(max_length=32)
    member_id: str = Field(max_length=ID)
    """Whose room or meeting it is."""
    meeting_id: str | None = Field(default=None, max_length=ID)
    in_room: bool
    place_id: str = Field(max_length=ID)
    """The member in whose room, or the meeting on whose number, they want to meet."""
    number: str = Field(max_length=11)
    """As the guest's address or key has it."""
    name: str | None = Field(default=None, sa_type=Text)
    """As the guest gave it, sealed; empty where their Slack id says who they are."""
    slack_user: str | None = Field(default=None, max_length=32)
    """Who has signed in; else whose invitation it is."""
    signed_in: bool
    source: str = Field(max_length=HASH)
    """Keyed hash of where the request came from."""
    state: str = Field(max_length=16)
    session_id: str | None = Field(default=None, max_length=ID)
    """The session that a host has let them in to."""
    asked_at: datetime
    seen_at: datetime
    """The last sign of life, to a third of a minute."""
    decided_at: datetime | None = None
    decided_by: str | None = Field(default=None, max_length=32)
    """The Slack id of the host who decided; empty where the guest left, or the door opened by itself."""


guests = Table.metadata.tables["guest"]

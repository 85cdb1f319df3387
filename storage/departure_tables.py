"""The tables of leaving: which workspaces the app has left and what is to go of them, and who was erased."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field

from storage.metadata import ID, Table, where


class Departure(Table, table=True):
    """A workspace that the app has left, once or more often. Its rooms are closed until it comes back."""

    __tablename__ = "departure"
    __table_args__ = (
        PrimaryKeyConstraint("workspace"),
        where("purge_after IS NOT NULL", "ix_departure_purge_after", "purge_after", "workspace"),
        where("closed_at IS NULL AND returned_at IS NULL", "ix_departure_open", "workspace"),
        CheckConstraint("length(workspace) >= 2", name="workspace_is_an_id"),
        CheckConstraint("returned_at IS NULL OR purge_after IS NULL", name="nothing_goes_of_what_came_back"),
        CheckConstraint("leased_until IS NULL OR purge_after IS NOT NULL", name="nobody_purges_what_is_purged"),
        CheckConstraint("generation >= 1", name="generation_counts_up"),
    )

    workspace: str = Field(max_length=32)
    left_at: datetime
    purge_after: datetime | None = None
    """From when on all goes that is personal; empty once it has, or where the app came back before."""
    stays: bool
    """Whether the app stays there and only the data goes: it is open again afterwards."""
    begun_at: datetime | None = None
    """When the purge began, or was asked for: from then on it is done to its end."""
    leased_until: datetime | None = None
    """Until then one process purges, and the others leave it alone."""
    generation: int
    """Counts who purged: whose generation is past goes no further."""
    closed_at: datetime | None = None
    """When the last meeting that ran there was ended."""
    purged_at: datetime | None = None
    """When it was purged last."""
    returned_at: datetime | None = None
    """When the app came back; empty while it is away."""


class Erasure(Table, table=True):
    """A member of whom all is gone that is personal. They come back as the same member, if ever they do."""

    __tablename__ = "erasure"
    __table_args__ = (
        PrimaryKeyConstraint("member_id"),
        UniqueConstraint("workspace", "number"),
        ForeignKeyConstraint(["member_id"], ["member.id"]),
        CheckConstraint("number >= 1", name="number_counts_up"),
    )

    member_id: str = Field(max_length=ID)
    workspace: str = Field(max_length=32)
    number: int
    """Which of those who were erased there they are: what they are called where they did something."""
    at: datetime
    returned_at: datetime | None = None
    """When they came back; empty while they are nobody."""


departures = Table.metadata.tables["departure"]
erasures = Table.metadata.tables["erasure"]

"""The tables beside the change log: its chain, the keys that links are made with, and what has no link yet.

Triggers of the database itself refuse to alter or remove rows of `change_log` and `change_chain`, and put each new row
of the log into the queue of those without a link (see migration 0012).
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field

from storage.metadata import ID, Table

HASH = 64
"""Length of a hash, in hexadecimal digits."""


class ChangeUnsealed(Table, table=True):
    """A row of the change log that has no link yet. A trigger adds it, and whoever makes its link takes it away."""

    __tablename__ = "change_unsealed"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "id"),
        CheckConstraint(f"length(id) = {ID}", name="id_has_its_length"),
    )

    workspace: str = Field(max_length=32)
    id: str = Field(max_length=ID)


class ChangeKey(Table, table=True):
    """A secret that links of one workspace are made with. It is sealed, so that rotating keys leaves the links good."""

    __tablename__ = "change_key"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        Index(None, "workspace", "id"),
        CheckConstraint(f"length(id) = {ID}", name="id_has_its_length"),
        CheckConstraint("substr(secret, 1, 3) = 'v1.'", name="secret_is_sealed"),
    )

    id: str = Field(max_length=ID)
    workspace: str = Field(max_length=32)
    secret: str = Field(sa_type=Text)
    made_at: datetime


class ChangeLink(Table, table=True):
    """A link of a workspace's chain: it covers one row of the log, and the link before it.

    It names the row without a foreign key: so that a row that is gone is missed, its link must be able to outlive it.
    """

    __tablename__ = "change_chain"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "position"),
        UniqueConstraint("workspace", "change_id"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        CheckConstraint("position >= 1", name="position_counts_up"),
        CheckConstraint(f"length(change_id) = {ID}", name="change_id_has_its_length"),
        CheckConstraint(f"length(hash) = {HASH}", name="hash_is_a_hash"),
    )

    workspace: str = Field(max_length=32)
    position: int
    """From 1 on, without a gap."""
    change_id: str = Field(max_length=ID)
    key_id: str = Field(max_length=ID)
    hash: str = Field(max_length=HASH)
    made_at: datetime


change_unsealed = Table.metadata.tables["change_unsealed"]
change_keys = Table.metadata.tables["change_key"]
change_chain = Table.metadata.tables["change_chain"]

"""The table of the names that workspaces keep from being chosen as personal links."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint
from sqlmodel import Field

from storage.metadata import Table, only


class ReservedName(Table, table=True):
    """A word that nobody of a workspace can choose as their whole link, or as its beginning."""

    __tablename__ = "reserved_name"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "key", "is_prefix"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        CheckConstraint("length(key) BETWEEN 1 AND 40", name="key_has_a_length"),
        CheckConstraint(only("key", "abcdefghijklmnopqrstuvwxyz0123456789."), name="key_is_canonical"),
        CheckConstraint("substr(key, length(key), 1) <> '.'", name="key_ends_without_a_period"),
        CheckConstraint("length(key) >= 2 OR NOT is_prefix", name="a_prefix_is_2_or_more"),
    )

    workspace: str = Field(max_length=32)
    key: str = Field(max_length=40)
    """As links are found: lower-case, without periods at the end."""
    is_prefix: bool


reserved_names = Table.metadata.tables["reserved_name"]

"""The table of wrong tries: what keeps people from guessing passcodes, over all processes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlmodel import Field

from storage.metadata import Table, only


class Attempt(Table, table=True):
    """The newest wrong tries from one place, or at one address. Neither stands here in clear."""

    __tablename__ = "attempt"
    __table_args__ = (
        PrimaryKeyConstraint("key"),
        Index(None, "last_at"),
        CheckConstraint("length(key) = 64", name="key_is_a_hash"),
        CheckConstraint(only("times", "0123456789,"), name="times_are_numbers"),
    )

    key: str = Field(max_length=64)
    """Hash under a key of the program's own: 64 hexadecimal digits."""
    times: str = Field(max_length=200)
    """When, in milliseconds since 1970, the oldest first, with commas between."""
    last_at: datetime
    """When the newest of them was."""


attempts = Table.metadata.tables["attempt"]

"""The table of states: what was begun at Slack's own pages and must come back from there once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Text
from sqlmodel import Field

from storage.metadata import Table, one_of

PURPOSES = ("sign_in", "install")


class OAuthState(Table, table=True):
    """One row for each way to Slack that somebody has begun and not come back from."""

    __tablename__ = "oauth_state"
    __table_args__ = (
        PrimaryKeyConstraint("hash"),
        Index(None, "expires_at"),
        CheckConstraint("length(hash) = 64", name="hash_is_a_hash"),
        CheckConstraint(one_of("purpose", PURPOSES), name="purpose_is_known"),
        CheckConstraint("substr(payload, 1, 3) = 'v1.'", name="payload_is_sealed"),
    )

    hash: str = Field(max_length=64)
    """Of the state: whoever reads the table can finish nothing."""
    purpose: str = Field(max_length=16)
    payload: str = Field(sa_type=Text)
    """What was begun, sealed; in its place the purpose stands for the workspace, which nobody knows yet."""
    expires_at: datetime


oauth_states = Table.metadata.tables["oauth_state"]

"""The table of installations: one row for each place where the app was installed, with what it may speak with there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Text
from sqlmodel import Field

from storage.metadata import Table


class Installation(Table, table=True):
    """One row for each place, however often the app was installed there. What is revoked has no token."""

    __tablename__ = "installation"
    __table_args__ = (
        PrimaryKeyConstraint("key"),
        Index(None, "workspace"),
        # Enterprise and team are the key, so that there is one row for both; neither id has a slash.
        CheckConstraint("key = enterprise || '/' || team", name="key_is_its_place"),
        CheckConstraint(
            "workspace = CASE WHEN enterprise = '' THEN team ELSE enterprise END", name="workspace_is_the_wider"
        ),
        CheckConstraint(
            "CASE WHEN of_organisation THEN length(enterprise) >= 2 AND team = '' ELSE length(team) >= 2 END",
            name="place_is_a_team_or_an_organisation",
        ),
        CheckConstraint("length(app_id) >= 2", name="app_id_is_an_id"),
        CheckConstraint("length(bot_user) >= 2", name="bot_user_is_an_id"),
        CheckConstraint("length(installer) >= 2", name="installer_is_an_id"),
        CheckConstraint("substr(bot_token, 1, 3) = 'v1.'", name="bot_token_is_sealed"),
        CheckConstraint("substr(refresh_token, 1, 3) = 'v1.'", name="refresh_token_is_sealed"),
        CheckConstraint("(bot_token IS NULL) = (revoked_at IS NOT NULL)", name="what_is_revoked_has_no_token"),
        CheckConstraint("refresh_token IS NULL OR bot_token IS NOT NULL", name="nothing_refreshes_no_token"),
        CheckConstraint("(refresh_token IS NULL) = (expires_at IS NULL)", name="what_expires_is_refreshed"),
        CheckConstraint("generation >= 1", name="generation_counts_up"),
    )

    key: str = Field(max_length=65)
    workspace: str = Field(max_length=32)
    """Enterprise id, else team id: the tenant."""
    enterprise: str = Field(max_length=32)
    """Empty outside organisations."""
    team: str = Field(max_length=32)
    """Empty for an organisation as a whole."""
    of_organisation: bool
    """Whether it covers every team of the organisation."""
    app_id: str = Field(max_length=32)
    bot_user: str = Field(max_length=32)
    installer: str = Field(max_length=32)
    bot_token: str | None = Field(default=None, sa_type=Text)
    """Sealed."""
    refresh_token: str | None = Field(default=None, sa_type=Text)
    """Sealed; works once. Empty where tokens do not expire."""
    expires_at: datetime | None = None
    """When the bot token expires."""
    scopes: str = Field(sa_type=Text)
    """What was granted, separated by commas."""
    installed_at: datetime
    """By Slack's clock."""
    revoked_at: datetime | None = None
    leased_until: datetime | None = None
    """Until then somebody else is refreshing the token."""
    generation: int
    """Counts every change of the tokens."""


installations = Table.metadata.tables["installation"]

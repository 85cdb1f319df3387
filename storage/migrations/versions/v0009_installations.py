"""Where the app was installed by OAuth."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("key", sa.String(65), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("enterprise", sa.String(32), nullable=False),
        sa.Column("team", sa.String(32), nullable=False),
        sa.Column("of_organisation", sa.Boolean(), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        sa.Column("bot_user", sa.String(32), nullable=False),
        sa.Column("installer", sa.String(32), nullable=False),
        sa.Column("bot_token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_installation"),
        sa.CheckConstraint("key = enterprise || '/' || team", name=op.f("ck_installation_key_is_its_place")),
        sa.CheckConstraint(
            "workspace = CASE WHEN enterprise = '' THEN team ELSE enterprise END",
            name=op.f("ck_installation_workspace_is_the_wider"),
        ),
        sa.CheckConstraint(
            "CASE WHEN of_organisation THEN length(enterprise) >= 2 AND team = '' ELSE length(team) >= 2 END",
            name=op.f("ck_installation_place_is_a_team_or_an_organisation"),
        ),
        sa.CheckConstraint("length(app_id) >= 2", name=op.f("ck_installation_app_id_is_an_id")),
        sa.CheckConstraint("length(bot_user) >= 2", name=op.f("ck_installation_bot_user_is_an_id")),
        sa.CheckConstraint("length(installer) >= 2", name=op.f("ck_installation_installer_is_an_id")),
        sa.CheckConstraint("substr(bot_token, 1, 3) = 'v1.'", name=op.f("ck_installation_bot_token_is_sealed")),
        sa.CheckConstraint("substr(refresh_token, 1, 3) = 'v1.'", name=op.f("ck_installation_refresh_token_is_sealed")),
        sa.CheckConstraint(
            "(bot_token IS NULL) = (revoked_at IS NOT NULL)",
            name=op.f("ck_installation_what_is_revoked_has_no_token"),
        ),
        sa.CheckConstraint(
            "refresh_token IS NULL OR bot_token IS NOT NULL", name=op.f("ck_installation_nothing_refreshes_no_token")
        ),
        sa.CheckConstraint(
            "(refresh_token IS NULL) = (expires_at IS NULL)", name=op.f("ck_installation_what_expires_is_refreshed")
        ),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_installation_generation_counts_up")),
    )
    op.create_index("ix_installation_workspace", "installation", ["workspace"])


def downgrade() -> None:
    op.drop_table("installation")

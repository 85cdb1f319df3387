"""States of what was begun at Slack's own pages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oauth_state",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_oauth_state"),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_oauth_state_hash_is_a_hash")),
        sa.CheckConstraint("purpose IN ('sign_in', 'install')", name=op.f("ck_oauth_state_purpose_is_known")),
        sa.CheckConstraint("substr(payload, 1, 3) = 'v1.'", name=op.f("ck_oauth_state_payload_is_sealed")),
    )
    op.create_index("ix_oauth_state_expires_at", "oauth_state", ["expires_at"])


def downgrade() -> None:
    op.drop_table("oauth_state")

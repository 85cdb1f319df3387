"""Tries of passcodes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("times", sa.String(200), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_attempt"),
        sa.CheckConstraint("length(key) = 64", name=op.f("ck_attempt_key_is_a_hash")),
        sa.CheckConstraint("ltrim(times, '0123456789,') = ''", name=op.f("ck_attempt_times_are_numbers")),
    )
    op.create_index("ix_attempt_last_at", "attempt", ["last_at"])


def downgrade() -> None:
    op.drop_table("attempt")

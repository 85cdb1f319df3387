"""The outbox: what people are still to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "outbox",
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rest_ms", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.PrimaryKeyConstraint("request", name="pk_outbox"),
        sa.ForeignKeyConstraint(["request"], ["seen_request.key"], name="fk_outbox_request", ondelete="CASCADE"),
        sa.CheckConstraint("length(kind) >= 3", name=op.f("ck_outbox_kind_is_a_code")),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_outbox_generation_counts_up")),
        sa.CheckConstraint("rest_ms >= 0", name=op.f("ck_outbox_rest_ms_is_a_time")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outbox_tries_is_a_count")),
    )
    op.create_index("ix_outbox_ended_at_at", "outbox", ["ended_at", "at"])


def downgrade() -> None:
    op.drop_table("outbox")

"""Guests who wait."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("meeting_id", sa.String(26)),
        sa.Column("in_room", sa.Boolean(), nullable=False),
        sa.Column("place_id", sa.String(26), nullable=False),
        sa.Column("number", sa.String(11), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("slack_user", sa.String(32)),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("session_id", sa.String(26)),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_guest"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_guest_workspace"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_guest_member_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_guest_meeting_id"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_guest_session_id"),
        sa.CheckConstraint("length(id) = 64", name=op.f("ck_guest_id_is_a_hash")),
        sa.CheckConstraint("length(source) = 64", name=op.f("ck_guest_source_is_a_hash")),
        sa.CheckConstraint(
            "place_id = coalesce(CASE WHEN in_room THEN member_id ELSE meeting_id END, '')",
            name=op.f("ck_guest_is_at_a_place"),
        ),
        sa.CheckConstraint("substr(name, 1, 3) = 'v1.'", name=op.f("ck_guest_name_is_sealed")),
        sa.CheckConstraint("state IN ('waiting', 'admitted', 'denied', 'gone')", name=op.f("ck_guest_state_is_known")),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_guest_a_decision_has_a_time")),
        sa.CheckConstraint(
            "(state = 'admitted') = (session_id IS NOT NULL)", name=op.f("ck_guest_is_admitted_to_a_session")
        ),
        sa.CheckConstraint("slack_user IS NOT NULL OR NOT signed_in", name=op.f("ck_guest_who_signed_in_is_somebody")),
    )
    op.create_index("ix_guest_place_id_decided_at", "guest", ["place_id", "decided_at"])
    op.create_index("ix_guest_seen_at", "guest", ["seen_at"])
    _while_waiting("ix_guest_waiting", ["place_id", "asked_at"])
    _while_waiting("ix_guest_waiting_source", ["source"])


def downgrade() -> None:
    op.drop_table("guest")


def _while_waiting(name: str, columns: list[str]) -> None:
    condition = sa.text("state = 'waiting'")
    op.create_index(name, "guest", columns, sqlite_where=condition, postgresql_where=condition)

"""What members have chosen for their rooms, and who may host them in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(200)),
        sa.Column("passcode", sa.Text()),
        sa.Column("waiting_room", sa.String(16)),
        sa.Column("members_only", sa.Boolean()),
        sa.Column("host_video", sa.Boolean()),
        sa.Column("participant_video", sa.Boolean()),
        sa.Column("mute_on_entry", sa.Boolean()),
        sa.Column("join_before_host", sa.Boolean()),
        sa.Column("pmi_for_scheduled", sa.Boolean()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name="pk_room"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_room_member_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_room_workspace"),
        sa.CheckConstraint("length(topic) BETWEEN 1 AND 200", name=op.f("ck_room_topic_has_a_length")),
        sa.CheckConstraint("substr(passcode, 1, 3) = 'v1.'", name=op.f("ck_room_passcode_is_sealed")),
        sa.CheckConstraint(
            "waiting_room IN ('nobody', 'everybody', 'outside')", name=op.f("ck_room_waiting_room_is_known")
        ),
        sa.CheckConstraint(
            "passcode IS NOT NULL OR coalesce(waiting_room, 'nobody') <> 'nobody' OR coalesce(members_only, FALSE)",
            name=op.f("ck_room_is_not_open"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_room_version_counts_up")),
    )
    op.create_table(
        "alternative_host",
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("slack_user", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "slack_user", name="pk_alternative_host"),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.member_id"], name="fk_alternative_host_room_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("length(slack_user) >= 2", name=op.f("ck_alternative_host_slack_user_is_an_id")),
        sa.CheckConstraint("place >= 0", name=op.f("ck_alternative_host_place_is_a_place")),
    )


def downgrade() -> None:
    op.drop_table("alternative_host")
    op.drop_table("room")

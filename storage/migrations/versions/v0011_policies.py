"""What administrators say of the rooms, numbers and addresses of their workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPTIONS = (
    "passcode",
    "waiting_room",
    "members_only",
    "host_video",
    "participant_video",
    "mute_on_entry",
    "join_before_host",
    "pmi_for_instant",
    "pmi_for_scheduled",
)
_STANCES = "'forced_on', 'forced_off', 'off_unless_chosen', 'on_unless_chosen'"


def upgrade() -> None:
    op.create_table(
        "workspace_policy",
        sa.Column("workspace", sa.String(32), nullable=False),
        *(sa.Column(option, sa.String(20)) for option in _OPTIONS),
        sa.Column("pmis_enabled", sa.Boolean(), nullable=False),
        sa.Column("who_may_customise", sa.String(16), nullable=False),
        sa.Column("link_hold_days", sa.Integer()),
        sa.Column("old_addresses_lead_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_workspace_policy"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_workspace_policy_workspace"),
        *(
            sa.CheckConstraint(f"{option} IN ({_STANCES})", name=op.f(f"ck_workspace_policy_{option}_is_a_stance"))
            for option in _OPTIONS
        ),
        sa.CheckConstraint(
            "coalesce(passcode, '') <> 'forced_off' OR coalesce(waiting_room, '') <> 'forced_off' "
            "OR coalesce(members_only, '') <> 'forced_off'",
            name=op.f("ck_workspace_policy_leaves_a_guard"),
        ),
        sa.CheckConstraint(
            "who_may_customise IN ('licensed', 'nobody')",
            name=op.f("ck_workspace_policy_who_may_customise_is_known"),
        ),
        sa.CheckConstraint(
            "link_hold_days BETWEEN 0 AND 3650", name=op.f("ck_workspace_policy_link_hold_days_are_days")
        ),
    )
    op.create_index(
        "ix_meeting_on_pmi",
        "meeting",
        ["workspace"],
        sqlite_where=sa.text("number IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("number IS NULL AND cancelled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_meeting_on_pmi", "meeting")
    op.drop_table("workspace_policy")

"""Workspaces, members, meeting numbers, personal links, the change log and the requests that were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = "= 26"
_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _ck(name: str) -> str:
    # As it stands: the tables' naming convention is not to prefix it once more.
    return op.f(name)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "workspace",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("plan", sa.String(16)),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_workspace"),
        sa.CheckConstraint("length(key) >= 2", name=_ck("ck_workspace_key_is_an_id")),
        sa.CheckConstraint(
            "plan IN ('basic', 'pro', 'business', 'education', 'enterprise')", name=_ck("ck_workspace_plan_is_known")
        ),
    )
    op.create_table(
        "meeting_number",
        sa.Column("digits", sa.String(11), nullable=False),
        sa.Column("holder_id", sa.String(26), nullable=False),
        sa.Column("claimed_at", moment, nullable=False),
        sa.Column("released_at", moment),
        sa.PrimaryKeyConstraint("digits", name="pk_meeting_number"),
        sa.UniqueConstraint("digits", "holder_id", name="uq_meeting_number_digits_holder_id"),
        sa.CheckConstraint("length(digits) IN (10, 11)", name=_ck("ck_meeting_number_digits_are_10_or_11")),
        sa.CheckConstraint(f"ltrim(digits, '{_DIGITS}') = ''", name=_ck("ck_meeting_number_digits_are_digits")),
        sa.CheckConstraint(
            "substr(digits, 1, 1) NOT IN ('0', '1')", name=_ck("ck_meeting_number_digits_start_with_2_to_9")
        ),
        sa.CheckConstraint(f"length(holder_id) {_ID}", name=_ck("ck_meeting_number_holder_id_has_its_length")),
    )
    op.create_index("ix_meeting_number_holder_id", "meeting_number", ["holder_id"])
    op.create_table(
        "personal_link",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("spelling", sa.String(40), nullable=False),
        sa.Column("holder_id", sa.String(26), nullable=False),
        sa.Column("claimed_at", moment, nullable=False),
        sa.Column("released_at", moment),
        sa.Column("held_until", moment),
        sa.PrimaryKeyConstraint("key", name="pk_personal_link"),
        sa.UniqueConstraint("key", "holder_id", name="uq_personal_link_key_holder_id"),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 40", name=_ck("ck_personal_link_key_has_a_length")),
        sa.CheckConstraint(f"ltrim(key, '{_LOWER}{_DIGITS}.') = ''", name=_ck("ck_personal_link_key_is_canonical")),
        sa.CheckConstraint(
            f"ltrim(substr(key, 1, 1), '{_LOWER}') = ''", name=_ck("ck_personal_link_key_starts_with_a_letter")
        ),
        sa.CheckConstraint(
            "substr(key, length(key), 1) <> '.'", name=_ck("ck_personal_link_key_ends_without_a_period")
        ),
        sa.CheckConstraint("length(spelling) BETWEEN 5 AND 40", name=_ck("ck_personal_link_spelling_is_5_to_40")),
        sa.CheckConstraint(
            f"ltrim(spelling, '{_LOWER}{_UPPER}{_DIGITS}.') = ''", name=_ck("ck_personal_link_spelling_is_ascii")
        ),
        sa.CheckConstraint("rtrim(lower(spelling), '.') = key", name=_ck("ck_personal_link_spelling_spells_the_key")),
        sa.CheckConstraint(
            "(released_at IS NULL) = (held_until IS NULL)", name=_ck("ck_personal_link_a_hold_has_an_end")
        ),
        sa.CheckConstraint(f"length(holder_id) {_ID}", name=_ck("ck_personal_link_holder_id_has_its_length")),
    )
    op.create_index("ix_personal_link_holder_id", "personal_link", ["holder_id"])
    op.create_table(
        "member",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("slack_user", sa.String(32), nullable=False),
        sa.Column("licence", sa.String(16)),
        sa.Column("pmi", sa.String(11), nullable=False),
        sa.Column("link_key", sa.String(40)),
        sa.Column("pmi_for_instant", sa.Boolean()),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("workspace", "slack_user", name="uq_member_workspace_slack_user"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_member_workspace"),
        sa.ForeignKeyConstraint(
            ["pmi", "id"], ["meeting_number.digits", "meeting_number.holder_id"], name="fk_member_pmi_id"
        ),
        sa.ForeignKeyConstraint(
            ["link_key", "id"], ["personal_link.key", "personal_link.holder_id"], name="fk_member_link_key_id"
        ),
        sa.CheckConstraint(f"length(id) {_ID}", name=_ck("ck_member_id_has_its_length")),
        sa.CheckConstraint("length(slack_user) >= 2", name=_ck("ck_member_slack_user_is_an_id")),
        sa.CheckConstraint("licence IN ('basic', 'licensed')", name=_ck("ck_member_licence_is_known")),
    )
    op.create_table(
        "change_log",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(26)),
        sa.Column("actor_id", sa.String(26)),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("old", sa.String(40)),
        sa.Column("new", sa.String(40)),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_log"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_change_log_workspace"),
        sa.CheckConstraint(f"length(id) {_ID}", name=_ck("ck_change_log_id_has_its_length")),
        sa.CheckConstraint("length(action) >= 3", name=_ck("ck_change_log_action_is_a_code")),
    )
    op.create_index("ix_change_log_workspace_id", "change_log", ["workspace", "id"])
    op.create_index("ix_change_log_member_id_id", "change_log", ["member_id", "id"])
    op.create_table(
        "seen_request",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_seen_request"),
        sa.CheckConstraint("length(key) = 64", name=_ck("ck_seen_request_key_is_a_hash")),
    )
    op.create_index("ix_seen_request_at", "seen_request", ["at"])


def downgrade() -> None:
    for table in ("seen_request", "change_log", "member", "personal_link", "meeting_number", "workspace"):
        op.drop_table(table)

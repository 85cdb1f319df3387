"""Meetings, sessions, invitations, and the messages that follow them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _meetings()
    _sessions()
    _invitations()
    _postings()
    _lanes()


def downgrade() -> None:
    for table in ("posting_lane", "posting", "invitation", "session", "meeting"):
        op.drop_table(table)


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("number", sa.String(11)),
        sa.Column("topic", sa.String(200)),
        sa.Column("passcode", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_meeting_workspace"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_meeting_member_id"),
        sa.ForeignKeyConstraint(
            ["number", "id"], ["meeting_number.digits", "meeting_number.holder_id"], name="fk_meeting_number_id"
        ),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_meeting_id_has_its_length")),
        sa.CheckConstraint("kind IN ('instant', 'scheduled')", name=op.f("ck_meeting_kind_is_known")),
        sa.CheckConstraint("length(topic) BETWEEN 1 AND 200", name=op.f("ck_meeting_topic_has_a_length")),
        sa.CheckConstraint("substr(passcode, 1, 3) = 'v1.'", name=op.f("ck_meeting_passcode_is_sealed")),
        sa.CheckConstraint("number IS NULL OR passcode IS NOT NULL", name=op.f("ck_meeting_is_not_open")),
        sa.CheckConstraint("kind = 'scheduled' OR number IS NOT NULL", name=op.f("ck_meeting_instant_has_a_number")),
    )
    op.create_index("ix_meeting_member_id_id", "meeting", ["member_id", "id"])
    op.create_index("ix_meeting_number", "meeting", ["number"])


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("meeting_id", sa.String(26)),
        sa.Column("in_room", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(11), nullable=False),
        sa.Column("topic", sa.String(200)),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(32)),
        sa.Column("host_at", sa.DateTime(timezone=True)),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_session_workspace"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_session_member_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_session_meeting_id"),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_session_id_has_its_length")),
        sa.CheckConstraint("substr(handle, 1, 3) = 'v1.'", name=op.f("ck_session_handle_is_sealed")),
        sa.CheckConstraint("length(topic) BETWEEN 1 AND 200", name=op.f("ck_session_topic_has_a_length")),
        sa.CheckConstraint("in_room OR meeting_id IS NOT NULL", name=op.f("ck_session_takes_place_somewhere")),
    )
    _partial("uq_session_running_number", "session", ["number"], "ended_at IS NULL", unique=True)
    _partial("uq_session_running_room", "session", ["member_id"], "ended_at IS NULL AND in_room", unique=True)
    _partial("ix_session_running_until", "session", ["ends_at"], "ended_at IS NULL")
    op.create_index("ix_session_member_id_started_at", "session", ["member_id", "started_at"])
    op.create_index("ix_session_meeting_id", "session", ["meeting_id"])


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("meeting_id", sa.String(26)),
        sa.Column("session_id", sa.String(26)),
        sa.Column("number", sa.String(11), nullable=False),
        sa.Column("guest", sa.String(32)),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("key_hash", name="pk_invitation"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_invitation_workspace"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_invitation_member_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_invitation_meeting_id"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_invitation_session_id"),
        sa.CheckConstraint("length(key_hash) = 64", name=op.f("ck_invitation_key_hash_is_a_hash")),
        sa.CheckConstraint("substr(secret, 1, 3) = 'v1.'", name=op.f("ck_invitation_secret_is_sealed")),
    )
    for column in ("member_id", "meeting_id", "session_id"):
        op.create_index(f"ix_invitation_{column}", "invitation", [column])


def _postings() -> None:
    op.create_table(
        "posting",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(26), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(32)),
        sa.Column("slack_user", sa.String(32)),
        sa.Column("lane", sa.String(32), nullable=False),
        sa.Column("response_url", sa.Text()),
        sa.Column("response_until", sa.DateTime(timezone=True)),
        sa.Column("response_uses", sa.Integer(), nullable=False),
        sa.Column("posted_in", sa.String(32)),
        sa.Column("ts", sa.String(32)),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rest_ms", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.UniqueConstraint("key", name="uq_posting_key"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_posting_workspace"),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_posting_id_has_its_length")),
        sa.CheckConstraint("length(key) = 64", name=op.f("ck_posting_key_is_a_hash")),
        sa.CheckConstraint("length(kind) >= 3", name=op.f("ck_posting_kind_is_a_code")),
        sa.CheckConstraint("channel IS NOT NULL OR slack_user IS NOT NULL", name=op.f("ck_posting_goes_somewhere")),
        sa.CheckConstraint("lane = coalesce(channel, slack_user)", name=op.f("ck_posting_lane_is_where_it_goes")),
        sa.CheckConstraint("substr(response_url, 1, 3) = 'v1.'", name=op.f("ck_posting_response_url_is_sealed")),
        sa.CheckConstraint("shown >= 0 AND wanted >= shown", name=op.f("ck_posting_shows_what_was_wanted")),
        sa.CheckConstraint("doubts >= 0", name=op.f("ck_posting_doubts_is_a_count")),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_posting_generation_counts_up")),
        sa.CheckConstraint("rest_ms >= 0", name=op.f("ck_posting_rest_ms_is_a_time")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_posting_tries_is_a_count")),
    )
    op.create_index("ix_posting_subject", "posting", ["subject"])
    op.create_index("ix_posting_due_at", "posting", ["due_at"])
    _partial("ix_posting_due", "posting", ["due_at", "id"], "shown < wanted AND ended_at IS NULL")
    _partial("ix_posting_due_in_lane", "posting", ["lane", "due_at", "id"], "shown < wanted AND ended_at IS NULL")


def _lanes() -> None:
    op.create_table(
        "posting_lane",
        sa.Column("lane", sa.String(32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rest_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name="pk_posting_lane"),
        sa.CheckConstraint("length(lane) >= 2", name=op.f("ck_posting_lane_lane_is_an_id")),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_posting_lane_generation_counts_up")),
        sa.CheckConstraint("rest_ms >= 0", name=op.f("ck_posting_lane_rest_ms_is_a_time")),
    )


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)

"""When meetings take place, and who is invited to them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _schedules()
    op.create_table(
        "occurrence",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("topic", sa.String(200)),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "key", name="pk_occurrence"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["schedule.meeting_id"], name="fk_occurrence_meeting_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("length(key) = 16", name=op.f("ck_occurrence_key_is_a_time")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_occurrence_minutes_are_possible")),
        sa.CheckConstraint("length(topic) BETWEEN 1 AND 200", name=op.f("ck_occurrence_topic_has_a_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_occurrence_revision_is_a_sequence")),
        sa.CheckConstraint(
            "cancelled OR starts_at IS NOT NULL OR minutes IS NOT NULL OR topic IS NOT NULL",
            name=op.f("ck_occurrence_differs"),
        ),
    )
    op.create_table(
        "invitee",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("slack_user", sa.String(32), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(8)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("meeting_id", "slack_user", name="pk_invitee"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["schedule.meeting_id"], name="fk_invitee_meeting_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("length(slack_user) >= 2", name=op.f("ck_invitee_slack_user_is_an_id")),
        sa.CheckConstraint("answer IN ('yes', 'no', 'maybe')", name=op.f("ck_invitee_answer_is_known")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_invitee_an_answer_has_a_time")),
        sa.CheckConstraint("invited OR answer IS NOT NULL", name=op.f("ck_invitee_has_to_do_with_it")),
        sa.CheckConstraint("place >= 0", name=op.f("ck_invitee_place_is_a_place")),
    )
    op.create_index("ix_invitee_slack_user", "invitee", ["slack_user"])


def downgrade() -> None:
    op.drop_table("invitee")
    op.drop_table("occurrence")
    op.drop_table("schedule")


def _schedules() -> None:
    op.create_table(
        "schedule",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("starts_local", sa.String(16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.String(16), nullable=False),
        sa.Column("ends_count", sa.Integer()),
        sa.Column("ends_on", sa.String(10)),
        sa.Column("remind_minutes", sa.Integer()),
        sa.Column("channel", sa.String(32)),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_schedule"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_schedule_meeting_id"),
        sa.CheckConstraint("length(zone) BETWEEN 1 AND 64", name=op.f("ck_schedule_zone_has_a_name")),
        sa.CheckConstraint("length(starts_local) = 16", name=op.f("ck_schedule_starts_local_is_a_time")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_schedule_minutes_are_possible")),
        sa.CheckConstraint(
            "repeats IN ('none', 'daily', 'weekdays', 'weekly', 'monthly')", name=op.f("ck_schedule_repeats_is_known")
        ),
        sa.CheckConstraint("ends_count BETWEEN 1 AND 500", name=op.f("ck_schedule_ends_count_is_bounded")),
        sa.CheckConstraint("length(ends_on) = 10", name=op.f("ck_schedule_ends_on_is_a_day")),
        sa.CheckConstraint("ends_count IS NULL OR ends_on IS NULL", name=op.f("ck_schedule_has_one_end")),
        sa.CheckConstraint(
            "repeats <> 'none' OR (ends_count IS NULL AND ends_on IS NULL)",
            name=op.f("ck_schedule_only_a_series_has_an_end"),
        ),
        sa.CheckConstraint("remind_minutes BETWEEN 0 AND 10080", name=op.f("ck_schedule_remind_minutes_are_a_week")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_schedule_sequence_counts_up")),
        sa.CheckConstraint("timed BETWEEN 0 AND sequence", name=op.f("ck_schedule_timed_is_a_sequence")),
        sa.CheckConstraint("first_at < last_until", name=op.f("ck_schedule_ends_after_it_begins")),
    )
    waiting = sa.text("plan_at IS NOT NULL")
    op.create_index(
        "ix_schedule_plan_at", "schedule", ["plan_at", "meeting_id"], sqlite_where=waiting, postgresql_where=waiting
    )

"""The tables of scheduled meetings: by what rule they have their times, which differ from it, and who is invited."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlmodel import Field

from storage.metadata import ID, Table, one_of, where

REPEATS = ("none", "daily", "weekdays", "weekly", "monthly")
ANSWERS = ("yes", "no", "maybe")
_LOCAL = 16
"""Length of a local time: 2026-11-24T09:30."""


class Schedule(Table, table=True):
    """When a meeting takes place. Its times are reckoned from its local time, so that they follow the clocks."""

    __tablename__ = "schedule"
    __table_args__ = (
        PrimaryKeyConstraint("meeting_id"),
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        where("plan_at IS NOT NULL", "ix_schedule_plan_at", "plan_at", "meeting_id"),
        CheckConstraint("length(zone) BETWEEN 1 AND 64", name="zone_has_a_name"),
        CheckConstraint(f"length(starts_local) = {_LOCAL}", name="starts_local_is_a_time"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes_are_possible"),
        CheckConstraint(one_of("repeats", REPEATS), name="repeats_is_known"),
        CheckConstraint("ends_count BETWEEN 1 AND 500", name="ends_count_is_bounded"),
        CheckConstraint("length(ends_on) = 10", name="ends_on_is_a_day"),
        CheckConstraint("ends_count IS NULL OR ends_on IS NULL", name="has_one_end"),
        CheckConstraint(
            "repeats <> 'none' OR (ends_count IS NULL AND ends_on IS NULL)", name="only_a_series_has_an_end"
        ),
        CheckConstraint("remind_minutes BETWEEN 0 AND 10080", name="remind_minutes_are_a_week"),
        CheckConstraint("sequence >= 0", name="sequence_counts_up"),
        CheckConstraint("timed BETWEEN 0 AND sequence", name="timed_is_a_sequence"),
        CheckConstraint("first_at < last_until", name="ends_after_it_begins"),
    )

    meeting_id: str = Field(max_length=ID)
    zone: str = Field(max_length=64)
    """IANA name."""
    starts_local: str = Field(max_length=_LOCAL)
    """The local time of the first meeting."""
    minutes: int
    repeats: str = Field(max_length=16)
    ends_count: int | None = None
    ends_on: str | None = Field(default=None, max_length=10)
    """The last local day."""
    remind_minutes: int | None = None
    """Empty: nobody is reminded."""
    channel: str | None = Field(default=None, max_length=32)
    """Where it is announced."""
    sequence: int
    """Counts the changes, as calendars see them."""
    timed: int
    """The sequence when the times of the series were last set."""
    first_at: datetime
    last_until: datetime
    """When the last meeting is over, those with times of their own too."""
    plan_at: datetime | None = None
    """When its next reminders are to be planned; empty where none are left."""


class Occurrence(Table, table=True):
    """One meeting of a series that is not as its rule has it. What is empty is as the series has it."""

    __tablename__ = "occurrence"
    __table_args__ = (
        PrimaryKeyConstraint("meeting_id", "key"),
        ForeignKeyConstraint(["meeting_id"], ["schedule.meeting_id"], ondelete="CASCADE"),
        CheckConstraint(f"length(key) = {_LOCAL}", name="key_is_a_time"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes_are_possible"),
        CheckConstraint("length(topic) BETWEEN 1 AND 200", name="topic_has_a_length"),
        CheckConstraint("revision >= 1", name="revision_is_a_sequence"),
        CheckConstraint(
            "cancelled OR starts_at IS NOT NULL OR minutes IS NOT NULL OR topic IS NOT NULL", name="differs"
        ),
    )

    meeting_id: str = Field(max_length=ID)
    key: str = Field(max_length=_LOCAL)
    """The local time at which the rule has it."""
    cancelled: bool
    starts_at: datetime | None = None
    minutes: int | None = None
    topic: str | None = Field(default=None, max_length=200)
    revision: int
    """The schedule's sequence when this was set."""


class Invitee(Table, table=True):
    """Somebody who was invited to a meeting, or answered without that where it was announced."""

    __tablename__ = "invitee"
    __table_args__ = (
        PrimaryKeyConstraint("meeting_id", "slack_user"),
        ForeignKeyConstraint(["meeting_id"], ["schedule.meeting_id"], ondelete="CASCADE"),
        Index(None, "slack_user"),
        CheckConstraint("length(slack_user) >= 2", name="slack_user_is_an_id"),
        CheckConstraint(one_of("answer", ANSWERS), name="answer_is_known"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="an_answer_has_a_time"),
        CheckConstraint("invited OR answer IS NOT NULL", name="has_to_do_with_it"),
        CheckConstraint("place >= 0", name="place_is_a_place"),
    )

    meeting_id: str = Field(max_length=ID)
    slack_user: str = Field(max_length=32)
    invited: bool
    place: int
    """Where they stand in the list."""
    answer: str | None = Field(default=None, max_length=8)
    answered_at: datetime | None = None


schedules = Table.metadata.tables["schedule"]
occurrences = Table.metadata.tables["occurrence"]
invitees = Table.metadata.tables["invitee"]

"""The tables of meetings: what has a number of its own, what runs, and whose keys let people in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field

from storage.metadata import ID, Table, one_of, where

MEETING_KINDS = ("instant", "scheduled")


class Meeting(Table, table=True):
    """A meeting with more to it than its holder's room: a number of its own, or a time.

    A one-off number's holder is the meeting and not the member, so that nobody can take it back as a PMI.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        ForeignKeyConstraint(["member_id"], ["member.id"]),
        ForeignKeyConstraint(["number", "id"], ["meeting_number.digits", "meeting_number.holder_id"]),
        Index(None, "member_id", "id"),
        Index(None, "number"),
        where("number IS NULL AND cancelled_at IS NULL", "ix_meeting_on_pmi", "workspace"),
        CheckConstraint(f"length(id) = {ID}", name="id_has_its_length"),
        CheckConstraint(one_of("kind", MEETING_KINDS), name="kind_is_known"),
        CheckConstraint("length(topic) BETWEEN 1 AND 200", name="topic_has_a_length"),
        CheckConstraint("substr(passcode, 1, 3) = 'v1.'", name="passcode_is_sealed"),
        CheckConstraint("number IS NULL OR passcode IS NOT NULL", name="is_not_open"),
        CheckConstraint("kind = 'scheduled' OR number IS NOT NULL", name="instant_has_a_number"),
    )

    id: str = Field(max_length=ID)
    workspace: str = Field(max_length=32)
    member_id: str = Field(max_length=ID)
    """Whose meeting it is, and by whose settings it goes."""
    kind: str = Field(max_length=16)
    number: str | None = Field(default=None, max_length=11)
    """The one-off number; empty where it takes place in the holder's room, on whatever PMI that has by then."""
    topic: str | None = Field(default=None, max_length=200)
    passcode: str | None = Field(default=None, sa_type=Text)
    """Of the one-off number, sealed."""
    created_at: datetime
    cancelled_at: datetime | None = None


class Session(Table, table=True):
    """One time that people meet: from a start to an end, on a room of the provider's that is used this once."""

    __tablename__ = "session"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        ForeignKeyConstraint(["member_id"], ["member.id"]),
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        # One runs on a number and one in a room at a time: the index decides who starts it.
        where("ended_at IS NULL", "uq_session_running_number", "number", unique=True),
        where("ended_at IS NULL AND in_room", "uq_session_running_room", "member_id", unique=True),
        Index(None, "member_id", "started_at"),
        Index(None, "meeting_id"),
        where("ended_at IS NULL", "ix_session_running_until", "ends_at"),
        CheckConstraint(f"length(id) = {ID}", name="id_has_its_length"),
        CheckConstraint("substr(handle, 1, 3) = 'v1.'", name="handle_is_sealed"),
        CheckConstraint("length(topic) BETWEEN 1 AND 200", name="topic_has_a_length"),
        CheckConstraint("in_room OR meeting_id IS NOT NULL", name="takes_place_somewhere"),
    )

    id: str = Field(max_length=ID)
    workspace: str = Field(max_length=32)
    member_id: str = Field(max_length=ID)
    """Whose room or meeting it is."""
    meeting_id: str | None = Field(default=None, max_length=ID)
    """The meeting; empty for an instant meeting in the room itself."""
    in_room: bool
    """Whether it takes place on the holder's PMI."""
    number: str = Field(max_length=11)
    """As it was at the start."""
    topic: str | None = Field(default=None, max_length=200)
    provider: str = Field(max_length=16)
    handle: str = Field(sa_type=Text)
    """The provider's name for it, sealed: whoever has it is in."""
    started_at: datetime
    started_by: str | None = Field(default=None, max_length=32)
    """The Slack id of the host who started it; empty where a guest came before the host."""
    host_at: datetime | None = None
    """When a host came in first."""
    ends_at: datetime
    """When it ends by itself."""
    ended_at: datetime | None = None
    ended_by: str | None = Field(default=None, max_length=32)
    """The Slack id of the host who ended it; empty where time did."""


class Invitation(Table, table=True):
    """A key in somebody's hands that opens a room or a meeting without its passcode, until it is taken back."""

    __tablename__ = "invitation"
    __table_args__ = (
        PrimaryKeyConstraint("key_hash"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        ForeignKeyConstraint(["member_id"], ["member.id"]),
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        ForeignKeyConstraint(["session_id"], ["session.id"]),
        Index(None, "member_id"),
        Index(None, "meeting_id"),
        Index(None, "session_id"),
        CheckConstraint("length(key_hash) = 64", name="key_hash_is_a_hash"),
        CheckConstraint("substr(secret, 1, 3) = 'v1.'", name="secret_is_sealed"),
    )

    key_hash: str = Field(max_length=64)
    workspace: str = Field(max_length=32)
    member_id: str = Field(max_length=ID)
    """Whose room or meeting it opens."""
    meeting_id: str | None = Field(default=None, max_length=ID)
    session_id: str | None = Field(default=None, max_length=ID)
    """Where it opens one session alone, and nothing once that has ended."""
    number: str = Field(max_length=11)
    """The number that it was given out with: where it is another by now, the guest is told."""
    guest: str | None = Field(default=None, max_length=32)
    """The Slack id of whom it was given to; empty where a channel was."""
    secret: str = Field(sa_type=Text)
    """The key itself, sealed, so that the same one can be shown again."""
    created_at: datetime
    revoked_at: datetime | None = None


class Posting(Table, table=True):
    """A message of ours in Slack, from the plan to the last change of what it shows.

    `key` is the same for the same plan, so that planning twice posts once. Whoever has its lane has it; a pause before
    the next try is over when its generation has stood still for so long, as with the outbox's rows.
    """

    __tablename__ = "posting"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        UniqueConstraint("key"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        Index(None, "subject"),
        Index(None, "due_at"),
        where("shown < wanted AND ended_at IS NULL", "ix_posting_due", "due_at", "id"),
        where("shown < wanted AND ended_at IS NULL", "ix_posting_due_in_lane", "lane", "due_at", "id"),
        CheckConstraint(f"length(id) = {ID}", name="id_has_its_length"),
        CheckConstraint("length(key) = 64", name="key_is_a_hash"),
        CheckConstraint("length(kind) >= 3", name="kind_is_a_code"),
        CheckConstraint("channel IS NOT NULL OR slack_user IS NOT NULL", name="goes_somewhere"),
        CheckConstraint("lane = coalesce(channel, slack_user)", name="lane_is_where_it_goes"),
        CheckConstraint("substr(response_url, 1, 3) = 'v1.'", name="response_url_is_sealed"),
        CheckConstraint("shown >= 0 AND wanted >= shown", name="shows_what_was_wanted"),
        CheckConstraint("doubts >= 0", name="doubts_is_a_count"),
        CheckConstraint("generation >= 1", name="generation_counts_up"),
        CheckConstraint("rest_ms >= 0", name="rest_ms_is_a_time"),
        CheckConstraint("tries >= 0", name="tries_is_a_count"),
    )

    id: str = Field(max_length=ID)
    key: str = Field(max_length=64)
    """Hash of kind, subject, detail and target."""
    workspace: str = Field(max_length=32)
    kind: str = Field(max_length=40)
    """What it shows, as a dotted code: who renders it is found by it."""
    subject: str = Field(max_length=ID)
    """The id of what it is about: a session, a meeting, a guest."""
    detail: str = Field(default="", max_length=64)
    """Which of several about one subject, such as the time of an occurrence."""
    channel: str | None = Field(default=None, max_length=32)
    slack_user: str | None = Field(default=None, max_length=32)
    """Whose direct messages it goes to; with a channel as well, who alone sees it there."""
    lane: str = Field(max_length=32)
    """The channel, else the person: there goes one message a second."""
    response_url: str | None = Field(default=None, sa_type=Text)
    """Where it can be written and changed without being a member of the channel, sealed."""
    response_until: datetime | None = None
    response_uses: int = 0
    """How often the response URL was used: Slack takes five."""
    posted_in: str | None = Field(default=None, max_length=32)
    """The channel it stands in, as Slack gave it back; empty where it was written by its response URL."""
    ts: str | None = Field(default=None, max_length=32)
    due_at: datetime
    """From when it is to be posted; once it is, from when it has shown something else than it should."""
    posted_at: datetime | None = None
    doubts: int = 0
    """In how many posts it may stand in Slack already, though nobody heard so."""
    wanted: int
    """Counts what it should show."""
    shown: int
    """What it shows; 0: nothing yet."""
    generation: int
    rest_ms: int
    tries: int
    ended_at: datetime | None = None
    """When it was given up or taken back; it is never changed again."""


class PostingLane(Table, table=True):
    """A channel that somebody writes into, or did less than a moment ago: there is one writer, and a pause after each.

    Without a row the channel is free. Else it is for whoever has watched a generation stand still for `rest_ms`.
    """

    __tablename__ = "posting_lane"
    __table_args__ = (
        PrimaryKeyConstraint("lane"),
        CheckConstraint("length(lane) >= 2", name="lane_is_an_id"),
        CheckConstraint("generation >= 1", name="generation_counts_up"),
        CheckConstraint("rest_ms >= 0", name="rest_ms_is_a_time"),
    )

    lane: str = Field(max_length=32)
    """The channel, or the person whose direct messages it is."""
    generation: int
    """Begins anywhere, so that a row that was made anew is not taken for the one before; then counts up."""
    rest_ms: int


meetings = Table.metadata.tables["meeting"]
sessions = Table.metadata.tables["session"]
invitations = Table.metadata.tables["invitation"]
postings = Table.metadata.tables["posting"]
posting_lanes = Table.metadata.tables["posting_lane"]

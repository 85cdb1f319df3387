"""The tables, with a name for every constraint and a CHECK for what must hold in any row.

A number row outlives the person: it is never deleted and never handed to anybody else, so its holder is
an opaque id and not a foreign key. That a member's live PMI and link are their own is a foreign key the
other way round: `(pmi, id)` must be a number row of theirs.

Ids are made by the application (see `storage.ids`), never by a sequence. The tables of rooms are in `room_tables`,
those of meetings in `meeting_tables` and `schedule_tables`, of guests in `guest_tables`, of wrong tries in
`try_tables`, of sign-ins' states in `oauth_tables`, of the chain of the change log in `change_tables`, of reserved
names in `name_tables`, of workspaces' hosts in `host_tables`, of leaving in `departure_tables`, of what
administrators say in `policy_tables`.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field

from storage.change_tables import change_chain, change_keys, change_unsealed
from storage.departure_tables import departures, erasures
from storage.guest_tables import guests
from storage.host_tables import LONGEST_HOST, vanity_hosts
from storage.installation_tables import installations
from storage.meeting_tables import invitations, meetings, posting_lanes, postings, sessions
from storage.metadata import ID, Table, one_of, only
from storage.name_tables import reserved_names
from storage.oauth_tables import oauth_states
from storage.policy_tables import policies
from storage.room_tables import alternative_hosts, rooms
from storage.schedule_tables import invitees, occurrences, schedules
from storage.try_tables import attempts

__all__ = [
    "ID",
    "Table",
    "alternative_hosts",
    "attempts",
    "change_chain",
    "change_keys",
    "change_log",
    "change_unsealed",
    "departures",
    "erasures",
    "guests",
    "installations",
    "invitations",
    "invitees",
    "meeting_numbers",
    "meetings",
    "members",
    "oauth_states",
    "occurrences",
    "outbox",
    "personal_links",
    "policies",
    "posting_lanes",
    "postings",
    "reserved_names",
    "rooms",
    "schedules",
    "seen_requests",
    "sessions",
    "vanity_hosts",
    "workspaces",
]

PLANS = ("basic", "pro", "business", "education", "enterprise")
LICENCES = ("basic", "licensed")

_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = _LOWER + _LOWER.upper()


class Workspace(Table, table=True):
    """A Slack workspace, or a whole Enterprise organisation. An empty plan means the current default."""

    __tablename__ = "workspace"
    __table_args__ = (
        PrimaryKeyConstraint("key"),
        CheckConstraint("length(key) >= 2", name="key_is_an_id"),
        CheckConstraint(one_of("plan", PLANS), name="plan_is_known"),
        CheckConstraint(one_of("default_licence", LICENCES), name="default_licence_is_known"),
        ForeignKeyConstraint(["vanity_host"], ["vanity_host.host"]),
        Index("uq_workspace_vanity_host", "vanity_host", unique=True),
    )

    key: str = Field(max_length=32)
    """Enterprise id, else team id, as Slack gives it."""
    plan: str | None = Field(default=None, max_length=16)
    created_at: datetime
    default_licence: str | None = Field(default=None, max_length=16)
    """Of members of whom nobody has said anything; an empty one means the operator's."""
    vanity_host: str | None = Field(default=None, max_length=LONGEST_HOST)
    """The host that this workspace's addresses show; empty for the one of this service."""


class Member(Table, table=True):
    """A person in a workspace, with the number and the link that are live. An empty licence means the default."""

    __tablename__ = "member"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        UniqueConstraint("workspace", "slack_user"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        ForeignKeyConstraint(["pmi", "id"], ["meeting_number.digits", "meeting_number.holder_id"]),
        ForeignKeyConstraint(["link_key", "id"], ["personal_link.key", "personal_link.holder_id"]),
        CheckConstraint(f"length(id) = {ID}", name="id_has_its_length"),
        CheckConstraint("length(slack_user) >= 2", name="slack_user_is_an_id"),
        CheckConstraint(one_of("licence", LICENCES), name="licence_is_known"),
    )

    id: str = Field(max_length=ID)
    workspace: str = Field(max_length=32)
    slack_user: str = Field(max_length=32)
    licence: str | None = Field(default=None, max_length=16)
    pmi: str = Field(max_length=11)
    """The live PMI: there is one from the first contact on."""
    link_key: str | None = Field(default=None, max_length=40)
    pmi_for_instant: bool | None = None
    """Whether instant meetings use the PMI: yes, no, or (empty) not yet said."""
    created_at: datetime
    left_at: datetime | None = None
    """When they were deactivated in Slack; empty while they are there."""


class MeetingNumber(Table, table=True):
    """One row for each meeting number ever used, over all workspaces. The primary key decides races."""

    __tablename__ = "meeting_number"
    __table_args__ = (
        PrimaryKeyConstraint("digits"),
        UniqueConstraint("digits", "holder_id"),
        Index(None, "holder_id"),
        CheckConstraint("length(digits) IN (10, 11)", name="digits_are_10_or_11"),
        CheckConstraint(only("digits", _DIGITS), name="digits_are_digits"),
        CheckConstraint("substr(digits, 1, 1) NOT IN ('0', '1')", name="digits_start_with_2_to_9"),
        CheckConstraint(f"length(holder_id) = {ID}", name="holder_id_has_its_length"),
    )

    digits: str = Field(max_length=11)
    holder_id: str = Field(max_length=ID)
    claimed_at: datetime
    """When the holder last took it."""
    released_at: datetime | None = None
    """When the holder gave it up; empty while it is live. The hold has no end."""


class PersonalLink(Table, table=True):
    """One row for each link key in use or held, over all workspaces. The primary key decides races."""

    __tablename__ = "personal_link"
    __table_args__ = (
        PrimaryKeyConstraint("key"),
        UniqueConstraint("key", "holder_id"),
        Index(None, "holder_id"),
        CheckConstraint("length(key) BETWEEN 1 AND 40", name="key_has_a_length"),
        CheckConstraint(only("key", _LOWER + _DIGITS + "."), name="key_is_canonical"),
        CheckConstraint(f"ltrim(substr(key, 1, 1), '{_LOWER}') = ''", name="key_starts_with_a_letter"),
        CheckConstraint("substr(key, length(key), 1) <> '.'", name="key_ends_without_a_period"),
        CheckConstraint("length(spelling) BETWEEN 5 AND 40", name="spelling_is_5_to_40"),
        # PostgreSQL's lower() makes ASCII of U+212A and U+0130, so the next CHECK alone would let them through.
        CheckConstraint(only("spelling", _LETTERS + _DIGITS + "."), name="spelling_is_ascii"),
        CheckConstraint("rtrim(lower(spelling), '.') = key", name="spelling_spells_the_key"),
        CheckConstraint("(released_at IS NULL) = (held_until IS NULL)", name="a_hold_has_an_end"),
        CheckConstraint(f"length(holder_id) = {ID}", name="holder_id_has_its_length"),
    )

    key: str = Field(max_length=40)
    """Lower-cased, without the periods at its end."""
    spelling: str = Field(max_length=40)
    """As its holder chose to write it."""
    holder_id: str = Field(max_length=ID)
    claimed_at: datetime
    released_at: datetime | None = None
    held_until: datetime | None = None
    """From then on anybody may claim it; set when it is given up."""


class ChangeLog(Table, table=True):
    """A row for every change: whose, by whom, what, from what, to what, when. Ids are opaque and sort by time."""

    __tablename__ = "change_log"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        Index(None, "workspace", "id"),
        Index(None, "member_id", "id"),
        CheckConstraint(f"length(id) = {ID}", name="id_has_its_length"),
        CheckConstraint("length(action) >= 3", name="action_is_a_code"),
    )

    id: str = Field(max_length=ID)
    workspace: str = Field(max_length=32)
    member_id: str | None = Field(default=None, max_length=ID)
    """Whose room or licence changed; empty where the workspace itself did."""
    actor_id: str | None = Field(default=None, max_length=ID)
    """The member who did it; empty where an operator did, at the command line, or Slack told of it."""
    action: str = Field(max_length=40)
    old: str | None = Field(default=None, max_length=40)
    new: str | None = Field(default=None, max_length=40)
    at: datetime


class SeenRequest(Table, table=True):
    """One row for each request that had an effect, with the answer it got, sealed."""

    __tablename__ = "seen_request"
    __table_args__ = (
        PrimaryKeyConstraint("key"),
        Index(None, "at"),
        CheckConstraint("length(key) = 64", name="key_is_a_hash"),
    )

    key: str = Field(max_length=64)
    """Hash of workspace, person and what makes the request itself: 64 hexadecimal digits."""
    workspace: str = Field(max_length=32)
    answer: str = Field(sa_type=Text)
    at: datetime


class Outbox(Table, table=True):
    """One row for each result that a person is still to be told, written in the transaction of the change itself.

    No clock decides who may tell it: whoever has watched a generation stand unchanged for `rest_ms`, by a clock of
    its own that never jumps, may take the row, which makes it the next generation.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        PrimaryKeyConstraint("request"),
        # What was answered is what is told: a row without its answer says nothing, and goes with it.
        ForeignKeyConstraint(["request"], ["seen_request.key"], ondelete="CASCADE"),
        Index(None, "ended_at", "at"),
        CheckConstraint("length(kind) >= 3", name="kind_is_a_code"),
        CheckConstraint("generation >= 1", name="generation_counts_up"),
        CheckConstraint("rest_ms >= 0", name="rest_ms_is_a_time"),
        CheckConstraint("tries >= 0", name="tries_is_a_count"),
    )

    request: str = Field(max_length=64)
    """The request whose answer is told."""
    workspace: str = Field(max_length=32)
    kind: str = Field(max_length=40)
    """What is told, as a dotted code."""
    address: str = Field(sa_type=Text)
    """Where it is told, sealed: with a response URL anybody could write there."""
    generation: int
    """Counts every taking and every putting off."""
    rest_ms: int
    """For how long this generation is left alone, in milliseconds: a lease, or a pause before the next try."""
    tries: int
    at: datetime
    ended_at: datetime | None = None
    """When it was given up; empty while it is still to be told. What was told has no row."""


# The same tables for statements: Core over these is what the hot paths cost least with.
workspaces = Table.metadata.tables["workspace"]
members = Table.metadata.tables["member"]
meeting_numbers = Table.metadata.tables["meeting_number"]
personal_links = Table.metadata.tables["personal_link"]
change_log = Table.metadata.tables["change_log"]
seen_requests = Table.metadata.tables["seen_request"]
outbox = Table.metadata.tables["outbox"]

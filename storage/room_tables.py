"""The tables of rooms: what members have chosen, and who may host in their place."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, Text
from sqlmodel import Field

from storage.metadata import ID, Table, one_of

WAITING_ROOMS = ("nobody", "everybody", "outside")


class Room(Table, table=True):
    """What a member has chosen for their room, from the first need of it on. Empty: nothing was chosen."""

    __tablename__ = "room"
    __table_args__ = (
        PrimaryKeyConstraint("member_id"),
        ForeignKeyConstraint(["member_id"], ["member.id"]),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        CheckConstraint("length(topic) BETWEEN 1 AND 200", name="topic_has_a_length"),
        CheckConstraint("substr(passcode, 1, 3) = 'v1.'", name="passcode_is_sealed"),
        CheckConstraint(one_of("waiting_room", WAITING_ROOMS), name="waiting_room_is_known"),
        # An empty value makes a CHECK neither true nor false, and that lets a row through: hence coalesce().
        CheckConstraint(
            "passcode IS NOT NULL OR coalesce(waiting_room, 'nobody') <> 'nobody' OR coalesce(members_only, FALSE)",
            name="is_not_open",
        ),
        CheckConstraint("version >= 1", name="version_counts_up"),
    )

    member_id: str = Field(max_length=ID)
    workspace: str = Field(max_length=32)
    topic: str | None = Field(default=None, max_length=200)
    passcode: str | None = Field(default=None, sa_type=Text)
    """Sealed."""
    waiting_room: str | None = Field(default=None, max_length=16)
    members_only: bool | None = None
    host_video: bool | None = None
    participant_video: bool | None = None
    mute_on_entry: bool | None = None
    join_before_host: bool | None = None
    pmi_for_scheduled: bool | None = None
    version: int
    """Counts the changes."""


class AlternativeHost(Table, table=True):
    """Somebody who may host a room that is another's."""

    __tablename__ = "alternative_host"
    __table_args__ = (
        PrimaryKeyConstraint("room_id", "slack_user"),
        ForeignKeyConstraint(["room_id"], ["room.member_id"], ondelete="CASCADE"),
        CheckConstraint("length(slack_user) >= 2", name="slack_user_is_an_id"),
        CheckConstraint("place >= 0", name="place_is_a_place"),
    )

    room_id: str = Field(max_length=ID)
    slack_user: str = Field(max_length=32)
    place: int
    """Where they stand in the list, as its holder put them."""


rooms = Table.metadata.tables["room"]
alternative_hosts = Table.metadata.tables["alternative_host"]

"""The table of policies: what a workspace's administrators say of its rooms, numbers and addresses."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint
from sqlmodel import Field

from storage.metadata import Table, one_of

STANCES = ("forced_on", "forced_off", "off_unless_chosen", "on_unless_chosen")
CUSTOMISERS = ("licensed", "nobody")
OPTIONS = (
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
LONGEST_HOLD = 3650


class WorkspacePolicy(Table, table=True):
    """What administrators have said. Without a row they have said nothing; an empty stance is the product's default."""

    __tablename__ = "workspace_policy"
    __table_args__ = (
        PrimaryKeyConstraint("workspace"),
        ForeignKeyConstraint(["workspace"], ["workspace.key"]),
        *(CheckConstraint(one_of(option, STANCES), name=f"{option}_is_a_stance") for option in OPTIONS),
        # An empty value makes a CHECK neither true nor false, and that lets a row through: hence coalesce().
        CheckConstraint(
            "coalesce(passcode, '') <> 'forced_off' OR coalesce(waiting_room, '') <> 'forced_off' "
            "OR coalesce(members_only, '') <> 'forced_off'",
            name="leaves_a_guard",
        ),
        CheckConstraint(one_of("who_may_customise", CUSTOMISERS), name="who_may_customise_is_known"),
        CheckConstraint(f"link_hold_days BETWEEN 0 AND {LONGEST_HOLD}", name="link_hold_days_are_days"),
    )

    workspace: str = Field(max_length=32)
    passcode: str | None = Field(default=None, max_length=20)
    waiting_room: str | None = Field(default=None, max_length=20)
    members_only: str | None = Field(default=None, max_length=20)
    host_video: str | None = Field(default=None, max_length=20)
    participant_video: str | None = Field(default=None, max_length=20)
    mute_on_entry: str | None = Field(default=None, max_length=20)
    join_before_host: str | None = Field(default=None, max_length=20)
    pmi_for_instant: str | None = Field(default=None, max_length=20)
    pmi_for_scheduled: str | None = Field(default=None, max_length=20)
    pmis_enabled: bool
    who_may_customise: str = Field(max_length=16)
    """Whom plan and licence let (`licensed`), or nobody."""
    link_hold_days: int | None = None
    """For how long a link that was given up is held; empty for the operator's setting."""
    old_addresses_lead_on: bool


policies = Table.metadata.tables["workspace_policy"]

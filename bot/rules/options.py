"""The options of a room, and what a workspace's policy may say of each: one of four."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Option(StrEnum):
    """What is on or off in a room."""

    PASSCODE = "passcode"
    WAITING_ROOM = "waiting_room"
    MEMBERS_ONLY = "members_only"
    HOST_VIDEO = "host_video"
    PARTICIPANT_VIDEO = "participant_video"
    MUTE_ON_ENTRY = "mute_on_entry"
    JOIN_BEFORE_HOST = "join_before_host"
    PMI_FOR_INSTANT = "pmi_for_instant"
    PMI_FOR_SCHEDULED = "pmi_for_scheduled"


SWITCHES = tuple(option for option in Option if option not in (Option.PASSCODE, Option.WAITING_ROOM))
"""Those that are on or off and nothing more."""
PREFERENCES = (Option.PMI_FOR_INSTANT, Option.PMI_FOR_SCHEDULED)
"""Those of which it matters whether anybody has said anything: the member is asked once."""
GUARDS = (Option.PASSCODE, Option.WAITING_ROOM, Option.MEMBERS_ONLY)
"""A room has at least one of these."""


class Stance(StrEnum):
    """What a policy says of an option."""

    FORCED_ON = "forced_on"
    FORCED_OFF = "forced_off"
    OFF_UNLESS_CHOSEN = "off_unless_chosen"
    ON_UNLESS_CHOSEN = "on_unless_chosen"

    @property
    def is_forced(self) -> bool:
        """Whether nobody can choose."""
        return self in (Stance.FORCED_ON, Stance.FORCED_OFF)

    @property
    def is_on(self) -> bool:
        """What holds where nobody chose."""
        return self in (Stance.FORCED_ON, Stance.ON_UNLESS_CHOSEN)

    def holds(self, chosen: bool | None) -> bool:  # noqa: FBT001  three-valued: not chosen is None
        """What holds for somebody who has chosen this."""
        return self.is_on if chosen is None or self.is_forced else chosen


class Lock(StrEnum):
    """What keeps an option from being chosen."""

    POLICY = "policy"
    SIGN_IN = "sign_in"
    """It needs Sign in with Slack, which is not set up."""
    PMIS = "pmis"
    """It is about PMIs, which are turned off in the workspace."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a workspace says of each option, and whether its members can sign in with Slack on a join page."""

    stances: Mapping[Option, Stance]
    sign_in: bool
    pmis_enabled: bool = True
    """Whether anything takes place on PMIs."""

    def stance(self, option: Option) -> Stance:
        """What holds for an option. Nobody is let in as a member where nobody can show to be one."""
        if self.lock(option) in (Lock.SIGN_IN, Lock.PMIS):
            return Stance.FORCED_OFF
        return self.said(option)

    def said(self, option: Option) -> Stance:
        """What is said of an option, whatever else stands against it."""
        return self.stances.get(option, Stance.OFF_UNLESS_CHOSEN)

    def lock(self, option: Option) -> Lock | None:
        """What keeps an option from being chosen; nothing where it is the member's."""
        if option is Option.MEMBERS_ONLY and not self.sign_in:
            return Lock.SIGN_IN
        if option in PREFERENCES and not self.pmis_enabled:
            return Lock.PMIS
        return Lock.POLICY if self.said(option).is_forced else None

    @property
    def locks(self) -> dict[Option, Lock]:
        """Every option that cannot be chosen, with what keeps it."""
        locks = {option: self.lock(option) for option in Option}
        return {option: lock for option, lock in locks.items() if lock is not None}

    @property
    def leaves_a_guard(self) -> bool:
        """Whether a room can have any of passcode, waiting room and members only."""
        return any(self.stance(guard) is not Stance.FORCED_OFF for guard in GUARDS)


PRODUCT_POLICY = Policy({Option.PASSCODE: Stance.ON_UNLESS_CHOSEN}, sign_in=False)
"""What holds where a workspace has said nothing."""

"""Who goes in at once, who waits, for whom, and who must show first that they belong here."""

from dataclasses import dataclass
from enum import StrEnum

from bot.rules.rooms import WaitingRoom


class Entry(StrEnum):
    """What comes of somebody at the door."""

    GOES_IN = "goes_in"
    BEGINS = "begins"
    """Nobody is there yet, and this guest may be the first."""
    WAITS_FOR_START = "waits_for_start"
    """The host has not started."""
    WAITS_IN_ROOM = "waits_in_room"
    """Until the host lets them in."""
    SIGNS_IN = "signs_in"
    """Only members come in, and nobody knows yet whether this is one."""
    STAYS_OUT = "stays_out"
    """Only members come in, and this is somebody else."""


class Standing(StrEnum):
    """What is known of whoever is at the door."""

    UNKNOWN = "unknown"
    INVITED = "invited"
    """Holds an invitation that was given to a member of the workspace who has been here, by their Slack id."""
    MEMBER = "member"
    """Has signed in with Slack as a member of the workspace."""
    STRANGER = "stranger"
    """Has signed in with Slack as a member of another workspace."""

    @property
    def is_inside(self) -> bool:
        """Whether they count as from inside the workspace."""
        return self in (Standing.INVITED, Standing.MEMBER)


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """Somebody who wants in, and what holds in the room."""

    standing: Standing
    waiting_room: WaitingRoom
    members_only: bool
    join_before_host: bool
    runs: bool
    """Whether they meet now."""
    admitted: bool
    """Whether a host has let this guest in to what runs now."""

    @property
    def waits(self) -> bool:
        """Whether a host must let this guest in."""
        if self.admitted or self.waiting_room is WaitingRoom.NOBODY:
            return False
        return self.waiting_room is WaitingRoom.EVERYBODY or not self.standing.is_inside


def entry_of(guest: AtTheDoor) -> Entry:
    """What comes of them. Whom a host has let in needs nothing else."""
    if guest.runs and guest.admitted:
        return Entry.GOES_IN
    if guest.members_only and guest.standing is not Standing.MEMBER:
        return Entry.STAYS_OUT if guest.standing is Standing.STRANGER else Entry.SIGNS_IN
    if guest.runs:
        return Entry.WAITS_IN_ROOM if guest.waits else Entry.GOES_IN
    # Whoever must be let in cannot be the first: nobody would be there to let them in.
    return Entry.BEGINS if guest.join_before_host and not guest.waits else Entry.WAITS_FOR_START

"""What comes of knocking: a way in, a host's way in, or none; and who knocks."""

from dataclasses import dataclass
from enum import StrEnum

from bot.services.invitations import StartLink
from bot.services.places import Place


@dataclass(frozen=True, slots=True)
class Source:
    """Where tries come from: an IPv4 address, or the network of 64 bits of an IPv6 one. Never kept in clear."""

    network: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way in, with a right passcode or a key."""

    place: Place
    moved: bool = False
    """Whether it led here from an address or with an invitation that has another number by now."""
    invited: str | None = None
    """The Slack id of whom the key was given to; None for an address or a channel's key."""
    session_id: str | None = None
    """The one session that it opens; None where it opens the place whenever somebody meets there."""
    proof: str = ""
    """What opened it, so that it closes with that: see `Doors.still_opens`."""


@dataclass(frozen=True, slots=True)
class HostWay:
    """The way in of a host, by their start link."""

    link: StartLink


class Closed(StrEnum):
    """Why there is no way in."""

    WRONG = "wrong"
    """The passcode is another, or the address is nobody's: nobody learns which."""
    SLOW = "slow"
    """There were too many wrong tries, from there or at that address."""
    KEY = "key"
    """The key is none, or was taken back."""
    CANCELLED = "cancelled"
    """The meeting does not take place any more."""
    OVER = "over"
    """The one session that the key opens has ended."""


@dataclass(frozen=True, slots=True)
class NoWay:
    """There is no way in."""

    why: Closed
    wait: int = 0
    """Seconds until it makes sense to try again; 0 where that is no matter of time."""

"""Who comes to a door, and where they stand there, for whoever shows it to them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.services.places import Place


class SignedIn(Protocol):
    """Somebody whom Slack has vouched for."""

    @property
    def workspace(self) -> str:
        """The key of their workspace."""
        ...

    @property
    def user(self) -> str:
        """Their Slack id."""
        ...

    @property
    def name(self) -> str:
        """As Slack shows them; may be empty."""
        ...


class Stage(StrEnum):
    """What a guest is shown."""

    ON = "on"
    """Goes on to the meeting now."""
    WAITS = "waits"
    """The host will let them in."""
    EARLY = "early"
    """The host has not started yet."""
    NAME = "name"
    """Must say who they are before they wait."""
    SIGN_IN = "sign_in"
    """Must show that they are a member of the workspace."""
    MEMBERS = "members"
    """Only members of the workspace come in, and this is none."""
    SKIPPED = "skipped"
    """It is a series, and the one of today was cancelled."""
    DENIED = "denied"
    OVER = "over"
    FULL = "full"
    """Too many wait."""
    OFF = "off"
    """PMIs are turned off in the workspace, and nothing runs there any more."""
    CLOSED = "closed"
    """What had let them come so far opens nothing any more."""

    @property
    def may_change(self) -> bool:
        """Whether it is worth waiting for something else."""
        return self in (Stage.WAITS, Stage.EARLY)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever has a page of ours before them."""

    token: str = field(repr=False)
    """The random text that their browser keeps."""
    network: str = field(default="", repr=False)
    """Where the request comes from, for the limit."""
    name: str = ""
    """As they gave it; empty where nobody asked."""
    signed_in: SignedIn | None = None
    since: datetime | None = None
    """When the way was opened to them: whoever has come since a meeting ended asks for the next one."""


@dataclass(frozen=True, slots=True)
class GuestView:
    """Where a guest stands."""

    stage: Stage
    guest_id: str
    place: Place
    name: str = ""
    topic: str = ""
    session_id: str | None = None
    """The session that runs there."""
    host: str | None = None
    """The Slack id of a guest who turned out to be a host."""
    may_ask_again: bool = False
    """Of what is over: whether there may be a next time."""
    has_knocked: bool = False
    """Whether hosts see them waiting."""
    next_time: datetime | None = None
    """When the next one of a series is whose meeting of today was cancelled, in the zone of the series."""

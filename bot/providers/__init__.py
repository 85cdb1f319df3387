"""Where meetings take place: one small interface, so that a room does not care which service carries it.

A provider knows nothing of Slack, of numbers or of who holds a room: it is told what a session should be like and who
enters it, and gives back the door.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SessionWish:
    """What a session should be like."""

    topic: str
    """May be empty."""
    host_video: bool
    participant_video: bool
    mute_on_entry: bool
    ends_at: datetime
    """Aware. When the session closes at the latest: tokens expire with it, or a little later."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who enters a session."""

    name: str
    is_host: bool


class MeetingProvider(Protocol):
    """A service that carries meetings."""

    @property
    def name(self) -> str:
        """What people call the service."""
        ...

    async def open_session(self, wish: SessionWish) -> str:
        """Make a new session; its handle, which is a secret and is kept sealed.

        It cannot be derived from a meeting number, a link or an earlier session.

        Raises:
            ProviderUnavailable: the service did not make one; nothing is to be shown but that.
        """
        ...

    def door(self, handle: str, wish: SessionWish, who: Participant) -> str:
        """The URL by which this participant enters, and nobody else should.

        Raises:
            ProviderUnavailable: there is none; nothing is to be shown but that.
        """
        ...

    async def problem(self) -> str | None:
        """What keeps the service from being used, in words without secrets; nothing when all is well."""
        ...


class ProviderUnavailable(Exception):  # noqa: N818  it says what is so
    """The service that carries meetings did not do what was asked."""

    def __init__(self, reason: str = "unavailable") -> None:
        super().__init__(reason)
        self.reason = reason
        """A code for the log, which holds no secret."""

"""Where meetings take place: one small interface, so that a room does not care which service carries it.

A provider knows nothing of Slack, of numbers or of people: it is told what a session should be like and gives back the
doors into it.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SessionWish:
    """What a session should be like."""

    topic: str
    host_video: bool
    participant_video: bool
    mute_on_entry: bool


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways into a session. Neither can be derived from a meeting number, a link or an earlier session."""

    host_url: str
    guest_url: str


class MeetingProvider(Protocol):
    """A service that carries meetings."""

    @property
    def name(self) -> str:
        """What people call the service."""
        ...

    async def open_session(self, wish: SessionWish) -> Doors:
        """Make a new session.

        Raises:
            ProviderUnavailable: the service did not make one; nothing is to be shown but that.
        """
        ...

    async def problem(self) -> str | None:
        """What keeps the service from being used, in words without secrets; nothing when all is well."""
        ...


class ProviderUnavailable(Exception):  # noqa: N818  it says what is so
    """The service that carries meetings did not do what was asked."""

"""Where meetings take place: one small interface, so that a room does not care which service carries it.

A provider knows nothing of Slack, of numbers or of people: it is told what a session should be like and who comes, and
gives back the door.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SessionWish:
    """What a session should be like."""

    topic: str
    host_video: bool
    participant_video: bool
    mute_on_entry: bool
    ends_at: datetime
    """When it closes at the latest: what lets people in expires with it."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who comes."""

    name: str
    is_host: bool


class MeetingProvider(Protocol):
    """A service that carries meetings."""

    @property
    def name(self) -> str:
        """What people call the service."""
        ...

    async def open_session(self, wish: SessionWish) -> str:
        """Make a new session; its handle, a secret that tells nothing of number, link or an earlier session.

        Raises:
            ProviderUnavailable: the service did not make one; nothing is to be shown but that.
        """
        ...

    def door(self, handle: str, wish: SessionWish, who: Participant) -> str:
        """The address by which this participant enters.

        Raises:
            ProviderUnavailable: as it is set up, there is no way in.
        """
        ...

    async def problem(self) -> str | None:
        """What keeps the service from being used, in words without secrets; nothing when all is well."""
        ...


class ProviderUnavailable(Exception):  # noqa: N818  it says what is so
    """The service that carries meetings did not do what was asked."""

"""That something about a person has changed, as an event tells: who they are is asked anew, and whether they are there.

Events come late, again and in any order. So an event only says that it is time to look: how it is now says Slack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.handlers.administrators import Administrators
from bot.handlers.directory import Directory
from bot.handlers.entrance import Entrance
from bot.services.people import Actor, Standing
from bot.services.presence import Presence


@dataclass(frozen=True, slots=True)
class Changed:
    """Whom an event is about, and whether it says that they are deactivated."""

    user: str
    gone: bool


def read_changed(event: Mapping[str, Any]) -> Changed | None:
    """Whom the event is about; None where it names nobody."""
    found = event.get("user")
    person = found if isinstance(found, dict) else {}
    user = person.get("id")
    return Changed(user, person.get("deleted") is True) if isinstance(user, str) and user else None


@dataclass(frozen=True, slots=True)
class Comings:
    """What is to be done when people change, for one process."""

    presence: Presence
    directory: Directory
    administrators: Administrators
    entrance: Entrance

    async def changed(self, workspace: str, change: Changed) -> None:
        """Look again, where that may make a difference.

        Raises:
            StorageError: the database did not answer as it should.
        """
        actor = Actor(workspace, change.user)
        self.directory.forget(actor)
        self.administrators.forget(actor)
        self.entrance.forget(actor)
        if not await self.presence.is_news(actor, gone=change.gone):
            return
        person = await self.directory.person(workspace, change.user)
        gone = person.standing is Standing.DEACTIVATED
        if person.standing in (Standing.UNKNOWN, Standing.NOT_FOUND):
            gone = change.gone
        await (self.presence.left(actor) if gone else self.presence.returned(actor))

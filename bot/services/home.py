"""What a member's Home shows, all of it: the room and what runs in it, its settings, what is coming."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules import RoomSettings
from bot.services.administration import WorkspaceSeen
from bot.services.meeting_glances import AtHome, MeetingGlances
from bot.services.people import Actor
from bot.services.room_settings import SettingsOfRooms
from bot.services.schedules import Schedules
from bot.services.timetable import Coming

MOST_COMING = 5
"""Meetings that are shown; `/room meetings` shows more."""


@dataclass(frozen=True, slots=True)
class HomeSeen:
    """What a member sees at Home."""

    at: AtHome
    settings: RoomSettings
    coming: tuple[Coming, ...]
    start_keys: Mapping[str, str]
    """Of the start links of scheduled meetings that one may host, by their ids."""
    now: datetime
    workspace: WorkspaceSeen | None = None
    """For an administrator: the workspace that is theirs to run."""

    @property
    def without_keys(self) -> "HomeSeen":
        """The same, with when they are valid in the place of the keys; and without the time of looking."""
        until = self.at.until.isoformat()
        begun = tuple(one.shown.meeting_id for one in self.coming if one.occurrence.start <= self.now)
        keys = {meeting_id: f"{until}{meeting_id in begun}" for meeting_id in self.start_keys}
        return replace(self, at=self.at.without_keys, start_keys=keys)


@dataclass(frozen=True, slots=True)
class HomeGlances:
    """The use case of seeing a Home."""

    glances: MeetingGlances
    settings: SettingsOfRooms
    schedules: Schedules
    now: Callable[[], datetime]

    async def of(self, actor: Actor) -> HomeSeen | None:
        """What the actor sees at Home; None where they were never here.

        Raises:
            StorageError: the database did not answer as it should.
        """
        at = await self.glances.at_home(actor)
        if at is None:
            return None
        settings = (await self.settings.glance(actor)).settings
        coming = tuple(await self.schedules.coming(actor, MOST_COMING))
        keys = {one.shown.meeting_id: self.schedules.start_key(one.shown) for one in coming if one.may_start}
        return HomeSeen(at, settings, coming, keys, self.now())

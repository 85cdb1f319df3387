"""Settings of a room as they are shown: to its holder, on a card, after they were saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.rules import Lock, Option, RoomSettings
from bot.services.room import Room


@dataclass(frozen=True, slots=True)
class Seen:
    """A room with its settings, as its holder may see them."""

    room: Room
    settings: RoomSettings
    locks: Mapping[Option, Lock]
    """The options that cannot be chosen, with what keeps them."""
    version: int


@dataclass(frozen=True, slots=True)
class Glance:
    """A room with its settings for a card: where there is a passcode, it is empty."""

    room: Room
    settings: RoomSettings


@dataclass(frozen=True, slots=True)
class SettingsSaved:
    """A room after a change of its settings that was asked for."""

    seen: Seen
    changed: bool
    elsewhere: bool = False
    """Whether something else was changed since the asker was shown the settings."""
    hosts: tuple[str, ...] = ()
    """Slack ids of those who were named alternative hosts, or are none any more."""

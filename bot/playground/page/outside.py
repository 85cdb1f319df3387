"""Switches for what goes wrong outside of Slack, passed in by whoever knows the app's surroundings."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Switch:
    """One trouble that can be turned on and off; `turn` does it."""

    name: str
    label: str
    turn: Callable[[bool], None]
    on: bool = False

    def set(self, *, on: bool) -> None:
        """Turn it on or off."""
        self.turn(on)
        self.on = on

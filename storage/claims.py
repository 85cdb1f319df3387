"""What a claim of a number or a link can come to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Claim(StrEnum):
    """How a claim ended."""

    NEW = "new"
    """It was nobody's."""
    BACK = "back"
    """It was held for this person."""
    LOST = "lost"
    """It is somebody else's. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A number or link with the hold of one person on it."""

    text: str
    """The digits, or the link as it was spelled."""
    claimed_at: datetime
    released_at: datetime | None
    held_until: datetime | None = None

"""What `doctor` says of a thing that it looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a thing was found."""

    OK = "ok"
    NOTE = "note"
    """It works, and may not be what was meant."""
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing."""

    subject: str
    mark: Mark
    words: str

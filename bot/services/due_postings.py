"""Messages that are due, as whoever posts them is given them, and what can become of one."""

from dataclasses import dataclass, field
from enum import Enum, auto

from storage.posting_lanes import Due, Lane, Posting


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in the hands of this process, and the channel that it goes to."""

    posting: Posting
    lane: Lane
    response_url: str = field(default="", repr=False)
    """Where it can be written without being a member of the channel; empty where that is over."""
    following: tuple[Due, ...] = ()
    """What comes next in the channel, as far as that was seen."""

    @property
    def is_new(self) -> bool:
        """Whether it is not posted yet, as far as anybody knows."""
        return self.posting.shown == 0

    @property
    def in_doubt(self) -> bool:
        """Whether somebody has tried to post it before and did not hear what came of it."""
        return self.is_new and self.posting.doubts > 1


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is to be posted in a channel for so many seconds."""

    seconds: float
    key: str
    """What rests: the channel, or the message that is next."""


@dataclass(frozen=True, slots=True)
class Over:
    """A message that this process gave up: it was too old, tried too often, or may be there twice."""

    posting: str
    reason: str


class Fate(Enum):
    """What became of a message that could not be posted, or changed."""

    RESTS = auto()
    """It is tried again."""
    ENDED = auto()
    """It was the last try."""
    ELSEWHERE = auto()
    """Nothing: it is in somebody else's hands by now, or was taken back."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found."""

    ready: tuple[str, ...]
    """Channels with something due that nobody writes into, or soon nobody will."""
    next_in: float | None
    """Seconds until there may be more to do; None where there is nothing."""
    waiting: int
    """How many messages are due."""
    oldest: float
    """For how many seconds the oldest of them has been due."""

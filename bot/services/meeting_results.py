"""What starting and ending a meeting is asked with, and what it comes to."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from bot.services.people import Actor
from bot.services.postings import Target
from bot.services.session_records import Session


@dataclass(frozen=True, slots=True)
class StartWish:
    """An instant meeting that somebody asks for."""

    holder: Actor | None = None
    """Whose room it is, where an alternative host asks; None for the one who asks."""
    topic: str = ""
    """As it was typed; empty for the room's own."""
    on_pmi: bool | None = None
    """What the holder says of it now, which is remembered; None leaves it to what was said before."""
    target: Target | None = None
    """Where the join card is posted; None for nowhere."""
    thread: str = ""
    """The time stamp of the message that it answers; empty where it stands by itself."""


@dataclass(frozen=True, slots=True)
class Started:
    """A meeting that runs, as its host may see it."""

    session: Session
    holder: str
    """The Slack id of whose room or meeting it is."""
    fresh: bool
    """Whether it was started now; else it ran already, and is offered."""
    start_key: str = field(repr=False)
    """Of the start link of the one who asked, for them alone."""
    passcode: str | None = field(default=None, repr=False)
    """Of a one-off number, for the hosts alone."""
    hosts: tuple[str, ...] = ()
    """The Slack ids of the alternative hosts."""
    pmis_off: bool = False
    """Whether it has a number of its own since PMIs are turned off."""

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was."""
        return self.fresh


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Nothing was started: the holder has not said whether instant meetings use their PMI."""

    topic: str
    """As it was read."""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A meeting that is over."""

    session: Session
    holder: str
    """The Slack id of whose room or meeting it was."""
    changed: bool
    """Whether it was ended now; else it was over already."""
    hosts: tuple[str, ...] = ()
    """The Slack ids of the alternative hosts."""


@dataclass(frozen=True, slots=True)
class Running:
    """A meeting that runs, as one of its hosts may see it."""

    session: Session
    holder: str
    """The Slack id of whose room or meeting it is."""
    start_key: str = field(repr=False)
    """Of the start link of who sees it, for them alone."""


@dataclass(frozen=True, slots=True)
class Startable:
    """A room that somebody may start, and what runs in it and on its one-off numbers."""

    start_key: str = field(repr=False)
    """Of the start link of who sees it, for them alone."""
    running: tuple[Running, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinCard:
    """What everybody in a channel may see of a meeting."""

    session: Session
    holder: str
    """The Slack id of whose room or meeting it is."""
    key: str = field(default="", repr=False)
    """Of the invitation that opens this one session; empty once it is over."""


STARTED = TypeAdapter(Started)
"""How an answer to a start is kept."""
ENDED = TypeAdapter(Ended)
"""How an answer to an end is kept."""

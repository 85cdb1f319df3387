"""A scheduled meeting as everybody above sees it: when it takes place, for whom, and what they say to it.

Nothing here is a row, and no way in is here but the keys that its reader may hand on.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from bot.rules import Answer, Repeats, ScheduleWish


class Adjusted(StrEnum):
    """What is not quite as it was asked for; the value is the code of the text that says so."""

    GAP = "schedule.adjusted.gap"
    """The time does not exist on the first day, since clocks go forward: it begins that much later there."""
    TWICE = "schedule.adjusted.twice"
    """The time comes twice on the first day, since clocks go back: the first one is meant."""
    WEEKEND = "schedule.adjusted.weekend"
    """The first day is no weekday: it begins on the Monday after."""
    SHORT_MONTHS = "schedule.adjusted.short_months"
    """Months without that day are left out."""
    BOUNDED = "schedule.adjusted.bounded"
    """It has no end, and ends after two years or 500 meetings."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One meeting of a series, or the only one."""

    key: str
    """Which one it is: the local time at which the series has it, such as `2026-11-24T09:30`, wherever it was moved."""
    start: datetime
    """In UTC."""
    end: datetime
    topic: str
    cancelled: bool = False
    changed: bool = False
    """Whether it was changed by itself: another time, length or topic than its series."""
    revision: int = 0
    """Of the meeting, when the time of this one was last set: a reminder of an older one says nothing."""

    @property
    def detail(self) -> str:
        """What a posting about it is told by."""
        return f"{self.key}/{self.revision}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many said what; the holder is not counted."""

    yes: int = 0
    no: int = 0
    maybe: int = 0


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who was invited, or answered in the channel."""

    user: str
    """Slack id."""
    invited: bool
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a card, a list or a dialog shows of a scheduled meeting, for one reader."""

    meeting_id: str
    workspace: str
    holder: str
    """Slack id."""
    holder_id: str
    """The holder's id as a member, for a start link."""
    reader: str | None
    """Slack id of whom it is shown to; None for a channel."""
    topic: str
    """Empty where there is none."""
    zone: str
    """The IANA name of the zone that it keeps its time in."""
    minutes: int
    repeats: Repeats
    times: int
    """How many meetings the series has in all, without the cancelled ones."""
    first: Occurrence
    last: Occurrence
    coming: tuple[Occurrence, ...]
    """Those that are not over, the cancelled ones too, the earliest first and ten at most."""
    counts: Counts
    invitees: tuple[Invitee, ...]
    channel: str | None
    remind_minutes: int | None
    on_pmi: bool
    number: str
    """The one-off number, or the holder's PMI as it is now."""
    key: str = field(repr=False)
    """The invitation key of this reader: their own, or the channel's. Empty for the holder, who has a start link."""
    sequence: int
    """Counts the changes."""
    cancelled: bool
    passcode: str = field(default="", repr=False)
    """Of the one-off number, for the holder alone."""

    @property
    def next(self) -> Occurrence | None:
        """The one that runs or comes next; None where all are over or cancelled."""
        return next((one for one in self.coming if not one.cancelled), None)

    @property
    def is_holder(self) -> bool:
        """Whether its reader is its holder."""
        return self.reader == self.holder

    @property
    def answer(self) -> Answer | None:
        """What its reader has said."""
        return next((one.answer for one in self.invitees if one.user == self.reader), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A meeting with the wish that it is: sent in unaltered, its zone too, it changes nothing."""

    shown: Shown
    wish: ScheduleWish


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A meeting that was scheduled."""

    shown: Shown
    adjusted: tuple[Adjusted, ...] = ()
    start_key: str = field(default="", repr=False)
    """Of the holder's start link: kept with the answer, so that a repeat gets the same one."""
    place_is_set: bool = False
    """Whether it takes place elsewhere than was asked for, since administrators have set where."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A meeting after a change that was asked for."""

    shown: Shown
    changed: bool
    adjusted: tuple[Adjusted, ...] = ()
    reset: int = 0
    """How many that had a time of their own follow the series again."""
    elsewhere: bool = False
    """Whether something else was changed since the asker was shown the meeting."""
    start_key: str = field(default="", repr=False)
    """As of a meeting that was scheduled."""
    left_out: tuple[str, ...] = ()
    """The Slack ids of those who were invited and are not any more."""
    place_is_set: bool = False
    """As of a meeting that was scheduled."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A meeting of which one or all do not take place."""

    shown: Shown
    changed: bool
    """False where that was so already."""
    occurrence: Occurrence | None = None
    """The one that was cancelled; None for all."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A meeting after somebody's answer."""

    shown: Shown
    changed: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """A meeting with one of its times, for a list of what is coming."""

    shown: Shown
    occurrence: Occurrence
    """The one that runs or comes next."""
    may_start: bool = False
    """Whether its reader is a host: its holder, or an alternative host of theirs."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reminder says when it is posted or changed."""

    shown: Shown
    occurrence: Occurrence
    begun: bool
    """Whether it runs already, or is over."""
    is_due: bool
    """Whether it is worth being posted, where it is not there yet: what is there shows how things are now."""


SCHEDULED = TypeAdapter(Scheduled)
CHANGED = TypeAdapter(Changed)
CANCELLED = TypeAdapter(Cancelled)
COUNTED = TypeAdapter(Counted)
"""How the answers are kept."""

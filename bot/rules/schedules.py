"""The rules for a meeting that is scheduled, as far as they need no calendar: figures and words in, violations out.

When a time is, in which zone it does not exist and which days a series falls on is reckoned in `services.recurrence`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.rules.codes import Code
from bot.rules.refusals import Refusal, Violation
from bot.rules.topics import Topic, parse_topic

SHORTEST_MINUTES = 5
LONGEST_MINUTES = 24 * 60
FURTHEST_DAYS = 731
"""How far ahead a meeting may begin, and how long after its first meeting a series may go on: two years."""
MOST_TIMES = 500
"""Meetings of a series. One without an end ends with the last of these, or after two years."""
MOST_INVITEES = 50
MOST_REMIND_MINUTES = 7 * 24 * 60
SECONDS_A_DAY = 86_400

_DATE = re.compile(r"\A(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_TIME = re.compile(r"\A([01]\d|2[0-3]):([0-5]\d)\Z", re.ASCII)
_SLACK_ID = re.compile(r"\A[A-Z][A-Z0-9]{1,31}\Z", re.ASCII)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_FIRST_YEAR = 1970


class Repeats(StrEnum):
    """How a meeting repeats."""

    NONE = "none"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    """Monday to Friday."""
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    """On the same day of the month; a month that lacks it is left out."""


class Answer(StrEnum):
    """What somebody says to an invitation."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class ScheduleWish:
    """What is asked for, as a dialog gives it. Anything may stand in it: it is read by the rules."""

    topic: str
    zone: str
    """The IANA name of the member's time zone, such as `Europe/Berlin`."""
    minutes: int
    """How long one meeting takes."""
    at: int | None = None
    """When it begins, in seconds since 1970; it wins over date and time."""
    date: str = ""
    """The day in the member's zone: `2026-11-24`."""
    time: str = ""
    """The time in the member's zone: `09:30`."""
    invitees: tuple[str, ...] = ()
    """Slack ids."""
    channel: str | None = None
    """Where the invitation is posted as well."""
    response_url: str = field(default="", repr=False)
    """Where it can be written where the app is no member of that channel."""
    on_pmi: bool | None = None
    """Whether it takes place on the PMI, or on a one-off number; None, what was left as shown, says nothing."""
    repeats: Repeats = Repeats.NONE
    count: int | None = None
    """After how many meetings a series ends."""
    until: str = ""
    """The last day of a series, in the member's zone; with neither it goes on for as long as it may."""
    remind_minutes: int | None = None
    """How long before each meeting people are reminded; None for not at all."""
    sequence: int | None = None
    """Of a meeting that is changed, as it was shown: the answer says whether somebody changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish whose every part has its shape. Made by `read_shape` alone."""

    topic: str
    invitees: tuple[str, ...]
    """Each once, without the holder."""


def is_a_date(text: str) -> bool:
    """A day that there is, written as 2026-11-24."""
    found = _DATE.match(text)
    if found is None:
        return False
    year, month, day = (int(part) for part in found.groups())
    if year < _FIRST_YEAR or not 1 <= month <= len(_DAYS):
        return False
    leaps = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month - 1] + (leaps and month == _FEBRUARY)


def is_a_time(text: str) -> bool:
    """A time of the day, written as 09:30."""
    return _TIME.match(text) is not None


def is_a_slack_id(text: str) -> bool:
    """An id of a person or a channel, as Slack makes them."""
    return _SLACK_ID.match(text) is not None


def has_an_impossible_length(minutes: int) -> bool:
    """Shorter than 5 minutes or longer than 24 hours."""
    return not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES


def is_past(starts: int, now: int) -> bool:
    """It would have begun already."""
    return starts <= now


def is_too_far(starts: int, now: int) -> bool:
    """It would begin more than two years from now."""
    return starts - now > FURTHEST_DAYS * SECONDS_A_DAY


def read_shape(wish: ScheduleWish, holder: str) -> tuple[Asked, tuple[Violation, ...]]:
    """What can be read of a wish without a calendar, and every rule that this much breaks."""
    topic = parse_topic(wish.topic)
    broken = list(topic.violations) if isinstance(topic, Refusal) else []
    if wish.at is None:
        broken += [] if is_a_date(wish.date) else [Violation(Code.SCHEDULE_DATE)]
        broken += [] if is_a_time(wish.time) else [Violation(Code.SCHEDULE_TIME)]
    if has_an_impossible_length(wish.minutes):
        broken.append(Violation(Code.SCHEDULE_MINUTES))
    broken += _broken_by_the_end(wish)
    invitees = tuple(dict.fromkeys(user for user in wish.invitees if user != holder))
    broken += _broken_by_people(invitees, wish.channel)
    if wish.remind_minutes is not None and not 0 <= wish.remind_minutes <= MOST_REMIND_MINUTES:
        broken.append(Violation(Code.SCHEDULE_REMINDER))
    return Asked(topic.text if isinstance(topic, Topic) else "", invitees), tuple(broken)


def _broken_by_the_end(wish: ScheduleWish) -> list[Violation]:
    if wish.repeats is Repeats.NONE:
        return []
    broken = []
    if wish.count is not None and not 1 <= wish.count <= MOST_TIMES:
        broken.append(Violation(Code.SCHEDULE_COUNT))
    if wish.until and not is_a_date(wish.until):
        broken.append(Violation(Code.SCHEDULE_UNTIL))
    return broken


def _broken_by_people(invitees: Sequence[str], channel: str | None) -> list[Violation]:
    broken = []
    if len(invitees) > MOST_INVITEES:
        broken.append(Violation(Code.SCHEDULE_INVITEES_MANY))
    if not all(is_a_slack_id(user) for user in invitees):
        broken.append(Violation(Code.SCHEDULE_INVITEES))
    if channel is not None and not is_a_slack_id(channel):
        broken.append(Violation(Code.SCHEDULE_CHANNEL))
    return broken

"""When a meeting takes place: from days and times in a zone, which clocks change, to moments.

A series keeps its local time. Where that time does not exist on some day, since clocks go forward, it is that much
later there; where it comes twice, the first one counts: as RFC 5545 (3.3.5) has it, so that every calendar agrees.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import DAILY, FR, MO, MONTHLY, TH, TU, WE, WEEKLY, rrule

from bot.rules import Code, Repeats, ScheduleWish, Violation
from bot.rules.schedules import FURTHEST_DAYS, MOST_TIMES, is_a_date, is_a_time, is_past, is_too_far
from bot.services.timetable import Adjusted

_WEEKDAYS = (MO, TU, WE, TH, FR)
_SATURDAY = 5
_SHORTEST_MONTH = 28
_LONGEST_ZONE = 64
_ZONE = re.compile(r"\A[A-Z][A-Za-z0-9+_-]*(?:/[A-Za-z0-9+_-]+){0,2}\Z", re.ASCII)
_FREQUENCIES = {
    Repeats.DAILY: {"freq": DAILY},
    Repeats.WEEKDAYS: {"freq": WEEKLY, "byweekday": _WEEKDAYS},
    Repeats.WEEKLY: {"freq": WEEKLY},
    Repeats.MONTHLY: {"freq": MONTHLY},
}
_KEY = "%Y-%m-%dT%H:%M"
_LONGEST_SERIES = timedelta(days=FURTHEST_DAYS)


@dataclass(frozen=True, slots=True)
class Rule:
    """By what a meeting has its times."""

    starts: str
    """The local time of the first one: `2026-11-24T09:30`."""
    zone: str
    repeats: Repeats = Repeats.NONE
    count: int | None = None
    until: str | None = None
    """The last local day; with neither the series is bounded all the same."""


@dataclass(frozen=True, slots=True)
class Start:
    """One time of a rule."""

    key: str
    """The local time as the rule has it, even where clocks leave it out."""
    at: datetime
    """In UTC."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What was asked for, as a rule with its times; `adjusted` says what is not quite as it was asked for."""

    rule: Rule
    starts: tuple[Start, ...]
    adjusted: tuple[Adjusted, ...] = ()


def zone_of(name: str) -> ZoneInfo | None:
    """The zone with this IANA name; None where there is none."""
    if len(name) > _LONGEST_ZONE or _ZONE.match(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder such as `America` is no zone
        return None


def local_of(key: str) -> datetime:
    """The local time of a key, without its zone."""
    return datetime.strptime(key, _KEY)  # noqa: DTZ007 - it stands for itself in whatever zone


def key_of(local: datetime) -> str:
    """The key of a local time."""
    return local.strftime(_KEY)


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """When a local time is; later, where clocks leave it out, and the first one, where it comes twice."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


@lru_cache(maxsize=2048)
def starts_of(rule: Rule) -> tuple[Start, ...]:
    """Every time of a rule, in order.

    Raises:
        ValueError: there is no such zone (any more).
    """
    zone = zone_of(rule.zone)
    if zone is None:
        raise ValueError(f"there is no time zone {rule.zone}")
    return tuple(Start(key_of(local), moment(local, zone)) for local in islice(_locals(rule), MOST_TIMES))


def _locals(rule: Rule) -> Iterable[datetime]:
    first = local_of(rule.starts)
    if rule.repeats is Repeats.NONE:
        return (first,)
    until = None if rule.until is None else datetime.combine(date.fromisoformat(rule.until), datetime.max.time())
    if until is None and rule.count is None:
        until = first + _LONGEST_SERIES
    times: Iterable[datetime] = rrule(dtstart=first, **_FREQUENCIES[rule.repeats], count=rule.count, until=until)
    return times


def read_timing(wish: ScheduleWish, now: datetime, was: Rule | None = None) -> Timing | tuple[Violation, ...]:
    """The times of a wish, or every rule that they break. What has no shape says nothing here.

    With `was`, of a meeting that is changed: then what has begun may stay as it was, and a series may have begun.
    """
    zone = zone_of(wish.zone)
    if zone is None:
        return (Violation(Code.SCHEDULE_ZONE),)
    asked = _asked_start(wish, zone, now, was)
    if not isinstance(asked, datetime):
        return asked
    rule, adjusted = _rule(wish, asked)
    if was is not None and rule == was:
        return Timing(rule, starts_of(rule))
    broken = _broken_by_the_end(rule) or _broken_by_now(rule, now, may_have_begun=was is not None)
    if broken:
        return broken
    starts = starts_of(rule)
    return Timing(rule, starts, (*adjusted, *_adjusted(rule, zone, starts)))


def _asked_start(
    wish: ScheduleWish, zone: ZoneInfo, now: datetime, was: Rule | None
) -> datetime | tuple[Violation, ...]:
    """The local time that was asked for, if it is near enough to be reckoned with."""
    if was is not None and wish.at is not None and (wish.zone, wish.at) == (was.zone, _epoch(starts_of(was)[0].at)):
        return local_of(was.starts)  # which may be one that clocks leave out on that day
    if wish.at is None:
        if not (is_a_date(wish.date) and is_a_time(wish.time)):
            return ()
        local = local_of(f"{wish.date}T{wish.time}")
        far = (local.date() - now.date()).days
    else:
        far = (wish.at - _epoch(now)) // 86_400
    if far > FURTHEST_DAYS + 1:
        return (Violation(Code.SCHEDULE_FAR),)
    if far < (-2 if was is None else -2 * FURTHEST_DAYS):
        return (Violation(Code.SCHEDULE_PAST),)
    if wish.at is not None:
        local = datetime.fromtimestamp(wish.at, zone).replace(tzinfo=None, second=0, fold=0)
    return local


def _rule(wish: ScheduleWish, local: datetime) -> tuple[Rule, tuple[Adjusted, ...]]:
    adjusted: tuple[Adjusted, ...] = ()
    if wish.repeats is Repeats.WEEKDAYS and local.weekday() >= _SATURDAY:
        local += timedelta(days=7 - local.weekday())
        adjusted = (Adjusted.WEEKEND,)
    if wish.repeats is Repeats.NONE:
        return Rule(key_of(local), wish.zone), ()
    # What has no shape is refused for that; the rest is judged as if it were not there.
    count = wish.count if wish.count is not None and 1 <= wish.count <= MOST_TIMES else None
    until = wish.until if wish.count is None and is_a_date(wish.until) else None
    return Rule(key_of(local), wish.zone, wish.repeats, count, until), adjusted


def _broken_by_the_end(rule: Rule) -> tuple[Violation, ...]:
    first = local_of(rule.starts)
    if rule.count is not None:
        *_, last = _locals(rule)
        return (Violation(Code.SCHEDULE_LONG),) if last - first > _LONGEST_SERIES else ()
    if rule.until is None:
        return ()
    days = (date.fromisoformat(rule.until) - first.date()).days
    if days < 0:
        return (Violation(Code.SCHEDULE_UNTIL),)
    if days > FURTHEST_DAYS:
        return (Violation(Code.SCHEDULE_LONG),)
    return (Violation(Code.SCHEDULE_MANY),) if len(tuple(islice(_locals(rule), MOST_TIMES + 1))) > MOST_TIMES else ()


def _broken_by_now(rule: Rule, now: datetime, *, may_have_begun: bool) -> tuple[Violation, ...]:
    starts = starts_of(rule)
    if is_past(_epoch(starts[-1 if may_have_begun else 0].at), _epoch(now)):
        return (Violation(Code.SCHEDULE_PAST),)
    return (Violation(Code.SCHEDULE_FAR),) if is_too_far(_epoch(starts[0].at), _epoch(now)) else ()


def _adjusted(rule: Rule, zone: ZoneInfo, starts: Sequence[Start]) -> tuple[Adjusted, ...]:
    local = local_of(rule.starts)
    found = []
    if starts[0].at.astimezone(zone).replace(tzinfo=None) != local:
        found.append(Adjusted.GAP)
    elif local.replace(tzinfo=zone).utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset():
        found.append(Adjusted.TWICE)
    if rule.repeats is Repeats.MONTHLY and local.day > _SHORTEST_MONTH:
        found.append(Adjusted.SHORT_MONTHS)
    if rule.repeats is not Repeats.NONE and rule.count is None and rule.until is None:
        found.append(Adjusted.BOUNDED)
    return tuple(found)


def _epoch(at: datetime) -> int:
    return int(at.timestamp())

"""What is wished for a scheduled meeting, read by the rules and the calendar: everything against it is said at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.rules import Code, Refusal, Repeats, ScheduleWish, Violation
from bot.rules.schedules import Asked, read_shape
from bot.services.recurrence import Rule, Timing, key_of, read_timing, zone_of
from bot.services.schedule_records import Kept
from bot.services.timetable import Occurrence


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish that nothing stands against."""

    wish: ScheduleWish
    asked: Asked
    timing: Timing


def read_wish(wish: ScheduleWish, holder: str, now: datetime, was: Rule | None = None) -> Wanted | Refusal:
    """The wish of a holder for a new meeting, or (with `was`) for one that has its times by this rule."""
    asked, broken = read_shape(wish, holder)
    timing = read_timing(wish, now, was)
    if isinstance(timing, Timing) and not broken:
        return Wanted(wish, asked, timing)
    return Refusal("", broken if isinstance(timing, Timing) else (*broken, *timing))


def read_wish_for_one(wish: ScheduleWish, holder: str, now: datetime, old: Occurrence) -> Wanted | Refusal:
    """The wish for one time of a meeting; of who is invited, where, and how it repeats it says nothing."""
    alone = replace(wish, repeats=Repeats.NONE, invitees=(), channel=None, remind_minutes=None)
    zone = zone_of(wish.zone)
    was = None if zone is None else Rule(key_of(old.start.astimezone(zone)), wish.zone)
    return read_wish(alone, holder, now, was)


def refusal(code: Code) -> Refusal:
    """A refusal for one reason."""
    return Refusal("", (Violation(code),))


def broken_by_its_state(kept: Kept, now: datetime) -> Refusal | None:
    """What keeps a meeting from being changed or answered: it is cancelled, or over."""
    if kept.cancelled:
        return refusal(Code.SCHEDULE_CANCELLED)
    return refusal(Code.SCHEDULE_OVER) if kept.is_over(now) else None

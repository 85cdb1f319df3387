"""What stands in the dialog of a scheduled meeting before anybody has typed: a new one, or one that is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules import ScheduleWish
from bot.services.timetable import Seen

MINUTES = 30
REMIND_MINUTES = 10
_STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Draft:
    """A wish, with the meeting that it is to change and which one of a series; None for a new one, and for all."""

    wish: ScheduleWish
    meeting_id: str | None = None
    occurrence: str | None = None


def new_draft(zone: str, now: datetime, topic: str, *, on_pmi: bool | None) -> Draft:
    """A meeting that begins at the next full or half hour but one, and is not said to repeat."""
    whole = now.replace(minute=0, second=0, microsecond=0)
    starts = whole + _STEP * (int((now - whole) / _STEP) + 2)
    wish = ScheduleWish(
        topic=topic,
        zone=zone,
        minutes=MINUTES,
        at=int(starts.timestamp()),
        on_pmi=on_pmi,
        remind_minutes=REMIND_MINUTES,
    )
    return Draft(wish)


def draft_of(seen: Seen, occurrence: str | None) -> Draft | None:
    """A meeting as it is, or (as it was seen) one of its series; None where that one is over or cancelled."""
    there = occurrence is None or any(one.key == occurrence and not one.cancelled for one in seen.shown.coming)
    return Draft(seen.wish, seen.shown.meeting_id, occurrence) if there else None

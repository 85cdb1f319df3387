"""Scheduled meetings as calendar files (RFC 5545, 5546): the same event in every calendar, however often it changes.

Its UID never changes and its SEQUENCE counts the changes, so that a newer file takes the older one's place. It is
published rather than requested (METHOD:PUBLISH): answers are given in Slack, and we keep no mail address, which an
attendee would need. Its organiser is an address all the same, as the standard wants: that of this service.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.rules import Repeats, group_digits
from bot.services.house import House
from bot.services.invitations import InvitationRecords
from bot.services.recurrence import local_of, starts_of, zone_of
from bot.services.schedule_records import Kept, ScheduleRecords
from bot.services.time_zones import observances
from bot.services.timetable import Occurrence
from bot.texts import Translator
from storage.transactions import Transaction

if TYPE_CHECKING:
    import icalendar

_PRODUCT = "-//Standing Room//Standing Room//EN"
_LONGEST_NAME = 60
_YEARS_MORE = 3
"""For which a zone is told after the last year of a series."""
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+", re.ASCII)
_RULES: dict[Repeats, dict[str, Any]] = {
    Repeats.DAILY: {"freq": "daily"},
    Repeats.WEEKDAYS: {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"]},
    Repeats.WEEKLY: {"freq": "weekly"},
    Repeats.MONTHLY: {"freq": "monthly"},
}


@dataclass(frozen=True, slots=True)
class Invited:
    """A scheduled meeting that somebody has a key for."""

    kept: Kept
    at: datetime
    """When it was read."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A file that calendars read."""

    name: str
    """Safe in every header and on every disk."""
    method: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meeting is to be found."""

    url: str
    """The invitation."""
    base: str
    """The public address of this service."""
    host: str


class Calendars:
    """The use case of calendar files."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def find(self, key: str) -> Invited | None:
        """The scheduled meeting that an invitation key opens; None for any other key, and one that was taken back.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Invited | None:
            row = InvitationRecords(self._house).find(tx, key)
            if row is None or row.revoked_at is not None or row.meeting_id is None or row.session_id is not None:
                return None
            kept = ScheduleRecords(self._house).find(tx, row.workspace, row.meeting_id)
            return None if kept is None else Invited(kept, self._house.now())

        return await self._house.store.read(work)


def calendar_file(invited: Invited, place: Place, t: Translator) -> CalendarFile:
    """The calendar file of a meeting. It takes long enough to be made in a thread of its own.

    Raises:
        ValueError: there is no such time zone (any more).
    """
    import icalendar  # noqa: PLC0415 - a tenth of a second that most processes never need

    kept = invited.kept
    method = "CANCEL" if kept.cancelled else "PUBLISH"
    calendar = icalendar.Calendar()
    for name, value in (("version", "2.0"), ("prodid", _PRODUCT), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    writer = _Writer(icalendar, invited, place, t)
    if writer.zone is not UTC:
        calendar.add_component(writer.time_zone())
    calendar.add_component(writer.series())
    for one in kept.occurrences:
        if one.changed:
            calendar.add_component(writer.exception(one))
    return CalendarFile(file_name(kept.meeting.topic or ""), method, calendar.to_ical())


def file_name(topic: str) -> str:
    """What a file about a topic is called: nothing but small ASCII letters, digits and hyphens."""
    name = _NOT_IN_A_NAME.sub("-", topic.lower())[:_LONGEST_NAME].strip("-")
    return f"{name or 'meeting'}.ics"


class _Writer:
    """Writes the components of one meeting."""

    def __init__(self, library: Any, invited: Invited, place: Place, t: Translator) -> None:
        self._library = library
        self._invited = invited
        self._kept = invited.kept
        self._place = place
        self._t = t
        zone = zone_of(invited.kept.schedule.zone)
        if zone is None:
            raise ValueError(f"there is no time zone {invited.kept.schedule.zone}")
        self.zone: ZoneInfo | Any = UTC if zone.key == "UTC" else zone

    def series(self) -> "icalendar.Event":
        """The event, with its rule and without those that are cancelled."""
        kept, rule = self._kept, self._kept.rule
        first = kept.occurrences[0]
        # Where clocks leave out the time of a single meeting, it is written as it is; a series keeps its time.
        starts = first.start if rule.repeats is Repeats.NONE else self._local(rule.starts)
        event = self._event(kept.meeting.topic or "", starts, kept.schedule.minutes)
        if rule.repeats is not Repeats.NONE:
            until = {"count": rule.count} if rule.count is not None else {"until": starts_of(rule)[-1].at}
            event.add("rrule", _RULES[rule.repeats] | until)
            left_out = [self._local(one.key) for one in kept.occurrences if one.cancelled]
            if left_out:
                event.add("exdate", left_out)
        return event

    def exception(self, one: Occurrence) -> "icalendar.Event":
        """One that is not as the series has it."""
        minutes = int((one.end - one.start).total_seconds()) // 60
        event = self._event(one.topic, one.start, minutes)
        event.add("recurrence-id", self._local(one.key))
        return event

    def time_zone(self) -> "icalendar.Timezone":
        """The zone, for longer than the series goes on: some readers keep the first that they see by its name."""
        years = [one.start.year for one in self._kept.occurrences]
        first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (min(years) - 1, max(years) + _YEARS_MORE))
        zone: icalendar.Timezone = self._library.Timezone()
        zone.add("tzid", self.zone.key)
        for each in observances(self.zone, first, last):
            kind = self._library.TimezoneDaylight if each.is_dst else self._library.TimezoneStandard
            part = kind()
            # One part for each change: not all readers see every date of a list in one.
            part.add("dtstart", each.begins)
            part.add("tzoffsetfrom", each.before)
            part.add("tzoffsetto", each.after)
            part.add("tzname", each.name)
            zone.add_component(part)
        return zone

    def _local(self, key: str) -> datetime:
        return local_of(key).replace(tzinfo=self.zone)

    def _event(self, topic: str, starts: datetime, minutes: int) -> "icalendar.Event":
        kept, t, library = self._kept, self._t, self._library
        summary = topic or t("calendar.summary")
        number = group_digits(kept.meeting.number or kept.holder.pmi)
        organiser = library.vCalAddress(self._place.base)
        organiser.params["CN"] = library.vText("Standing Room")
        event: icalendar.Event = library.Event()
        add = partial(event.add)
        add("uid", f"{kept.meeting.id}@{self._place.host}")
        add("dtstamp", self._invited.at.astimezone(UTC).replace(microsecond=0))
        add("created", kept.meeting.created_at.astimezone(UTC).replace(microsecond=0))
        add("sequence", kept.schedule.sequence)
        add("dtstart", starts.astimezone(self.zone) if starts.tzinfo is UTC else starts)
        add("duration", timedelta(minutes=minutes))
        add("summary", summary)
        add("description", t("calendar.description", url=self._place.url, number=number))
        add("location", self._place.url)
        add("url", self._place.url)
        event["organizer"] = organiser
        add("status", "CANCELLED" if kept.cancelled else "CONFIRMED")
        remind = kept.schedule.remind_minutes
        if remind is not None and not kept.cancelled:
            alarm = library.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", summary)
            alarm.add("trigger", timedelta(minutes=-remind))
            event.add_component(alarm)
        return event

"""Time zones as calendar files carry them: each change of clocks within some years, so that readers need no table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Observance:
    """A way in which clocks are set from some time on."""

    name: str
    before: timedelta
    """How far clocks were ahead of UTC until then."""
    after: timedelta
    is_dst: bool
    begins: datetime
    """The local time without a zone, as clocks told it until then."""


def observances(zone: ZoneInfo, first: datetime, last: datetime) -> tuple[Observance, ...]:
    """How clocks are set in a zone at one moment, and every change of them until another."""
    start = first.astimezone(UTC).replace(second=0, microsecond=0)
    found = []
    for at, before in ((start, _offset(zone, start)), *_changes(zone, start, last)):
        there = at.astimezone(zone)
        begins = (at + before).replace(tzinfo=None)
        found.append(Observance(there.tzname() or "", before, _offset(zone, at), bool(there.dst()), begins))
    return tuple(found)


def _changes(zone: ZoneInfo, at: datetime, last: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """When clocks change, each with how far they were ahead before it."""
    while at < last:
        before = _offset(zone, at)
        if _offset(zone, at + _DAY) != before:
            yield _change(zone, at, at + _DAY), before
        at += _DAY


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The minute of a change that is known to lie between two moments."""
    offset = _offset(zone, before)
    while after - before > _MINUTE:
        middle = before + timedelta(minutes=(after - before) // _MINUTE // 2)
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or _NOTHING

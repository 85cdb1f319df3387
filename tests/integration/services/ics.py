"""Calendar files as somebody else's library reads them."""

from datetime import UTC, datetime
from typing import Any

import vobject


def lines_of(content: bytes) -> list[str]:
    """The content lines, unfolded; every line as it stands in the file must be short, and whole by itself."""
    assert content.endswith(b"\r\n")
    raw = content.removesuffix(b"\r\n").split(b"\r\n")
    for line in raw:
        assert len(line) <= 75, line
        assert not set(line) & set(range(32)), line
        line.decode("utf-8")
    unfolded: list[str] = []
    for line in raw:
        if line.startswith(b" "):
            unfolded[-1] += line[1:].decode()
        else:
            unfolded.append(line.decode())
    return unfolded


def read(content: bytes) -> Any:
    # It remembers zones by name from one file to the next; here each file must do by itself.
    zones = vars(vobject.icalendar)["__tzidMap"]
    for name in [each for each in zones if each != "UTC"]:
        del zones[name]
    return vobject.readOne(content.decode())


def starts_in(content: bytes) -> list[datetime]:
    """When a reader takes the meeting to be, in UTC."""
    series, *others = read(content).vevent_list
    ruled = series.getrruleset()
    times = [series.dtstart.value] if ruled is None else list(ruled)
    found = {time.astimezone(UTC) for time in times}
    for other in others:
        found.remove(other.recurrence_id.value.astimezone(UTC))
        found.add(other.dtstart.value.astimezone(UTC))
    return sorted(found)

"""What a soak has shown: what the process logged and measured, judged, and as a page."""

import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

GRACE_SECONDS = 4.0
"""After a fault: for who was on the way when it ended, and until the pool is usable again."""
MOST_MILLISECONDS = 2500
"""For an answer."""
NO_LAG_SECONDS = 0.05
"""A shorter lag of an event loop is none."""
MOST_GROWTH = 1.0
"""In MB a minute, after the warm-up."""
MOST_DESCRIPTORS = 10
"""How many more may be open in the last third than in the first after the warm-up."""
SHORTEST_SECONDS = 120.0
"""Memory that is measured for less, after the warm-up, tells nothing."""
_SAMPLE = re.compile(r"^process_(resident_memory_bytes|open_fds) ([0-9.e+]+)$", re.MULTILINE)
_ALWAYS = frozenset(
    {"done", "refused", "serving", "stopping", "event_loop_blocked", "verdict_skipped", "changes_saved_again"}
)
"""What is logged on good days: a slow machine blocks the loop, and a verdict is skipped where Save was faster."""
_UNRETRIEVED, _CUT_OFF = "Future exception was never retrieved", "ConnectionError('unexpected connection_lost() call')"
"""What asyncpg leaves behind where its connecting is cut off in time."""
_SPOILT = frozenset(
    {
        "busy",
        "connecting_cut_off",
        "unknown",
        "dialog_not_opened",
        "slack_silent",
        "ended_after_the_answer",
        "upkeep_put_off",
        "changes_not_saved",
        "changes_not_sealed",
        "departures_put_off",
        "meetings_not_closed",
        "outbox_unwritten",
        "postings_unread",
        "postings_unwritten",
        "posting_put_off",
        "calendar_unread",
        "homes_unknown",
        "home_not_shown",
        "guests_not_swept",
        "guest_unseen",
        "hall_unseen",
    }
)
"""What is logged while a fault is on."""


@dataclass(frozen=True, slots=True)
class Window:
    """A fault that was on."""

    name: str
    begun: float
    ended: float

    def covers(self, at: float) -> bool:
        """Whether an answer at this time may have been spoilt by it."""
        return self.begun <= at <= self.ended + GRACE_SECONDS


@dataclass(frozen=True, slots=True)
class Lag:
    """An event loop that was late by so much, seen at a time."""

    at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Slow:
    """An answer that came after too long, at a time."""

    name: str
    at: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Sample:
    """The process at one time."""

    at: float
    megabytes: float
    descriptors: int


def sample(at: float, metrics: str) -> Sample:
    """The process as its metrics show it."""
    found = {name: float(value) for name, value in _SAMPLE.findall(metrics)}
    return Sample(at, found["resident_memory_bytes"] / 1e6, int(found["open_fds"]))


@dataclass
class Report:
    """Everything that was seen on one database."""

    kind: str
    seconds: float
    warm_up: float
    began: float
    windows: list[Window] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    own_milliseconds: list[float] = field(default_factory=list)
    """How long each answer took by the process's own account."""
    lags: list[Lag] = field(default_factory=list)
    """Where the process's event loop was late, and that was noted."""
    driver_lags: list[Lag] = field(default_factory=list)
    """Where ours was: what a busy machine does to both."""
    slow: list[Slow] = field(default_factory=list)
    """The answers that took too long."""
    troubles: list[str] = field(default_factory=list)
    """What must not happen, a sentence each. Empty after a good soak."""

    def read_log(self, lines: Sequence[str]) -> None:
        """Counts what the process logged; what came without its fault, and whatever is not expected, is a trouble."""
        for entry in _entries(lines):
            event = entry.get("event", "")
            word = entry.get("outcome", "") if event == "request" else event
            if word.startswith(_UNRETRIEVED) and _CUT_OFF in word:
                word = "connecting_cut_off"
            self.outcomes[word] += 1
            if event == "request":
                self.own_milliseconds.append(float(entry.get("ms", 0.0)))
            elif event == "event_loop_blocked":
                at = datetime.fromisoformat(entry["timestamp"]).timestamp()
                self.lags.append(Lag(at, float(entry["seconds"])))
            if word in _ALWAYS:
                continue
            at = datetime.fromisoformat(entry["timestamp"]).timestamp() if "timestamp" in entry else 0.0
            if word not in _SPOILT:
                self.troubles.append(f"logged: {json.dumps(entry)[:2000]}")
            elif not any(window.covers(at) for window in self.windows):
                self.troubles.append(f"without a fault: {json.dumps(entry)}")

    def note_lag(self, seconds: float) -> None:
        """Our own event loop was late."""
        if seconds > NO_LAG_SECONDS:
            self.driver_lags.append(Lag(time.time(), seconds))

    def judge(self) -> None:
        """Answers that were too late, though the machine was not late itself; memory and descriptors that grow."""
        for each in self.slow:
            if each.milliseconds - 1000 * self._late(each) > MOST_MILLISECONDS:
                self.troubles.append(f"{each.name} took {each.milliseconds:.0f} ms")
        if self.measured < SHORTEST_SECONDS:
            return
        if self.growth > MOST_GROWTH:
            self.troubles.append(f"memory grows by {self.growth:.2f} MB a minute")
        third = max(1, len(self._warm) // 3)
        first, last = (
            statistics.median(each.descriptors for each in part) for part in (self._warm[:third], self._warm[-third:])
        )
        if last - first > MOST_DESCRIPTORS:
            self.troubles.append(f"descriptors grow from {first} to {last}")

    def _late(self, slow: Slow) -> float:
        """How many seconds the machine was late itself while somebody waited for this."""
        begun = slow.at - slow.milliseconds / 1000
        both = (*self.lags, *self.driver_lags)
        return sum(lag.seconds for lag in both if begun <= lag.at <= slow.at + max(NO_LAG_SECONDS, lag.seconds))

    @property
    def growth(self) -> float:
        """MB a minute after the warm-up, by the line that fits best."""
        times, sizes = [each.at / 60 for each in self._warm], [each.megabytes for each in self._warm]
        return statistics.linear_regression(times, sizes).slope if len(set(times)) > 1 else 0.0

    @property
    def measured(self) -> float:
        """For how many seconds memory was measured after the warm-up."""
        return self._warm[-1].at - self._warm[0].at if self._warm else 0.0

    @property
    def _warm(self) -> list[Sample]:
        return [each for each in self.samples if each.at >= self.began + self.warm_up]

    def __str__(self) -> str:
        times = sorted(self.milliseconds) or [0.0]
        p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
        sizes, open_ones = [s.megabytes for s in self.samples], [s.descriptors for s in self.samples]
        faults = Counter(window.name for window in self.windows)
        return "\n".join(
            (
                f"{self.kind}: {len(times)} requests in {self.seconds:.0f} s",
                f"  answers     p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {times[-1]:.0f} ms",
                f"  by itself   longest {max(self.own_milliseconds, default=0.0):.0f} ms",
                f"  too late    {len(self.slow)}, with those for which the machine was late itself",
                f"  event loops held up for {_longest(self.lags):.2f} s there, {_longest(self.driver_lags):.2f} s here",
                f"  faults      {_counted(faults)}",
                f"  did, heard  {_counted(self.words)}",
                f"  logged      {_counted(self.outcomes)}",
                f"  memory      {sizes[0]:.1f} MB at first, {sizes[-1]:.1f} at last, at most {max(sizes):.1f}",
                f"              {self.growth:+.2f} MB a minute over {self.measured:.0f} s after the warm-up",
                f"  descriptors {open_ones[0]} at first, {open_ones[-1]} at last, at most {max(open_ones)}",
                f"  troubles    {len(self.troubles)}: {_counted(Counter(_kind(each) for each in self.troubles))}",
                *(f"    {each}" for each in self.troubles[:20]),
            )
        )


def _entries(lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The lines of the log; what is no line of JSON is one that nobody expects."""
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            entry = {"event": line.strip()}
        yield entry


def _longest(lags: Sequence[Lag]) -> float:
    return max((lag.seconds for lag in lags), default=0.0)


def _kind(trouble: str) -> str:
    """What a trouble is, without its figures."""
    return re.sub(r"[0-9]+.*", "...", trouble.partition(":")[0])


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())

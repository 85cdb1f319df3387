"""What a soak has shown: what the process logged and measured, judged, and as a page."""

import json
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

GRACE_SECONDS = 4.0
"""After a fault: for who was on the way when it ended, and until the pool is usable again."""
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
_SPOILT = frozenset(
    {
        "busy",
        "unknown",
        "dialog_not_opened",
        "slack_silent",
        "ended_after_the_answer",
        "upkeep_put_off",
        "changes_not_saved",
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
    lags: list[float] = field(default_factory=lambda: [0.0])
    """How late the process's event loop was where that was noted, in seconds."""
    driver_lags: list[float] = field(default_factory=lambda: [0.0])
    """How late ours was: what a busy machine does to both."""
    troubles: list[str] = field(default_factory=list)
    """What must not happen, a sentence each. Empty after a good soak."""

    def read_log(self, lines: Sequence[str]) -> None:
        """Counts what the process logged; what came without its fault, and whatever is not expected, is a trouble."""
        for entry in _entries(lines):
            event = entry.get("event", "")
            word = entry.get("outcome", "") if event == "request" else event
            self.outcomes[word] += 1
            if event == "request":
                self.own_milliseconds.append(float(entry.get("ms", 0.0)))
            elif event == "event_loop_blocked":
                self.lags.append(float(entry.get("seconds", 0.0)))
            if word in _ALWAYS:
                continue
            at = datetime.fromisoformat(entry["timestamp"]).timestamp() if "timestamp" in entry else 0.0
            if word not in _SPOILT:
                self.troubles.append(f"logged: {json.dumps(entry)[:2000]}")
            elif not any(window.covers(at) for window in self.windows):
                self.troubles.append(f"without a fault: {json.dumps(entry)}")

    def judge(self) -> None:
        """Memory and descriptors: growing ones are troubles, where they were measured for long enough."""
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
                f"  event loops late by at most {max(self.lags):.2f} s there, {max(self.driver_lags):.2f} s here",
                f"  faults      {_counted(faults)}",
                f"  did, heard  {_counted(self.words)}",
                f"  logged      {_counted(self.outcomes)}",
                f"  memory      {sizes[0]:.1f} MB at first, {sizes[-1]:.1f} at last, at most {max(sizes):.1f}",
                f"              {self.growth:+.2f} MB a minute over {self.measured:.0f} s after the warm-up",
                f"  descriptors {open_ones[0]} at first, {open_ones[-1]} at last, at most {max(open_ones)}",
                f"  troubles    {len(self.troubles)}",
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


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())

"""How often pages are asked for from one place, and how often somebody found no way in. Kept in this process alone."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable

import structlog

from bot.metrics import Joining, Metrics
from bot.services.ways import Source

MOST_LOADS = 30
LOADS_SECONDS = 60.0
MOST_SOURCES = 20_000
"""That are remembered, those that asked last: a few megabytes."""
MISSES = 100
MISSES_SECONDS = 300.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Loads:
    """Pages that were asked for, by source."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._by_source: OrderedDict[Source, deque[float]] = OrderedDict()

    def wait(self, source: Source) -> int:
        """Count one; the seconds until the next is answered, 0 where this one is."""
        now = self._monotonic()
        times = self._by_source.setdefault(source, deque())
        self._by_source.move_to_end(source)
        if len(self._by_source) > MOST_SOURCES:
            self._by_source.popitem(last=False)
        while times and times[0] <= now - LOADS_SECONDS:
            times.popleft()
        if len(times) >= MOST_LOADS:
            return math.ceil(times[0] + LOADS_SECONDS - now)
        times.append(now)
        return 0


class Misses:
    """Requests that found no way in, from wherever: many in a short time look like guessing."""

    def __init__(self, monotonic: Callable[[], float], metrics: Metrics) -> None:
        self._monotonic = monotonic
        self._metrics = metrics
        self._recent: deque[tuple[float, Source]] = deque(maxlen=MISSES)
        self._quiet_until = -math.inf

    def miss(self, why: Joining, source: Source) -> None:
        """Count one; say so, once in a while, where they are many. The log names no source, only how many there are."""
        self._metrics.joining(why)
        now = self._monotonic()
        self._recent.append((now, source))
        if len(self._recent) < MISSES or self._recent[0][0] <= now - MISSES_SECONDS or now < self._quiet_until:
            return
        self._quiet_until = now + MISSES_SECONDS
        self._metrics.guessing()
        _log.warning(
            "guessing_suspected",
            misses=MISSES,
            seconds=round(now - self._recent[0][0]),
            sources=len({source for _, source in self._recent}),
        )

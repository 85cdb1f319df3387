"""How many wrong passcodes are listened to: so many within a time that moves on, with pauses that grow meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TryLimit:
    """So many wrong tries within a time. All times are in milliseconds."""

    most: int
    window: int
    pauses: tuple[int, ...] = ()
    """After the first wrong try, the second, and so on; the last one after every further one."""

    def wait(self, tries: Sequence[int], now: int) -> int:
        """For how long nobody is listened to, after wrong tries at these times, the oldest first; 0: not at all.

        Never longer than the window, wherever the clock was set to meanwhile.
        """
        recent = self.recent(tries, now)
        if not recent:
            return 0
        full = len(recent) >= self.most
        until = recent[-self.most] + self.window if full else recent[-1] + self._pause(len(recent))
        return min(max(until - now, 0), self.window)

    def recent(self, tries: Sequence[int], now: int) -> tuple[int, ...]:
        """Those tries that still count, as many as are needed to know."""
        return tuple(at for at in tries if at > now - self.window)[-self.most :]

    def _pause(self, tried: int) -> int:
        return self.pauses[min(tried, len(self.pauses)) - 1] if self.pauses else 0


SECOND = 1000
MINUTE = 60 * SECOND

SOURCE_LIMIT = TryLimit(most=10, window=5 * MINUTE)
"""From one place, whatever was tried there."""
ADDRESS_LIMIT = TryLimit(
    most=10, window=30 * MINUTE, pauses=tuple(each * SECOND for each in (0, 0, 1, 2, 4, 8, 15, 30))
)
"""At one address, from wherever, and whether or not there is anything behind it."""

"""How far this machine's clock is from Slack's, as signed requests tell it. Nobody but Slack can make it say anything.

A request from the future was signed while our clock was behind. A request from the past may also be an old one that
somebody plays again, so it counts only if it was signed after this process began and after all that came before it.
"""

from collections.abc import Callable

REMEMBERED_SECONDS = 300.0
"""For how long a stale request tells something where no other request comes: nothing sticks."""


class ClockSkew:
    """What the newest signed requests tell. The age of a word is taken from a clock that nobody sets."""

    def __init__(self, clock: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._newest = clock()
        self._ahead: float | None = None
        self._told = 0.0

    def fresh(self, signed_at: int) -> None:
        """A request that was signed now: the clocks agree."""
        self._newest = max(self._newest, signed_at)
        self._ahead = None

    def stale(self, signed_at: int) -> float:
        """A request of another time, with its right signature. By how many seconds our clock is ahead, if it is new."""
        ahead = self._clock() - signed_at
        if ahead < 0 or signed_at > self._newest:
            self._ahead, self._told = ahead, self._monotonic()
            self._newest = max(self._newest, signed_at)
        return ahead

    async def problem(self) -> str | None:
        """What is wrong with the clock, as readiness says it; nothing when all is well."""
        if self._ahead is None or self._monotonic() - self._told > REMEMBERED_SECONDS:
            return None
        seconds, side = abs(round(self._ahead)), "ahead of" if self._ahead > 0 else "behind"
        return f"this machine's clock is {seconds} s {side} Slack's, so that requests are refused"

"""How fast Slack may be asked: not again before a Retry-After, and one message a second into each channel."""

from collections.abc import Awaitable, Callable

SECONDS_BETWEEN = 1.0
"""Between two messages into one channel."""
MOST_SECONDS = 2.0
"""For one's turn. Who would have to wait longer is told so instead, and comes back."""
MOST_KEPT = 10_000


class TooSoon(Exception):  # noqa: N818  it says what it is
    """Slack must not be asked yet, but in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:g} s")
        self.seconds = seconds


class Pace:
    """When each thing may be done next, as far as this process knows."""

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._free_from: dict[str, float] = {}

    def check(self, method: str) -> None:
        """Let a call of a method pass.

        Raises:
            TooSoon: Slack has asked for a pause that is not over.
        """
        left = self._free_from.get(method, 0.0) - self._monotonic()
        if left > 0:
            raise TooSoon(left)

    def pause(self, method: str, seconds: float) -> None:
        """Slack asks for a pause. One that it asked for before, and that lasts longer, goes on."""
        self._free_from[method] = max(self._free_from.get(method, 0.0), self._monotonic() + seconds)

    async def turn(self, channel: str) -> None:
        """Wait for one's turn to write into a channel.

        Raises:
            TooSoon: it would take too long.
        """
        now = self._monotonic()
        turn = max(now, self._free_from.get(channel, now))
        if turn - now > MOST_SECONDS:
            raise TooSoon(turn - now)
        self._free_from[channel] = turn + SECONDS_BETWEEN
        if len(self._free_from) > MOST_KEPT:
            self._free_from = {name: free for name, free in self._free_from.items() if free > now}
        if turn > now:
            await self._sleep(turn - now)

"""Time that a test moves: a clock, and pauses that end when the test says so."""

import asyncio
import time

import pytest

from bot.services.outbox import Look, Outbox

DAY = 24 * 3600.0


class Clock:
    """The time in seconds: a millisecond passes from one look to the next, and more when a test says so."""

    def __init__(self) -> None:
        self._now = time.time()

    def __call__(self) -> float:
        self._now += 0.001
        return self._now

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds


class Sleeper:
    """A pause that lasts until `wakes`; `asked` holds every length that was asked for."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._sleeping: list[asyncio.Event] = []
        self._fell_asleep = asyncio.Condition()
        self._never = False

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        wake = asyncio.Event()
        self._sleeping.append(wake)
        async with self._fell_asleep:
            self._fell_asleep.notify_all()
        if not self._never:
            await wake.wait()

    async def until_asleep(self, times: int) -> None:
        """Wait until so many pauses have begun in all."""
        async with asyncio.timeout(10), self._fell_asleep:
            await self._fell_asleep.wait_for(lambda: len(self.asked) >= times)

    def wakes(self) -> None:
        """End every pause that has begun."""
        for wake in self._sleeping:
            wake.set()
        self._sleeping.clear()

    def sleeps_no_more(self) -> None:
        """End every pause, and those that begin later at once."""
        self._never = True
        self.wakes()


class Looks:
    """Counts the looks at the outbox, of every process here."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._looked = asyncio.Condition()
        look = Outbox.look

        async def counted(outbox: Outbox) -> Look:
            found = await look(outbox)
            async with self._looked:
                self.count += 1
                self._looked.notify_all()
            return found

        monkeypatch.setattr(Outbox, "look", counted)

    async def more(self, times: int = 2) -> None:
        """Wait for so many more: after two, what was due at the beginning has been taken."""
        wanted = self.count + times
        async with asyncio.timeout(10), self._looked:
            await self._looked.wait_for(lambda: self.count >= wanted)


class Moments:
    """Time that stands still until a test lets it pass, for whoever looks at it and whoever pauses by it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked: list[float] = []
        self._pausing: list[tuple[float, asyncio.Event]] = []

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.asked.append(seconds)
        over = asyncio.Event()
        self._pausing.append((self.now + seconds, over))
        await over.wait()

    def passes(self, seconds: float) -> None:
        """Let time pass, and end the pauses that are over then."""
        self.now += seconds
        for until, over in self._pausing:
            if until <= self.now:
                over.set()
        self._pausing = [(until, over) for until, over in self._pausing if not over.is_set()]

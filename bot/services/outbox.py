"""What people are still to be told: who may tell it, when it is tried again, and when it is given up.

Whoever tells it knows where and in which words; here are the results, and the leases on them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from math import ceil
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from bot.services.house import House
from bot.services.meeting_results import ENDED, STARTED, Ended, Started
from bot.services.once import address_place, reopened
from bot.services.people import Notice, NoticeKind
from bot.services.room_settings import SETTINGS_SAVED
from bot.services.settings_seen import SettingsSaved
from bot.services.verdicts import SAVED, Saved
from storage import outbox
from storage.outbox import Taken, Waiting
from storage.secrets import Unsealable
from storage.transactions import Transaction

LONGEST_PAUSE = 900.0
"""Seconds between two tries; the first pause is up to a second, and each may be twice the one before."""
MOST_TRIES = 20
MOST_AGE = timedelta(hours=24)
MOST_WATCHED = 1000
"""Rows that one look sees. Where more are waiting, the next look sees those behind them, and so round and round."""
PAGE_SECONDS = 1.0
"""At most, from one look to the next of a round."""


Result: TypeAlias = Saved | SettingsSaved | Started | Ended
_SHAPES: Mapping[NoticeKind, TypeAdapter[Any]] = {
    NoticeKind.PMI_SAVED: SAVED,
    NoticeKind.LINK_SAVED: SAVED,
    NoticeKind.SETTINGS_RESET: SETTINGS_SAVED,
    NoticeKind.MEETING_STARTED: STARTED,
    NoticeKind.MEETING_ENDED: ENDED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A result in the hands of this process, to be told."""

    request: str
    notice: Notice
    saved: Result
    generation: int = 1
    tries: int = 1
    """This one included."""


class Unreadable(Exception):  # noqa: N818 - says what the row is
    """A row in this process's hands that it cannot read: another one may have its key, or know its kind."""


class Fate(Enum):
    """What became of a row that was to be put off."""

    RESTS = auto()
    """It is tried again."""
    ENDED = auto()
    """It was the last try."""
    ELSEWHERE = auto()
    """Nothing: it is in somebody else's hands by now, or was told."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the outbox found."""

    due: tuple[Waiting, ...]
    """Those that rest no longer: anybody may take them."""
    next_in: float | None
    """Seconds until the next one is due, or more are to be looked at; None where there is neither."""
    given_up: tuple[Waiting, ...]
    """Those that this process gave up: they were too old, or tried too often."""
    waiting: int
    """How many there are in all, those that this look did not see too."""
    oldest: float
    """How many seconds the oldest one has waited."""


class Outbox:
    """The outbox as one process sees it.

    Time is this process's own monotonic clock, counted from when it first saw a generation: a clock that jumps, here
    or elsewhere, neither steals a lease nor makes one stick.
    """

    def __init__(self, house: House, monotonic: Callable[[], float]) -> None:
        self._house = house
        self._monotonic = monotonic
        self._seen: dict[str, tuple[int, float]] = {}
        self._seen_this_round: dict[str, tuple[int, float]] = {}
        self._after: Waiting | None = None
        """The last row that the last look saw, where there are more behind it."""
        self._told: set[str] = set()
        """Told, though the database could not be told so yet."""

    async def look(self) -> Look:
        """Look at what is waiting. What is too old or was tried too often is given up, what was told is struck out.

        Raises:
            StorageError: the database did not answer as it should.
        """
        for request in tuple(self._told):
            await self.told(request)

        def work(tx: Transaction) -> tuple[tuple[Waiting, ...], tuple[int, datetime | None]]:
            return outbox.waiting(tx, MOST_WATCHED, self._after), outbox.backlog(tx)

        found, (count, since) = await self._house.store.read(work)
        self._after = found[-1] if len(found) == MOST_WATCHED else None
        old = [each for each in found if self._is_to_be_given_up(each)]
        given_up = tuple([each for each in old if await self.end(each.request, each.generation)])
        due, next_in = self._watched([each for each in found if each not in old])
        waiting = count - len(given_up)
        age = (self._house.now() - since).total_seconds() if waiting and since is not None else 0.0
        return Look(due, next_in, given_up, waiting, max(0.0, age))

    def _is_to_be_given_up(self, row: Waiting) -> bool:
        # Who put it off for the last time gave it up; of those who died over it, each has left its lease to run out.
        return self._house.now() - row.at > MOST_AGE or row.tries > MOST_TRIES

    def _watched(self, found: list[Waiting]) -> tuple[tuple[Waiting, ...], float | None]:
        """Those of them that rest no longer, and in how many seconds to look again."""
        now = self._monotonic()
        seen = {each.request: self._first_seen(each, now) for each in found}
        self._seen_this_round |= seen
        if self._after is None:
            # Whatever this round did not see is gone.
            self._seen, self._seen_this_round = self._seen_this_round, {}
        rests = {each: each.rest_ms / 1000 - (now - seen[each.request][1]) for each in found}
        left = [seconds for seconds in rests.values() if seconds > 0]
        if self._after is not None:
            left.append(PAGE_SECONDS)
        return tuple(each for each, seconds in rests.items() if seconds <= 0), min(left, default=None)

    def _first_seen(self, row: Waiting, now: float) -> tuple[int, float]:
        generation, since = self._seen.get(row.request, (0, now))
        return (row.generation, since if generation == row.generation else now)

    async def take(self, row: Waiting) -> Told | None:
        """Take a row that is due; None where somebody else was faster.

        Raises:
            Unreadable: this process cannot read it; it was put off, so that another one may try.
            StorageError: the database did not answer as it should.
        """
        taken = await self._house.store.write(lambda tx: outbox.take(tx, row.request, row.generation))
        if taken is None:
            return None
        told = self._opened(taken)
        if told is None:
            await self.put_off(taken)
            raise Unreadable
        return told

    def _opened(self, row: Taken) -> Told | None:
        try:
            kind = NoticeKind(row.kind)
            notice = Notice(kind, self._house.keys.open(row.address, **address_place(row.workspace, row.request)))
        except (Unsealable, ValueError):
            return None
        saved: Result | None = reopened(self._house.keys, row.workspace, row.request, row.answer, _SHAPES[kind])
        return None if saved is None else Told(row.request, notice, saved, row.generation, row.tries)

    async def told(self, request: str) -> None:
        """It was told: nobody is to tell it again.

        Raises:
            StorageError: the database did not answer; this process remembers.
        """
        self._told.add(request)
        await self._house.store.write(lambda tx: outbox.strike(tx, request))
        self._told.discard(request)

    async def put_off(self, told: Told | Taken, retry_after: float | None = None, *, tried: bool = True) -> Fate:
        """Let it rest until the next try, or give it up where this was the last one.

        `retry_after` are the seconds that were asked for, which are kept to the letter. A try that reached nobody does
        not count.

        Raises:
            StorageError: the database did not answer; it rests for as long as the lease.
        """
        if tried and told.tries >= MOST_TRIES:
            return Fate.ENDED if await self.end(told.request, told.generation) else Fate.ELSEWHERE
        pause = min(retry_after, MOST_AGE.total_seconds()) if retry_after else self._pause(told.tries)
        rest, tries = ceil(pause * 1000), told.tries if tried else told.tries - 1

        def work(tx: Transaction) -> bool:
            return outbox.put_off(tx, told.request, told.generation, rest_ms=rest, tries=tries)

        return Fate.RESTS if await self._house.store.write(work) else Fate.ELSEWHERE

    async def end(self, request: str, generation: int) -> bool:
        """Give it up; False where it is in somebody else's hands by now, or gone.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return await self._house.store.write(lambda tx: outbox.end(tx, request, generation, self._house.now()))

    def _pause(self, tries: int) -> float:
        """Between nothing and the longest pause after so many tries: whoever failed together does not try together."""
        longest = min(LONGEST_PAUSE, 2.0 ** (tries - 1))
        return self._house.below(round(longest * 1000) + 1) / 1000

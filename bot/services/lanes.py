"""The messages that are due, channel by channel: who may write there now, what is next, and what became of it.

A channel is a lane: over all processes one message at a time is on its way there, and none within a second of the one
before. Whoever posts knows where and in which words; here are the plans, and the leases on them.

A message cannot be posted again without being there twice, and nobody may look for it in a channel. So before it is
sent it is noted that it may be there; where its sender dies, or hears nothing, it is sent once more and no further.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from bot.services.due_postings import Fate, Look, Over, Rest, Taken
from bot.services.house import House
from bot.services.postings import RESPONSE_USES, url_place
from bot.services.watching import Watch
from storage import posting_lanes
from storage.posting_lanes import Due, Lane, Posting, Stands
from storage.secrets import Unsealable
from storage.transactions import Transaction

LONGEST_PAUSE = 900.0
"""Seconds between two tries; the first pause is up to a second, and each may be twice the one before."""
MOST_TRIES = 20
MOST_AGE = timedelta(hours=24)
MOST_DOUBTS = 2
"""So often a message may have been posted without anybody hearing so."""
BETWEEN_MS = 1000
"""Between two messages into one channel."""
MOST_WATCHED = 1000
"""Messages that one look sees. Where more are due, the next look sees those behind them, and so round and round."""
PAGE_SECONDS = 0.5
"""At most, from one look to the next of a round."""
SOON_SECONDS = 1.5
"""What rests for so long is as good as ready: whoever writes into the channel waits there."""
FEW = 100
"""Messages of one channel among which the next is looked for."""
AHEAD = 10
"""Messages of one channel that are seen ahead: where nobody else has come between, nobody need look again."""
_FIRST = 2**30
"""Lanes begin below: whoever makes one anew does not begin where the one before did."""


@dataclass(slots=True)
class Lanes:
    """The channels as one process sees them."""

    house: House
    monotonic: Callable[[], float]
    _after: Due | None = None
    """The last message that the last look saw, where there are more behind it."""
    _unwritten: dict[str, tuple[Taken, Stands]] = field(default_factory=dict)
    """Posted, though the database could not be told so yet; by their channels."""
    _ahead: dict[str, tuple[Lane, tuple[Due, ...]]] = field(default_factory=dict)
    """What comes next in the channels that this process has just written into."""
    _watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        """Watch by the process's own clock."""
        self._watch = Watch(self.monotonic)

    async def look(self) -> Look:
        """Look at what is due, and free the channels that nobody needs any more.

        Raises:
            StorageError: the database did not answer as it should.
        """
        for taken, stands in tuple(self._unwritten.values()):
            await self.posted(taken, stands)
        now = self.house.now()

        def work(tx: Transaction) -> tuple[tuple[Due, ...], tuple[Lane, ...], tuple[int, datetime | None], float]:
            later = posting_lanes.later(tx, now)
            seconds = float("inf") if later is None else (later - now).total_seconds()
            due = posting_lanes.due(tx, now, MOST_WATCHED, self._after)
            return due, posting_lanes.lanes(tx, MOST_WATCHED), posting_lanes.backlog(tx, now), seconds

        due, busy, (waiting, since), later = await self.house.store.read(work)
        self._after = due[-1] if len(due) == MOST_WATCHED else None
        lanes = {each.lane: self._watch.left(each.lane, each.generation, each.rest_ms) for each in busy}
        rests = {each: max(lanes.get(each.lane, 0.0), self._resting(each)) for each in due}
        ready = tuple(dict.fromkeys(each.lane for each, seconds in rests.items() if seconds <= SOON_SECONDS))
        left = [later, *(seconds for each, seconds in rests.items() if each.lane not in ready)]
        if self._after is None:
            self._watch.forget()
        else:
            left.append(PAGE_SECONDS)
        needed = {each.lane for each in due}
        idle = [each for each in busy if lanes[each.lane] <= 0 and each.lane not in needed]
        await self._free(idle)
        next_in = min(left)
        age = 0.0 if since is None else (now - since).total_seconds()
        return Look(ready, None if next_in == float("inf") else max(0.0, next_in), waiting, max(0.0, age))

    def _resting(self, row: Due) -> float:
        return self._watch.left(row.id, row.generation, row.rest_ms)

    async def _free(self, lanes: list[Lane]) -> None:
        def work(tx: Transaction) -> None:
            for each in lanes:
                posting_lanes.free(tx, each.lane, each.generation)

        if lanes:
            await self.house.store.write(work)

    async def next(self, name: str) -> Taken | Rest | Over | None:
        """Take the message that is next in a channel; None where there is none.

        Raises:
            StorageError: the database did not answer as it should.
        """
        unwritten = self._unwritten.get(name)
        if unwritten is not None:
            await self.posted(*unwritten)
        if name in self._ahead:
            lane, following = self._ahead[name]
            left = self._watch.left(name, lane.generation, lane.rest_ms)
            if left > 0:
                return Rest(left, name)
            del self._ahead[name]
            return await self._take(lane, following)
        now = self.house.now()

        def work(tx: Transaction) -> tuple[Lane | None, tuple[Due, ...]]:
            return posting_lanes.lane(tx, name), posting_lanes.due_in(tx, name, now, FEW)

        found, due = await self.house.store.read(work)
        left = 0.0 if found is None else self._watch.left(name, found.generation, found.rest_ms)
        if left > 0:
            # Where nothing is due, whoever looks next frees it.
            return Rest(left, name) if due else None
        rests: list[Rest] = []
        for place, row in enumerate(due):
            reason = self._too_much(row, now)
            if reason:
                given_up = await self._end(row.id, row.generation)
                return Over(row.id, reason) if given_up else Rest(0.0, row.id)
            seconds = self._resting(row)
            if seconds <= 0:
                untried = (each for each in due[place + 1 : place + AHEAD] if each.tries == each.rest_ms == 0)
                return await self._take(found, (row, *untried))
            rests.append(Rest(seconds, row.id))
        await self._free([] if found is None else [found])
        return min(rests, key=lambda rest: rest.seconds, default=None)

    def _too_much(self, row: Due, now: datetime) -> str:
        # Who put it off for the last time gave it up; of those who died over it, each has left its lease to run out.
        if now - row.due_at > MOST_AGE:
            return "too old"
        if row.tries > MOST_TRIES:
            return "tried too often"
        return "may be there twice" if row.shown == 0 and row.doubts >= MOST_DOUBTS else ""

    async def _take(self, lane: Lane | None, rows: tuple[Due, ...]) -> Taken | Rest:
        """Take a channel with the first of what is due there."""
        row, *following = rows
        generation = None if lane is None else lane.generation
        first, now = self.house.below(_FIRST) + 1, self.house.now()

        def work(tx: Transaction) -> tuple[Lane, Posting]:
            taken = posting_lanes.take_lane(tx, row.lane, generation, first)
            posting = None if taken is None else posting_lanes.take(tx, row.id, row.generation, now)
            if taken is None or posting is None:
                raise _Faster
            return taken, posting

        try:
            taken, posting = await self.house.store.write(work)
        except _Faster:
            return Rest(0.0, row.id)
        return Taken(posting, taken, self._url(posting), tuple(following))

    def _url(self, posting: Posting) -> str:
        over = posting.response_until is None or posting.response_until <= self.house.now()
        if over or posting.response_url is None or posting.response_uses >= RESPONSE_USES:
            return ""
        try:
            return self.house.keys.open(posting.response_url, **url_place(posting.workspace, posting.id))
        except Unsealable:
            return ""

    def waited(self, rest: Rest, since: float) -> None:
        """Somebody slept for as long as it rests, which began then by the monotonic clock."""
        self._watch.waited(rest.key, rest.seconds, since)

    async def posted(self, taken: Taken, stands: Stands) -> bool:
        """It was posted, or changed; False where somebody else has it by now, so that it may be there twice.

        Raises:
            StorageError: the database did not answer; this process remembers.
        """
        posting, now, heard = taken.posting, self.house.now(), self.monotonic()
        self._unwritten[taken.lane.lane] = (taken, stands)

        def work(tx: Transaction) -> bool:
            posting_lanes.let_rest(tx, taken.lane.lane, taken.lane.generation, BETWEEN_MS)
            return posting_lanes.posted(tx, posting.id, posting.generation, stands, now)

        written = await self.house.store.write(work)
        self._unwritten.pop(taken.lane.lane, None)
        self._rests(taken, heard)
        if written and taken.following:
            lane = Lane(taken.lane.lane, taken.lane.generation + 1, BETWEEN_MS)
            self._ahead[lane.lane] = (lane, taken.following)
        return written

    async def put_off(
        self, taken: Taken, retry_after: float | None = None, *, tried: bool = True, doubt: bool = False
    ) -> Fate:
        """Let it rest until the next try, or give it up where this was the last one.

        `retry_after` are the seconds that were asked for, which are kept to the letter, for the whole channel. A try
        that reached nobody is not `tried`; after one with a `doubt` it may be there.

        Raises:
            StorageError: the database did not answer; the channel rests for as long as the lease.
        """
        posting, heard = taken.posting, self.monotonic()
        doubts = posting.doubts if doubt or not taken.is_new else posting.doubts - 1
        if (tried and posting.tries >= MOST_TRIES) or (taken.is_new and doubts >= MOST_DOUBTS):
            return await self.end(taken)
        pause = self._pause(posting.tries) if retry_after is None else min(retry_after, MOST_AGE.total_seconds())
        rest, tries = ceil(pause * 1000), posting.tries if tried else posting.tries - 1
        lane_rest = BETWEEN_MS if retry_after is None else max(rest, BETWEEN_MS if tried else 0)

        def work(tx: Transaction) -> bool:
            posting_lanes.let_rest(tx, taken.lane.lane, taken.lane.generation, lane_rest)
            return posting_lanes.put_off(
                tx, posting.id, posting.generation, rest_ms=rest, tries=tries, doubts=max(0, doubts)
            )

        rests = await self.house.store.write(work)
        self._rests(taken, heard)
        return Fate.RESTS if rests else Fate.ELSEWHERE

    async def end(self, taken: Taken, *, asked: bool = True) -> Fate:
        """Give it up, or leave it as it is. Where Slack was not even `asked`, the channel is free at once.

        Raises:
            StorageError: the database did not answer; the channel rests for as long as the lease.
        """
        posting, heard, rest = taken.posting, self.monotonic(), BETWEEN_MS if asked else 0

        def work(tx: Transaction) -> bool:
            posting_lanes.let_rest(tx, taken.lane.lane, taken.lane.generation, rest)
            return posting_lanes.end(tx, posting.id, posting.generation, self.house.now())

        ended = await self.house.store.write(work)
        self._rests(taken, heard)
        return Fate.ENDED if ended else Fate.ELSEWHERE

    async def _end(self, posting_id: str, generation: int) -> bool:
        return await self.house.store.write(lambda tx: posting_lanes.end(tx, posting_id, generation, self.house.now()))

    def _rests(self, taken: Taken, since: float) -> None:
        """Channel and message rest since then; who sees that in the database counts from when they see it."""
        self._watch.begun(taken.lane.lane, taken.lane.generation + 1, since)
        self._watch.begun(taken.posting.id, taken.posting.generation + 1, since)

    def _pause(self, tries: int) -> float:
        """Between nothing and the longest pause after so many tries: whoever failed together does not try together."""
        longest = min(LONGEST_PAUSE, 2.0 ** (tries - 1))
        return self.house.below(round(longest * 1000) + 1) / 1000


class _Faster(Exception):  # noqa: N818 - it says what happened
    """Somebody else was faster: what this one has written is rolled back."""

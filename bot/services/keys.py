"""What operators do with the keys of sealed values: see which are in use, seal everything under the first, forget."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bot.settings import SealingSettings
from storage import sealed
from storage.errors import Busy, OutcomeUnknown
from storage.sealed import Page, SealedValue
from storage.sealed_columns import SEALED, SealedColumn
from storage.secrets import KeyRing, Unsealable, key_id_of
from storage.transactions import Store, Transaction

AT_ONCE = 500
"""Rows in one transaction: whoever serves meanwhile waits for no more than these, and has as long a turn after each."""
PASSES = 5
"""How often everything is gone through, until nothing is left to do."""
LOOKED_AT = 2000
"""Rows at either end of a table whose keys are looked at before a start."""
NOT_SEALED = "none"
"""Stands in the place of a key's id for a text that is not sealed."""

_WAITS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 2.0, 2.0)
"""Seconds before each new try where the database is busy."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class KeysInUse:
    """The ids of the keys that values were found under."""

    opening: frozenset[str]
    """These open what is sealed under them."""
    missing: frozenset[str]
    """Nothing that was found under these can be opened: the key is not here, or the values are not what they were."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What came of sealing everything again under the first key."""

    resealed: int
    unopened: Mapping[str, int]
    """How many values could not be opened and were left as they are, by the id of the key that they are under."""
    finished: bool
    """Whether nothing is under another key any more that could be opened. If not, somebody still seals under one."""


def ring_of(settings: SealingSettings) -> KeyRing:
    """The keys of `SECRET_KEY`."""
    return KeyRing.from_text(",".join(key.get_secret_value() for key in settings.secret_key))


class Keys:
    """The use cases of operators. Whoever serves the same database goes on meanwhile and reads all that it could."""

    def __init__(self, store: Store, ring: KeyRing, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._store = store
        self._ring = ring
        self._sleep = sleep

    async def in_use(self) -> KeysInUse:
        """Which keys values are under, as both ends of each table show: quick, however long the tables are.

        Answers are kept under hashes, so that their ends are as good as drawn by chance, and a key that one value in
        two hundred is under is not overlooked; where ids grow with time, the ends are the oldest rows and the newest.

        Raises:
            StorageError: the database did not answer as it should.
        """
        found: set[str] = set()
        opening: set[str] = set()
        for column in SEALED:
            for value in await self._store.read(partial(sealed.examples, column=column, most=LOOKED_AT)):
                found.add(_key_id(value))
                if self._opens(column, value):
                    opening.add(_key_id(value))
        return KeysInUse(frozenset(opening), frozenset(found - opening))

    async def rotate(self) -> Rotation:
        """Seal under the first key what is under another. It may be stopped at any time and run again.

        Raises:
            StorageError: the database did not answer as it should, many times. What was done stays done.
        """
        resealed = 0
        for _ in range(PASSES):
            done, missed, unopened = await self._pass()
            resealed += done
            if not done and not missed:
                return Rotation(resealed, unopened, finished=True)
        return Rotation(resealed, unopened, finished=False)

    async def forget(self, key_id: str) -> Mapping[str, int]:
        """Delete the rows whose values are under this key and cannot be opened. How many, by table.

        Raises:
            StorageError: as for `rotate`.
        """
        gone: Counter[str] = Counter()
        under = None if key_id == NOT_SEALED else key_id
        for column in SEALED:
            async for values in self._pages(partial(sealed.page_under, column=column, key_id=under)):
                lost = [value for value in values if _key_id(value) == key_id and not self._opens(column, value)]
                if lost:
                    work = partial(sealed.remove, column=column, values=lost)
                    gone[column.value.table.name] += await self._patiently(self._store.write, work)
        return gone

    async def _pass(self) -> tuple[int, int, Mapping[str, int]]:
        """How many values were sealed again, how many changed or went meanwhile, and which could not be opened."""
        done = missed = 0
        unopened: Counter[str] = Counter()
        for column in SEALED:
            async for values in self._pages(partial(sealed.page_elsewhere, column=column, key_id=self._ring.first)):
                again = [(value, self._sealed_again(column, value)) for value in values]
                unopened.update(_key_id(value) for value, text in again if text is None)
                changes = [(value, text) for value, text in again if text is not None]
                stand = await self._put(column, changes) if changes else 0
                done += stand
                missed += len(changes) - stand
        return done, missed, unopened

    async def _put(self, column: SealedColumn, changes: Sequence[tuple[SealedValue, str]]) -> int:
        """Put new texts in the place of values; how many of them stand. Then give way for as long as that took."""
        clock = asyncio.get_running_loop().time
        began = clock()
        await self._patiently(self._store.write, partial(sealed.replace, column=column, changes=changes))
        took = clock() - began
        stand = await self._patiently(self._store.read, partial(sealed.replaced, column=column, changes=changes))
        await self._sleep(took)
        return stand

    async def _pages(self, page: Callable[..., Page]) -> AsyncIterator[tuple[SealedValue, ...]]:
        """What is wanted in a table, a transaction for each piece."""
        after: str | None = ""
        while after is not None:
            found = await self._patiently(self._store.read, partial(page, after=after, most=AT_ONCE))
            yield found.values
            after = found.last

    async def _patiently(
        self, run: Callable[[Callable[[Transaction], R]], Awaitable[R]], work: Callable[[Transaction], R]
    ) -> R:
        """Run a work, again and again where others hold the database. Each work here may be run twice."""
        for wait in _WAITS:
            try:
                return await run(work)
            except (Busy, OutcomeUnknown):
                await self._sleep(wait)
        return await run(work)

    def _sealed_again(self, column: SealedColumn, value: SealedValue) -> str | None:
        try:
            return sealed.seal_again(self._ring, column, value)
        except Unsealable:
            return None

    def _opens(self, column: SealedColumn, value: SealedValue) -> bool:
        try:
            sealed.open_value(self._ring, column, value)
        except Unsealable:
            return False
        return True


def _key_id(value: SealedValue) -> str:
    return key_id_of(value.text) or NOT_SEALED

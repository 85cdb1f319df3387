"""The hall of a process on both databases: what it hears at once, what it sees in the database, and when it looks."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from bot.rules import WaitingRoom
from bot.services import hall as under_test
from bot.services.hall import Hall
from storage.errors import Unavailable
from storage.transactions import Store, Transaction
from tests.integration.services.houses import house_of
from tests.integration.services.waiting_rooms import ANNA, YAN, waiting_room

R = TypeVar("R")
PATIENCE_SECONDS = 5.0


class CountingStore:
    """A store that counts what it is asked, and fails when it should."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads = 0
        self.fails = False

    async def read(self, work: Callable[[Transaction], R]) -> R:
        self.reads += 1
        if self.fails:
            self.fails = False
            raise Unavailable
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        return await self._store.write(work)

    async def close(self) -> None:
        """The store is another's."""


class Works:
    """What was begun, so that a test sees its end."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []

    def begin(self, work: Coroutine[Any, Any, None], _what: str) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    async def end(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*self.tasks)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "LOOK_SECONDS", 0.01)


async def _set(event: asyncio.Event) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await event.wait()
    event.clear()


async def test_what_this_process_decides_is_heard_at_once_and_by_nobody_else(store: Store) -> None:
    works = Works()
    hall = Hall(house_of(store), works.begin)
    with hall.waiting("a" * 64) as one, hall.waiting("a" * 64) as same, hall.waiting("b" * 64) as other:
        for event in (one, same, other):
            await _set(event)
        hall.changed(["a" * 64, "c" * 64])

        assert [True, True, False] == [event.is_set() for event in (one, same, other)]
    await works.end()


async def test_what_others_decide_and_begin_is_seen_in_the_database(store: Store) -> None:
    at, works = await waiting_room(store), Works()
    await at.has(WaitingRoom.EVERYBODY)
    view = await at.arrives()
    hall = Hall(at.house, works.begin)
    with hall.waiting(view.guest_id) as event:
        # Nobody knows what has changed since the page was made.
        await _set(event)
        session = await at.start()
        await _set(event)
        await at.decisions.admit(ANNA, view.guest_id)
        await _set(event)
        await at.end(session)
        await _set(event)
    await works.end()


async def test_nobody_is_woken_while_nothing_changes_for_them(store: Store) -> None:
    at, works = await waiting_room(store), Works()
    zoe, yan = await at.arrives(), await at.arrives(YAN, "Yan")
    hall = Hall(at.house, works.begin)
    with hall.waiting(zoe.guest_id) as first, hall.waiting(yan.guest_id) as second:
        await _set(first)
        await _set(second)
        await at.decisions.deny(ANNA, zoe.guest_id)
        await _set(first)

        assert not second.is_set()
    await works.end()


async def test_one_look_serves_all_and_there_is_none_without_anybody(store: Store) -> None:
    counting, works = CountingStore(store), Works()
    hall = Hall(house_of(counting), works.begin)
    events = [hall.waiting(f"{nth:064}") for nth in range(150)]
    entered = [each.__enter__() for each in events]
    for event in entered:
        await _set(event)
    assert 1 == len(works.tasks)
    assert 3 >= counting.reads

    for each in events:
        each.__exit__(None, None, None)
    await works.end()
    reads = counting.reads
    with hall.waiting("a" * 64) as event:
        await _set(event)
    await works.end()
    assert reads < counting.reads


async def test_a_look_that_fails_is_made_again(store: Store) -> None:
    counting, works = CountingStore(store), Works()
    counting.fails = True
    hall = Hall(house_of(counting), works.begin)
    with hall.waiting("a" * 64) as event:
        await _set(event)

    assert 2 <= counting.reads
    await works.end()


async def test_each_guest_has_some_places_and_all_together_have_so_many(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = Works()
    hall = Hall(house_of(store), works.begin)
    monkeypatch.setattr(under_test, "MOST_GUESTS", 2)
    with hall.waiting("a" * 64):
        assert hall.has_place("a" * 64)
        monkeypatch.setattr(under_test, "MOST_PAGES", 1)
        assert not hall.has_place("a" * 64)
        with hall.waiting("b" * 64):
            assert not hall.has_place("c" * 64)
        assert hall.has_place("c" * 64)
    await works.end()

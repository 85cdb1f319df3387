"""Everything is sealed again under the first key, whoever serves meanwhile, and nothing is lost or overwritten."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import pytest
import sqlalchemy as sa

from bot.services import keys as services
from bot.services.keys import Keys
from storage.errors import Busy, OutcomeUnknown, StorageError, Unavailable
from storage.tables import seen_requests
from storage.transactions import Store, Transaction, open_store
from tests import sealing
from tests.sealing import LOST, NEW, OLD, id_of, ring

R = TypeVar("R")
MANY = 1203
BOTH = ring(NEW, OLD)


async def no_pause(_: float) -> None:
    """A pause that nobody waits for."""


class Meddled:
    """A store where something happens before each write."""

    def __init__(self, store: Store, before: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._before = before

    async def read(self, work: Callable[[Transaction], R]) -> R:
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        await self._before()
        return await self._store.write(work)

    async def close(self) -> None:
        """The test closes the store itself."""


@pytest.mark.row("R48")
async def test_everything_comes_under_the_first_key_and_opens_as_before(store: Store) -> None:
    """Seen red: with a page that names no `last` after the first 500 rows, 461 of 1103 were sealed again."""
    await sealing.remember(store, ring(OLD), range(MANY - 100))
    await sealing.remember(store, ring(NEW), range(MANY - 100, MANY))

    done = await Keys(store, BOTH).rotate()

    assert (MANY - 100, {}, True) == (done.resealed, done.unopened, done.finished)
    assert {id_of(NEW): MANY} == await sealing.under(store)
    assert await sealing.opened(store, ring(NEW), range(MANY))


async def test_what_is_under_the_first_key_is_not_touched(store: Store) -> None:
    await sealing.remember(store, ring(NEW), range(3))
    before = await sealing.standing(store)

    done = await Keys(store, BOTH).rotate()

    assert 0 == done.resealed
    assert before == await sealing.standing(store)


@pytest.mark.row("R48")
async def test_what_changes_or_goes_meanwhile_is_never_overwritten(store: Store) -> None:
    """Seen red: without the old text in the WHERE of `replace`, the answer of row 1 was the one from before."""
    await sealing.remember(store, ring(OLD), range(4))
    changed = ring(OLD).seal("changed meanwhile", **sealing.place(1))
    pending = [True]

    async def meddle() -> None:
        if pending:
            pending.clear()
            await sealing.put(store, 1, changed)
            await store.write(
                lambda tx: tx.execute(sa.delete(seen_requests).where(seen_requests.c.key == sealing.key(2)))
            )

    done = await Keys(Meddled(store, meddle), BOTH).rotate()

    texts = await sealing.standing(store)
    assert (3, True) == (done.resealed, done.finished)
    assert "changed meanwhile" == ring(NEW).open(texts[sealing.key(1)], **sealing.place(1))
    assert sealing.key(2) not in texts
    assert await sealing.opened(store, ring(NEW), (0, 3))


@pytest.mark.row("R48")
async def test_what_cannot_be_opened_is_counted_by_its_key_and_stays_as_it_is(store: Store) -> None:
    """Seen red: with a rotation that counts nothing it cannot open, `unopened` was empty, as if all were well."""
    await sealing.remember(store, ring(OLD), range(5))
    await sealing.remember(store, ring(LOST), range(5, 7))
    await sealing.put(store, 0, "never sealed")
    before = await sealing.standing(store)

    done = await Keys(store, BOTH).rotate()

    after = await sealing.standing(store)
    assert (4, {id_of(LOST): 2, "none": 1}, True) == (done.resealed, done.unopened, done.finished)
    assert [before[sealing.key(number)] for number in (0, 5, 6)] == [after[sealing.key(number)] for number in (0, 5, 6)]


async def test_whoever_goes_on_sealing_under_another_key_is_noticed(store: Store) -> None:
    await sealing.remember(store, ring(OLD), range(1))
    numbers = iter(range(1, 100))

    async def seal_one_more() -> None:
        await sealing.remember(store, ring(OLD), [next(numbers)])

    done = await Keys(Meddled(store, seal_one_more), BOTH).rotate()

    assert not done.finished
    assert services.PASSES == done.resealed


async def test_two_at_once_do_no_harm(store: Store, database_url: str) -> None:
    await sealing.remember(store, ring(OLD), range(MANY))
    other = await open_store(database_url)

    done = await asyncio.gather(Keys(store, BOTH).rotate(), Keys(other, BOTH).rotate())
    await other.close()

    assert MANY == sum(each.resealed for each in done)
    assert all(each.finished for each in done)
    assert await sealing.opened(store, ring(NEW), range(MANY))


class Failing(Meddled):
    """A store whose first writes fail: some before they have done anything, some after."""

    def __init__(self, store: Store, *failures: StorageError) -> None:
        super().__init__(store, partial(no_pause, 0))
        self._failures = list(failures)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        if not self._failures:
            return await super().write(work)
        failure = self._failures.pop(0)
        if isinstance(failure, OutcomeUnknown):
            await super().write(work)
        raise failure


async def test_a_busy_database_is_tried_again_and_a_commit_in_doubt_is_counted_once(store: Store) -> None:
    await sealing.remember(store, ring(OLD), range(5))

    done = await Keys(Failing(store, Busy(), OutcomeUnknown(), Busy()), BOTH, no_pause).rotate()

    assert (5, True) == (done.resealed, done.finished)
    assert await sealing.opened(store, ring(NEW), range(5))


@pytest.mark.parametrize("failures", [[Unavailable()], [Busy() for _ in range(len(services._WAITS) + 1)]])
async def test_a_database_that_stays_away_ends_it(store: Store, failures: list[StorageError]) -> None:
    await sealing.remember(store, ring(OLD), range(5))

    with pytest.raises(type(failures[0])):
        await Keys(Failing(store, *failures), BOTH, no_pause).rotate()

    assert {id_of(OLD): 5} == await sealing.under(store)


async def test_the_keys_in_use_are_found_at_both_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await sealing.remember(store, ring(NEW), range(40))
    ends = sorted(range(40), key=sealing.key)
    for text, number in ((OLD, ends[1]), (LOST, ends[-2])):
        await sealing.put(store, number, ring(text).seal(sealing.answer(number), **sealing.place(number)))
    monkeypatch.setattr(services, "LOOKED_AT", 5)

    found = await Keys(store, BOTH).in_use()

    assert {id_of(NEW), id_of(OLD)} == found.opening
    assert {id_of(LOST)} == found.missing


async def test_one_altered_value_among_others_is_no_missing_key(store: Store) -> None:
    await sealing.remember(store, ring(OLD), range(4))
    last = max(range(4), key=sealing.key)
    await sealing.put(store, last, ring(OLD).seal("of another row", **sealing.place(99)))

    assert frozenset() == (await Keys(store, BOTH).in_use()).missing


async def test_an_empty_database_is_under_no_key(store: Store) -> None:
    found = await Keys(store, BOTH).in_use()

    assert (frozenset(), frozenset()) == (found.opening, found.missing)


@pytest.mark.parametrize("plain", ["never sealed", "v1.NOTANID1.x.y", "V1.29803c14.x.y", "v1", "{}"])
async def test_only_what_cannot_be_opened_is_forgotten(store: Store, plain: str) -> None:
    await sealing.remember(store, ring(OLD), range(3))
    await sealing.remember(store, ring(LOST), range(3, MANY))
    await sealing.put(store, 0, ring(OLD).seal("of another row", **sealing.place(99)))
    await sealing.put(store, 1, plain)
    keys = Keys(store, BOTH)

    gone = [await keys.forget(key_id) for key_id in (id_of(OLD), id_of(NEW), id_of(LOST), "none")]

    assert [{"seen_request": 1}, {}, {"seen_request": MANY - 3}, {"seen_request": 1}] == gone
    assert [sealing.key(2)] == list(await sealing.standing(store))


@pytest.mark.row("R47")
async def test_what_was_moved_in_the_database_neither_opens_nor_is_sealed_again(store: Store) -> None:
    """Seen red: with the row's key left out of what a value is bound to, the swapped answers opened."""
    await sealing.remember(store, ring(OLD), range(6))
    texts = await sealing.standing(store)
    for here, there in ((0, 1), (1, 0)):
        await sealing.put(store, here, texts[sealing.key(there)])
    await store.write(
        lambda tx: tx.execute(
            sa.update(seen_requests).where(seen_requests.c.key == sealing.key(2)).values(workspace="T0GLOBEX")
        )
    )
    await sealing.put(store, 3, ring(OLD).seal(sealing.answer(3), **{**sealing.place(3), "column": "workspace"}))
    await sealing.put(store, 4, ring(OLD).seal(sealing.answer(4), **{**sealing.place(4), "table": "change_log"}))

    done = await Keys(store, BOTH).rotate()

    assert (1, {id_of(OLD): 5}) == (done.resealed, done.unopened)
    assert await sealing.opened(store, ring(NEW), [5])

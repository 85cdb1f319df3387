"""A store that knows whether changes can be saved: noted once, tried until it works, and no try leaves anything."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from structlog.testing import capture_logs

from bot.services.saving import TRY_SECONDS, SavingStore
from storage import requests
from storage.errors import Busy, OutcomeUnknown, StorageError, Unavailable
from storage.transactions import Store, Transaction
from tests.integration.services.stored import everything

R = TypeVar("R")
Failures = list[Exception]


class Failing:
    """A store whose writes fail while there are failures left."""

    def __init__(self, store: Store, failures: Failures) -> None:
        self._store = store
        self.failures = failures

    async def read(self, work: Callable[[Transaction], R]) -> R:
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        if self.failures:
            raise self.failures.pop(0)
        return await self._store.write(work)

    async def close(self) -> None:
        """The test closes the store."""


class Pauses:
    """Counts pauses; they last until `over`."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self.over.wait()


def nothing(_: Transaction) -> None:
    """A change that writes nothing."""


async def change(store: SavingStore) -> str:
    """What becomes of a change: nothing where it was saved."""
    try:
        await store.write(nothing)
    except StorageError as error:
        return error.kind
    return ""


async def seen_requests(store: Store) -> int:
    return int(await store.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM seen_request").scalar_one()))


@pytest.mark.parametrize("error", [Unavailable("The disk is full."), OutcomeUnknown("The disk failed.")])
async def test_what_keeps_changes_from_being_saved_is_noted_once_and_tried_until_it_works(
    store: Store, error: StorageError
) -> None:
    pauses = Pauses()
    failing: Failures = [error, error, error, LookupError("nobody expects this"), error]
    saving = SavingStore(Failing(store, failing), pauses)

    with capture_logs() as logs:
        told = [await change(saving) for _ in range(2)]
        problem = saving.problem()
        pauses.over.set()
        assert saving._trying is not None
        await saving._trying

    assert [error.kind] * 2 == told
    assert f"changes cannot be saved just now: {error.kind}; the log says why" == problem
    assert saving.problem() is None
    assert ["changes_not_saved", "changes_saved_again"] == [each["event"] for each in logs]
    assert str(error) == logs[0]["reason"]
    assert [TRY_SECONDS] * 4 == pauses.asked
    assert 0 == await seen_requests(store)


async def test_who_is_busy_or_wrong_has_no_trouble_with_saving(store: Store) -> None:
    saving = SavingStore(Failing(store, [Busy("A lock is held."), LookupError()]))

    assert "busy" == await change(saving)
    with pytest.raises(LookupError):
        await saving.write(nothing)
    assert saving.problem() is None
    assert saving._trying is None


async def test_a_change_that_writes_nothing_is_no_proof(store: Store) -> None:
    saving = SavingStore(Failing(store, [Unavailable("The disk is full.")]), Pauses())
    await change(saving)

    assert "" == await change(saving)
    assert saving.problem() is not None
    await saving.close()


async def test_closing_ends_the_tries_and_is_no_trouble(store: Store) -> None:
    failing = Failing(store, [Unavailable("The server is down.")])
    saving = SavingStore(failing, Pauses())
    await change(saving)
    assert saving._trying is not None

    await saving.close()
    failing.failures = [Unavailable("The store is closed.")]
    with capture_logs() as logs:
        await change(saving)
        await asyncio.wait((saving._trying,))

    assert saving._trying.cancelled()
    assert [] == logs


async def test_trying_out_writes_and_leaves_nothing(store: Store) -> None:
    before = await store.read(everything)

    await store.write(requests.try_out)

    assert before == await store.read(everything)
    assert 0 == await seen_requests(store)
    with pytest.raises(Exception, match=r"readonly|read-only"):
        await store.read(requests.try_out)

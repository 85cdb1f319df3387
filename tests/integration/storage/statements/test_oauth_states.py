"""States: each is taken once, by whoever comes first, in its time and for its purpose."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from storage import oauth_states
from storage.errors import Busy
from storage.transactions import Store, Transaction, open_store
from tests.integration.storage.statements.rows import SECOND, T0, each

HASH, OTHER = "a" * 64, "b" * 64
PAYLOAD = "v1.1a2b3c4d.nonce.ciphertext"


def begin(tx: Transaction, state_hash: str = HASH, lasts: timedelta = SECOND) -> None:
    oauth_states.add(tx, state_hash=state_hash, purpose="sign_in", payload=PAYLOAD, expires_at=T0 + lasts)


def taken(tx: Transaction, state_hash: str = HASH, purpose: str = "sign_in", at: timedelta = timedelta()) -> str | None:
    return oauth_states.consume(tx, state_hash, purpose, T0 + at)


async def test_what_was_begun_comes_back_once(store: Store) -> None:
    await store.write(begin)

    assert [PAYLOAD, None] == await each(store, taken, taken)


@pytest.mark.parametrize(
    "changed",
    [
        partial(taken, state_hash=OTHER),
        partial(taken, purpose="install"),
        partial(taken, at=SECOND),
        partial(taken, at=2 * SECOND),
    ],
)
async def test_what_is_another_or_stale_or_for_something_else_does_not_come_back(
    store: Store, changed: Callable[[Transaction], str | None]
) -> None:
    await store.write(begin)

    assert [None, PAYLOAD] == await each(store, changed, taken)


async def test_one_of_many_who_come_at_once_takes_it(store: Store, database_url: str) -> None:
    other = await open_store(database_url)
    await store.write(begin)

    found = await asyncio.gather(*(one.write(taken) for one in (store, other) * 10))
    await other.close()

    assert [PAYLOAD] == [payload for payload in found if payload is not None]


async def test_a_state_is_begun_once(store: Store) -> None:
    await store.write(begin)

    with pytest.raises(Busy):
        await store.write(begin)


async def test_those_that_expired_are_forgotten_the_oldest_first_and_nothing_else(store: Store) -> None:
    hashes = [f"{number:064x}" for number in range(6)]
    for number in (3, 1, 5, 0, 4, 2):
        await store.write(partial(begin, state_hash=hashes[number], lasts=number * SECOND))

    forget = partial(oauth_states.forget, before=T0 + 4 * SECOND, most=3)
    assert [3, 1, 0] == await each(store, *[forget] * 3)
    left = await each(store, *(partial(taken, state_hash=one) for one in hashes))
    assert [None] * 4 + [PAYLOAD] * 2 == left


async def test_the_oldest_are_found_by_their_index(store: Store) -> None:
    def plan(tx: Transaction) -> str:
        filled = oauth_states._oldest.element.params({"before": T0, "most": 5})
        statement = filled.compile(dialect=tx.dialect, compile_kwargs={"literal_binds": True})
        if tx.dialect.name == "sqlite":
            return str(tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all())
        # In an empty table the server would rather look at all rows.
        tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return str(tx.exec_driver_sql(f"EXPLAIN {statement}").all())

    assert "ix_oauth_state_expires_at" in await store.write(plan)

"""Rows of the outbox: in one pair of hands at a time, and never without the answer that they tell."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from storage import outbox, requests, tables
from storage.outbox import LEASE_MS, Taken, Waiting
from storage.transactions import Store, Transaction
from tests.integration.storage.statements.rows import T0, each

KEY = "a" * 64
ROW = {"workspace": "T0ACME", "kind": "pmi.saved", "address": "sealed"}


def write(tx: Transaction, key: str = KEY, age: timedelta = timedelta()) -> None:
    requests.remember(tx, key, "T0ACME", f"answer {key[0]}", T0 - age)
    outbox.add(tx, request=key, at=T0 - age, **ROW)


def waiting(tx: Transaction) -> tuple[Waiting, ...]:
    return outbox.waiting(tx, 10)


async def test_a_row_is_written_in_the_hands_of_its_writer(store: Store) -> None:
    await store.write(write)

    assert (Waiting(KEY, 1, LEASE_MS, 1, T0),) == await store.read(waiting)


async def test_whoever_takes_a_row_has_it_as_the_next_generation(store: Store) -> None:
    await store.write(write)

    taken = await store.write(lambda tx: outbox.take(tx, KEY, 1))

    assert Taken(KEY, "T0ACME", "pmi.saved", "sealed", 2, 2, T0, "answer a") == taken
    assert (Waiting(KEY, 2, LEASE_MS, 2, T0),) == await store.read(waiting)


async def test_of_many_who_take_one_row_one_has_it(store: Store) -> None:
    await store.write(write)

    taken = await asyncio.gather(*(store.write(lambda tx: outbox.take(tx, KEY, 1)) for _ in range(8)))

    assert 1 == len([row for row in taken if row is not None])
    assert (Waiting(KEY, 2, LEASE_MS, 2, T0),) == await store.read(waiting)


async def test_a_row_rests_as_long_as_it_was_put_off(store: Store) -> None:
    await store.write(write)

    done = await each(
        store,
        lambda tx: outbox.put_off(tx, KEY, 1, rest_ms=1500, tries=1),
        lambda tx: outbox.put_off(tx, KEY, 1, rest_ms=9, tries=9),
    )

    assert [True, False] == done
    assert (Waiting(KEY, 2, 1500, 1, T0),) == await store.read(waiting)


async def test_what_ended_is_not_waiting_and_not_taken(store: Store) -> None:
    await store.write(write)

    done = await each(
        store,
        lambda tx: outbox.end(tx, KEY, 7, T0),
        lambda tx: outbox.end(tx, KEY, 1, T0),
        lambda tx: outbox.end(tx, KEY, 1, T0),
        lambda tx: outbox.put_off(tx, KEY, 1, rest_ms=0, tries=0),
    )

    assert [False, True, False, False] == done
    assert () == await store.read(waiting)
    assert await store.write(lambda tx: outbox.take(tx, KEY, 1)) is None


async def test_what_was_told_is_struck_out_in_whosever_hands_it_is(store: Store) -> None:
    await store.write(write)
    await store.write(lambda tx: outbox.take(tx, KEY, 1))

    await store.write(lambda tx: outbox.strike(tx, KEY))

    assert () == await store.read(waiting)
    assert "answer a" == await store.read(lambda tx: requests.answer_to(tx, KEY))


async def test_the_oldest_are_seen_first_and_no_more_than_asked_for(store: Store) -> None:
    for key, minutes in (("b", 1), ("c", 3), ("d", 2)):
        await store.write(partial(write, key=key * 64, age=timedelta(minutes=minutes)))

    found = await store.read(lambda tx: outbox.waiting(tx, 2))

    assert ["c", "d"] == [row.request[0] for row in found]


async def test_the_next_ones_begin_behind_the_last_one_even_where_they_are_of_one_moment(store: Store) -> None:
    for key, minutes in (("b", 0), ("c", 1), ("d", 1), ("e", 1)):
        await store.write(partial(write, key=key * 64, age=timedelta(minutes=minutes)))

    first = await store.read(lambda tx: outbox.waiting(tx, 2))
    second = await store.read(lambda tx: outbox.waiting(tx, 2, first[-1]))
    third = await store.read(lambda tx: outbox.waiting(tx, 2, second[-1]))

    assert ["cd", "eb", ""] == ["".join(row.request[0] for row in page) for page in (first, second, third)]


async def test_how_many_wait_and_since_when_counts_all_that_have_not_ended(store: Store) -> None:
    assert (0, None) == await store.read(outbox.backlog)
    for key, minutes in (("b", 1), ("c", 3), ("d", 2)):
        await store.write(partial(write, key=key * 64, age=timedelta(minutes=minutes)))
    await store.write(lambda tx: outbox.end(tx, "c" * 64, 1, T0))

    assert (2, T0 - timedelta(minutes=2)) == await store.read(outbox.backlog)


async def test_a_row_without_its_request_is_not_written(store: Store) -> None:
    with pytest.raises(Exception, match="nothing was changed"):
        await store.write(lambda tx: outbox.add(tx, request=KEY, at=T0, **ROW))


async def test_an_answer_that_is_still_to_be_told_is_not_forgotten(store: Store) -> None:
    for key in "abc":
        await store.write(partial(write, key=key * 64))
    await each(store, lambda tx: outbox.end(tx, "b" * 64, 1, T0), lambda tx: outbox.strike(tx, "c" * 64))

    forgotten = await store.write(lambda tx: requests.forget(tx, T0 + timedelta(days=3), 10))

    kept = await store.read(lambda tx: [requests.answer_to(tx, key * 64) for key in "abc"])
    assert 2 == forgotten
    assert ["answer a", None, None] == kept
    assert ["a"] == [row.request[0] for row in await store.read(waiting)]
    assert 1 == await store.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(tables.outbox)).scalar())

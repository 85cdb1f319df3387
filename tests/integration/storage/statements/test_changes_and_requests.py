"""The change log keeps its order; a request is remembered once, with its answer."""

import asyncio
from datetime import timedelta
from functools import partial

from storage import changes, requests, workspaces
from storage.changes import Change
from storage.transactions import Store, Transaction, open_store
from tests.integration.storage.statements.rows import SECOND, T0, anybody, each

KEY = "ab" * 32
MANY = [Change("pmi.changed", str(place), str(place + 1)) for place in range(60)]


async def known(store: Store, *keys: str) -> None:
    for key in keys:
        await store.write(partial(workspaces.ensure, key=key, at=T0))


async def test_changes_of_one_moment_keep_their_order(store: Store) -> None:
    anna = anybody()
    await known(store, "T0ACME")
    await store.write(lambda tx: changes.record(tx, "T0ACME", MANY, T0, member_id=anna, actor_id=anna))

    log = await store.read(lambda tx: changes.of_member(tx, anna))
    assert [change.new for change in reversed(MANY)] == [row.new for row in log]


async def test_the_newest_change_comes_first_and_says_who_did_what_when(store: Store) -> None:
    anna, ben = anybody(), anybody()
    first, second = Change("pmi.assigned", None, "5829047316"), Change("link.set", None, "Blue.Harbour")
    await known(store, "T0ACME")
    await store.write(lambda tx: changes.record(tx, "T0ACME", [first], T0, member_id=anna, actor_id=ben))
    await store.write(lambda tx: changes.record(tx, "T0ACME", [second], T0 + SECOND, member_id=anna, actor_id=anna))

    assert (
        changes.ChangeRow(anna, anna, "link.set", None, "Blue.Harbour", T0 + SECOND),
        changes.ChangeRow(anna, ben, "pmi.assigned", None, "5829047316", T0),
    ) == await store.read(lambda tx: changes.of_member(tx, anna))


async def test_a_request_is_remembered_once_with_its_first_answer(store: Store) -> None:
    kept = [
        await store.write(partial(requests.remember, key=KEY, workspace="T0ACME", answer=answer, at=T0))
        for answer in ("one", "two")
    ]

    assert [True, False] == kept
    assert "one" == await store.read(lambda tx: requests.answer_to(tx, KEY))


async def test_a_request_that_was_never_made_has_no_answer(store: Store) -> None:
    assert await store.read(lambda tx: requests.answer_to(tx, KEY)) is None


async def test_of_twenty_at_once_one_request_is_remembered(store: Store, database_url: str) -> None:
    other = await open_store(database_url)

    def remember(tx: Transaction) -> bool:
        return requests.remember(tx, KEY, "T0ACME", "answer", T0)

    kept = await asyncio.gather(*(one.write(remember) for one in (store, other) * 10))
    await other.close()

    assert 1 == sum(kept)


DAY = timedelta(days=1)


def key(number: int) -> str:
    return f"{number:064x}"


async def remember_each_day(store: Store, days: int) -> None:
    for day in (*range(1, days, 2), *range(0, days, 2)):
        await store.write(
            partial(requests.remember, key=key(day), workspace="T0ACME", answer="answer", at=T0 + day * DAY)
        )


async def kept(store: Store, days: int) -> list[int]:
    answers = [(day, await store.read(partial(requests.answer_to, key=key(day)))) for day in range(days)]
    return [day for day, answer in answers if answer is not None]


async def test_what_is_older_than_a_time_is_forgotten_and_nothing_else(store: Store) -> None:
    await remember_each_day(store, 6)

    assert 4 == await store.write(lambda tx: requests.forget(tx, T0 + 4 * DAY, 100))
    assert [4, 5] == await kept(store, 6)
    assert 0 == await store.write(lambda tx: requests.forget(tx, T0 + 4 * DAY, 100))


async def test_no_more_is_forgotten_at_once_than_was_asked_and_the_oldest_first(store: Store) -> None:
    await remember_each_day(store, 6)

    assert [2, 2, 1] == await each(store, *[lambda tx: requests.forget(tx, T0 + 5 * DAY, 2)] * 3)
    assert [5] == await kept(store, 6)
    await store.write(lambda tx: requests.remember(tx, key(0), "T0ACME", "answer", T0))
    await store.write(lambda tx: requests.forget(tx, T0 + 9 * DAY, 1))
    assert [5] == await kept(store, 6)


async def test_two_processes_that_forget_at_once_forget_each_row_once(store: Store, database_url: str) -> None:
    await remember_each_day(store, 40)
    other = await open_store(database_url)

    gone = await asyncio.gather(
        *(one.write(lambda tx: requests.forget(tx, T0 + 30 * DAY, 5)) for one in (store, other) * 6)
    )
    await other.close()

    await store.write(lambda tx: requests.forget(tx, T0 + 30 * DAY, 30))
    assert sum(gone) <= 30
    assert list(range(30, 40)) == await kept(store, 40)


async def test_the_oldest_are_found_by_their_index(store: Store) -> None:
    def plan(tx: Transaction) -> str:
        filled = requests._oldest.element.params({"before": T0, "most": 5})
        statement = filled.compile(dialect=tx.dialect, compile_kwargs={"literal_binds": True})
        if tx.dialect.name == "sqlite":
            return str(tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all())
        # In an empty table the server would rather look at all rows.
        tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return str(tx.exec_driver_sql(f"EXPLAIN {statement}").all())

    assert "ix_seen_request_at" in await store.write(plan)

"""The change log keeps its order; a request is remembered once, with its answer."""

import asyncio
from functools import partial

from storage import changes, requests, workspaces
from storage.changes import Change
from storage.transactions import Store, Transaction, open_store
from tests.integration.storage.statements.rows import SECOND, T0, anybody

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


async def test_the_log_of_a_workspace_holds_its_own_changes_and_no_others(store: Store) -> None:
    anna = anybody()
    plan = Change("plan.changed", None, "pro")
    await known(store, "T0ACME", "E0OTHER")
    await store.write(lambda tx: changes.record(tx, "T0ACME", [plan], T0, member_id=None, actor_id=None))
    await store.write(lambda tx: changes.record(tx, "E0OTHER", MANY[:2], T0, member_id=anna, actor_id=anna))

    assert (changes.ChangeRow(None, None, "plan.changed", None, "pro", T0),) == await store.read(
        lambda tx: changes.of_workspace(tx, "T0ACME")
    )


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

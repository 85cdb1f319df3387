"""The change log cannot be edited: the database refuses, and whoever gets past that is found."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.services.change_chain import Break, Broken, ChangeChain
from storage import workspaces
from storage.ids import new_id
from storage.secrets import KeyRing
from storage.tables import change_chain, change_keys, change_log, change_unsealed
from storage.transactions import Store, Transaction, open_store
from tests.integration.services.houses import KEY, START, house_of
from tests.integration.services.stored import unguarded
from tests.sealing import OLD

ACME, GLOBEX = "T0ACME", "T0GLOBEX"
MANY = 10_000


def clock() -> datetime:
    return START + timedelta(hours=1)


def chain_of(store: Store, keys: str = KEY) -> ChangeChain:
    return ChangeChain(replace(house_of(store, clock), keys=KeyRing.from_text(keys)))


def row(number: int, workspace: str = ACME) -> dict[str, object]:
    """A row of the log, the later the higher its number."""
    at = START + timedelta(milliseconds=number)
    same: dict[str, object] = {"member_id": None, "actor_id": None, "action": "topic.changed", "old": None, "at": at}
    return same | {"id": new_id(at), "workspace": workspace, "new": f"{number}\r\n{number}"}


async def written(store: Store, *rows: dict[str, object]) -> None:
    def work(tx: Transaction) -> None:
        for workspace in (ACME, GLOBEX):
            workspaces.ensure(tx, workspace, START)
        tx.execute(sa.insert(change_log), list(rows))

    await store.write(work)


async def past_the_triggers(store: Store, table: str, act: Callable[[Transaction], object]) -> None:
    await store.write(lambda tx: unguarded(tx, table, lambda: act(tx)))


@pytest.mark.row("R52b")
async def test_no_statement_alters_or_removes_a_row(store: Store) -> None:
    """Neither of the log nor of its chain.

    Seen red: without the triggers, every statement went through.
    """
    await written(store, row(1))
    await chain_of(store).seal(10)

    for table in (change_log, change_chain):
        for statement in (sa.update(table).values(workspace=GLOBEX), sa.delete(table)):
            with pytest.raises(DBAPIError, match="rows of this table are kept as they are"):
                await store.write(lambda tx, one=statement: tx.execute(one))  # type: ignore[misc]
    assert (await chain_of(store).verify(ACME)).broken is None


@pytest.mark.row("R52b")
async def test_one_altered_row_in_ten_thousand_is_found(store: Store) -> None:
    """Seen red: with a hash that left the values out, the chain held."""
    rows = [row(number) for number in range(MANY)]
    await written(store, *rows, row(1, GLOBEX))
    chain = chain_of(store)
    while await chain.seal(1000):
        pass
    whole = await chain.verify(ACME)
    altered = str(rows[7_311]["id"])
    change = sa.update(change_log).where(change_log.c.id == altered).values(new="7311\n\n7311")
    await past_the_triggers(store, "change_log", lambda tx: tx.execute(change))

    found = await chain.verify(ACME)
    assert (MANY, 0, 0, None) == (whole.links, whole.late, whole.waiting, whole.broken)
    assert found.broken is not None
    assert (Break.ALTERED, altered, 7_312) == (found.broken.what, found.broken.change_id, found.broken.position)
    assert (await chain.verify(GLOBEX)).broken is None


@pytest.mark.row("R52b")
async def test_what_is_removed_is_missed_wherever_it_stood(store: Store) -> None:
    """A row, a link, the end of the chain with its rows in place, and a row that was not sealed yet.

    Seen red: without the look beside the chain, a chain that was cut off held.
    """
    rows = [row(number) for number in range(4)]
    ids = [str(each["id"]) for each in rows]
    await written(store, *rows)
    chain = chain_of(store)
    await chain.seal(10)
    unsealed = row(9)
    await written(store, unsealed)
    removed = sa.delete(change_log).where(change_log.c.id == str(unsealed["id"]))
    await past_the_triggers(store, "change_log", lambda tx: tx.execute(removed))
    found = [(await chain.verify(ACME)).broken]
    await store.write(lambda tx: tx.execute(sa.delete(change_unsealed)))

    last = sa.delete(change_chain).where(change_chain.c.position == 4)
    await past_the_triggers(store, "change_chain", lambda tx: tx.execute(last))
    found.append((await chain.verify(ACME)).broken)
    second = sa.delete(change_log).where(change_log.c.id == ids[1])
    await past_the_triggers(store, "change_log", lambda tx: tx.execute(second))
    found.append((await chain.verify(ACME)).broken)
    first = sa.delete(change_chain).where(change_chain.c.position == 1)
    await past_the_triggers(store, "change_chain", lambda tx: tx.execute(first))
    found.append((await chain.verify(ACME)).broken)

    assert [
        Broken(Break.MISSING, str(unsealed["id"]), None),
        Broken(Break.UNLINKED, ids[3], None),
        Broken(Break.MISSING, ids[1], 2),
        Broken(Break.LINK_MISSING, "", 1),
    ] == found


async def test_rows_that_come_late_are_covered_in_the_order_of_sealing(store: Store) -> None:
    """A process whose clock is behind writes an older id than the last one sealed."""
    chain = chain_of(store)
    await written(store, row(5))
    await chain.seal(10)
    await written(store, row(2), row(8))
    await chain.seal(1)
    waiting = (await chain.verify(ACME)).waiting
    await chain.seal(10)

    found = await chain.verify(ACME)
    assert (1, 3, 0, None) == (waiting, found.links, found.waiting, found.broken)
    assert found.late == 0


async def test_two_who_seal_at_once_make_one_chain(store: Store, database_url: str) -> None:
    """Even without the turn, the primary key lets one of two pass."""
    other = await open_store(database_url)
    await written(store, *(row(number) for number in range(300)))
    both = [chain_of(store), chain_of(other)]
    for _ in range(20):
        await asyncio.gather(*(chain.seal(40) for chain in both))

    found = await both[0].verify(ACME)
    await other.close()
    assert (300, 0, None) == (found.links, found.waiting, found.broken)


@pytest.mark.row("R52b")
async def test_who_has_only_the_database_cannot_make_the_chain_anew(store: Store) -> None:
    """All links and their key are removed, a row is altered, and everything is put into the queue again, much later.

    The program seals what it finds, so that the chain holds; that it was all sealed late is what tells. Another key
    of the program opens nothing.

    Seen red: without the count of what was sealed late, nothing told.
    """
    await written(store, row(1), row(2))
    chain = chain_of(store)
    await chain.seal(10)
    head = (await chain.verify(ACME)).head
    foreign = await chain_of(store, OLD).verify(ACME)
    await past_the_triggers(store, "change_chain", lambda tx: tx.execute(sa.delete(change_chain)))
    await store.write(lambda tx: tx.execute(sa.delete(change_keys)))
    await past_the_triggers(store, "change_log", lambda tx: tx.execute(sa.update(change_log).values(new="other")))
    queued = sa.insert(change_unsealed).from_select(
        ["id", "workspace"], sa.select(change_log.c.id, change_log.c.workspace)
    )
    await store.write(lambda tx: tx.execute(queued))
    later = ChangeChain(house_of(store, lambda: START + timedelta(days=3)))
    await later.seal(10)

    found = await later.verify(ACME)
    assert foreign.broken is not None
    assert (Break.KEY_MISSING, 0) == (foreign.broken.what, foreign.links)
    assert (2, 2, None) == (found.links, found.late, found.broken)
    assert head != found.head

"""A change whose transaction is lost: it is run again, and after three losses it is busy; never is it there twice."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pytest
import sqlalchemy as sa

from bot.services.people import Actor
from storage.errors import Busy, Conflict
from storage.tables import change_log, seen_requests
from storage.transactions import Store, Transaction, open_store
from tests.databases import sql
from tests.integration.services import stored
from tests.integration.services.houses import anna, new_call, use_cases

R = TypeVar("R")
ANNA = Actor("T0ACME", "U0ANNA")
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


class Losing:
    """Another store, in which the next works lose their race so often, each time after all of it was done."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.losses = 0
        self.runs = 0

    async def read(self, work: Callable[[Transaction], R]) -> R:
        return await self.store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        def lost(tx: Transaction) -> R:
            done = work(tx)
            self.runs += 1
            if self.runs <= self.losses:
                raise Conflict
            return done

        return await self.store.write(lost)

    async def close(self) -> None:
        """Whoever opened the other closes it."""


async def actions(store: Store) -> Counter[str]:
    """How often each thing was done, and how many requests are remembered."""

    def look(tx: Transaction) -> Counter[str]:
        done = Counter(tx.execute(sa.select(change_log.c.action)).scalars())
        return done + Counter(seen=len(tx.execute(sa.select(seen_requests.c.key)).all()))

    return await store.read(look)


@pytest.mark.row("R05")
@pytest.mark.parametrize("losses", [1, 2, 3])
async def test_a_change_that_loses_its_race_is_run_again_and_at_the_third_loss_is_busy(
    store: Store, losses: int
) -> None:
    """Seen red: where SQLite's savepoint was not rolled back after a loss, what was busy had been changed; where the
    runs that were undone kept their claims, each was counted twice; with one try, the first loss was busy.
    """
    counted: list[tuple[str, bool]] = []
    losing = Losing(store)
    cases = use_cases(losing, on_claim=lambda what, won: counted.append((what, won)))
    await cases.rooms.own(ANNA)
    before = await store.read(stored.everything)
    number, link = new_call(ANNA), new_call(ANNA)

    losing.losses, losing.runs = losses, 0
    if losses == 3:
        with pytest.raises(Busy):
            await cases.pmis.save(number, "5829047316")
        assert (3, before) == (losing.runs, await store.read(stored.everything))
        losing.losses = 0
    saved = await cases.pmis.save(number, "5829047316")
    losing.runs = 0
    linked = await cases.links.save(link, "blue.harbour", anna)

    assert ("5829047316", "blue.harbour", True) == (saved.room.pmi, linked.room.link, saved.changed and linked.changed)
    assert Counter({"pmi.assigned": 1, "pmi.changed": 1, "link.set": 1, "seen": 2}) == await actions(store)
    assert [("pmi", True), ("link", True)] == counted


async def refuse_commits(url: str, code: str, losses: int) -> None:
    """Have PostgreSQL itself refuse so many commits that remember a request, with this code."""
    await sql(
        url,
        "CREATE SEQUENCE refused",  # a sequence counts on, whatever is rolled back
        f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('refused') <= {losses} THEN RAISE 'refused' USING ERRCODE = '{code}'; END IF;
            RETURN NULL; END $$""",
        """CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON seen_request
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()""",
    )


@pytest.mark.row("R05")
@pytest.mark.parametrize("losses", [1, 2, 3])
@pytest.mark.parametrize("code", [SERIALIZATION_FAILURE, DEADLOCK])
async def test_a_commit_that_postgresql_refuses_is_tried_again_and_at_the_third_time_is_busy(
    make_database: Callable[..., str], code: str, losses: int
) -> None:
    """Seen red: where a refused commit was taken for a connection that broke, each was told as OutcomeUnknown."""
    url = make_database("postgresql")
    counted: list[str] = []
    store = await open_store(url, on_error=counted.append)
    cases = use_cases(store)
    await cases.rooms.own(ANNA)
    await refuse_commits(url, code, losses)
    call = new_call(ANNA)

    if losses == 3:
        with pytest.raises(Busy):
            await cases.pmis.save(call, "5829047316")
        assert Counter({"pmi.assigned": 1}) == await actions(store)
    saved = await cases.pmis.save(call, "5829047316")

    assert ("5829047316", True) == (saved.room.pmi, saved.changed)
    assert Counter({"pmi.assigned": 1, "pmi.changed": 1, "seen": 1}) == await actions(store)
    assert ["conflict"] * losses + ["busy"] * (losses == 3) == counted
    await store.close()

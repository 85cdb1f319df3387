"""What somebody has held: how it is listed and judged, and what keeps them from taking it back."""

from collections.abc import Callable
from typing import TypeVar

from bot.rules import Licence, Plan
from bot.services.people import Actor
from bot.services.verdicts import Entry, Outcome, State, Verdict
from storage import members
from storage.transactions import Store, Transaction
from tests.integration.services import houses
from tests.integration.services.houses import anna, new_call, use_cases

R = TypeVar("R")
ANNA, BEN = Actor("T0ACME", "U0ANNA"), Actor("E0OTHER", "U0BEN")


class CountingStore:
    """Another store, with the names of what is asked of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked: list[str] = []

    async def read(self, work: Callable[[Transaction], R]) -> R:
        self.asked.append("read")
        return await self.store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        self.asked.append("write")
        return await self.store.write(work)

    async def close(self) -> None:
        """Whoever opened the other closes it."""


async def test_a_link_that_went_to_somebody_else_stays_in_the_history_as_gone(store: Store) -> None:
    clock = [houses.START]
    cases = use_cases(store, clock=lambda: clock[0])
    await cases.links.save(new_call(ANNA), "Blue.Harbour", anna)
    clock[0] += houses.HOLD / 2
    await cases.links.save(new_call(ANNA), "north.star", anna)
    clock[0] += houses.HOLD
    lapsed = await cases.links.history(ANNA)
    await cases.links.save(new_call(BEN), "blue.harbour", anna)
    gone = await cases.links.history(ANNA)

    assert [("north.star", State.LIVE), ("Blue.Harbour", State.LAPSED)] == [
        (one.text, one.state) for one in lapsed.entries
    ]
    assert [("north.star", State.LIVE), ("Blue.Harbour", State.GONE)] == [(one.text, one.state) for one in gone.entries]


async def test_each_entry_has_the_moment_that_its_state_is_about(store: Store) -> None:
    clock = [houses.START]
    cases = use_cases(store, clock=lambda: clock[0])
    await cases.pmis.save(new_call(ANNA), "5829047316")
    await cases.links.save(new_call(ANNA), "blue.harbour", anna)
    clock[0] = later = houses.START + houses.HOLD / 2
    await cases.pmis.save(new_call(ANNA), "2035134243")
    await cases.links.save(new_call(ANNA), "north.star", anna)
    ends = later + houses.HOLD

    numbers = (await cases.pmis.history(ANNA)).entries
    held = (await cases.links.history(ANNA)).entries
    clock[0] = ends
    lapsed = (await cases.links.history(ANNA)).entries[1]
    await cases.links.save(new_call(BEN), "blue.harbour", anna)
    gone = (await cases.links.history(ANNA)).entries[1]

    assert Entry("2035134243", State.LIVE, later) == numbers[0]
    assert Entry("5829047316", State.HELD, later) in numbers[1:]
    assert (Entry("north.star", State.LIVE, later), Entry("blue.harbour", State.HELD, ends)) == held
    assert Entry("blue.harbour", State.LAPSED, ends) == lapsed
    assert Entry("blue.harbour", State.GONE, houses.START) == gone


async def test_a_history_says_what_keeps_its_owner_from_taking_back(store: Store) -> None:
    free, locked = use_cases(store), use_cases(store, plan=Plan.PRO, licence=Licence.BASIC)
    await free.links.save(new_call(ANNA), "blue.harbour", anna)

    assert () == (await free.pmis.history(ANNA)).missing
    assert () == (await free.links.history(ANNA)).missing
    assert ("licence.pmi",) == (await locked.pmis.history(ANNA)).missing
    assert ("plan.link", "licence.link") == (await locked.links.history(ANNA)).missing


async def test_a_history_reads_once_and_writes_for_those_alone_who_come_first(store: Store) -> None:
    counting = CountingStore(store)
    cases = use_cases(counting)

    (first,) = (await cases.pmis.history(ANNA)).entries
    assert ["read", "write"] == counting.asked
    assert () == (await cases.links.history(BEN)).entries
    assert await store.read(lambda tx: members.find(tx, BEN.workspace, BEN.user)) is not None
    counting.asked.clear()

    assert (first,) == (await cases.pmis.history(ANNA)).entries
    assert () == (await cases.links.history(ANNA)).entries
    assert ["read", "read"] == counting.asked


async def test_what_is_held_for_somebody_who_may_not_choose_is_said_with_what_is_missing(store: Store) -> None:
    free, locked = use_cases(store), use_cases(store, plan=Plan.PRO, licence=Licence.BASIC)
    for digits, link in (("5829047316", "blue.harbour"), ("2035134243", "north.star")):
        await free.pmis.save(new_call(ANNA), digits)
        await free.links.save(new_call(ANNA), link, anna)

    number, link_ = await locked.pmis.check(ANNA, "5829047316"), await locked.links.check(ANNA, "Blue.Harbour", anna)

    assert (Outcome.HELD, ["licence.pmi"]) == (number.outcome, [each.code for each in number.violations])
    assert (Outcome.HELD, ["plan.link", "licence.link"]) == (link_.outcome, [each.code for each in link_.violations])
    assert Verdict(Outcome.HELD, "5829047316") == await free.pmis.check(ANNA, "5829047316")
    assert Verdict(Outcome.HELD, "blue.harbour") == await free.links.check(ANNA, "blue.harbour", anna)
    assert Verdict(Outcome.YOURS, "2035134243") == await locked.pmis.check(ANNA, "2035134243")
    assert Verdict(Outcome.YOURS, "north.star") == await locked.links.check(ANNA, "north.star", anna)

"""Claims are counted where one reached the database and was committed, and nowhere else."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from bot.rules import Plan
from bot.services.people import Actor
from storage.errors import OutcomeUnknown
from storage.transactions import Store, Transaction
from tests.integration.services.houses import anna, codes_of, new_call, use_cases

R = TypeVar("R")
ANNA, BEN = Actor("T0ACME", "U0ANNA"), Actor("E0OTHER", "U0BEN")


class Stumbling:
    """Runs each work once for nothing before it runs it in another store, or instead of that."""

    def __init__(self, store: Store, *, falls: bool = False) -> None:
        self.store = store
        self.falls = falls

    async def read(self, work: Callable[[Transaction], R]) -> R:
        return await self.store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        def undone(tx: Transaction) -> R:
            work(tx)
            raise Undone

        with pytest.raises(Undone):
            await self.store.write(undone)
        if self.falls:
            raise OutcomeUnknown
        return await self.store.write(work)

    async def close(self) -> None:
        """Whoever opened the other closes it."""


class Undone(Exception):  # noqa: N818 (not an error: a test's way back)
    """What was done is rolled back."""


class Counted(list[tuple[str, bool]]):
    """The claims that were counted."""

    def __call__(self, what: str, won: bool) -> None:  # noqa: FBT001 (as the house calls it)
        self.append((what, won))


async def test_an_answer_that_is_given_again_is_no_further_claim(store: Store) -> None:
    counted = Counted()
    cases = use_cases(store, on_claim=counted)
    number, link = new_call(ANNA), new_call(ANNA)
    for _ in range(3):
        await cases.pmis.save(number, "5829047316")
        await cases.links.save(link, "blue.harbour", anna)

    assert [("pmi", True), ("link", True)] == counted


async def test_what_is_taken_from_those_who_may_not_choose_was_no_claim(store: Store) -> None:
    counted = Counted()
    cases, locked = use_cases(store), use_cases(store, plan=Plan.BASIC, on_claim=counted)
    await cases.pmis.save(new_call(BEN), "5829047316")
    await cases.links.save(new_call(BEN), "blue.harbour", anna)

    assert ("plan.pmi", "pmi.taken") == await codes_of(locked.pmis.save(new_call(ANNA), "5829047316"))
    assert ("plan.link", "link.taken") == await codes_of(locked.links.save(new_call(ANNA), "blue.harbour", anna))
    assert [] == counted


async def test_what_changes_nothing_is_no_claim(store: Store) -> None:
    counted = Counted()
    cases = use_cases(store, on_claim=counted)
    await cases.pmis.save(new_call(ANNA), "5829047316")
    await cases.pmis.save(new_call(ANNA), "5829047316", for_instant=True)
    await cases.pmis.save(new_call(ANNA), None, for_instant=False)
    await cases.links.save(new_call(ANNA), None, anna)

    assert [("pmi", True)] == counted


async def test_a_run_that_was_undone_does_not_count(store: Store) -> None:
    counted = Counted()
    cases = use_cases(Stumbling(store), on_claim=counted)
    await cases.pmis.save(new_call(ANNA), "5829047316")
    await cases.links.save(new_call(ANNA), "blue.harbour", anna)
    assert ("pmi.taken",) == await codes_of(cases.pmis.save(new_call(BEN), "5829047316"))

    assert [("pmi", True), ("link", True), ("pmi", False)] == counted


async def test_a_claim_whose_end_is_unknown_does_not_count(store: Store) -> None:
    counted = Counted()
    cases = use_cases(Stumbling(store, falls=True), on_claim=counted)
    with pytest.raises(OutcomeUnknown):
        await cases.pmis.save(new_call(ANNA), "5829047316")

    assert [] == counted

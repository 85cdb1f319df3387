"""What single use cases promise beyond the machine: colleagues, draws that collide, a database gone."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chances import Chances
from bot.rules import Plan
from bot.services.people import Actor, Call, Person, Standing
from bot.services.refusals import Declined
from bot.services.verdicts import Outcome
from storage import changes, members
from storage.errors import Busy, Unavailable
from storage.secrets import KeyRing
from storage.transactions import Store, Transaction, open_store
from tests.integration.services import stored
from tests.integration.services.houses import anna, codes_of, new_call, use_cases

R = TypeVar("R")
ANNA, BEN = Actor("T0ACME", "U0ANNA"), Actor("E0OTHER", "U0BEN")
TYPED = st.text(st.characters(exclude_categories=()), max_size=40)


class GoneStore:
    """A database that cannot be reached."""

    async def read(self, work: Callable[[Transaction], R]) -> R:
        raise Unavailable(work.__name__)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        raise Unavailable(work.__name__)

    async def close(self) -> None:
        """Nothing is open."""


class Loaded:
    """Chance that draws the numbers it is told, one after the other, the last one for ever; counts the draws."""

    def __init__(self, *digits: str) -> None:
        self.left = list(digits)
        self.draws = 0

    def __call__(self, limit: int) -> int:
        if limit == 8:
            self.draws += 1
            return int(self.left[0][0]) - 2
        drawn = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        return int(drawn[1:])


# First contact


def test_chance_is_the_operating_systems_unless_a_test_brings_its_own() -> None:
    assert secrets.randbelow is Chances().below


@pytest.mark.row("R04")
async def test_a_draw_that_hits_nine_taken_numbers_goes_on_to_the_tenth(store: Store) -> None:
    """Seen red: with 9 draws instead of 20 ("Busy: no free number was drawn")."""
    taken = [f"582904731{last}" for last in range(9)]
    cases = use_cases(store)
    for place, digits in enumerate(taken):
        await cases.pmis.save(new_call(Actor("T0ACME", f"U{place:02}")), digits)
    chance = Loaded(*taken, "2035134243")

    room = await use_cases(store, below=chance).rooms.own(ANNA)

    assert "2035134243" == room.pmi
    assert 10 == chance.draws


@pytest.mark.row("R04")
async def test_where_only_taken_numbers_are_drawn_nothing_is_left_behind(store: Store) -> None:
    """It gives up after 20 draws in one run of one transaction, so that it ends long before 200 ms.

    Seen red: with 9 draws instead of 20 (`20 == 9`), and where giving up counted as a lost race, so that all was run
    three times (`20 == 60`).
    """
    await use_cases(store).pmis.save(new_call(BEN), "5829047316")
    before = await store.read(stored.everything)
    chance = Loaded("5829047316")

    with pytest.raises(Busy):
        await use_cases(store, below=chance).rooms.own(ANNA)

    assert 20 == chance.draws
    assert before == await store.read(stored.everything)


async def test_a_number_that_a_rule_forbids_is_never_assigned(store: Store) -> None:
    room = await use_cases(store, below=Loaded("5551112222", "8005550199", "2035134243")).rooms.own(ANNA)

    assert "2035134243" == room.pmi


@pytest.mark.parametrize("wish", ["5551112222", "", "x"])
async def test_a_wish_against_the_rules_is_a_first_contact_too(store: Store, wish: str) -> None:
    assert await codes_of(use_cases(store).pmis.save(new_call(ANNA), wish))
    assert await store.read(lambda tx: members.find(tx, ANNA.workspace, ANNA.user)) is not None


async def test_checking_is_no_first_contact(store: Store) -> None:
    cases = use_cases(store)
    await cases.pmis.check(ANNA, "5829047316")
    await cases.links.check(ANNA, "blue.harbour", anna)

    assert await store.read(lambda tx: members.find(tx, ANNA.workspace, ANNA.user)) is None


# Colleagues


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.MEMBER])
async def test_who_can_have_no_room_here_is_given_none(store: Store, standing: Standing) -> None:
    with pytest.raises(Declined) as declined:
        await use_cases(store).rooms.of_colleague(ANNA, Person("U0BEN", "Ben", standing))

    assert f"person.{standing}" == declined.value.code
    assert await store.read(lambda tx: members.find(tx, ANNA.workspace, "U0BEN")) is None


async def test_a_colleague_with_a_room_is_shown_even_while_slack_is_silent(store: Store) -> None:
    cases = use_cases(store)
    room = await cases.rooms.own(Actor("T0ACME", "U0BEN"))

    assert room == await cases.rooms.of_colleague(ANNA, Person("U0BEN", "", Standing.UNKNOWN))


async def test_the_log_says_who_brought_a_colleague(store: Store) -> None:
    await use_cases(store).rooms.of_colleague(ANNA, Person("U0BEN", "Ben", Standing.MEMBER))
    ids = {row.slack_user: row.id for row in await store.read(lambda tx: members.of_workspace(tx, "T0ACME"))}
    (assigned,) = await store.read(lambda tx: changes.of_member(tx, ids["U0BEN"]))

    assert ("pmi.assigned", ids["U0ANNA"]) == (assigned.action, assigned.actor_id)


# Changes and what the log calls them


async def actions(store: Store, actor: Actor) -> list[str]:
    row = await store.read(lambda tx: members.find(tx, actor.workspace, actor.user))
    assert row is not None
    return [each.action for each in reversed(await store.read(lambda tx: changes.of_member(tx, row.id)))]


async def test_another_spelling_of_ones_link_is_a_change_that_gives_nothing_up(store: Store) -> None:
    cases = use_cases(store)
    await cases.links.save(new_call(ANNA), "blue.harbour", anna)

    saved = await cases.links.save(new_call(ANNA), " <https://room.example/my/Blue.Harbour.> ", anna)

    assert ("Blue.Harbour.", True, None, None) == (saved.room.link, saved.changed, saved.before, saved.held_until)
    assert ["pmi.assigned", "link.set", "link.changed"] == await actions(store, ANNA)
    assert [] == await store.read(stored.broken_promises)


async def test_the_log_tells_setting_changing_removing_and_taking_back_apart(store: Store) -> None:
    cases = use_cases(store)
    for wish in ("blue.harbour", "north.star", "blue.harbour", "Blue.Harbour"):
        await cases.links.save(new_call(ANNA), wish, anna)
    await cases.links.remove(new_call(ANNA))
    await cases.links.save(new_call(ANNA), "north.star", anna)
    await cases.pmis.save(new_call(ANNA), "5829047316", for_instant=True)
    await cases.pmis.save(new_call(ANNA), "2035134243", for_instant=True)
    await cases.pmis.save(new_call(ANNA), "5829047316", for_instant=False)

    links = ["link.set", "link.changed", "link.taken_back", "link.changed", "link.removed", "link.taken_back"]
    numbers = ["pmi.changed", "instant.changed", "pmi.changed", "pmi.taken_back", "instant.changed"]
    assert ["pmi.assigned", *links, *numbers] == await actions(store, ANNA)


async def test_saving_what_is_so_already_writes_nothing_for_whoever_may_not_choose_either(store: Store) -> None:
    cases, locked = use_cases(store), use_cases(store, plan=Plan.BASIC)
    await cases.links.save(new_call(ANNA), "blue.harbour", anna)
    pmi = (await cases.rooms.own(ANNA)).pmi
    before = await store.read(stored.everything)

    for saved in (
        await locked.links.save(new_call(ANNA), "blue.harbour", anna),
        await locked.links.save(new_call(ANNA), None, anna),
        await locked.pmis.save(new_call(ANNA), f" {pmi[:3]} {pmi[3:]} "),
        await locked.pmis.save(new_call(ANNA), None),
    ):
        assert not saved.changed
    assert before == await store.read(stored.everything)


async def test_a_refused_number_keeps_the_preference_as_it_was(store: Store) -> None:
    cases = use_cases(store)
    await cases.pmis.save(new_call(BEN), "5829047316")

    assert ("pmi.taken",) == await codes_of(cases.pmis.save(new_call(ANNA), "5829047316", for_instant=True))
    assert (await cases.rooms.own(ANNA)).pmi_for_instant is None


async def test_after_a_downgrade_nothing_is_lost_and_only_the_next_change_is_refused(store: Store) -> None:
    cases = use_cases(store)
    await cases.pmis.save(new_call(ANNA), "5829047316")
    await cases.links.save(new_call(ANNA), "blue.harbour", anna)
    await cases.workspaces.set_plan(ANNA.workspace, Plan.BASIC)

    room = await cases.rooms.own(ANNA)
    assert ("5829047316", "blue.harbour") == (room.pmi, room.link)
    assert ("plan.pmi",) == await codes_of(cases.pmis.save(new_call(ANNA), "2035134243"))
    assert ("plan.link",) == await codes_of(cases.links.save(new_call(ANNA), "north.star", anna))


# Any text at all


def test_checking_any_text_in_any_script_never_fails(shared_database_url: str) -> None:
    with asyncio.Runner() as runner:
        store = runner.run(open_store(shared_database_url))
        cases = use_cases(store)

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(TYPED)
        def check(text: str) -> None:
            for verdict in (
                runner.run(cases.pmis.check(ANNA, text)),
                runner.run(cases.links.check(ANNA, text, anna)),
            ):
                assert (verdict.outcome is Outcome.REFUSED) is bool(verdict.violations)

        check()
        runner.run(store.close())


# Failures


async def test_without_the_database_the_rules_still_speak() -> None:
    cases = use_cases(GoneStore())

    assert ("pmi.same_digit_groups",) == await codes_of(cases.pmis.save(new_call(ANNA), "5551112222"))
    assert ("link.common_name",) == await codes_of(cases.links.save(new_call(ANNA), "jennifer", anna))
    assert Outcome.REFUSED is (await cases.pmis.check(ANNA, "123")).outcome
    assert Outcome.REFUSED is (await cases.links.check(ANNA, "x", anna)).outcome


async def test_without_the_database_nothing_is_called_free_or_saved() -> None:
    cases = use_cases(GoneStore())

    for attempt in (
        cases.pmis.check(ANNA, "5829047316"),
        cases.links.check(ANNA, "blue.harbour", anna),
        cases.pmis.save(new_call(ANNA), "5829047316"),
        cases.links.save(new_call(ANNA), "blue.harbour", anna),
        cases.links.remove(new_call(ANNA)),
    ):
        with pytest.raises(Unavailable):
            await attempt


async def test_a_repeat_whose_answer_was_sealed_under_a_key_that_is_gone_changes_nothing_more(store: Store) -> None:
    cases = use_cases(store)
    call = Call(ANNA, "7" * 64)
    await cases.pmis.save(call, "5829047316")
    before = await store.read(stored.everything)
    cases.pmis._house = replace(cases.pmis._house, keys=KeyRing.from_text("another key " * 4))

    repeated = await cases.pmis.save(call, "5829047316")

    assert ("5829047316", False) == (repeated.room.pmi, repeated.changed)
    assert before == await store.read(stored.everything)


async def test_a_repeat_that_would_be_refused_by_now_gets_its_answer_while_that_opens(store: Store) -> None:
    cases = use_cases(store)
    call = Call(ANNA, "7" * 64)
    saved = await cases.pmis.save(call, "5829047316")
    await cases.pmis.save(new_call(ANNA), "2035134243")
    await cases.workspaces.set_plan(ANNA.workspace, Plan.BASIC)

    assert saved == await cases.pmis.save(call, "5829047316")

    cases.pmis._house = replace(cases.pmis._house, keys=KeyRing.from_text("another key " * 4))
    assert ("plan.pmi",) == await codes_of(cases.pmis.save(call, "5829047316"))


async def test_the_key_of_a_request_opens_no_answer_of_another_workspace(store: Store) -> None:
    """The key is made from workspace and person; even if it were not, answers are sealed for their workspace."""
    cases = use_cases(store)
    await cases.pmis.save(Call(ANNA, "7" * 64), "5829047316")

    repeated = await cases.pmis.save(Call(BEN, "7" * 64), "2035134243")
    assert ("2035134243", True) == (repeated.room.pmi, repeated.changed)

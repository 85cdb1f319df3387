"""Free ones to choose: on request, and instead of a wish that was refused."""

import re
from itertools import islice
from random import Random
from secrets import randbelow

import pytest

from bot.rules import Licence, Plan, links_from_wish, parse_link, parse_pmi
from bot.services.people import Actor
from bot.services.refusals import Refused
from storage.transactions import Store
from tests.integration.services import houses
from tests.integration.services.houses import anna, new_call, use_cases

ANNA, BEN = Actor("T0ACME", "U0ANNA"), Actor("E0OTHER", "U0BEN")


async def test_five_free_numbers_hold_the_digits_that_were_asked_for(store: Store) -> None:
    found = await use_cases(store).pmis.suggest(ANNA, "06-11")

    assert 5 == len({*found.near})
    assert () == found.others
    assert all("0611" in digits for digits in found.near)
    assert not [digits for digits in found.near if not hasattr(parse_pmi(digits), "digits")]


async def test_where_no_number_can_hold_the_digits_others_are_offered(store: Store) -> None:
    found = await use_cases(store).pmis.suggest(ANNA, "555111222")

    assert ((), 5) == (found.near, len(found.others))


async def test_of_a_long_piece_the_few_numbers_that_hold_it_come_first(store: Store) -> None:
    found = await use_cases(store).pmis.suggest(ANNA, "5829047316")

    assert "5829047316" in found.near
    assert 5 == len(found.near) + len(found.others)


async def test_no_number_that_is_held_is_suggested(store: Store) -> None:
    cases = use_cases(store)
    await cases.pmis.save(new_call(BEN), "5829047316")
    await cases.pmis.save(new_call(BEN), "2035134243")

    found = await cases.pmis.suggest(ANNA, "5829047316")
    assert "5829047316" not in (*found.near, *found.others)


async def test_links_are_suggested_from_the_text_and_the_name_and_none_that_is_held(store: Store) -> None:
    cases = use_cases(store)
    await cases.links.save(new_call(BEN), "Anna.Larsson", anna)

    found = await cases.links.suggest(ANNA, "", anna)
    everything = (*found.near, *found.others)
    assert 5 == len(set(everything))
    assert "anna.larsson" not in everything
    assert not [link for link in everything if not hasattr(parse_link(link, houses.NAMES), "key")]


async def test_two_people_of_one_name_rarely_get_the_same_five(store: Store) -> None:
    sets = set()
    for seed in range(10):
        chance = Random(seed).randrange  # noqa: S311 (tests must repeat)
        found = await use_cases(store, below=chance).links.suggest(ANNA, "harbour", anna)
        sets.add((*found.near, *found.others))

    assert len(sets) > 7


async def test_who_may_not_choose_is_told_so_instead_of_suggestions(store: Store) -> None:
    cases = use_cases(store, plan=Plan.PRO, licence=Licence.BASIC)

    with pytest.raises(Refused) as numbers:
        await cases.pmis.suggest(ANNA, "12a")
    with pytest.raises(Refused) as links:
        await cases.links.suggest(ANNA, "", anna)

    assert ("licence.pmi", "pmi.characters") == numbers.value.refusal.codes
    assert ("plan.link", "licence.link") == links.value.refusal.codes


async def test_a_refusal_offers_free_ones_near_the_wish_but_not_to_those_who_may_not_choose(store: Store) -> None:
    cases, locked = use_cases(store), use_cases(store, plan=Plan.BASIC)
    for kind, free_plan in ((cases, True), (locked, False)):
        for change in (
            kind.pmis.save(new_call(ANNA), "5551112222"),
            kind.links.save(new_call(ANNA), "jennifer", anna),
        ):
            with pytest.raises(Refused) as refused:
                await change
            assert free_plan is (len(refused.value.free) == 3)


async def test_a_number_that_is_taken_is_still_held_by_longer_ones(store: Store) -> None:
    cases = use_cases(store)
    await cases.pmis.save(new_call(BEN), "5829047316")

    found = await cases.pmis.suggest(ANNA, "5829047316")
    assert 5 == len(found.near)
    assert all("5829047316" in digits and 11 == len(digits) for digits in found.near)


@pytest.mark.parametrize(
    ("wish", "holds"),
    [("Müller", "muller"), ("7even", "even"), ("harbour", "harbour"), ("blue-harbour", "blue.harbour")],
)
async def test_what_is_suggested_for_a_word_is_made_of_the_word(store: Store, wish: str, holds: str) -> None:
    for seed in range(20):
        chance = Random(seed).randrange  # noqa: S311 (tests must repeat)
        found = await use_cases(store, below=chance).links.suggest(ANNA, wish, anna)

        assert (wish, 5, ()) == (found.wish, len({*found.near}), found.others)
        assert all(holds in link.lower() for link in found.near)


async def test_a_free_one_near_the_wish_is_not_missed_by_chance(store: Store) -> None:
    """Those with words are all taken, and those with numbers are left."""
    cases = use_cases(store)
    words = [link.spelling for link in islice(links_from_wish("harbour", "Anna Larsson", houses.NAMES, randbelow), 9)]
    for place, spelling in enumerate(words):
        await cases.links.save(new_call(Actor("E0OTHER", f"U0{place}")), spelling, anna)

    found = await cases.links.suggest(ANNA, "harbour", anna)
    assert [] == [link for link in found.near if not re.fullmatch(r"harbour\.[1-9][0-9]{1,2}", link)]
    assert (5, ()) == (len(found.near), found.others)


@pytest.mark.parametrize("wish", ["blue.harbour", "Blue.Harbour.", "<https://room.example/my/Blue.Harbour>"])
async def test_the_wish_itself_is_offered_first_while_it_is_free(store: Store, wish: str) -> None:
    cases = use_cases(store)
    free = await cases.links.suggest(ANNA, wish, anna)
    await cases.links.save(new_call(BEN), wish, anna)
    taken = await cases.links.suggest(ANNA, wish, anna)

    assert [free.wish, 5] == [free.near[0], len(free.near)]
    assert 5 == len(taken.near)
    assert free.wish not in taken.near


@pytest.mark.parametrize("wish", ["\u6797", "12", "...", "<@U0BEN>"])
async def test_where_nothing_in_the_wish_is_of_use_no_likeness_is_claimed(store: Store, wish: str) -> None:
    found = await use_cases(store).links.suggest(ANNA, wish, anna)

    assert ("", (), 5) == (found.wish, found.near, len(found.others))
    assert any("larsson" in link or "anna" in link for link in found.others)


async def test_no_refusal_of_a_wish_shows_the_id_of_whom_it_mentions(store: Store) -> None:
    cases, locked = use_cases(store), use_cases(store, plan=Plan.BASIC)
    for change in (
        cases.pmis.save(new_call(ANNA), "<@U0BEN|ben>"),
        cases.links.save(new_call(ANNA), "<@U0BEN|ben>", anna),
        cases.pmis.suggest(ANNA, "<@U0BEN|ben>"),
        locked.links.suggest(ANNA, "<@U0BEN|ben>", anna),
    ):
        with pytest.raises(Refused) as refused:
            await change
        assert "@ben" == refused.value.refusal.wish
        assert all("@ben" == violation.text for violation in refused.value.refusal.violations)


@pytest.mark.parametrize("wish", ["123456", "99999", "1234567", "hello", "", "@"])
async def test_where_no_number_is_near_a_refused_wish_any_others_are_offered(store: Store, wish: str) -> None:
    cases = use_cases(store)
    with pytest.raises(Refused) as refused:
        await cases.pmis.save(new_call(ANNA), wish)
    verdict = await cases.pmis.check(ANNA, wish)

    for offer in (refused.value, verdict):
        assert (3, False) == (len({*offer.free}), offer.near)
        assert not [digits for digits in offer.free if not hasattr(parse_pmi(digits), "digits")]


@pytest.mark.parametrize("wish", ["\u6797", "123456", "", "@"])
async def test_where_no_link_is_near_a_refused_wish_those_of_the_name_are_offered(store: Store, wish: str) -> None:
    cases = use_cases(store)
    with pytest.raises(Refused) as refused:
        await cases.links.save(new_call(ANNA), wish, anna)
    verdict = await cases.links.check(ANNA, wish, anna)

    for offer in (refused.value, verdict):
        assert (("anna.larsson", "a.larsson", "larsson.anna"), False) == (offer.free, offer.near)


async def test_what_is_near_a_refused_wish_is_said_to_be(store: Store) -> None:
    cases = use_cases(store)
    for change in (cases.pmis.save(new_call(ANNA), "555 111 2222"), cases.links.save(new_call(ANNA), "smith", anna)):
        with pytest.raises(Refused) as refused:
            await change
        assert refused.value.near
    assert (await cases.pmis.check(ANNA, "5551112222")).near
    assert ("smith.larsson", "smith.anna", "smith.room") == (await cases.links.check(ANNA, "smith", anna)).free

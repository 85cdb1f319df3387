"""Many changes at the same moment in one process: all of them count, none is lost, nobody waits for ever."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest
import sqlalchemy as sa

from bot.rules import draw_number
from bot.services.people import Actor, Call
from bot.services.verdicts import Saved, State
from storage import changes, members
from storage.errors import Busy
from storage.secrets import KeyRing
from storage.tables import change_log, seen_requests
from storage.transactions import Store, open_store
from tests.integration.services import houses, stored
from tests.integration.services.houses import anna, codes_of, new_call, use_cases

ROUNDS = 40
ANNA, BEN = Actor("T0ACME", "U0ANNA"), Actor("E0OTHER", "U0BEN")


def numbers(count: int) -> list[str]:
    chance = Random(count)  # noqa: S311 (tests must repeat)
    return [draw_number(chance.randrange).digits for _ in range(count)]


async def patiently(change: Callable[[], Awaitable[Saved]]) -> Saved:
    """Make a change; where a slow machine has too much waiting, try again, as people are told to."""
    for _ in range(20):
        with suppress(Busy):
            return await change()
    return await change()


@pytest.fixture
async def other_store(database_url: str) -> AsyncIterator[Store]:
    """A second store on the same database, as another process has it."""
    store = await open_store(database_url)
    yield store
    await store.close()


async def test_64_people_who_change_to_a_number_of_their_own_at_once_all_have_it(store: Store) -> None:
    cases = use_cases(store)
    people = [Actor("T0ACME", f"U{number}") for number in range(10, 74)]
    wanted = numbers(64)

    saved = await asyncio.gather(
        *(
            patiently(partial(cases.pmis.save, new_call(each), digits))
            for each, digits in zip(people, wanted, strict=True)
        )
    )

    assert wanted == [each.room.pmi for each in saved]
    assert wanted == [(await cases.rooms.own(actor)).pmi for actor in people]
    assert [] == await store.read(stored.broken_promises)


def drawing(digits: str) -> Callable[[int], int]:
    """Chance that draws this number."""
    return lambda limit: int(digits[0]) - 2 if limit == 8 else int(digits[1:])


async def test_two_first_contacts_of_one_person_wait_for_each_other_one_way_only(
    store: Store, other_store: Store
) -> None:
    """Each wants the number that chance would give to the other.

    Seen red: where both claimed a number before they knew of each other, on PostgreSQL one was told that no free number
    was drawn here; and in the machine of many people, that the database took too long, as each waited for the other.
    """
    for person in range(10):
        actor = Actor("T0ACME", f"U0{person}")
        one, other = numbers(2 * person + 2)[-2:]
        both = (use_cases(store, below=drawing(one)), use_cases(other_store, below=drawing(other)))

        saved = await asyncio.gather(both[0].pmis.save(new_call(actor), other), both[1].pmis.save(new_call(actor), one))

        assert {one, other} >= {each.room.pmi for each in saved}
    assert [] == await store.read(stored.broken_promises)


@pytest.mark.row("R03")
async def test_one_person_who_saves_16_numbers_at_once_has_one_and_holds_the_others(
    store: Store, other_store: Store
) -> None:
    """Seen red: without the lock on the member's row, 14 numbers were live on PostgreSQL instead of one."""
    cases, others = use_cases(store), use_cases(other_store)
    first = (await cases.rooms.own(ANNA)).pmi
    wanted = numbers(16)

    saved = await asyncio.gather(
        *((cases if place % 2 else others).pmis.save(new_call(ANNA), digits) for place, digits in enumerate(wanted))
    )

    entries = (await cases.pmis.history(ANNA)).entries
    live = (await cases.rooms.own(ANNA)).pmi
    assert {first, *wanted} == {entry.text for entry in entries}
    assert [live] == [entry.text for entry in entries if entry.state is State.LIVE]
    assert 16 == sum(each.changed for each in saved)
    assert {first, *wanted} - {live} == {each.before for each in saved}
    assert [] == await store.read(stored.broken_promises)


async def test_the_log_of_16_changes_at_once_is_a_chain_from_the_first_number_to_the_live_one(store: Store) -> None:
    cases = use_cases(store)
    first = (await cases.rooms.own(ANNA)).pmi
    await asyncio.gather(*(cases.pmis.save(new_call(ANNA), digits) for digits in numbers(16)))

    row = await store.read(lambda tx: members.find(tx, ANNA.workspace, ANNA.user))
    assert row is not None
    log = await store.read(lambda tx: changes.of_member(tx, row.id))
    after = {each.old: each.new for each in log}
    at: str | None = first
    for _ in range(16):
        at = after[at]

    assert Counter({"pmi.assigned": 1, "pmi.changed": 16}) == Counter(each.action for each in log)
    assert row.pmi == at


async def test_two_who_want_each_others_numbers_both_hear_taken_and_nobody_waits_for_ever(
    store: Store, other_store: Store
) -> None:
    here, there = use_cases(store), use_cases(other_store)
    x, y = numbers(2)
    await here.pmis.save(new_call(ANNA), x)
    await there.pmis.save(new_call(BEN), y)

    for _ in range(ROUNDS):
        both = await asyncio.gather(
            codes_of(here.pmis.save(new_call(ANNA), y)), codes_of(there.pmis.save(new_call(BEN), x))
        )
        assert {("pmi.taken",)} == set(both)


@pytest.mark.row("R03")
async def test_two_who_release_what_the_other_takes_end_as_if_one_had_gone_first(
    store: Store, other_store: Store
) -> None:
    """Links without a hold can go from one to the other at once: the hardest swap that there is.

    Seen red: without the lock on the member's row "somebody has several live links" on PostgreSQL; with any
    link of somebody else taken as if its hold had ended, "The race was lost 3 times" on SQLite.
    """
    here, there = (use_cases(each, link_hold=timedelta(0)) for each in (store, other_store))
    chance = Random(5)  # noqa: S311 (tests must repeat)
    words = ["blue.harbour", "north.star", "quiet.room"]
    seen: Counter[tuple[str, ...]] = Counter()

    for _ in range(ROUNDS):
        changes_ = [
            codes_of(cases.links.save(new_call(actor), chance.choice(words), anna))
            for cases, actor in ((here, ANNA), (there, BEN), (there, ANNA), (here, BEN))
        ]
        chance.shuffle(changes_)
        seen.update(await asyncio.gather(*changes_, codes_of(here.links.remove(new_call(chance.choice([ANNA, BEN]))))))

        assert [] == await store.read(stored.broken_promises)
    assert {(), ("link.taken",)} <= set(seen) <= {(), ("link.taken",), ("link.none",)}


async def test_one_new_link_that_is_saved_four_times_at_once_is_saved_once(store: Store, other_store: Store) -> None:
    here, there = use_cases(store), use_cases(other_store)
    await here.rooms.own(ANNA)
    links = [f"blue.harbour{number}" for number in range(ROUNDS)]

    for link in links:
        saved = await asyncio.gather(
            *(cases.links.save(new_call(ANNA), link, anna) for cases in (here, there, here, there))
        )
        assert [False, False, False, True] == sorted(each.changed for each in saved)
        assert [link] * 4 == [each.room.link for each in saved]

    assert [(old, new) for old, new in zip([None, *links], links, strict=False)] == await link_log(store)


async def test_a_link_that_is_removed_while_it_is_saved_is_told_as_it_was(store: Store, other_store: Store) -> None:
    here, there = use_cases(store), use_cases(other_store)
    await here.links.save(new_call(ANNA), "north.star", anna)

    for number in range(ROUNDS):
        before = (await here.rooms.own(ANNA)).link
        log = len(await link_log(store))
        saved, removed = await asyncio.gather(
            here.links.save(new_call(ANNA), f"blue.harbour{number}", anna), there.links.remove(new_call(ANNA))
        )
        wanted = f"blue.harbour{number}"
        removal_last = [(before, wanted), (wanted, None)], (before, wanted)
        save_last = [(before, None), (None, wanted)], (None, before)
        assert ((await link_log(store))[log:], (saved.before, removed.before)) in (removal_last, save_last)
        if (await here.rooms.own(ANNA)).link is None:
            await here.links.save(new_call(ANNA), "north.star", anna)


async def link_log(store: Store) -> list[tuple[str | None, str | None]]:
    """What was done to links, from what to what, the oldest first."""
    wanted = sa.select(change_log.c.old, change_log.c.new).where(change_log.c.action.startswith("link."))
    rows = await store.read(lambda tx: tx.execute(wanted.order_by(change_log.c.id)).all())
    return [(row.old, row.new) for row in rows]


async def test_first_contacts_of_one_person_at_once_give_one_room(store: Store, other_store: Store) -> None:
    here, there = use_cases(store), use_cases(other_store)

    rooms = await asyncio.gather(*(cases.rooms.own(ANNA) for cases in (here, there) * 8))

    assert 1 == len({room.pmi for room in rooms})
    assert [] == await store.read(stored.broken_promises)


@pytest.mark.parametrize("known", [False, True])
async def test_one_request_ten_times_at_once_has_one_effect_and_one_answer(
    store: Store, other_store: Store, *, known: bool
) -> None:
    here, there = use_cases(store), use_cases(other_store)
    if known:
        await here.rooms.own(ANNA)
    call = Call(ANNA, "7" * 64)

    saved = await asyncio.gather(
        *(cases.pmis.save(call, "5829047316", for_instant=True) for cases in (here, there) * 5)
    )

    logged = await store.read(lambda tx: tx.execute(sa.select(change_log.c.action)).scalars().all())
    assert [saved[0]] * 10 == list(saved)
    assert saved[0].changed
    assert ["instant.changed", "pmi.assigned", "pmi.changed"] == sorted(logged)


async def test_a_repeat_whose_answer_has_a_shape_of_another_version_does_the_work_again(store: Store) -> None:
    cases = use_cases(store)
    call = Call(ANNA, "7" * 64)
    await cases.pmis.save(call, "5829047316")
    place = {"table": "seen_request", "column": "answer", "workspace": ANNA.workspace, "key": call.key}
    earlier = KeyRing.from_text(houses.KEY).seal('{"room": {"number": 5829047316}}', **place)
    await store.write(lambda tx: tx.execute(sa.update(seen_requests).values(answer=earlier)))
    before = await store.read(stored.everything)

    repeated = await cases.pmis.save(call, "5829047316")

    assert ("5829047316", False) == (repeated.room.pmi, repeated.changed)
    assert before == await store.read(stored.everything)


async def test_claims_are_counted_as_won_and_lost(store: Store) -> None:
    counted: list[tuple[str, bool]] = []
    cases = use_cases(store, on_claim=lambda what, won: counted.append((what, won)))
    (number,) = numbers(1)

    await cases.pmis.save(new_call(ANNA), number)
    assert ("pmi.taken",) == await codes_of(cases.pmis.save(new_call(BEN), number))
    await cases.links.save(new_call(BEN), "blue.harbour", houses.anna)
    assert ("link.taken",) == await codes_of(cases.links.save(new_call(ANNA), "Blue.Harbour", houses.anna))
    assert ("pmi.length",) == await codes_of(cases.pmis.save(new_call(BEN), "2"))

    assert [("pmi", True), ("pmi", False), ("link", True), ("link", False)] == counted

"""Personal links: claimed by one person, held for a time, then free."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from storage import links
from storage.claims import Claim, Holding
from storage.transactions import Store
from tests.integration.storage.statements.rows import SECOND, T0, anybody, each

KEY, SPELLING = "blue.harbour", "Blue.Harbour."
UNTIL = T0 + timedelta(days=180)
TICK = timedelta(microseconds=1)


async def held_for(store: Store, holder: str) -> None:
    await store.write(lambda tx: links.claim(tx, KEY, SPELLING, holder, T0))
    await store.write(lambda tx: links.release(tx, KEY, holder, T0 + SECOND, UNTIL))


async def test_a_link_is_new_to_the_first_lost_to_others_and_back_for_its_holder(store: Store) -> None:
    anna, ben = anybody(), anybody()

    claims = await each(
        store,
        lambda tx: links.claim(tx, KEY, SPELLING, anna, T0),
        lambda tx: links.claim(tx, KEY, KEY, ben, T0),
        lambda tx: links.claim(tx, KEY, KEY, anna, T0),
    )

    assert [Claim.NEW, Claim.LOST, Claim.BACK] == claims


async def test_a_new_spelling_of_ones_own_link_is_kept(store: Store) -> None:
    anna = anybody()
    await store.write(lambda tx: links.claim(tx, KEY, KEY, anna, T0))
    await store.write(lambda tx: links.claim(tx, KEY, SPELLING, anna, T0))

    assert [SPELLING] == [one.text for one in await store.read(lambda tx: links.of_holder(tx, anna))]


@pytest.mark.parametrize(
    ("moment", "expected"), [(UNTIL - TICK, Claim.LOST), (UNTIL, Claim.NEW), (UNTIL + TICK, Claim.NEW)]
)
async def test_a_link_is_anybodys_from_the_very_moment_that_its_hold_ends(
    store: Store, moment: datetime, expected: Claim
) -> None:
    anna, ben = anybody(), anybody()
    await held_for(store, anna)

    claim = await store.write(lambda tx: links.claim(tx, KEY, "BLUE.HARBOUR", ben, moment))

    assert expected is claim


async def test_holders_and_claims_agree_on_the_moment(store: Store) -> None:
    anna = anybody()
    await held_for(store, anna)

    assert {KEY: anna} == await store.read(lambda tx: links.holders(tx, [KEY], UNTIL - TICK))
    for moment in (UNTIL, UNTIL + TICK):
        assert {} == await store.read(partial(links.holders, wanted=[KEY], at=moment))


async def test_a_link_that_went_on_leaves_no_trace_of_the_hold(store: Store) -> None:
    anna, ben = anybody(), anybody()
    await held_for(store, anna)
    await store.write(lambda tx: links.claim(tx, KEY, "BLUE.HARBOUR", ben, UNTIL))

    assert (Holding("BLUE.HARBOUR", UNTIL, None, None),) == await store.read(lambda tx: links.of_holder(tx, ben))
    assert () == await store.read(lambda tx: links.of_holder(tx, anna))


async def test_the_former_holder_may_return_within_the_hold_and_after_it(store: Store) -> None:
    anna = anybody()
    for moment in (T0 + 2 * SECOND, UNTIL, UNTIL + timedelta(days=1)):
        await held_for(store, anna)

        assert Claim.BACK is await store.write(partial(links.claim, key=KEY, spelling=KEY, holder_id=anna, at=moment))


async def test_a_live_link_never_lapses(store: Store) -> None:
    anna, ben = anybody(), anybody()
    await store.write(lambda tx: links.claim(tx, KEY, KEY, anna, T0))

    assert Claim.LOST is await store.write(lambda tx: links.claim(tx, KEY, KEY, ben, T0 + timedelta(days=36_500)))


async def test_nobody_gives_up_what_is_somebody_elses(store: Store) -> None:
    anna, ben = anybody(), anybody()
    await store.write(lambda tx: links.claim(tx, KEY, KEY, anna, T0))
    await store.write(lambda tx: links.release(tx, KEY, ben, T0, UNTIL))

    assert (Holding(KEY, T0, None, None),) == await store.read(lambda tx: links.of_holder(tx, anna))


async def test_the_history_of_a_holder_has_the_newest_claim_first_and_the_end_of_each_hold(store: Store) -> None:
    anna = anybody()
    await held_for(store, anna)
    await store.write(lambda tx: links.claim(tx, "north.star", "north.star", anna, T0 + SECOND))

    assert (
        Holding("north.star", T0 + SECOND, None, None),
        Holding(SPELLING, T0, T0 + SECOND, UNTIL),
    ) == await store.read(lambda tx: links.of_holder(tx, anna))


async def test_holders_of_nothing_is_nobody(store: Store) -> None:
    assert {} == await store.read(lambda tx: links.holders(tx, [], T0))


async def test_what_is_done_to_one_link_of_one_holder_is_done_to_no_other(store: Store) -> None:
    first, anna, last = sorted(anybody() for _ in range(3))
    low, middle, high = "autumn", KEY, "north.star"
    for key, holder in ((low, anna), (middle, anna), (high, anna), ("aurora", first), ("zenith", last)):
        await store.write(partial(links.claim, key=key, spelling=key, holder_id=holder, at=T0))

    for other in (first, last):
        await store.write(partial(links.release, key=middle, holder_id=other, at=T0 + SECOND, until=UNTIL))
        claim = partial(links.claim, key=middle, spelling="BLUE.HARBOUR", holder_id=other, at=T0 + SECOND)
        assert Claim.LOST is await store.write(claim)
    await store.write(lambda tx: links.release(tx, middle, anna, T0 + SECOND, UNTIL))
    assert [Holding(low, T0, None), Holding(middle, T0, T0 + SECOND, UNTIL), Holding(high, T0, None)] == list(
        await store.read(lambda tx: links.of_holder(tx, anna))
    )

    await store.write(lambda tx: links.release(tx, high, anna, T0, T0 + SECOND))
    assert Claim.NEW is await store.write(lambda tx: links.claim(tx, high, high, last, T0 + SECOND))
    await store.write(lambda tx: links.claim(tx, middle, SPELLING, anna, T0 + 2 * SECOND))
    assert [Holding(SPELLING, T0 + 2 * SECOND, None), Holding(low, T0, None)] == list(
        await store.read(lambda tx: links.of_holder(tx, anna))
    )
    assert (Holding("aurora", T0, None),) == await store.read(lambda tx: links.of_holder(tx, first))
    assert [Holding(high, T0 + SECOND, None), Holding("zenith", T0, None)] == list(
        await store.read(lambda tx: links.of_holder(tx, last))
    )

"""Meeting numbers: claimed by one person, and theirs for good."""

from datetime import timedelta
from functools import partial

from storage import numbers
from storage.claims import Claim, Holding
from storage.transactions import Store
from tests.integration.storage.statements.rows import NUMBERS, SECOND, T0, anybody, each

X, Y, Z, _ = NUMBERS


async def test_a_number_is_new_to_the_first_lost_to_others_and_back_for_its_holder(store: Store) -> None:
    anna, ben = anybody(), anybody()

    claims = await each(
        store,
        lambda tx: numbers.claim(tx, X, anna, T0),
        lambda tx: numbers.claim(tx, X, ben, T0),
        lambda tx: numbers.claim(tx, X, anna, T0),
    )

    assert [Claim.NEW, Claim.LOST, Claim.BACK] == claims


async def test_a_number_that_was_given_up_is_held_for_ever(store: Store) -> None:
    anna, ben = anybody(), anybody()
    in_a_century = T0 + timedelta(days=36_500)
    await store.write(lambda tx: numbers.claim(tx, X, anna, T0))
    await store.write(lambda tx: numbers.release(tx, X, anna, T0))

    assert Claim.LOST is await store.write(lambda tx: numbers.claim(tx, X, ben, in_a_century))
    assert Claim.BACK is await store.write(lambda tx: numbers.claim(tx, X, anna, in_a_century))


async def test_taking_back_begins_a_new_claim_without_an_end(store: Store) -> None:
    anna = anybody()
    await store.write(lambda tx: numbers.claim(tx, X, anna, T0))
    await store.write(lambda tx: numbers.release(tx, X, anna, T0 + SECOND))
    held = await store.read(lambda tx: numbers.of_holder(tx, anna))
    await store.write(lambda tx: numbers.claim(tx, X, anna, T0 + 2 * SECOND))

    assert (Holding(X, T0, T0 + SECOND),) == held
    assert (Holding(X, T0 + 2 * SECOND, None),) == await store.read(lambda tx: numbers.of_holder(tx, anna))


async def test_nobody_gives_up_what_is_somebody_elses(store: Store) -> None:
    anna, ben = anybody(), anybody()
    await store.write(lambda tx: numbers.claim(tx, X, anna, T0))
    await store.write(lambda tx: numbers.release(tx, X, ben, T0))

    assert (Holding(X, T0, None),) == await store.read(lambda tx: numbers.of_holder(tx, anna))


async def test_a_lost_claim_changes_nothing(store: Store) -> None:
    anna, ben = anybody(), anybody()
    await store.write(lambda tx: numbers.claim(tx, X, anna, T0))
    await store.write(lambda tx: numbers.claim(tx, X, ben, T0 + SECOND))

    assert (Holding(X, T0, None),) == await store.read(lambda tx: numbers.of_holder(tx, anna))
    assert () == await store.read(lambda tx: numbers.of_holder(tx, ben))


async def test_holders_names_those_in_use_and_those_held_and_no_others(store: Store) -> None:
    anna, ben = anybody(), anybody()
    await store.write(lambda tx: (numbers.claim(tx, X, anna, T0), numbers.claim(tx, Y, ben, T0)))
    await store.write(lambda tx: numbers.release(tx, Y, ben, T0))

    assert {X: anna, Y: ben} == await store.read(lambda tx: numbers.holders(tx, [X, Y, Z]))
    assert {} == await store.read(lambda tx: numbers.holders(tx, []))


async def test_the_newest_claim_of_a_holder_comes_first(store: Store) -> None:
    anna = anybody()
    for seconds, digits in ((1, X), (3, Y), (2, Z)):
        await store.write(partial(numbers.claim, digits=digits, holder_id=anna, at=T0 + seconds * SECOND))

    assert [Y, Z, X] == [one.text for one in await store.read(lambda tx: numbers.of_holder(tx, anna))]


async def test_claims_of_one_moment_are_in_the_order_of_their_digits(store: Store) -> None:
    anna = anybody()
    for digits in (X, Y, Z):
        await store.write(partial(numbers.claim, digits=digits, holder_id=anna, at=T0))

    assert sorted((X, Y, Z)) == [one.text for one in await store.read(lambda tx: numbers.of_holder(tx, anna))]


async def test_what_is_done_to_one_number_of_one_holder_is_done_to_no_other(store: Store) -> None:
    first, anna, last = sorted(anybody() for _ in range(3))
    low, middle, high = sorted((X, Y, Z))
    for digits, holder in ((low, anna), (middle, anna), (high, anna), ("2222333445", first), ("9988776655", last)):
        await store.write(partial(numbers.claim, digits=digits, holder_id=holder, at=T0))

    for other in (first, last):
        await store.write(partial(numbers.release, digits=middle, holder_id=other, at=T0 + SECOND))
        assert Claim.LOST is await store.write(partial(numbers.claim, digits=middle, holder_id=other, at=T0 + SECOND))
    await store.write(lambda tx: numbers.release(tx, middle, anna, T0 + SECOND))
    assert [Holding(low, T0, None), Holding(middle, T0, T0 + SECOND), Holding(high, T0, None)] == list(
        await store.read(lambda tx: numbers.of_holder(tx, anna))
    )

    await store.write(lambda tx: numbers.claim(tx, middle, anna, T0 + 2 * SECOND))
    assert [Holding(middle, T0 + 2 * SECOND, None), Holding(low, T0, None), Holding(high, T0, None)] == list(
        await store.read(lambda tx: numbers.of_holder(tx, anna))
    )
    for other, digits in ((first, "2222333445"), (last, "9988776655")):
        assert (Holding(digits, T0, None),) == await store.read(partial(numbers.of_holder, holder_id=other))

"""Members who move to another number."""

from functools import partial

from storage import members, numbers
from storage.claims import Claim, Holding
from storage.moves import move
from storage.transactions import Store, Transaction
from tests.integration.storage.statements.rows import NUMBERS, SECOND, T0, add_member

X, Y, Z, _ = NUMBERS
LATER = T0 + SECOND


def pmi_of(tx: Transaction, user: str = "U0ANNA") -> str | None:
    found = members.find(tx, "T0ACME", user)
    return None if found is None else found.pmi


async def test_who_moves_has_the_new_number_and_holds_the_old_one(store: Store) -> None:
    anna = await store.write(add_member)
    moved = await store.write(lambda tx: move(tx, anna, X, Y, LATER))

    assert Claim.NEW is moved
    assert Y == await store.read(pmi_of)
    assert {Holding(X, T0, LATER), Holding(Y, LATER, None)} == set(
        await store.read(lambda tx: numbers.of_holder(tx, anna))
    )


async def test_who_moves_back_has_the_first_number_again(store: Store) -> None:
    anna = await store.write(add_member)
    await store.write(lambda tx: move(tx, anna, X, Y, LATER))
    moved = await store.write(lambda tx: move(tx, anna, Y, X, LATER + SECOND))

    assert Claim.BACK is moved
    assert X == await store.read(pmi_of)
    assert {Holding(X, LATER + SECOND, None), Holding(Y, LATER, LATER + SECOND)} == set(
        await store.read(lambda tx: numbers.of_holder(tx, anna))
    )


async def test_nobody_moves_to_a_number_of_somebody_else(store: Store) -> None:
    """Seen red: with the release and the member's row no longer bound to the claim, it was no lost claim on PostgreSQL.

    The foreign key refused it, three times, and whoever moved was told to try again.
    """
    anna = await store.write(add_member)
    ben = await store.write(partial(add_member, user="U0BEN", pmi=Z))
    moved = await store.write(lambda tx: move(tx, anna, X, Z, LATER))

    assert Claim.LOST is moved
    assert X == await store.read(pmi_of)
    assert (Holding(X, T0, None),) == await store.read(lambda tx: numbers.of_holder(tx, anna))
    assert (Holding(Z, T0, None),) == await store.read(lambda tx: numbers.of_holder(tx, ben))

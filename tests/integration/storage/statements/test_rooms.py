"""Rooms: kept and changed whole, each for its member alone."""

from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from storage import rooms
from storage.errors import Busy
from storage.rooms import RoomRow
from storage.tables import alternative_hosts
from storage.tables import rooms as table
from storage.transactions import Store, Transaction
from tests.integration.storage.statements.rows import NUMBERS, add_member

SEALED = "v1.1a2b3c4d.nonce.ciphertext"


def new(member_id: str, *hosts: str) -> RoomRow:
    return RoomRow(member_id, "T0ACME", None, SEALED, None, None, None, None, None, None, None, 1, hosts)


def full(member_id: str, *hosts: str) -> RoomRow:
    """A row with a value of its own in every column."""
    return RoomRow(member_id, "T0ACME", "Weekly", None, "outside", False, True, False, True, True, False, 2, hosts)


async def test_there_is_no_room_before_there_is_a_need(store: Store) -> None:
    anna = await store.write(add_member)

    assert await store.read(lambda tx: rooms.find(tx, anna)) is None


async def test_a_room_is_found_as_it_was_added_and_changed(store: Store) -> None:
    anna = await store.write(add_member)
    await store.write(lambda tx: rooms.add(tx, new(anna, "U0CARLA", "U0BEN")))
    assert new(anna, "U0CARLA", "U0BEN") == await store.read(lambda tx: rooms.find(tx, anna))

    for row in (full(anna, "U0BEN", "U0DORA"), full(anna), replace(new(anna), version=4)):
        await store.write(partial(rooms.change, row=row))

        assert row == await store.read(lambda tx: rooms.find(tx, anna))


async def test_a_room_is_added_once(store: Store) -> None:
    anna = await store.write(add_member)
    await store.write(lambda tx: rooms.add(tx, new(anna, "U0BEN")))

    with pytest.raises(Busy):
        await store.write(lambda tx: rooms.add(tx, full(anna)))
    assert new(anna, "U0BEN") == await store.read(lambda tx: rooms.find(tx, anna))


async def test_what_is_changed_of_one_is_changed_of_nobody_else(store: Store) -> None:
    anna, ben = [
        await store.write(partial(add_member, user=user, pmi=pmi))
        for user, pmi in zip(("U0ANNA", "U0BEN"), NUMBERS, strict=False)
    ]
    for member in (anna, ben):
        await store.write(partial(rooms.add, row=new(member, "U0CARLA")))

    await store.write(lambda tx: rooms.change(tx, full(anna)))

    assert new(ben, "U0CARLA") == await store.read(lambda tx: rooms.find(tx, ben))


async def test_alternative_hosts_go_with_their_room(store: Store) -> None:
    anna = await store.write(add_member)
    await store.write(lambda tx: rooms.add(tx, new(anna, "U0BEN")))

    def remove(tx: Transaction) -> int:
        tx.execute(sa.delete(table).where(table.c.member_id == anna))
        return len(tx.execute(sa.select(alternative_hosts)).all())

    assert 0 == await store.write(remove)


def test_the_repr_of_a_room_holds_no_passcode() -> None:
    assert SEALED not in repr(new("a" * 26))

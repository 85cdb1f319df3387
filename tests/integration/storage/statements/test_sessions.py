"""Sessions that run: one in a room and one on a number, whose they are, and who may host them."""

from dataclasses import replace
from datetime import timedelta

from storage import members, rooms, sessions
from storage.ids import new_id
from storage.rooms import RoomRow
from storage.sessions import SessionRow
from storage.transactions import Store, Transaction
from tests.integration.storage.statements.rows import NUMBERS, SECOND, T0, add_member, each

X, Y, _, ONE_OFF = NUMBERS


def session(member_id: str, number: str = X, *, in_room: bool = True) -> SessionRow:
    return SessionRow(
        id=new_id(T0),
        workspace="T0ACME",
        member_id=member_id,
        meeting_id=None,
        in_room=in_room,
        number=number,
        topic=None,
        provider="Fake Meet",
        handle="v1.sealed",
        started_at=T0,
        started_by="U0ANNA",
        host_at=T0,
        ends_at=T0 + timedelta(hours=24),
    )


def add_room(tx: Transaction, member_id: str, *hosts: str) -> None:
    nothing = dict.fromkeys(
        ("members_only", "host_video", "participant_video", "mute_on_entry", "join_before_host", "pmi_for_scheduled")
    )
    row = RoomRow(member_id, "T0ACME", None, "v1.sealed", None, **nothing, version=1, hosts=hosts)
    rooms.add(tx, row)


async def test_one_session_runs_in_a_room_until_it_is_ended(store: Store) -> None:
    anna = await store.write(add_member)
    first, second = session(anna), session(anna)

    assert [True, False] == await each(store, lambda tx: sessions.add(tx, first), lambda tx: sessions.add(tx, second))
    assert await store.write(lambda tx: sessions.end(tx, first.id, T0 + SECOND, "U0ANNA"))
    assert not await store.write(lambda tx: sessions.end(tx, first.id, T0 + 2 * SECOND, None))
    assert await store.write(lambda tx: sessions.add(tx, second))
    ended = await store.read(lambda tx: sessions.find(tx, first.id))
    assert replace(first, ended_at=T0 + SECOND, ended_by="U0ANNA") == ended


async def test_those_are_overdue_whose_end_has_come_the_earliest_first(store: Store) -> None:
    anna = await store.write(add_member)
    ben = await store.write(lambda tx: add_member(tx, user="U0BEN", pmi=Y))
    late = [session(anna), replace(session(ben, Y), ends_at=T0 + SECOND)]
    await each(store, *[lambda tx, row=row: sessions.add(tx, row) for row in late])

    assert () == await store.write(lambda tx: sessions.overdue(tx, T0, 10))
    assert (late[1],) == await store.write(lambda tx: sessions.overdue(tx, T0 + SECOND, 10))
    assert (late[1], late[0]) == await store.write(lambda tx: sessions.overdue(tx, late[0].ends_at, 10))
    assert (late[1],) == await store.write(lambda tx: sessions.overdue(tx, late[0].ends_at, 1))


async def test_alternative_hosts_see_what_runs_with_whose_it_is_in_their_own_workspace_alone(store: Store) -> None:
    anna = await store.write(add_member)
    row = session(anna)
    await each(store, lambda tx: sessions.add(tx, row), lambda tx: add_room(tx, anna, "U0BEN", "U0CARLA"))

    assert ((row, "U0ANNA"),) == await store.read(lambda tx: sessions.running_hosted_by(tx, "T0ACME", "U0BEN"))
    assert () == await store.read(lambda tx: sessions.running_hosted_by(tx, "T0OTHER", "U0BEN"))
    assert () == await store.read(lambda tx: sessions.running_hosted_by(tx, "T0ACME", "U0ANNA"))
    await store.write(lambda tx: sessions.end(tx, row.id, T0 + SECOND, None))
    assert () == await store.read(lambda tx: sessions.running_hosted_by(tx, "T0ACME", "U0BEN"))


async def test_a_member_is_found_by_id(store: Store) -> None:
    anna = await store.write(add_member)

    found = await store.read(lambda tx: members.by_id(tx, anna))
    assert found == await store.read(lambda tx: members.find(tx, "T0ACME", "U0ANNA"))
    assert await store.read(lambda tx: members.by_id(tx, new_id(T0))) is None

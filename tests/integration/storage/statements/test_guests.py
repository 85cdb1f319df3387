"""Guests: who waits where, what was decided, who has left, and what changes under whoever waits."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from storage import guests, meetings, sessions
from storage.errors import Busy
from storage.guests import GuestRow, Spot
from storage.ids import new_id
from storage.meetings import MeetingRow
from storage.sessions import SessionRow
from storage.transactions import Store, Transaction
from tests.integration.storage.statements.rows import NUMBERS, SECOND, T0, add_member

SEALED = "v1.1a2b3c4d.nonce.ciphertext"
LATER = T0 + timedelta(minutes=5)
MOST = 10


def guest(member_id: str, nth: int = 1, **changes: object) -> GuestRow:
    """A guest who waits in a room."""
    made = GuestRow(
        id=f"{nth:064}",
        workspace="T0ACME",
        member_id=member_id,
        meeting_id=None,
        in_room=True,
        place_id=member_id,
        number=NUMBERS[0],
        name=SEALED,
        slack_user=None,
        signed_in=False,
        source="e" * 64,
        state="waiting",
        session_id=None,
        asked_at=T0 + nth * SECOND,
        seen_at=T0 + nth * SECOND,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def running(member_id: str, meeting_id: str | None = None, *, started_at: datetime = T0) -> SessionRow:
    """A session that runs in a room; with a meeting, on its own number."""
    return SessionRow(
        id=new_id(T0),
        workspace="T0ACME",
        member_id=member_id,
        meeting_id=meeting_id,
        in_room=meeting_id is None,
        number=NUMBERS[0] if meeting_id is None else NUMBERS[3],
        topic=None,
        provider="jitsi",
        handle=SEALED,
        started_at=started_at,
        started_by="U0ANNA",
        host_at=started_at,
        ends_at=started_at + timedelta(hours=24),
    )


def add_scheduled(tx: Transaction, member_id: str) -> str:
    """A meeting in a member's room; its id."""
    meeting_id = new_id(T0)
    meetings.add(tx, MeetingRow(meeting_id, "T0ACME", member_id, "scheduled", None, None, None, T0, None))
    return meeting_id


async def standing(store: Store, *ids: str) -> list[str]:
    """What `standings` says of each."""
    found = await store.read(lambda tx: guests.standings(tx, ids))
    return [found[each] for each in ids]


async def test_a_guest_is_found_as_they_knocked(store: Store) -> None:
    row = guest(await store.write(add_member))
    assert await store.read(lambda tx: guests.find(tx, row.id)) is None

    await store.write(lambda tx: guests.knock(tx, row))

    assert (row, False) == await store.read(lambda tx: guests.find(tx, row.id))


async def test_one_browser_at_one_place_is_one_guest_who_may_ask_again(store: Store) -> None:
    row = guest(await store.write(add_member))
    await store.write(lambda tx: guests.knock(tx, row))
    assert await store.write(lambda tx: guests.decide(tx, row.id, "denied", LATER, by="U0ANNA"))

    again = replace(row, asked_at=LATER, seen_at=LATER, name=None, slack_user="U0BEN", signed_in=True)
    await store.write(lambda tx: guests.knock(tx, again, "denied"))

    assert (again, False) == await store.read(lambda tx: guests.find(tx, row.id))
    assert 1 == await store.read(lambda tx: guests.how_many_wait(tx, row.place_id))


async def test_who_knocks_twice_at_once_undoes_nothing_that_was_decided_between(store: Store) -> None:
    anna = await store.write(add_member)
    row, session = guest(anna), running(anna)
    await store.write(lambda tx: guests.knock(tx, row))
    await store.write(lambda tx: sessions.add(tx, session))
    await store.write(lambda tx: guests.decide(tx, row.id, "admitted", LATER, by="U0ANNA", session_id=session.id))

    for before in (None, "waiting", "gone"):
        with pytest.raises(Busy):
            await store.write(partial(guests.knock, row=row, before=before))
    assert "admitted" in (await standing(store, row.id))[0]


async def test_what_was_decided_once_stands(store: Store) -> None:
    anna = await store.write(add_member)
    row, session = guest(anna), running(anna)
    await store.write(lambda tx: guests.knock(tx, row))
    await store.write(lambda tx: sessions.add(tx, session))

    def admit(tx: Transaction) -> bool:
        return guests.decide(tx, row.id, "admitted", LATER, by="U0ANNA", session_id=session.id)

    assert await store.write(admit)
    assert not await store.write(lambda tx: guests.decide(tx, row.id, "denied", LATER, by="U0BEN"))
    admitted = replace(row, state="admitted", session_id=session.id, decided_at=LATER, decided_by="U0ANNA")
    assert (admitted, False) == await store.read(lambda tx: guests.find(tx, row.id))
    assert (admitted,) == await store.read(lambda tx: guests.decided_at(tx, anna, LATER, MOST))
    assert () == await store.read(lambda tx: guests.decided_at(tx, anna, LATER + SECOND, MOST))


async def test_who_waits_is_listed_in_the_order_of_asking_and_counted(store: Store) -> None:
    anna = await store.write(add_member)
    ben = await store.write(partial(add_member, user="U0BEN", pmi=NUMBERS[1]))
    for row in (guest(anna, 3), guest(anna, 1), guest(ben, 2), guest(anna, 4, source="f" * 64)):
        await store.write(partial(guests.knock, row=row))

    assert [1, 3, 4] == [int(row.id) for row in await store.read(lambda tx: guests.waiting_at(tx, anna, MOST))]
    assert [1, 3] == [int(row.id) for row in await store.read(lambda tx: guests.waiting_at(tx, anna, 2))]
    assert 3 == await store.read(lambda tx: guests.how_many_wait(tx, anna))
    assert 3 == await store.read(lambda tx: guests.how_many_came_from(tx, "e" * 64))
    assert await store.read(guests.anybody_waits)


async def test_who_gives_no_sign_of_life_has_left_and_is_forgotten_later(store: Store) -> None:
    anna = await store.write(add_member)
    for nth in (1, 2):
        await store.write(partial(guests.knock, row=guest(anna, nth)))
    await store.write(lambda tx: guests.seen(tx, [f"{2:064}"], LATER))

    assert (Spot(anna, "T0ACME", anna),) == await store.write(lambda tx: guests.leave(tx, LATER, LATER, MOST))
    assert () == await store.write(lambda tx: guests.leave(tx, LATER, LATER, MOST))
    assert ["gone", "waiting"] == [each.partition(":")[0] for each in await standing(store, f"{1:064}", f"{2:064}")]
    assert 1 == await store.write(lambda tx: guests.forget(tx, LATER, MOST))
    assert 1 == await store.write(lambda tx: guests.forget(tx, LATER + SECOND, MOST))
    assert not await store.read(guests.anybody_waits)


async def test_who_waits_stands_otherwise_once_a_meeting_starts_and_ends_there_and_nowhere_else(store: Store) -> None:
    anna = await store.write(add_member)
    meeting = await store.write(partial(add_scheduled, member_id=anna))
    in_room = guest(anna, 1)
    apart = guest(anna, 2, meeting_id=meeting, in_room=False, place_id=meeting)
    for row in (in_room, apart):
        await store.write(partial(guests.knock, row=row))
    seen = [await standing(store, in_room.id, apart.id)]
    first, second = running(anna), running(anna, meeting)
    for session in (first, second):
        await store.write(partial(sessions.add, row=session))
        seen.append(await standing(store, in_room.id, apart.id))
    for session in (first, second):
        await store.write(partial(sessions.end, session_id=session.id, at=LATER, by=None))
        seen.append(await standing(store, in_room.id, apart.id))

    here, there = f"waiting:{first.id}", f"waiting:{second.id}"
    nothing = "waiting:"
    assert [[nothing, nothing], [here, nothing], [here, there], [nothing, there], [nothing, nothing]] == seen


async def test_what_ended_since_somebody_asked_is_over_for_them_unless_another_runs(store: Store) -> None:
    anna = await store.write(add_member)
    session = running(anna)
    await store.write(lambda tx: sessions.add(tx, session))
    before, after = guest(anna, 1), guest(anna, 2, asked_at=LATER + SECOND, seen_at=LATER + SECOND)
    for row in (before, after):
        await store.write(partial(guests.knock, row=row))

    async def over() -> list[bool]:
        found = [await store.read(partial(guests.find, guest_id=row.id)) for row in (before, after)]
        return [each[1] for each in found if each is not None]

    seen = [await over()]
    await store.write(lambda tx: sessions.end(tx, session.id, LATER, None))
    seen.append(await over())
    another = running(anna, started_at=LATER)
    await store.write(lambda tx: sessions.add(tx, another))
    seen.append(await over())
    await store.write(lambda tx: sessions.end(tx, another.id, LATER, None))
    left = await store.write(lambda tx: guests.leave(tx, T0, LATER, MOST))

    assert [[False, False], [True, False], [False, False]] == seen
    assert (Spot(anna, "T0ACME", anna),) == left


async def test_there_is_nothing_to_see_of_nobody(store: Store) -> None:
    await store.write(lambda tx: guests.seen(tx, [], T0))

    assert {} == await store.read(lambda tx: guests.standings(tx, []))


def test_the_repr_of_a_guest_holds_no_name() -> None:
    assert SEALED not in repr(guest("a" * 26))

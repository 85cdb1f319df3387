"""Hosts of workspaces: one has each for good, and no reading is needed where a member was read just before."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules import Code
from bot.services.host_book import HostBook
from bot.services.hosts import Hosts
from bot.services.house import House
from bot.services.people import Actor
from bot.services.refusals import HostRefused
from bot.services.rooms import Rooms
from storage import hosts, members
from storage.tables import change_log
from storage.transactions import Store
from tests.integration.services.houses import house_of, new_call

ANNA, BEN, DORA = Actor("T0ACME", "U0ANNA"), Actor("T0ACME", "U0BEN"), Actor("T0GLOBEX", "U0DORA")
ROOMS, TALK = "rooms.acme.example", "talk.acme.example"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Moments:
    """Both clocks of one process."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def house(self, store: Store) -> House:
        book = HostBook("rooms.example.com", ("*.acme.example",), lambda: self.seconds)
        return replace(house_of(store, self.now), hosts=book)


async def test_a_host_is_one_workspaces_for_good(store: Store) -> None:
    """Seen red: without the look at whose it was, the next workspace got it."""
    moments = Moments()
    use = Hosts(moments.house(store))
    await use.save(new_call(ANNA), ROOMS)
    moments.seconds += 1
    changed = await use.save(new_call(ANNA), TALK)
    for taken in (ROOMS, TALK):
        with pytest.raises(HostRefused) as refused:
            await use.save(new_call(DORA), taken)
        assert (Code.HOST_TAKEN,) == tuple(each.code for each in refused.value.violations)
    moments.seconds += 1
    back = await use.save(new_call(ANNA), ROOMS)
    seen = await use.see(ANNA)

    assert (TALK, ROOMS) == (changed.host, changed.before)
    assert (ROOMS, TALK) == (back.host, back.before)
    assert (ROOMS, (TALK,)) == (seen.host, seen.earlier)
    assert (await use.see(DORA)).host is None


async def test_two_who_choose_one_host_at_once_leave_one_who_has_it(store: Store) -> None:
    house = Moments().house(store)
    both = await asyncio.gather(
        *(Hosts(house).save(new_call(actor), ROOMS) for actor in (ANNA, DORA)), return_exceptions=True
    )

    assert 1 == len([one for one in both if isinstance(one, HostRefused)])
    assert {None, ROOMS} == {(await Hosts(house).see(actor)).host for actor in (ANNA, DORA)}


async def test_two_administrators_at_once_leave_one_host_and_an_earlier_one(store: Store) -> None:
    house = Moments().house(store)
    await Hosts(house).save(new_call(ANNA), "first.acme.example")
    await Rooms(house).own(BEN)
    wishes = [(ANNA, ROOMS), (BEN, TALK)]
    both = await asyncio.gather(*(Hosts(house).save(new_call(actor), host) for actor, host in wishes))
    seen = await Hosts(house).see(ANNA)

    assert {"first.acme.example", both[0].before, both[1].before} == {"first.acme.example", *seen.earlier}
    assert {ROOMS, TALK, "first.acme.example"} == {seen.host, *seen.earlier}
    assert 2 == len(seen.earlier)


async def test_a_request_that_comes_twice_is_one_change_by_whoever_made_it(store: Store) -> None:
    use = Hosts(Moments().house(store))
    call = new_call(ANNA)
    first, second = await use.save(call, ROOMS), await use.save(call, ROOMS)
    row = await store.read(lambda tx: members.find(tx, "T0ACME", "U0ANNA"))
    logged = await store.read(
        lambda tx: [
            (each.member_id, each.actor_id, each.old, each.new)
            for each in tx.execute(change_log.select().where(change_log.c.action == "address.changed"))
        ]
    )

    assert row is not None
    assert first == second
    assert [(None, row.id, None, ROOMS)] == logged


async def test_whoever_was_read_just_now_costs_no_reading_more_for_the_host(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: without the note, the host was read once more."""
    mine, others = Moments().house(store), Moments().house(store)
    await Rooms(mine).own(ANNA)
    await Hosts(others).save(new_call(ANNA), ROOMS)
    await Rooms(mine).own(ANNA)
    monkeypatch.setattr(hosts, "of", None)

    assert ROOMS == await Hosts(mine).of("T0ACME")


async def test_another_process_shows_it_within_a_minute(store: Store) -> None:
    """Seen red: with what was read kept for good, the old host stood there still."""
    moments = Moments()
    mine, others = Hosts(moments.house(store)), Hosts(moments.house(store))
    await mine.save(new_call(ANNA), ROOMS)
    assert ROOMS == await others.of("T0ACME")
    await mine.save(new_call(ANNA), TALK)
    moments.seconds += 60

    assert TALK == await others.of("T0ACME")


async def test_a_host_that_is_offered_no_more_is_shown_no_more(store: Store) -> None:
    house = Moments().house(store)
    await Hosts(house).save(new_call(ANNA), ROOMS)
    withdrawn = Hosts(replace(house, hosts=HostBook("rooms.example.com", ("*.other.example",))))

    assert await withdrawn.of("T0ACME") is None
    assert (ROOMS, False) == ((seen := await withdrawn.see(ANNA)).host, seen.is_shown)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", None),
        ("Rooms.Acme.Example.", None),
        ("https://rooms.acme.example/", None),
        ("rooms.example.com", Code.HOST_TAKEN),
        ("acme.example", Code.HOST_NOT_OFFERED),
        ("a.rooms.acme.example", Code.HOST_NOT_OFFERED),
        ("rooms", Code.HOST_MALFORMED),
        ("rooms..acme.example", Code.HOST_MALFORMED),
        ("-rooms.acme.example", Code.HOST_MALFORMED),
        ("röoms.acme.example", Code.HOST_MALFORMED),
        ("\u212aooms.acme.example", Code.HOST_MALFORMED),
        ("rooms.acme.example/j/", Code.HOST_MALFORMED),
        ("10.0.0.1", Code.HOST_MALFORMED),
        ("rooms_.acme.example", Code.HOST_MALFORMED),
        (f"{'a' * 64}.acme.example", Code.HOST_MALFORMED),
        (f"{'a.' * 60}acme.example", Code.HOST_MALFORMED),
    ],
)
def test_what_is_typed_is_a_host_that_is_offered_or_says_why_not(typed: str, code: Code | None) -> None:
    use = Hosts(Moments().house(None))  # type: ignore[arg-type]  # nothing is read
    if code is None:
        assert use._read(typed) in (None, ROOMS)
        return
    with pytest.raises(HostRefused) as refused:
        use._read(typed)

    assert (code,) == tuple(each.code for each in refused.value.violations)

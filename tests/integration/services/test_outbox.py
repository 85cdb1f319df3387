"""Leases on what is still to be told: who has them, for how long, and that no clock that jumps steals or keeps one."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.rules import Licence, Plan
from bot.services.house import House
from bot.services.outbox import LONGEST_PAUSE, MOST_TRIES, Fate, Outbox, Told, Unreadable
from bot.services.people import Actor, Call, Notice, NoticeKind
from bot.services.pmis import PMIs
from bot.services.refusals import Refused
from bot.services.room import Defaults
from bot.services.rooms import Rooms
from bot.services.upkeep import forget_old_requests
from bot.services.verdicts import Saved
from storage import outbox, tables
from storage.errors import Busy
from storage.outbox import LEASE_MS, Waiting
from storage.secrets import KeyRing
from storage.transactions import Store, Transaction
from tests.integration.services.houses import HOLD, KEY, NAMES, START, nobody_counts

ANNA = Actor("T0ACME", "U0ANNA")
NOTICE = Notice(NoticeKind.PMI_SAVED, '{"user":"U0ANNA"}')
LEASE = LEASE_MS / 1000
HOUR = 3600.0


class Process:
    """One process on the database, with clocks of its own: a wall clock that may jump, and one that never does."""

    def __init__(self, store: Store, jitter: Callable[[int], int] = lambda limit: limit - 1) -> None:
        self.wall = START.timestamp()
        self.monotonic = 1000.0
        self.house = House(
            store=store,
            keys=KeyRing.from_text(KEY),
            names=NAMES,
            defaults=Defaults(Plan.BUSINESS, Licence.LICENSED),
            link_hold=HOLD,
            now=lambda: datetime.fromtimestamp(self.wall, UTC),
            below=secrets.randbelow,
            on_claim=nobody_counts,
        )
        self.outbox = Outbox(replace(self.house, below=jitter), lambda: self.monotonic)

    def passes(self, seconds: float) -> None:
        """Time passes, on both clocks."""
        self.wall += seconds
        self.monotonic += seconds

    async def saves(self, key: str = "1", wish: str = "5829047316") -> Told:
        """A change whose result this process is to tell."""
        call = Call(ANNA, key * 64, NOTICE)
        return Told(call.key, NOTICE, await PMIs(self.house, Rooms(self.house)).save(call, wish))

    async def due(self) -> list[str]:
        """What this process may take now."""
        return [row.request[0] for row in (await self.outbox.look()).due]

    async def takes(self) -> list[Told | None]:
        """What this process takes of what is due."""
        return [await self.outbox.take(row) for row in (await self.outbox.look()).due]


@pytest.fixture
def process(store: Store) -> Process:
    return Process(store)


async def rows(store: Store) -> tuple[Waiting, ...]:
    return await store.read(lambda tx: outbox.waiting(tx, 100))


# Writing


async def test_the_change_itself_writes_down_that_it_must_be_told(process: Process, store: Store) -> None:
    told = await process.saves()

    assert ["1" * 64] == [row.request for row in await rows(store)]
    assert isinstance(told.saved, Saved)
    assert "5829047316" == told.saved.room.pmi
    await process.saves()
    assert 1 == len(await rows(store))


async def test_what_was_told_is_not_written_down_again_by_a_repeat(process: Process, store: Store) -> None:
    told = await process.saves()
    await process.outbox.told(told.request)

    again = await process.saves()

    assert told == again
    assert () == await rows(store)


async def test_a_refusal_is_not_written_down(process: Process, store: Store) -> None:
    with pytest.raises(Refused):
        await process.saves(wish="5551112222")

    assert () == await rows(store)


async def test_a_change_that_is_undone_is_not_to_be_told(
    process: Process, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = outbox.add

    def add_and_fail(tx: Transaction, **row: Any) -> None:
        add(tx, **row)
        raise Busy("the power is gone")

    monkeypatch.setattr(outbox, "add", add_and_fail)
    with pytest.raises(Busy):
        await process.saves()
    monkeypatch.undo()

    assert () == await rows(store)
    assert "5829047316" != (await Rooms(process.house).own(ANNA)).pmi


async def test_a_stranger_who_reads_the_database_learns_no_address(process: Process, store: Store) -> None:
    await process.saves()

    taken = await store.write(lambda tx: outbox.take(tx, "1" * 64, 1))

    assert taken is not None
    assert "U0ANNA" not in taken.address
    place = {"table": "outbox", "column": "address", "workspace": "T0ACME", "key": "1" * 64}
    assert NOTICE.address == process.house.keys.open(taken.address, **place)


# Leases


async def test_what_its_writer_tells_is_nobody_else_s_until_the_lease_is_over(process: Process, store: Store) -> None:
    await process.saves()
    other = Process(store)

    assert [] == await other.due()
    other.passes(LEASE - 0.01)
    assert [] == await other.due()
    other.passes(0.02)
    assert ["1"] == await other.due()
    (told,) = await other.takes()

    assert told is not None
    assert isinstance(told.saved, Saved)
    assert (2, 2, "5829047316", NOTICE) == (told.generation, told.tries, told.saved.room.pmi, told.notice)
    assert [] == await other.due()


async def test_of_two_who_find_it_due_one_takes_it(process: Process, store: Store) -> None:
    await process.saves()
    others = [Process(store), Process(store)]
    for other in others:
        await other.due()
        other.passes(LEASE)
    looks = [await other.outbox.look() for other in others]

    taken = [await other.outbox.take(look.due[0]) for other, look in zip(others, looks, strict=True)]

    assert 1 == len([told for told in taken if told is not None])


@pytest.mark.row("R34")
@pytest.mark.parametrize("jump", [-HOUR, HOUR, -48 * HOUR], ids=["back", "forth", "far_back"])
async def test_a_clock_that_jumps_neither_steals_a_lease_nor_makes_it_stick(
    process: Process, store: Store, jump: float
) -> None:
    """Seen red: with the wall clock in the place of the monotonic one, an hour back made the lease stick: nothing
    was due when it had run out.
    """
    await process.saves()
    other = Process(store)
    assert [] == await other.due()

    other.wall += jump
    stolen = await other.due()
    other.passes(LEASE / 2)
    other.wall -= jump
    stolen += await other.due()
    other.wall += jump
    other.passes(LEASE / 2)
    (told,) = await other.takes()

    assert [] == stolen
    assert told is not None
    assert [] == await process.due()
    process.wall += jump
    process.passes(LEASE)
    assert ["1"] == await process.due()


@pytest.mark.row("R34")
async def test_a_pause_is_as_long_as_slack_wants_it_for_everybody_whatever_their_clocks_show(
    process: Process, store: Store
) -> None:
    """Seen red: where putting off was no new generation, who had watched the lease since before took it too early."""
    told = await process.saves()
    other = Process(store)
    other.wall += HOUR
    await other.due()
    other.passes(LEASE - 1)
    process.passes(LEASE - 1)

    await process.outbox.put_off(told, 30.0)
    looks = [await each.due() for each in (process, other)]
    for each in (process, other):
        each.wall -= HOUR
        each.passes(29.9)
        looks.append(await each.due())

    assert [[]] * 4 == looks
    process.passes(0.2)
    assert ["1"] == await process.due()


async def test_who_kept_it_too_long_cannot_put_off_what_another_has(process: Process, store: Store) -> None:
    told = await process.saves()
    other = Process(store)
    await other.due()
    other.passes(LEASE)
    await other.takes()

    put_off, ended = await process.outbox.put_off(told), await process.outbox.end(told.request, told.generation)

    assert (Fate.ELSEWHERE, False) == (put_off, ended)
    assert Fate.ELSEWHERE == await process.outbox.put_off(replace(told, tries=MOST_TRIES))
    (row,) = await rows(store)
    assert (2, LEASE_MS) == (row.generation, row.rest_ms)


# Pauses and ends


@pytest.mark.row("R24")
async def test_pauses_double_to_a_quarter_of_an_hour_and_chance_takes_any_part_of_them(store: Store) -> None:
    """Seen red: without the longest pause, the eleventh was 1024 s."""

    async def pauses(jitter: Callable[[int], int], key: str) -> list[float]:
        process, found = Process(store, jitter), list[float]()
        told = await process.saves(key)
        for tries in range(1, MOST_TRIES):
            assert Fate.RESTS == await process.outbox.put_off(replace(told, tries=tries, generation=tries))
            found += [row.rest_ms / 1000 for row in await rows(store) if row.request == told.request]
        return found

    longest, shortest = await pauses(lambda limit: limit - 1, "1"), await pauses(lambda _: 0, "2")

    assert [min(LONGEST_PAUSE, 2.0**power) for power in range(MOST_TRIES - 1)] == longest
    assert [0.0] * (MOST_TRIES - 1) == shortest


async def test_twenty_tries_are_the_last(process: Process, store: Store) -> None:
    told = await process.saves()

    assert Fate.ENDED == await process.outbox.put_off(replace(told, tries=MOST_TRIES), 1.0)
    assert () == await rows(store)


async def test_no_pause_at_all_is_not_taken_from_slack(process: Process, store: Store) -> None:
    told = await process.saves()

    await process.outbox.put_off(told, 0.0)

    assert [1000] == [row.rest_ms for row in await rows(store)]


async def test_a_try_that_reached_nobody_does_not_count(process: Process, store: Store) -> None:
    told = await process.saves()

    assert Fate.RESTS == await process.outbox.put_off(replace(told, tries=MOST_TRIES), 1.0, tried=False)
    process.passes(0.5)
    await process.due()
    process.passes(1.0)
    (again,) = await process.takes()
    assert again is not None
    assert MOST_TRIES == again.tries


async def test_after_a_day_nobody_is_bothered_any_more(process: Process, store: Store) -> None:
    told = await process.saves()
    await process.outbox.put_off(told, 23.5 * HOUR)
    process.passes(23.5 * HOUR)
    still = await process.outbox.look()
    process.passes(HOUR)
    look = await process.outbox.look()

    assert 1 == still.waiting
    assert 23.5 * HOUR == pytest.approx(still.oldest)
    assert (0, ()) == (look.waiting, look.due)
    assert ["1" * 64] == [row.request for row in look.given_up]
    assert () == await rows(store)


async def test_of_two_who_find_it_too_old_one_gives_it_up(
    process: Process, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.saves()
    found, other = await rows(store), Process(store)
    for each in (process, other):
        each.passes(25 * HOUR)

    first = await process.outbox.look()
    monkeypatch.setattr(outbox, "waiting", lambda *_: found)
    second = await other.outbox.look()

    assert ["1" * 64] == [row.request for row in first.given_up]
    assert () == second.given_up


async def test_those_that_rest_do_not_hide_the_newer_ones(
    process: Process, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.outbox.MOST_WATCHED", 2)
    for key in "1234":
        await process.outbox.put_off(await process.saves(key), HOUR)
    process.passes(60)
    await process.saves("5")
    other = Process(store)
    other.passes(60)

    looks = [await other.outbox.look() for _ in range(3)]
    other.passes(LEASE)
    due = [await other.due() for _ in range(3)]

    assert [5, 5, 5] == [look.waiting for look in looks]
    assert [60.0, 60.0, 60.0] == [look.oldest for look in looks]
    assert [1.0, 1.0, LEASE] == [look.next_in for look in looks]
    assert [[], [], ["5"]] == due


async def test_what_one_process_cannot_read_is_left_to_another(process: Process, store: Store) -> None:
    await process.saves()
    other = Process(store)
    other.outbox._house = replace(other.house, keys=KeyRing.from_text("another key " * 4))
    for each in (other, process):
        await each.due()
        each.passes(LEASE)

    with pytest.raises(Unreadable):
        await other.takes()
    for _ in range(2):
        await process.due()
        process.passes(2.0)
    (told,) = await process.takes()

    assert told is not None
    assert 3 == told.tries


async def test_what_a_later_version_wrote_is_left_to_it(process: Process, store: Store) -> None:
    await process.saves()
    await store.write(lambda tx: tx.execute(sa.update(tables.outbox).values(kind="room.moved")))
    other = Process(store)
    await other.due()
    other.passes(LEASE)

    with pytest.raises(Unreadable):
        await other.takes()
    assert 1 == len(await rows(store))


async def test_whoever_dies_over_it_twenty_times_does_not_die_over_it_again(process: Process, store: Store) -> None:
    await process.saves()
    other = Process(store)
    takes = 0
    for _ in range(MOST_TRIES + 5):
        await other.due()
        other.passes(LEASE)
        takes += len(await other.takes())

    assert MOST_TRIES == takes
    assert () == await rows(store)


async def test_what_was_told_while_the_database_was_away_is_not_told_again(
    process: Process, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await process.saves()

    def away(*_: object) -> None:
        raise Busy("away")

    monkeypatch.setattr(outbox, "strike", away)
    with pytest.raises(Busy):
        await process.outbox.told(told.request)
    process.passes(LEASE * 2)
    with pytest.raises(Busy):
        await process.due()
    monkeypatch.undo()

    assert [] == await process.due()
    assert () == await rows(store)


async def test_a_request_is_remembered_until_its_result_was_told_or_given_up(process: Process, store: Store) -> None:
    told = await process.saves()
    for wish in ("2", "3"):
        other = await process.saves(wish, "6175550142")
        await (process.outbox.told(other.request) if wish == "2" else process.outbox.end(other.request, 1))
    process.passes(timedelta(hours=73).total_seconds())

    await forget_old_requests(process.house)

    assert [told.request] == [row.request for row in await rows(store)]
    assert told == await process.saves()

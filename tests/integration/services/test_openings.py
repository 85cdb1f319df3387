"""Whose Home was opened of late, as the database knows it for every process."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from bot.rules import Licence, Plan
from bot.services.house import House
from bot.services.openings import Openings
from bot.services.people import Actor
from bot.services.room import Defaults
from bot.services.upkeep import forget_old_requests
from storage.secrets import KeyRing
from storage.tables import change_log, members, seen_requests
from storage.transactions import Store, Transaction, open_store
from tests.integration.services.houses import HOLD, KEY, NAMES, nobody_counts

R = TypeVar("R")
ANNA, BEN, ELSEWHERE = Actor("T1", "U0ANNA"), Actor("T1", "U0BEN"), Actor("T2", "U0ANNA")
EVENING = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)


@dataclass
class Time:
    """A clock that stands still."""

    now: datetime = EVENING

    def __call__(self) -> datetime:
        return self.now


def house(store: Store, time: Time) -> House:
    return House(
        store=store,
        keys=KeyRing.from_text(KEY),
        names=NAMES,
        defaults=Defaults(Plan.BUSINESS, Licence.LICENSED),
        link_hold=HOLD,
        now=time,
        below=secrets.randbelow,
        on_claim=nobody_counts,
    )


def counts(tx: Transaction) -> tuple[int, ...]:
    """Members, changes and requests."""
    tables = (members, change_log, seen_requests)
    return tuple(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables)


async def test_a_day_of_openings_is_one_member_and_one_row(store: Store, database_url: str) -> None:
    """Seen red: with a key for each opening, there were twelve rows."""
    other = await open_store(database_url)
    everybody = [Openings(house(each, Time())) for each in (store, other)]
    await asyncio.gather(*(openings.note(ANNA) for openings in everybody * 3))
    for openings in everybody * 3:
        await openings.note(ANNA)
    await other.close()

    assert (1, 1, 1) == await store.read(counts)


async def test_only_the_first_opening_of_a_day_writes(store: Store) -> None:
    """Seen red: without the look before, the second one wrote too."""
    time, written = Time(), []

    class Noting:
        read = staticmethod(store.read)
        close = staticmethod(store.close)

        async def write(self, work: Callable[[Transaction], R]) -> R:
            written.append(time.now)
            return await store.write(work)

    openings = Openings(house(Noting(), time))
    for hours in (0, 0, 1, 1):
        time.now = EVENING + timedelta(hours=hours)
        await openings.note(ANNA)

    assert [EVENING, EVENING + timedelta(hours=1)] == written


async def test_an_opening_counts_today_and_tomorrow_for_this_member_of_this_workspace(store: Store) -> None:
    """Seen red: with the key of today alone, it was over at midnight."""
    time = Time()
    openings = Openings(house(store, time))
    everybody = [ANNA, BEN, ELSEWHERE]
    await openings.note(ANNA)
    found = []
    for hours in (0, 1, 24, 25):
        time.now = EVENING + timedelta(hours=hours)
        found.append(await openings.of_late(everybody))

    assert [{ANNA}, {ANNA}, {ANNA}, set()] == found
    await openings.note(ANNA)
    assert {ANNA} == await openings.of_late(everybody)
    assert set() == await openings.of_late([])


async def test_many_are_looked_up_at_once(store: Store) -> None:
    openings = Openings(house(store, Time()))
    people = [Actor("T1", f"U{number}") for number in range(100)]
    for person in people[::7]:
        await openings.note(person)

    assert set(people[::7]) == await openings.of_late(people)


async def test_what_was_noted_is_forgotten_with_the_other_requests(store: Store) -> None:
    time = Time()
    kept = house(store, time)
    await Openings(kept).note(ANNA)
    time.now += timedelta(hours=73)

    assert not await forget_old_requests(kept)
    assert (1, 1, 0) == await store.read(counts)

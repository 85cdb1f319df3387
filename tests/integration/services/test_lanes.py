"""Who may write into a channel, and what is next there, where many wait and where the database is not well."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
import sqlalchemy as sa

from bot.services import lanes
from bot.services.due_postings import Rest, Taken
from bot.services.lanes import Lanes
from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from bot.services.upkeep import forget_old_postings
from storage import meetings, posting_lanes, sessions, workspaces
from storage.errors import Unavailable
from storage.meetings import MeetingRow
from storage.posting_lanes import Stands
from storage.sessions import SessionRow
from storage.tables import postings
from storage.transactions import Store, Transaction
from tests.integration.services.houses import START, house_of
from tests.integration.storage.statements.rows import add_member

SUBJECT = "s" * 26
STANDS = Stands(1, "C1", "1.2", 0, None)
R = TypeVar("R")


class Failing:
    """A store whose writes fail while it is told so."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fails = False

    async def read(self, work: Callable[[Transaction], R]) -> R:
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        if self.fails:
            raise Unavailable("the disk is full")
        return await self._store.write(work)

    async def close(self) -> None:
        await self._store.close()


class Process:
    """One process, with a clock that the test moves."""

    def __init__(self, store: Store) -> None:
        self.seconds = 0.0
        self.store = Failing(store)
        self.house = house_of(self.store, lambda: START + timedelta(seconds=self.seconds))
        self.lanes = Lanes(self.house, lambda: self.seconds)
        self.records = PostingRecords(self.house)

    async def plans(self, *places: tuple[str, str], kind: PostingKind = PostingKind.REMINDER) -> None:
        """Plan messages into channels, one after the other."""

        def work(tx: Transaction) -> None:
            workspaces.ensure(tx, "T0ACME", START)
            for place, (channel, detail) in enumerate(places):
                due = self.house.now() + timedelta(microseconds=place)
                self.records.plan(tx, Plan("T0ACME", kind, SUBJECT, Target(channel=channel), due, detail))

        await self.store.write(work)
        self.seconds += 0.01

    async def takes(self, channel: str) -> Taken:
        found = await self.lanes.next(channel)
        assert isinstance(found, Taken)
        return found


@pytest.fixture
def process(store: Store) -> Process:
    return Process(store)


async def test_of_many_who_take_a_free_channel_one_has_it(process: Process, store: Store) -> None:
    await process.plans(("C1", "a"))
    others = [Process(store) for _ in range(8)]
    for other in others:
        other.seconds = process.seconds

    found = await asyncio.gather(*(other.lanes.next("C1") for other in others))

    assert 1 == len([each for each in found if isinstance(each, Taken)])
    assert all(isinstance(each, Rest) for each in found if not isinstance(each, Taken))


async def test_channels_behind_a_long_queue_are_seen_by_the_next_look(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: where each look began with the oldest, it was never seen."""
    monkeypatch.setattr(lanes, "MOST_WATCHED", 5)
    await process.plans(*(("C1", str(number)) for number in range(5)), ("C2", "a"))

    first, second, third = [await process.lanes.look() for _ in range(3)]

    assert (("C1",), ("C2",), ("C1",)) == (first.ready, second.ready, third.ready)
    assert (first.next_in or 9) <= 0.5
    assert 6 == first.waiting


async def test_what_another_one_has_posted_is_not_taken_ahead(process: Process, store: Store) -> None:
    """Three things see to it: the generation of the channel, that of the message, and that it is due no more."""
    await process.plans(("C1", "a"), ("C1", "b"), ("C1", "c"))
    await process.lanes.posted(await process.takes("C1"), STANDS)
    other = Process(store)
    other.seconds = process.seconds
    assert isinstance(await other.lanes.next("C1"), Rest)
    other.seconds += 1.01
    await other.lanes.posted(await other.takes("C1"), STANDS)
    process.seconds += 1.01

    assert isinstance(await process.lanes.next("C1"), Rest)
    assert isinstance(await process.lanes.next("C1"), Rest)
    process.seconds += 1.01

    assert "c" == (await process.takes("C1")).posting.detail


async def test_what_could_not_be_noted_is_noted_before_anything_else(process: Process) -> None:
    """Seen red: where it was not remembered, the channel rested for the lease, and then it was posted again."""
    await process.plans(("C1", "a"), ("C1", "b"))
    taken = await process.takes("C1")
    process.store.fails = True
    with pytest.raises(Unavailable):
        await process.lanes.posted(taken, STANDS)
    process.store.fails = False
    process.seconds += 60

    await process.lanes.look()
    process.seconds += 1

    assert "b" == (await process.takes("C1")).posting.detail


async def test_a_channel_is_free_again_a_second_after_its_last_message(process: Process, store: Store) -> None:
    """So that the next one, of whatever process, is there at once.

    Seen red: where a look freed none, another process had to watch the channel for a second first.
    """
    await process.plans(("C1", "a"))
    await process.lanes.posted(await process.takes("C1"), STANDS)
    process.seconds += 1.01
    await process.lanes.look()

    assert () == await store.read(lambda tx: posting_lanes.lanes(tx, 10))
    other = Process(store)
    other.seconds = process.seconds
    await other.plans(("C1", "b"))
    assert "b" == (await other.takes("C1")).posting.detail


async def test_a_channel_that_a_dead_process_held_is_watched_by_those_who_look(process: Process, store: Store) -> None:
    """Though nothing is due there: else the next message would wait for a lease of half a minute."""
    await process.plans(("C1", "a"))
    taken = await process.takes("C1")
    await store.write(lambda tx: posting_lanes.posted(tx, taken.posting.id, taken.posting.generation, STANDS, START))
    other = Process(store)

    await other.lanes.look()
    other.seconds += 30.01
    await other.lanes.look()

    assert () == await store.read(lambda tx: posting_lanes.lanes(tx, 10))


async def test_a_new_lane_does_not_begin_where_another_one_did(process: Process, store: Store) -> None:
    """Else whoever has watched the one before for half a minute would take a lease that has just begun."""
    begun = set()
    for number in range(5):
        await process.plans(("C1", str(number)))
        taken = await process.takes("C1")
        begun.add(taken.lane.generation)
        await process.lanes.end(taken, asked=False)
        await process.lanes.look()

    assert 5 == len(begun)


async def test_the_oldest_that_is_due_is_known_and_when_the_next_one_is(process: Process) -> None:
    await process.plans(("C1", "a"))
    process.seconds += 5
    due = process.house.now() + timedelta(seconds=7)
    plan = Plan("T0ACME", PostingKind.REMINDER, SUBJECT, Target(channel="C1"), due, "later")
    await process.store.write(lambda tx: process.records.plan(tx, plan))

    found = await process.lanes.look()

    assert (1, 7.0) == (found.waiting, found.next_in)
    assert pytest.approx(5.01) == found.oldest


# Forgetting


async def test_what_is_long_over_is_forgotten_and_nothing_else(process: Process, store: Store) -> None:
    """Seen red: without a look at the subject, the card of a meeting to come was forgotten as well."""
    await process.plans(("C1", "reminder"), ("C1", "never posted"))
    await process.plans(("C2", "invitation"), kind=PostingKind.INVITATION)
    await process.plans(("C3", "taken back"), kind=PostingKind.INVITATION)
    for channel in ("C1", "C2"):
        await process.lanes.posted(await process.takes(channel), STANDS)
    await store.write(lambda tx: process.records.withdraw(tx, SUBJECT, detail="taken back"))

    process.seconds = timedelta(days=29).total_seconds()
    assert not await forget_old_postings(process.house)
    assert ["invitation", "never posted", "reminder", "taken back"] == await details(store)
    process.seconds = timedelta(days=31).total_seconds()
    assert not await forget_old_postings(process.house)

    assert ["invitation", "never posted"] == await details(store)


@pytest.mark.parametrize("about", ["session", "meeting"])
async def test_the_card_of_what_is_over_is_forgotten(process: Process, store: Store, about: str) -> None:
    await process.plans(("C1", "card"), kind=PostingKind.JOIN_CARD)
    await process.lanes.posted(await process.takes("C1"), STANDS)
    await store.write(lambda tx: add_subject(tx, about))
    process.seconds = timedelta(days=31).total_seconds()

    await forget_old_postings(process.house)

    assert [] == await details(store)


def add_subject(tx: Transaction, about: str) -> None:
    """A session, or a meeting, of which the messages are and that is over."""
    member_id = add_member(tx)
    if about == "meeting":
        meetings.add(tx, MeetingRow(SUBJECT, "T0ACME", member_id, "scheduled", None, None, None, START, START))
        return
    row = SessionRow(
        id=SUBJECT,
        workspace="T0ACME",
        member_id=member_id,
        meeting_id=None,
        in_room=True,
        number="5829047316",
        topic=None,
        provider="jitsi",
        handle="v1.sealed",
        started_at=START,
        started_by=None,
        host_at=None,
        ends_at=START,
    )
    sessions.add(tx, row)
    sessions.end(tx, SUBJECT, START, None)


async def details(store: Store) -> list[str]:
    """What is planned or posted."""
    return sorted(await store.read(lambda tx: list(tx.execute(sa.select(postings.c.detail)).scalars())))

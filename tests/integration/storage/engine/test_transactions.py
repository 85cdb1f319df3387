"""What a transaction promises, on both databases."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from storage.errors import BadDatabaseURL, Busy, Conflict, OutcomeUnknown, Unavailable
from storage.transactions import Store, open_store
from tests.integration.storage.engine import statements
from tests.integration.storage.engine.statements import handed_over


class Refused(Exception):  # noqa: N818 - as services name theirs
    pass


async def test_what_the_work_returns_is_the_answer(tally: Store) -> None:
    assert 1 == await tally.write(statements.increment)
    assert 1 == await tally.read(statements.shared)


async def test_a_refusal_rolls_back_and_passes_through_unchanged(tally: Store, counted: list[str]) -> None:
    refusal = Refused("no")

    with pytest.raises(Refused) as caught:
        await tally.write(statements.add_and_fail("half", refusal))

    assert refusal is caught.value
    assert [] == await tally.read(statements.names)
    assert [] == counted


@pytest.mark.parametrize("error", [StopIteration("an iterator ended"), asyncio.CancelledError()])
async def test_not_even_the_oddest_exception_harms_the_store(tally: Store, error: BaseException) -> None:
    async def write() -> None:
        try:
            await tally.write(statements.add_and_fail("half", error))
        except BaseException as passed:  # noqa: BLE001 - any of them
            raise Refused(repr(passed)) from None

    with pytest.raises(Refused):
        await write()

    assert [] == await tally.read(statements.names)
    assert 1 == await tally.write(statements.increment)


async def test_one_works_failure_does_not_harm_its_neighbours(tally: Store) -> None:
    works = [
        statements.add_and_fail(f"bad{number:02}", Refused()) if number % 3 == 0 else statements.add(f"good{number:02}")
        for number in range(30)
    ]

    answers = await asyncio.gather(*(tally.write(work) for work in works), return_exceptions=True)

    assert 10 == len([answer for answer in answers if isinstance(answer, Refused)])
    assert [f"good{number:02}" for number in range(30) if number % 3] == await tally.read(statements.names)


async def test_no_update_is_lost_at_64_at_once(tally: Store, counted: list[str]) -> None:
    answers = await asyncio.gather(*(tally.write(statements.increment) for _ in range(64)))

    assert list(range(1, 65)) == sorted(answers)
    assert 64 == await tally.read(statements.shared)
    assert [] == counted


async def test_a_read_cannot_write(tally: Store) -> None:
    with pytest.raises(Unavailable):
        await tally.read(statements.increment)

    assert 0 == await tally.read(statements.shared)


async def test_a_read_sees_one_state(tally: Store) -> None:
    def twice(tx: Connection) -> tuple[int, int]:
        first = statements.shared(tx)
        if loop is not None:
            asyncio.run_coroutine_threadsafe(tally.write(statements.increment), loop).result(5)
        return first, statements.shared(tx)

    # On PostgreSQL the work runs in the loop's own thread, where it cannot wait for the writer.
    loop = asyncio.get_running_loop() if "Sqlite" in type(tally).__name__ else None

    assert (0, 0) == await tally.read(twice)


@pytest.mark.parametrize("losses", [1, 2])
async def test_a_lost_race_runs_the_work_again(tally: Store, counted: list[str], losses: int) -> None:
    runs = []

    def work(tx: Connection) -> int:
        runs.append(1)
        tx.execute(text("UPDATE tally SET value = value + 1 WHERE name = 'shared'"))
        if len(runs) <= losses:
            raise Conflict
        return len(runs)

    assert losses + 1 == await tally.write(work)
    assert 1 == await tally.read(statements.shared)
    assert ["conflict"] * losses == counted


async def test_three_lost_races_are_busy_and_change_nothing(tally: Store, counted: list[str]) -> None:
    runs = []

    def work(tx: Connection) -> None:
        runs.append(1)
        statements.increment(tx)
        raise Conflict

    with pytest.raises(Busy):
        await tally.write(work)

    assert 3 == len(runs)
    assert 0 == await tally.read(statements.shared)
    assert ["conflict", "conflict", "conflict", "busy"] == counted


async def test_a_unique_key_that_is_there_is_a_lost_race(tally: Store) -> None:
    await tally.write(statements.add("taken"))
    runs = []

    def add_unless_there(tx: Connection) -> str:
        runs.append(1)
        if len(runs) > 1 and "taken" in statements.names(tx):
            return "taken"
        statements.add("taken")(tx)
        return "added"

    assert "taken" == await tally.write(add_unless_there)
    assert 2 == len(runs)


async def test_a_broken_check_is_no_race(store: Store) -> None:
    runs = []

    def work(tx: Connection) -> None:
        runs.append(1)
        tx.execute(text("INSERT INTO workspace (key, created_at) VALUES ('T', '2026-01-01 00:00:00')"))

    with pytest.raises(IntegrityError, match="key_is_an_id"):
        await store.write(work)

    assert 1 == len(runs)


async def test_a_swallowed_error_never_becomes_a_success_that_was_rolled_back(tally: Store) -> None:
    def work(tx: Connection) -> str:
        statements.add("kept")(tx)
        try:
            statements.add("shared")(tx)
        except IntegrityError:
            return "saved"
        return "impossible"

    try:
        answer = await tally.write(work)
    except Exception as error:  # noqa: BLE001 - on PostgreSQL the transaction is lost, and says so
        answer = type(error).__name__

    assert ("saved" == answer) == (["kept"] == await tally.read(statements.names))


async def test_a_cancelled_caller_leaves_nothing_behind(tally: Store) -> None:
    waiting = [asyncio.create_task(tally.write(statements.increment)) for _ in range(40)]
    await handed_over()
    for task in waiting[::2]:
        task.cancel()
    answers = await asyncio.gather(*waiting, return_exceptions=True)

    succeeded = len([answer for answer in answers if isinstance(answer, int)])
    assert 20 == succeeded
    assert succeeded <= await tally.read(statements.shared) <= 40
    assert 64 == len(await asyncio.gather(*(tally.write(statements.increment) for _ in range(64))))


async def test_a_closed_store_finishes_what_was_begun_and_refuses_the_rest(empty_database_url: str) -> None:
    store = await open_store(empty_database_url)
    await store.write(statements.create)
    begun = [asyncio.create_task(store.write(statements.increment)) for _ in range(20)]
    await asyncio.sleep(0.001)
    await store.close()

    for refused in (store.write(statements.increment), store.read(statements.shared)):
        with pytest.raises(Unavailable):
            await refused
    again = await open_store(empty_database_url)
    stored = await again.read(statements.shared)
    await again.close()
    answers = await asyncio.gather(*begun, return_exceptions=True)
    assert stored == len([answer for answer in answers if isinstance(answer, int)])


@pytest.mark.parametrize("milliseconds", [0, 3])
async def test_a_blocked_event_loop_never_makes_an_answer_contradict_the_data(tally: Store, milliseconds: int) -> None:
    begun = asyncio.create_task(tally.write(statements.increment))
    await asyncio.sleep(milliseconds / 1000)
    time.sleep(1.7)  # noqa: ASYNC251 - the loop is blocked, and that is the point
    [answer] = await asyncio.gather(begun, return_exceptions=True)
    stored = await tally.read(statements.shared)

    assert (
        (answer, stored) == (1, 1) or (isinstance(answer, Busy) and stored == 0) or isinstance(answer, OutcomeUnknown)
    )


@pytest.mark.parametrize(
    "url",
    ["mysql://root:hunter2@host/db", "sqlite://", "sqlite:///:memory:", "hunter2", "", "postgresql://u:hunter2@h:x/d"],
)
async def test_a_url_that_names_no_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadDatabaseURL) as caught:
        await open_store(url)

    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="its folder does not exist"):
        await open_store(f"sqlite:///{tmp_path}/nowhere/room.db")

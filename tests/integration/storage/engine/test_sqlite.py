"""What the one writer of an SQLite file promises, whatever happens to the file."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from storage.errors import Busy, OutcomeUnknown, Unavailable
from storage.sqlite_runner import SqliteStore
from storage.sqlite_writer import QUEUE_LIMIT
from tests.integration.storage.engine import statements
from tests.integration.storage.engine.statements import handed_over


class Gate:
    """Holds the writer at a point until the test opens it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._opened = threading.Event()

    def hold(self, *_: object) -> None:
        self.reached.set()
        if not self._opened.wait(10):
            raise TimeoutError

    def open(self) -> None:
        self._opened.set()

    async def wait(self) -> None:
        assert await asyncio.to_thread(self.reached.wait, 10)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def settings(tx: Connection) -> dict[str, object]:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "query_only")
    return {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}


async def test_the_file_is_kept_as_the_promises_need_it(on_sqlite: SqliteStore) -> None:
    writer = await on_sqlite.write(settings)
    reader = await on_sqlite.read(settings)

    assert {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": 0} == writer
    assert "wal" == reader["journal_mode"]
    assert 1 == reader["query_only"]


async def test_an_answer_comes_only_after_the_commit(on_sqlite: SqliteStore, sqlite_file: Path) -> None:
    gate = Gate()
    event.listen(on_sqlite._write_engine, "commit", gate.hold)

    answer = asyncio.create_task(on_sqlite.write(statements.increment))
    await gate.wait()
    before = await on_sqlite.read(statements.shared)
    answered_early = answer.done()
    gate.open()

    assert 1 == await answer
    assert (0, False) == (before, answered_early)
    with closing(sqlite3.connect(sqlite_file)) as other:
        assert (1,) == other.execute("SELECT value FROM tally").fetchone()


async def test_works_that_wait_together_share_a_commit(on_sqlite: SqliteStore) -> None:
    commits: list[int] = []
    gate = Gate()
    held = asyncio.create_task(on_sqlite.write(gate.hold))
    await gate.wait()
    event.listen(on_sqlite._write_engine, "commit", lambda _: commits.append(1))

    together = [asyncio.create_task(on_sqlite.write(statements.increment)) for _ in range(50)]
    await handed_over()
    gate.open()
    await asyncio.gather(held, *together)

    assert 1 <= len(commits) <= 5


async def test_a_failed_commit_fails_everybody_who_shared_it(on_sqlite: SqliteStore, counted: list[str]) -> None:
    def fail(_: Connection) -> None:
        event.remove(on_sqlite._write_engine, "commit", fail)
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("no commit today"))

    event.listen(on_sqlite._write_engine, "commit", fail)
    gate = Gate()
    works: list[Callable[[Connection], object]] = [gate.hold, *(statements.add(f"n{number}") for number in range(9))]
    answers = [asyncio.create_task(on_sqlite.write(work)) for work in works]
    await gate.wait()
    gate.open()
    results = await asyncio.gather(*answers, return_exceptions=True)

    failed = [result for result in results if isinstance(result, Unavailable)]
    assert 10 - len(failed) == len(await on_sqlite.read(statements.names))
    assert len(failed) > 0
    assert ["unavailable"] * len(failed) == counted
    assert 1 == await on_sqlite.write(statements.increment)


@pytest.mark.row("R16")
async def test_a_disk_that_fails_in_the_commit_leaves_the_outcome_open(on_sqlite: SqliteStore) -> None:
    """Seen red: where SQLITE_IOERR is no special case in the commit, it was called unavailable: nothing was changed."""

    def fail(_: Connection) -> None:
        event.remove(on_sqlite._write_engine, "commit", fail)
        cause = sqlite3.OperationalError("disk I/O error")
        cause.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise OperationalError("COMMIT", None, cause)

    event.listen(on_sqlite._write_engine, "commit", fail)

    with pytest.raises(OutcomeUnknown):
        await on_sqlite.write(statements.increment)
    assert 1 == await on_sqlite.write(statements.increment)


async def test_a_lock_held_elsewhere_is_busy_in_time_and_heals(
    on_sqlite: SqliteStore, sqlite_file: Path, counted: list[str]
) -> None:
    with locked(sqlite_file):
        begun = time.monotonic()
        answers = await asyncio.gather(
            *(on_sqlite.write(statements.increment) for _ in range(5)), return_exceptions=True
        )
        took = time.monotonic() - begun
        seen = await on_sqlite.read(statements.shared)

    assert [Busy] * 5 == [type(answer) for answer in answers]
    assert 0.9 < took < 2.5
    assert 0 == seen
    assert 1 == await on_sqlite.write(statements.increment)
    assert ["busy"] * 5 == counted


async def test_who_comes_while_the_lock_is_held_is_answered_in_time_too(
    on_sqlite: SqliteStore, sqlite_file: Path
) -> None:
    async def late(after: float) -> float:
        await asyncio.sleep(after)
        begun = time.monotonic()
        with pytest.raises(Busy):
            await on_sqlite.write(statements.increment)
        return time.monotonic() - begun

    with locked(sqlite_file):
        waits = await asyncio.gather(*(late(after / 10) for after in range(8)))

    assert max(waits) < 2.5
    assert 0 == await on_sqlite.read(statements.shared)


async def test_what_waited_too_long_is_never_run(on_sqlite: SqliteStore) -> None:
    gate = Gate()
    runs: list[int] = []
    held = asyncio.create_task(on_sqlite.write(gate.hold))
    await gate.wait()
    begun = time.monotonic()

    with pytest.raises(Busy):
        await on_sqlite.write(lambda _: runs.append(1))

    took = time.monotonic() - begun
    gate.open()
    with pytest.raises(OutcomeUnknown):
        await held
    await on_sqlite.write(statements.increment)
    assert took < 2.5
    assert [] == runs


async def test_what_is_older_than_a_second_is_not_run_even_if_somebody_still_waits(on_sqlite: SqliteStore) -> None:
    runs: list[int] = []
    gate = Gate()
    held = asyncio.create_task(on_sqlite.write(gate.hold))
    await gate.wait()
    waiting = asyncio.create_task(on_sqlite.write(lambda _: runs.append(1)))
    await asyncio.sleep(1.1)
    gate.open()

    with pytest.raises(Busy):
        await waiting
    await held
    assert [] == runs


async def test_what_its_caller_cancelled_is_not_run(on_sqlite: SqliteStore) -> None:
    runs: list[int] = []
    gate = Gate()
    held = asyncio.create_task(on_sqlite.write(gate.hold))
    await gate.wait()
    waiting = asyncio.create_task(on_sqlite.write(lambda _: runs.append(1)))
    await handed_over()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.open()
    await held
    await on_sqlite.write(statements.increment)

    assert [] == runs


async def test_a_full_queue_is_busy_at_once(on_sqlite: SqliteStore) -> None:
    gate = Gate()
    held = asyncio.create_task(on_sqlite.write(gate.hold))
    await gate.wait()
    waiting = [asyncio.create_task(on_sqlite.write(lambda _: None)) for _ in range(QUEUE_LIMIT)]
    await handed_over()
    begun = time.monotonic()

    with pytest.raises(Busy, match="Too much"):
        await on_sqlite.write(statements.increment)

    assert time.monotonic() - begun < 0.5
    gate.open()
    await asyncio.gather(held, *waiting, return_exceptions=True)
    assert 1 == await on_sqlite.write(statements.increment)


async def test_a_read_that_takes_too_long_is_busy(on_sqlite: SqliteStore) -> None:
    gate = Gate()

    with pytest.raises(Busy):
        await on_sqlite.read(gate.hold)

    gate.open()
    assert 0 == await on_sqlite.read(statements.shared)


async def test_a_full_disk_refuses_writes_serves_reads_and_heals(on_sqlite: SqliteStore, counted: list[str]) -> None:
    def fill(tx: Connection) -> None:
        tx.exec_driver_sql("PRAGMA max_page_count = 1")

    def free(tx: Connection) -> None:
        tx.exec_driver_sql("PRAGMA max_page_count = 1000000")

    def write_much(tx: Connection) -> None:
        statements.add("much")(tx)
        tx.execute(text("CREATE TABLE much AS SELECT zeroblob(100000) AS data"))

    await on_sqlite.write(fill)
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="full"):
        await on_sqlite.write(write_much)
    took = time.monotonic() - begun
    seen = await on_sqlite.read(statements.names)
    await on_sqlite.write(free)
    await on_sqlite.write(write_much)

    assert took < 1.5
    assert [] == seen
    assert ["much"] == await on_sqlite.read(statements.names)
    assert ["unavailable"] == counted
    assert "ok" == await on_sqlite.read(lambda tx: tx.exec_driver_sql("PRAGMA integrity_check").scalar())


async def test_a_file_that_is_no_database_is_unavailable_and_heals(tmp_path: Path) -> None:
    file = tmp_path / "room.db"
    file.write_bytes(b"This is a letter, and not a database. " * 100)
    store = SqliteStore(f"sqlite:///{file}", on_error=lambda _: None)

    for call in (store.write(statements.create), store.read(statements.shared)):
        with pytest.raises(Unavailable, match="no SQLite database"):
            await call
    file.unlink()

    await store.write(statements.create)
    assert 0 == await store.read(statements.shared)
    await store.close()


async def test_a_transaction_that_the_database_gave_up_fails_its_works_and_heals(on_sqlite: SqliteStore) -> None:
    def roll_back_behind_everybody(tx: Connection) -> None:
        tx.exec_driver_sql("ROLLBACK")

    gate = Gate()
    neighbour = asyncio.create_task(on_sqlite.write(gate.hold))
    await gate.wait()
    breaking = asyncio.create_task(on_sqlite.write(roll_back_behind_everybody))
    await handed_over()
    gate.open()

    for task in (neighbour, breaking):
        with pytest.raises(Unavailable):
            await task
    assert 1 == await on_sqlite.write(statements.increment)


async def test_a_work_that_ends_its_own_savepoint_fails_the_transaction_and_not_the_writer(
    on_sqlite: SqliteStore,
) -> None:
    def release_and_fail(tx: Connection) -> None:
        statements.increment(tx)
        tx.exec_driver_sql("RELEASE work")
        raise LookupError

    with pytest.raises(Unavailable):
        await on_sqlite.write(release_and_fail)

    assert 0 == await on_sqlite.read(statements.shared)
    assert 1 == await on_sqlite.write(statements.increment)


async def test_a_loop_that_ended_without_closing_the_store_does_not_break_the_writer(tmp_path: Path) -> None:
    gate = Gate()
    stores: list[SqliteStore] = []

    async def leave() -> None:
        stores.append(SqliteStore(f"sqlite:///{tmp_path}/room.db", on_error=lambda _: None))
        task = asyncio.create_task(stores[0].write(gate.hold))
        await gate.wait()
        task.cancel()

    await asyncio.to_thread(asyncio.run, leave())
    gate.open()
    await stores[0].close()

    assert not stores[0]._writer._thread.is_alive()


async def test_quick_reads_do_not_wait_for_a_slow_one_that_came_with_them(on_sqlite: SqliteStore) -> None:
    gate = Gate()
    quick = [asyncio.create_task(on_sqlite.read(statements.shared)) for _ in range(2)]
    slow = asyncio.create_task(on_sqlite.read(gate.hold))
    late = [asyncio.create_task(on_sqlite.read(statements.shared)) for _ in range(2)]
    await gate.wait()

    assert [0, 0, 0, 0] == await asyncio.gather(*quick, *late)
    assert not slow.done()
    gate.open()
    await slow


async def test_what_a_failing_read_raised_is_not_hidden_by_its_clean_up(on_sqlite: SqliteStore) -> None:
    def gives_up(tx: Connection) -> None:
        tx.exec_driver_sql("ROLLBACK")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await on_sqlite.read(gives_up)
    assert 0 == await on_sqlite.read(statements.shared)


async def test_where_no_thread_is_left_to_help_deadlines_still_hold(
    on_sqlite: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    gate = Gate()
    slow = asyncio.create_task(on_sqlite.read(gate.hold))
    await gate.wait()
    monkeypatch.setattr(threading.Thread, "start", none_left)

    with pytest.raises(Busy):
        await on_sqlite.read(statements.shared)
    monkeypatch.undo()
    gate.open()
    with pytest.raises(Busy):
        await slow
    assert 0 == await on_sqlite.read(statements.shared)

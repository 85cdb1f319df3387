"""The threads that read an SQLite file: one does it all while reading is quick, others help it out when it is not.

One thread, because each change of threads costs more than a small read; and others, because one slow read must not keep
everybody waiting. It knows threads and SQLite and nothing of event loops; `storage.sqlite_runner` is its asynchronous
face.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from sqlalchemy import Connection, Engine

from storage.errors import Unavailable
from storage.sqlite_writer import Answers, Outcome, Request, verdict
from storage.standing_still import StandingStill

_BATCH_SECONDS = 0.002
"""For how long outcomes are gathered before they are said to be ready; whoever asks before gets what there is."""


class SqliteReaders:
    """Takes works from any thread, runs each in one read-only transaction, and keeps their outcomes until asked.

    `ready` is called, in whichever thread, when there are some to ask for.
    """

    def __init__(self, engine: Engine, ready: Callable[[], None], *, threads: int) -> None:
        self._engine = engine
        self._ready = ready
        self._waiting: deque[Request] = deque()
        self._done: deque[tuple[Request, Outcome]] = deque()
        # A queue is what wakes a thread at the least cost: an item says whether to go on.
        self._calls: SimpleQueue[bool] = SimpleQueue()
        self._still = StandingStill()
        self._most_helpers = threads - 1
        self._helpers = threading.Semaphore(self._most_helpers)
        # Daemons: a program that ends without closing the store must not hang.
        self._first = threading.Thread(target=self._read_on, name="sqlite-reader", daemon=True)
        self._first.start()

    def submit(self, requests: Sequence[Request]) -> None:
        """Queues works, and waits while they are read quickly; nothing is said of those that are read by then.

        One that is withdrawn before its turn is not run.
        """
        self._still.begin()
        self._waiting.extend(requests)
        self._calls.put(True)
        self._still.wait()

    def finished(self) -> Answers:
        """What has been read since this was asked last, while something slow may still be read."""
        return [self._done.popleft() for _ in range(len(self._done))]

    def help_out(self) -> None:
        """Reads beside those who read, until nothing waits; called when something has waited for long."""
        if not self._waiting or not self._helpers.acquire(blocking=False):
            return
        try:
            threading.Thread(target=self._help, name="sqlite-reader-helper", daemon=True).start()
        except RuntimeError:  # the system gives no more threads: it goes on without help
            self._helpers.release()

    def close(self) -> None:
        """Finishes what waits, and returns when nobody reads any more."""
        self._calls.put(False)
        self._first.join()
        for _ in range(self._most_helpers):
            self._helpers.acquire()
        self._helpers.release(self._most_helpers)

    def _read_on(self) -> None:
        reader = _Reader(self._engine)
        while self._calls.get():
            self._read_what_waits(reader)
        self._read_what_waits(reader)
        reader.disconnect()

    def _help(self) -> None:
        reader = _Reader(self._engine)
        try:
            self._read_what_waits(reader)
        finally:
            reader.disconnect()
            self._helpers.release()

    def _read_what_waits(self, reader: "_Reader") -> None:
        while self._batch(reader):
            if not self._still.over():
                self._ready()

    def _batch(self, reader: "_Reader") -> bool:
        """Whether anything was read."""
        read = False
        until = time.monotonic() + _BATCH_SECONDS
        while (request := self._next()) is not None:
            self._done.append((request, reader.outcome(request)))
            self._still.step()
            read = True
            if time.monotonic() > until and not self._still.is_awaited:
                break
        return read

    def _next(self) -> Request | None:
        try:
            return self._waiting.popleft()
        except IndexError:
            return None


class _Reader:
    """A connection of one thread, kept for as long as it is good."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: tuple[Connection, sqlite3.Connection] | None = None

    def outcome(self, request: Request) -> Outcome:
        """What the work returns, or what it or the database raised."""
        if request.is_withdrawn:
            return Outcome()
        try:
            connection, driver = self._connected()
            driver.execute("BEGIN")
            try:
                return Outcome(request.work(connection))
            finally:
                # Some failures make SQLite roll back by itself; its complaint would hide theirs.
                if driver.in_transaction:
                    driver.execute("ROLLBACK")
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who waits
            meaning = verdict(error)
            if isinstance(meaning, Unavailable) or isinstance(error, sqlite3.Error):
                self.disconnect()
            return Outcome(error=meaning)

    def disconnect(self) -> None:
        """Gives the connection up; the next work gets a new one."""
        if self._kept is not None:
            connection, _ = self._kept
            self._kept = None
            connection.invalidate()
            connection.close()

    def _connected(self) -> tuple[Connection, sqlite3.Connection]:
        if self._kept is None:
            connection = self._engine.connect()
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine was made for this driver
            # SQLAlchemy is left believing in one long transaction: its own bookkeeping of each would cost as much as
            # a small read.
            connection.begin()
            self._kept = connection, driver
        return self._kept

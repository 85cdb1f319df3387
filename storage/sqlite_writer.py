"""The one thread that writes to an SQLite file: works that wait together share one commit, each in its own savepoint.

It knows threads and SQLite and nothing of event loops; `storage.sqlite_runner` is its asynchronous face.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from storage import limits
from storage.engine import begin_immediate, sqlite_code
from storage.errors import Busy, Conflict, OutcomeUnknown, StorageError, Unavailable
from storage.sqlite_driver import driver_of
from storage.standing_still import StandingStill

TRIES = 3
"""How often a work runs that loses its race."""

QUEUE_LIMIT = 1000
"""How many works may wait; the next one is told to come back later."""

_BATCH_LIMIT = 64
_BATCH_SECONDS = 0.02

_LOST_RACES = frozenset(
    {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY}
)
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_BROKEN = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk fails",
    sqlite3.SQLITE_READONLY: "the file is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_PERM: "the file may not be opened",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database",
}


class _Stage(Enum):
    WAITING = auto()
    STARTED = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a work: its value, or what it or the database raised."""

    value: Any = None
    error: BaseException | None = None


@dataclass(slots=True, eq=False)
class Request:
    """A work on its way. Of one that writes, only the writer changes the stage."""

    work: Callable[[Connection], Any]
    since: float = field(default_factory=time.monotonic)
    stage: _Stage = _Stage.WAITING

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.stage is _Stage.WITHDRAWN

    def withdraw(self) -> None:
        """Nobody waits for it any more; for works that only read, and so need no agreement with whoever runs them."""
        self.stage = _Stage.WITHDRAWN


Answers = Sequence[tuple[Request, Outcome]]


def verdict(error: BaseException) -> BaseException:
    """What an error means: a lost race, a storage error, or (unchanged) none of the database's business."""
    if getattr(getattr(error, "orig", error), "sqlite_errorcode", None) in _LOST_RACES:
        return Conflict("A unique or foreign key was broken.")
    code = sqlite_code(error)
    if code in _LOCKED:
        return Busy("Another program holds the database; nothing was changed.")
    if code in _BROKEN:
        return Unavailable(f"The database cannot be used: {_BROKEN[code]}. Nothing was changed.")
    return error


class SqliteWriter:
    """Takes works from one thread, runs them in its own, and hands their outcomes over once they are on the disk.

    Who hands works over stands still while they run, not while they are put on the disk. So they take turns: what
    comes meanwhile waits until the outcomes have been taken, which is said by `go_on`.
    """

    def __init__(self, engine: Engine, answer: Callable[[Answers], None], lost_race: Callable[[], None]) -> None:
        self._engine = engine
        self._answer = answer
        self._lost_race = lost_race
        self._connection: Connection | None = None
        self._waiting: deque[Request] = deque()
        self._changed = threading.Condition()
        self._its_turn = False
        self._untaken = False
        self._closed = False
        self._still = StandingStill()
        # A daemon: a program that ends without closing the store must not hang.
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    def submit(self, requests: Sequence[Request]) -> Answers:
        """Queues works; gives back those that it did not take, each with the reason."""
        with self._changed:
            room = 0 if self._closed else QUEUE_LIMIT - len(self._waiting)
            self._waiting.extend(requests[:room])
            closed = self._closed
        if not self._untaken:
            self.go_on()
        why = Unavailable("The store is closed.") if closed else Busy("Too much is waiting to be written.")
        return _all_failed([(request, Outcome()) for request in requests[room:]], why)

    def go_on(self) -> None:
        """Has what waits run; called when outcomes have been taken, too. Waits while several works run."""
        self._still.begin()
        with self._changed:
            several = len(self._waiting) > 1
            self._its_turn = self._untaken = bool(self._waiting)
            self._changed.notify()
        if several:
            self._still.wait()

    def withdraw(self, request: Request) -> bool:
        """Takes a work back; False if it has begun and may yet be committed."""
        with self._changed:
            if request.stage is _Stage.WAITING:
                request.stage = _Stage.WITHDRAWN
            return request.stage is _Stage.WITHDRAWN

    def close(self) -> None:
        """Finishes what waits, refuses the rest, and returns when the thread has ended."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while self._something_waits():
            try:
                answers = self._one_commit(self._begin())
            except Exception as error:  # noqa: BLE001 - the thread outlives every failure; those who wait are told
                answers = self._refuse_all(error)
            self._still.over()
            self._answer(answers)
        self._disconnect()

    def _something_waits(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._its_turn or self._closed)
            self._its_turn = False
            return bool(self._waiting)

    def _next(self) -> Request | None:
        with self._changed:
            while self._waiting:
                request = self._waiting.popleft()
                if request.stage is _Stage.WAITING:
                    request.stage = _Stage.STARTED
                    return request
            return None

    def _begin(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        transaction = self._connection.begin()
        try:
            begin_immediate(self._connection)
        except SQLAlchemyError:
            transaction.rollback()
            raise
        return self._connection

    def _one_commit(self, connection: Connection) -> Answers:
        """Runs what waits, commits once, and says what became of each."""
        answers: list[tuple[Request, Outcome]] = []
        until = time.monotonic() + _BATCH_SECONDS
        while (
            len(answers) < _BATCH_LIMIT
            and (not answers or time.monotonic() < until)
            and (request := self._next()) is not None
        ):
            answers.append((request, self._outcome(connection, request)))
            self._still.step()
            if not _in_transaction(connection):
                # Some failures make SQLite roll everything back by itself.
                self._disconnect()
                lost = Unavailable("The database gave the transaction up; nothing was changed.")
                return _all_failed(answers, lost)
        self._still.over()
        try:
            connection.commit()
        except SQLAlchemyError as error:
            self._disconnect()
            return _all_failed(answers, _commit_verdict(error))
        return answers

    def _outcome(self, connection: Connection, request: Request) -> Outcome:
        if time.monotonic() - request.since > limits.LOCK_SECONDS:
            return Outcome(error=Busy("It waited too long to be written; nothing was changed."))
        for _ in range(TRIES):
            try:
                # Through SQLAlchemy, two savepoint statements cost as much as a small work.
                driver_of(connection).execute("SAVEPOINT work")
                value = request.work(connection)
                driver_of(connection).execute("RELEASE work")
            except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who waits
                _undo(connection)
                meaning = verdict(error)
                if not isinstance(meaning, Conflict):
                    return Outcome(error=meaning)
                self._lost_race()
            else:
                return Outcome(value)
        return Outcome(error=Busy(f"The race was lost {TRIES} times; nothing was changed."))

    def _refuse_all(self, error: Exception) -> Answers:
        """No transaction could begin: of those who wait, each is told who waited too long, or waits in vain."""
        meaning = verdict(error)
        if not isinstance(meaning, Busy):
            self._disconnect()
        now = time.monotonic()
        with self._changed:
            waiting = [request for request in self._waiting if request.stage is _Stage.WAITING]
            if isinstance(meaning, Busy):
                refused = [request for request in waiting if now - request.since > limits.LOCK_SECONDS]
            else:
                refused = waiting
            for request in refused:
                request.stage = _Stage.STARTED
            self._waiting = deque(request for request in waiting if request.stage is _Stage.WAITING)
        return _all_failed([(request, Outcome()) for request in refused], meaning)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _in_transaction(connection: Connection) -> bool:
    return not connection.invalidated and driver_of(connection).in_transaction


def _undo(connection: Connection) -> None:
    if not _in_transaction(connection):
        return
    try:
        driver_of(connection).execute("ROLLBACK TO work")
        driver_of(connection).execute("RELEASE work")
    except sqlite3.Error:
        # Without its savepoint the whole transaction is in doubt, so it ends here.
        connection.invalidate()


def _all_failed(answers: Answers, error: BaseException) -> Answers:
    # An exception each: they are raised in many places at once, and each place writes its traceback into it.
    return [
        (request, Outcome(error=type(error)(*error.args) if isinstance(error, StorageError) else error))
        for request, _ in answers
    ]


def _commit_verdict(error: SQLAlchemyError) -> BaseException:
    if sqlite_code(error) == sqlite3.SQLITE_IOERR:
        # The log may hold the whole commit although making it durable failed: a recovery could find it.
        return OutcomeUnknown("The disk failed during the commit.")
    meaning = verdict(error)
    return meaning if isinstance(meaning, StorageError) else Unavailable("The commit failed; nothing was changed.")

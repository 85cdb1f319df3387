"""The store on SQLite: one thread writes, a few read, and the event loop never waits for a disk."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.engine import sqlite_path, sqlite_readers, sqlite_writer
from storage.errors import Busy, OutcomeUnknown, StorageError, Unavailable
from storage.sqlite_writer import Answers, Outcome, Request, SqliteWriter, verdict

DEADLINE_SECONDS = 1.5
"""How long a caller waits at most; afterwards nothing happens that it was not told of."""

_READERS = 4

R = TypeVar("R")


class SqliteStore:
    """Runs works on one SQLite file, for one event loop. See `storage.transactions.Store`."""

    def __init__(self, url: str, *, on_error: Callable[[str], None]) -> None:
        path = sqlite_path(url)
        self._on_error = on_error
        self._loop = asyncio.get_running_loop()
        self._answers: dict[Request, asyncio.Future[Outcome]] = {}
        self._closed = False
        self._read_engine = sqlite_readers(path, threads=_READERS)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._write_engine = sqlite_writer(path)
        self._writer = SqliteWriter(
            self._write_engine,
            answer=lambda answers: self._in_loop(self._deliver, answers),
            lost_race=lambda: self._in_loop(self._on_error, "conflict"),
        )

    async def read(self, work: Callable[[Connection], R]) -> R:
        """What the work returns, from one state of the file."""
        if self._closed:
            raise self._counted(Unavailable("The store is closed."))
        answer = self._loop.run_in_executor(self._readers, self._read, work)
        try:
            await asyncio.wait({answer}, timeout=DEADLINE_SECONDS)
        finally:
            if not answer.done():
                answer.cancel()
        if answer.cancelled():
            raise self._counted(Busy("Reading took too long."))
        value: R = self._opened(answer.result())
        return value

    async def write(self, work: Callable[[Connection], R]) -> R:
        """What the work returns, once it is on the disk."""
        request = Request(work)
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        self._answers[request] = answer
        try:
            self._writer.submit(request)
            await asyncio.wait({answer}, timeout=DEADLINE_SECONDS)
        except StorageError as error:
            raise self._counted(error) from None
        finally:
            del self._answers[request]
            withdrawn = not answer.done() and self._writer.withdraw(request)
        if answer.done():
            value: R = self._opened(answer.result())
            return value
        if withdrawn:
            raise self._counted(Busy("It waited too long to be written; nothing was changed."))
        raise self._counted(OutcomeUnknown("The disk took too long over the commit."))

    async def close(self) -> None:
        """Finishes what was begun and closes the file."""
        self._closed = True
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._readers.shutdown)
        self._read_engine.dispose()
        self._write_engine.dispose()

    def _read(self, work: Callable[[Connection], R]) -> Outcome:
        try:
            with self._read_engine.connect() as connection, connection.begin() as transaction:
                value = work(connection)
                transaction.rollback()
                return Outcome(value)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who waits
            meaning = verdict(error)
            if isinstance(meaning, Unavailable):
                self._read_engine.dispose()
            return Outcome(error=meaning)

    def _in_loop(self, function: Callable[..., None], argument: object) -> None:
        # A loop that ended without closing the store has nobody left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, argument)

    def _deliver(self, answers: Answers) -> None:
        for request, outcome in answers:
            answer = self._answers.get(request)
            if answer is not None and not answer.done():
                answer.set_result(outcome)

    def _opened(self, outcome: Outcome) -> Any:
        if outcome.error is None:
            return outcome.value
        raise self._counted(outcome.error)

    def _counted(self, error: BaseException) -> BaseException:
        if isinstance(error, StorageError):
            self._on_error(error.kind)
        return error

"""The store on SQLite: one thread writes, another reads, and no disk holds the event loop.

The loop stands still while they compute (see `storage.standing_still`), and goes on when a disk keeps them waiting.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection

from storage import limits
from storage.engine import sqlite_path, sqlite_readers, sqlite_writer
from storage.errors import Busy, OutcomeUnknown, StorageError, Unavailable
from storage.sqlite_readers import SqliteReaders
from storage.sqlite_writer import Answers, Outcome, Request, SqliteWriter

_READERS = 4
_LOOK_SECONDS = 0.02
"""How often it is looked at what has waited for long: one timer for everybody, where one for each would cost more."""
_LONG_SECONDS = 0.05
"""A read that has waited so long is not read by the one thread that reads as a rule: another one helps."""

R = TypeVar("R")
_Waiting: TypeAlias = dict[Request, "asyncio.Future[Outcome]"]


class SqliteStore:
    """Runs works on one SQLite file, for one event loop. See `storage.transactions.Store`."""

    def __init__(self, url: str, *, on_error: Callable[[str], None]) -> None:
        path = sqlite_path(url)
        self._on_error = on_error
        self._loop = asyncio.get_running_loop()
        self._reads: _Waiting = {}
        self._writes: _Waiting = {}
        self._new_reads: list[Request] = []
        self._new_writes: list[Request] = []
        self._look: asyncio.TimerHandle | None = None
        self._closed = False
        self._read_engine = sqlite_readers(path, threads=_READERS)
        self._readers = SqliteReaders(self._read_engine, lambda: self._in_loop(self._deliver_reads), threads=_READERS)
        self._write_engine = sqlite_writer(path)
        self._writer = SqliteWriter(
            self._write_engine,
            answer=lambda answers: self._in_loop(self._deliver_writes, answers),
            lost_race=lambda: self._in_loop(self._on_error, "conflict"),
        )

    async def read(self, work: Callable[[Connection], R]) -> R:
        """What the work returns, from one state of the file."""
        if self._closed:
            raise self._counted(Unavailable("The store is closed."))
        request = Request(work)
        try:
            outcome = await self._outcome(request, self._reads, self._new_reads)
        except asyncio.CancelledError:
            request.withdraw()
            raise
        value: R = self._opened(outcome)
        return value

    async def write(self, work: Callable[[Connection], R]) -> R:
        """What the work returns, once it is on the disk."""
        request = Request(work)
        try:
            outcome = await self._outcome(request, self._writes, self._new_writes)
        except asyncio.CancelledError:
            self._writer.withdraw(request)
            raise
        value: R = self._opened(outcome)
        return value

    async def _outcome(self, request: Request, waiting: _Waiting, new: list[Request]) -> Outcome:
        if not (self._new_reads or self._new_writes):
            # What is asked for in one turn of the loop goes to the threads together: each change of threads in the
            # midst of it would cost more than what they do.
            self._loop.call_soon(self._hand_over)
        new.append(request)
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        waiting[request] = answer
        if self._look is None:
            self._look = self._loop.call_later(_LOOK_SECONDS, self._look_after_all)
        try:
            return await answer
        finally:
            del waiting[request]

    def _hand_over(self) -> None:
        reads, writes = self._new_reads[:], self._new_writes[:]
        self._new_reads.clear()
        self._new_writes.clear()
        if reads:
            self._readers.submit(reads)
            self._deliver_reads()
        if writes:
            _deliver(self._writes, self._writer.submit(writes))

    async def close(self) -> None:
        """Finishes what was begun and closes the file."""
        self._closed = True
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._readers.close)
        if self._look is not None:
            self._look.cancel()
        self._read_engine.dispose()
        self._write_engine.dispose()

    def _look_after_all(self) -> None:
        """Hands over what has been read, tells those whose time is up, and has others help where reading is slow."""
        self._deliver_reads()
        for request, answer in _older_than(limits.DEADLINE_SECONDS, self._reads):
            request.withdraw()
            answer.set_result(Outcome(error=Busy("Reading took too long.")))
        for request, answer in _older_than(limits.DEADLINE_SECONDS, self._writes):
            if self._writer.withdraw(request):
                error: StorageError = Busy("It waited too long to be written; nothing was changed.")
            else:
                error = OutcomeUnknown("The disk took too long over the commit.")
            answer.set_result(Outcome(error=error))
        waits = self._reads or self._writes
        self._look = self._loop.call_later(_LOOK_SECONDS, self._look_after_all) if waits else None
        if _older_than(_LONG_SECONDS, self._reads):
            self._readers.help_out()

    def _deliver_reads(self) -> None:
        _deliver(self._reads, self._readers.finished())

    def _deliver_writes(self, answers: Answers) -> None:
        _deliver(self._writes, answers)
        self._writer.go_on()

    def _in_loop(self, function: Callable[..., None], *arguments: object) -> None:
        # A loop that ended without closing the store has nobody left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)

    def _opened(self, outcome: Outcome) -> Any:
        if outcome.error is None:
            return outcome.value
        raise self._counted(outcome.error)

    def _counted(self, error: BaseException) -> BaseException:
        if isinstance(error, StorageError):
            self._on_error(error.kind)
        return error


def _deliver(waiting: _Waiting, answers: Answers) -> None:
    for request, outcome in answers:
        answer = waiting.get(request)
        if answer is not None and not answer.done():
            answer.set_result(outcome)


def _older_than(seconds: float, waiting: _Waiting) -> list[tuple[Request, "asyncio.Future[Outcome]"]]:
    found = []
    before = time.monotonic() - seconds
    for request, answer in waiting.items():  # the oldest comes first
        if request.since > before:
            break
        if not answer.done():
            found.append((request, answer))
    return found

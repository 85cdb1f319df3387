"""The store on PostgreSQL: plain functions on asyncpg's connections, and answers in time whatever the network does."""

import asyncio
import random
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, ExceptionContext, event, text
from sqlalchemy.util import greenlet_spawn

from storage import limits, postgres_driver
from storage.engine import postgres_engine
from storage.errors import Busy, Conflict, OutcomeUnknown, StorageError, Unavailable
from storage.postgres_driver import FAILED, hang_up
from storage.postgres_errors import commit_was_refused, connecting_verdict, verdict

CONNECTIONS = 10
"""How many works run at once; the others wait in front of the pool, in turn."""

TRIES = 3
"""How often a work runs that loses its race."""

_JITTER_SECONDS = (0.005, 0.05)

R = TypeVar("R")


class _Flight:
    """How far a work has come; what the one who gives up waiting needs to know."""

    __slots__ = ("_abandoned", "_driver", "committing", "connected", "read_only")

    def __init__(self, *, read_only: bool) -> None:
        self.read_only = read_only
        self.connected = False
        self.committing = False
        self._abandoned = False
        self._driver: Any = None

    def took_off(self, connection: Connection) -> None:
        self.connected = True
        self._driver = connection.connection.driver_connection
        self.check()

    def landed(self) -> None:
        self.connected = self.committing = False
        self._driver = None

    def check(self) -> None:
        """Called before whatever cannot be undone."""
        if self._abandoned:
            raise Busy("Nobody waits any more; nothing was changed.")

    def abandon(self) -> StorageError:
        """Makes sure that nothing more happens, and says what did."""
        self._abandoned = True
        if self.committing:
            return OutcomeUnknown("The database took too long over the commit.")
        if self._driver is not None:
            hang_up(self._driver)
        return Busy("The database took too long; nothing was changed.")


class PostgresStore:
    """Runs works on one PostgreSQL database, for one event loop. See `storage.transactions.Store`."""

    def __init__(self, url: str, *, on_error: Callable[[str], None], connections: int = CONNECTIONS) -> None:
        self._on_error = on_error
        self._engine = postgres_engine(url, connections=connections)
        self._turns = asyncio.Semaphore(connections)
        self._flights: set[asyncio.Task[Any]] = set()
        self._closed = False
        event.listen(self._engine.sync_engine, "handle_error", _on_failure)

    async def read(self, work: Callable[[Connection], R]) -> R:
        """What the work returns, from one snapshot."""
        return await self._answer(work, read_only=True)

    async def write(self, work: Callable[[Connection], R]) -> R:
        """What the work returns, once it is committed."""
        return await self._answer(work, read_only=False)

    async def close(self) -> None:
        """Finishes what was begun and closes the connections."""
        self._closed = True
        if self._flights:
            await asyncio.wait(self._flights)
        await self._engine.dispose()

    async def _answer(self, work: Callable[[Connection], R], *, read_only: bool) -> R:
        flight = _Flight(read_only=read_only)
        # A task of its own: who gives up waiting cancels the wait, and never a conversation with the server.
        task = asyncio.create_task(self._in_turn(work, flight))
        self._flights.add(task)
        task.add_done_callback(self._forget)
        try:
            try:
                await asyncio.wait({task}, timeout=limits.DEADLINE_SECONDS)
            except asyncio.CancelledError:
                flight.abandon()
                raise
            if not task.done():
                raise flight.abandon()
            return task.result()
        except StorageError as error:
            self._on_error(error.kind)
            raise

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._flights.discard(task)
        if not task.cancelled():
            task.exception()  # Seen, so that nobody is warned of an answer that came too late.

    async def _in_turn(self, work: Callable[[Connection], R], flight: _Flight) -> R:
        if self._closed:
            raise Unavailable("The store is closed.")
        try:
            # Who need not wait needs no timer.
            async with asyncio.timeout(limits.TURN_SECONDS if self._turns.locked() else None):
                await self._turns.acquire()
        except TimeoutError:
            raise Busy("Too much waits for the database; nothing was changed.") from None
        try:
            return await self._until_it_wins(work, flight)
        finally:
            self._turns.release()

    async def _until_it_wins(self, work: Callable[[Connection], R], flight: _Flight) -> R:
        second_connection = False
        lost = 0
        while True:
            flight.check()
            try:
                return await self._once(work, flight)
            except Conflict:
                self._on_error("conflict")
                lost += 1
                if lost == TRIES:
                    raise Busy(f"The race was lost {TRIES} times; nothing was changed.") from None
                await asyncio.sleep(random.uniform(*_JITTER_SECONDS) * lost)  # noqa: S311 - jitter is no secret
            except _ConnectionLost:
                # The pool may hold connections from before a restart of the server; it has dropped them all now.
                if second_connection:
                    raise
                second_connection = True

    async def _once(self, work: Callable[[Connection], R], flight: _Flight) -> R:
        """Runs the work once, or raises what its failure means."""
        try:
            return await greenlet_spawn(self._on_a_connection, work, flight)
        except StorageError:
            raise
        except Exception as error:
            if flight.committing and not commit_was_refused(error):
                raise OutcomeUnknown("The connection broke during the commit.") from error
            if not flight.connected:
                raise connecting_verdict(error) from error
            meaning = verdict(error)
            if meaning is error:
                raise
            if isinstance(meaning, Unavailable) and getattr(error, "connection_invalidated", False):
                raise _ConnectionLost(*meaning.args) from error
            raise meaning from error
        finally:
            flight.landed()

    def _on_a_connection(self, work: Callable[[Connection], R], flight: _Flight) -> R:
        with self._engine.sync_engine.connect() as connection:
            return _in_transaction(connection, work, flight)


class _ConnectionLost(Unavailable):
    """The connection was dead, or died, before the commit: on another one the work may still succeed."""


def _in_transaction(connection: Connection, work: Callable[[Connection], R], flight: _Flight) -> R:
    flight.took_off(connection)
    connection.info.pop(FAILED, None)
    postgres_driver.begin(connection, read_only=flight.read_only)
    try:
        value = work(connection)
        if FAILED in connection.info:
            # A work that swallowed an error may have left a transaction that COMMIT would quietly roll back.
            connection.execute(text("SELECT 1"))
        flight.check()
        flight.committing = True
        postgres_driver.commit(connection)
    except BaseException:
        postgres_driver.roll_back(connection)
        raise
    return value


def _on_failure(context: ExceptionContext) -> None:
    """Called for each statement that fails, before SQLAlchemy cleans up."""
    connection = context.connection
    if connection is None or connection.invalidated:
        return
    connection.info[FAILED] = True
    if isinstance(context.original_exception, TimeoutError):
        # The network is dead: cleaning up politely would wait for it once more.
        hang_up(connection.connection.driver_connection)

"""PostgreSQL's driver, spoken to past SQLAlchemy, in the greenlet of a work.

Transactions are begun and ended here, by one short text each. SQLAlchemy, whose connections are in autocommit, believes
that there are none; of a connection that is lost it is told, so that it gives up all that are as old.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.errors import Busy
from storage.postgres_errors import STALE_PLAN, verdict

FAILED = "a statement failed in this transaction"
"""Under this name a connection's `info` says so."""
_PREPARED = "prepared statements"
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

T = TypeVar("T")


def begin(tx: Connection, *, read_only: bool) -> None:
    """Begin a transaction; one that only reads sees one snapshot."""
    _ask(tx, lambda driver: driver.execute(_READ if read_only else "BEGIN"))


def commit(tx: Connection) -> None:
    """Commit it."""
    _ask(tx, lambda driver: driver.execute("COMMIT"))


def roll_back(tx: Connection) -> None:
    """Undo it, unless the connection is lost and did so."""
    if not tx.invalidated:
        _ask(tx, lambda driver: driver.execute("ROLLBACK"))


def rows(tx: Connection, statement: str, arguments: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows that a statement gives."""
    prepared = tx.info.setdefault(_PREPARED, {})

    async def fetch(driver: Any) -> list[Any]:
        known = prepared.get(statement)
        if known is None:
            known = prepared[statement] = await driver.prepare(statement)
        found: list[Any] = await known.fetch(*arguments)
        return found

    return [tuple(row) for row in _ask(tx, fetch)]


def hang_up(driver: Any) -> None:
    """Drop a connection without a word."""
    driver.terminate()


def _ask(tx: Connection, question: Callable[[Any], Awaitable[T]]) -> T:
    adapted: Any = tx.connection.dbapi_connection
    try:
        answer: T = adapted.run_async(question)
    except Exception as error:
        tx.info[FAILED] = True
        driver = tx.connection.driver_connection
        if isinstance(error, TimeoutError):
            # The network is dead: cleaning up politely would wait for it once more.
            hang_up(driver)
            tx.invalidate()
            raise
        if type(error).__name__ == STALE_PLAN:
            # What was prepared does not fit the tables any more, and not on the other connections either.
            hang_up(driver)
        if driver is not None and driver.is_closed() and not isinstance(verdict(error), Busy):
            # SQLAlchemy finds that out by itself: this fails as every statement on such a connection.
            tx.exec_driver_sql("SELECT 1")
        raise
    return answer

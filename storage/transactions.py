"""What the rest of the program knows of transactions: a plain function, and a store that runs it.

The two runners live beside this module, one for each database; statements live with their nouns.
"""

from collections.abc import Callable
from typing import Protocol, TypeAlias, TypeVar

import sqlalchemy

from storage.engine import Kind, kind_of

Transaction: TypeAlias = sqlalchemy.Connection
"""What a statement runs on. It is begun and ended by the store, never by a statement."""

R = TypeVar("R")


class Store(Protocol):
    """Runs plain functions, each in one transaction. Any other exception than those below passes through unchanged.

    Raises:
        Busy: nothing was changed; try again.
        Unavailable: nothing was changed; the database cannot be used now.
        OutcomeUnknown: the connection or the time ran out during the commit; read again to know.
    """

    async def read(self, work: Callable[[Transaction], R]) -> R:
        """What the work returns, from one consistent, read-only view that never waits for a writer."""
        ...

    async def write(self, work: Callable[[Transaction], R]) -> R:
        """What the work returns, once it is committed and durable; rolled back if the work raises anything.

        The work may run more than once (after a `Conflict`, a broken unique or foreign key, a serialization
        failure, a deadlock, a connection lost before the commit), so it must be a plain function of the transaction.
        """
        ...

    async def close(self) -> None:
        """Finishes what was begun, refuses what comes later, and gives the connections back."""
        ...


def _nobody_counts(kind: str) -> None:
    """The default for `on_error`."""


async def open_store(url: str, *, on_error: Callable[[str], None] = _nobody_counts) -> Store:
    """The store for this database; its schema must already be there (see `storage.schema`).

    `on_error` is called in the event loop with a word for each failure: `busy`, `unavailable`, `outcome_unknown`,
    and `conflict` for each race that was lost and run again.
    A PostgreSQL that is down is no reason to fail here: each call says so, and works once it is back.

    Raises:
        BadDatabaseURL: the URL names no database that we know.
        Unavailable: the folder of the SQLite file is not there.
    """
    if kind_of(url) is Kind.SQLITE:
        from storage.sqlite_runner import SqliteStore  # noqa: PLC0415 - one of the two is enough

        return SqliteStore(url, on_error=on_error)
    from storage.postgres_runner import PostgresStore  # noqa: PLC0415 - likewise

    return PostgresStore(url, on_error=on_error)

"""Engines: how a database URL becomes connections with the settings that the promises rest on.

Nothing here runs a transaction. No error says more of a URL than its file, host and port.
"""

import sqlite3
import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage import limits
from storage.errors import BadDatabaseURL, Unavailable

_POLL_SECONDS = 0.001
_POSTGRES_NAMES = frozenset({"postgres", "postgresql", "postgresql+asyncpg"})
_SQLITE_NAMES = frozenset({"sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"})


class Kind(StrEnum):
    """The databases that we know."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # The cause may quote the URL, so it is not chained.
        raise BadDatabaseURL("The database URL is not a URL.") from None


def kind_of(url: str) -> Kind:
    """Which database a URL names.

    Raises:
        BadDatabaseURL: none that we know, or an SQLite without a file of its own.
    """
    parsed = _parse(url)
    if parsed.drivername in _POSTGRES_NAMES:
        return Kind.POSTGRESQL
    if parsed.drivername not in _SQLITE_NAMES:
        raise BadDatabaseURL(
            f"The database URL begins with {parsed.drivername}://; it must be sqlite:// or postgresql://."
        )
    if not parsed.database or parsed.database == ":memory:":
        raise BadDatabaseURL("The database URL names no SQLite file; write sqlite:///standing-room.db.")
    return Kind.SQLITE


def sqlite_path(url: str) -> Path:
    """The file that an SQLite URL names, absolute from here on.

    Raises:
        BadDatabaseURL: it is not such a URL.
        Unavailable: the file's folder is not there.
    """
    if kind_of(url) is not Kind.SQLITE:
        raise BadDatabaseURL("The database URL names no SQLite file.")
    path = Path(str(_parse(url).database)).absolute()
    if not path.parent.is_dir():
        raise Unavailable(f"The SQLite file {path} cannot be opened: its folder does not exist.")
    return path


def begin_immediate(connection: Connection, *, patience: float | None = None) -> None:
    """Takes SQLite's one write lock at once, so that what a transaction reads is what it writes upon.

    `patience` are seconds; without it, as long as any statement waits for a lock.

    It asks every millisecond: SQLite's own waiting sleeps up to a tenth of a second between two looks, and
    so hardly ever meets the moment between two commits of another busy process.
    """
    until = time.monotonic() + (limits.LOCK_SECONDS if patience is None else patience)
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if sqlite_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            return


def sqlite_code(error: BaseException) -> int | None:
    """SQLite's primary result code of an error that SQLAlchemy or the driver raised, if it has one."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


# No hook begins the transactions of the two engines below: an engine with a hook looks for more at each statement.


def _sqlite_settings(connection: sqlite3.Connection, *settings: str) -> None:
    # Isolation level None: the driver begins nothing by itself.
    connection.isolation_level = None
    for setting in (f"busy_timeout = {round(limits.LOCK_SECONDS * 1000)}", *settings):
        connection.execute(f"PRAGMA {setting}").close()


def sqlite_writer(path: Path) -> Engine:
    """An engine for one thread that writes, and begins with `begin_immediate`: every commit is on the disk."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        _sqlite_settings(
            connection,
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            # begin_immediate does the waiting from here on.
            "busy_timeout = 0",
        )

    return engine


def sqlite_readers(path: Path, *, threads: int) -> Engine:
    """An engine for threads that read and cannot change anything; whoever uses it begins and ends its transactions."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=threads,
        max_overflow=0,
        pool_timeout=limits.LOCK_SECONDS,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        _sqlite_settings(connection, "query_only = ON")

    return engine


def sqlite_migrator(path: Path, *, patience: float) -> Engine:
    """An engine for migrations: as the writer's, with patience and without foreign keys.

    SQLite changes a table by copying and dropping it, which foreign keys would forbid; the migration checks
    them itself before it commits.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        _sqlite_settings(
            connection,
            f"busy_timeout = {round(patience * 1000)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = OFF",
        )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        begin_immediate(connection, patience=patience)

    return engine


def postgres_engine(url: str, *, connections: int) -> AsyncEngine:
    """An engine on asyncpg whose waits all end: for a connection, for an answer, for a lock, for a next statement.

    The driver reads the URL itself, as PostgreSQL's own programs do (`sslmode`, `application_name`, ...), so
    the engine's own URL is bare and has no password to show.
    """
    milliseconds = str(round(limits.LOCK_SECONDS * 1000))
    return create_async_engine(
        "postgresql+asyncpg://",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=limits.LOCK_SECONDS / 2,
        # Whoever uses it begins and ends its transactions.
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={
            **_driver_arguments(url),
            "timeout": limits.LOCK_SECONDS,
            "command_timeout": limits.ANSWER_SECONDS,
            "server_settings": {
                "lock_timeout": milliseconds,
                "statement_timeout": milliseconds,
                "idle_in_transaction_session_timeout": str(round(limits.LOCK_SECONDS * 2000)),
            },
        },
    )


def postgres_migrator(url: str) -> AsyncEngine:
    """An engine for migrations: one connection, and no limit on how long a statement may work."""
    return create_async_engine(
        "postgresql+asyncpg://",
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={**_driver_arguments(url), "timeout": limits.LOCK_SECONDS * 4},
    )


def _driver_arguments(url: str) -> dict[str, Any]:
    if kind_of(url) is not Kind.POSTGRESQL:
        raise BadDatabaseURL("The database URL names no PostgreSQL.")
    return {"dsn": "postgresql://" + url.partition("://")[2]}

"""The schema's version: which one a database has, and how it gets to another.

These functions block, and on PostgreSQL they run an event loop of their own: a coroutine calls them through
`asyncio.to_thread`. Alembic takes most of a second to import, so that waits until it is needed.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import Kind, kind_of, postgres_migrator, sqlite_migrator, sqlite_path, sqlite_readers
from storage.errors import Busy, StorageError, UnknownSchema
from storage.postgres_errors import LOCK_TIMEOUT, connecting_verdict, sqlstate
from storage.postgres_errors import verdict as postgres_verdict
from storage.sqlite_writer import verdict as sqlite_verdict

if TYPE_CHECKING:
    from alembic.config import Config

_PATIENCE_SECONDS = 60.0
"""How long one starter waits while another migrates."""

CHANGED = "changed"
"""Where `env.py` leaves whether there was anything to do, as it saw it when its turn had come."""

R = TypeVar("R")


class State(StrEnum):
    """How a database's schema stands to this program's."""

    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    UNKNOWN = "unknown"
    """A version that this program has never heard of: it was made by a later one."""


def upgrade(url: str, revision: str = "head") -> bool:
    """Brings the database to the newest schema, whole or not at all; waits while somebody else does.

    Says whether there was anything to do: of several who start at once, one did it.

    Raises:
        Unavailable: the database cannot be reached; nothing was changed.
        Busy: it was locked all the time; nothing was changed.
        UnknownSchema: a later version of the program made it; nothing was changed.
    """
    from alembic import command  # noqa: PLC0415 - slow to import

    def work(connection: Connection) -> bool:
        config = _config(connection)
        command.upgrade(config, revision)
        return bool(config.attributes[CHANGED])

    return on_connection(url, work)


def downgrade(url: str, revision: str) -> None:
    """Brings the database back to an older schema; `base` is the empty one. Raises as `upgrade`."""
    from alembic import command  # noqa: PLC0415 - slow to import

    on_connection(url, lambda connection: command.downgrade(_config(connection), revision))


def current(url: str) -> str | None:
    """The revision that the database has, or None while it has none. Changes nothing, and makes no SQLite file.

    Raises:
        Unavailable: the database cannot be reached.
        Busy: it was locked all the time.
    """
    if kind_of(url) is Kind.POSTGRESQL:
        return on_connection(url, version)
    path = sqlite_path(url)
    return _on_sqlite(sqlite_readers(path, threads=1), version) if path.exists() else None


def version(tx: Connection) -> str | None:
    """The revision that the database has, as a work for `Store.read`."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions that this program knows."""

    newest: str
    older: frozenset[str]

    def state_of(self, revision: str | None) -> State:
        """How a revision stands to the newest; cheap enough for an event loop."""
        if revision is None:
            return State.EMPTY
        if revision == self.newest:
            return State.CURRENT
        return State.BEHIND if revision in self.older else State.UNKNOWN


def revisions() -> Revisions:
    """The revisions that this program knows, read from its migrations: slow, so that whoever asks often keeps them."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow to import

    scripts = ScriptDirectory.from_config(_config())
    newest = scripts.get_current_head()
    if newest is None:
        raise LookupError("The program was installed without its migrations.")
    known = frozenset(script.revision for script in scripts.walk_revisions())
    return Revisions(newest, known - {newest})


def head() -> str:
    """The newest revision that this program knows."""
    return revisions().newest


def state(url: str) -> State:
    """How the database's schema stands to this program's. Raises as `current`."""
    return state_of(current(url))


def state_of(revision: str | None) -> State:
    """How a revision stands to this program's newest. Slow: see `revisions`."""
    return revisions().state_of(revision)


def refuse_unknown(tx: Connection) -> None:
    """Lets a migration go on only from a schema that this program knows.

    Raises:
        UnknownSchema: it does not know this one; nothing was changed.
    """
    found = version(tx)
    if state_of(found) is State.UNKNOWN:
        raise UnknownSchema(f"The database has a schema of a later version of Standing Room (revision {found}).")


def on_connection(url: str, work: Callable[[Connection], R]) -> R:
    """What the work returns, on a connection with a migration's patience; the work begins and ends its transactions."""
    if kind_of(url) is Kind.POSTGRESQL:
        return asyncio.run(_on_postgres(url, work))
    return _on_sqlite(sqlite_migrator(sqlite_path(url), patience=_PATIENCE_SECONDS), work)


def _on_sqlite(engine: Engine, work: Callable[[Connection], R]) -> R:
    try:
        with engine.connect() as connection:
            return work(connection)
    except SQLAlchemyError as error:
        _raise_meaning(error, sqlite_verdict(error))
        raise
    finally:
        engine.dispose()


async def _on_postgres(url: str, work: Callable[[Connection], R]) -> R:
    engine = postgres_migrator(url)
    connected = False
    try:
        async with engine.connect() as connection:
            connected = True
            return await connection.run_sync(work)
    except (SQLAlchemyError, OSError) as error:
        if sqlstate(error) == LOCK_TIMEOUT:
            raise Busy("Somebody else holds a lock on the tables; nothing was changed.") from error
        _raise_meaning(error, postgres_verdict(error) if connected else connecting_verdict(error))
        raise
    finally:
        await engine.dispose()


def _raise_meaning(error: Exception, meaning: BaseException) -> None:
    if isinstance(meaning, StorageError):
        raise meaning from error


def _config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - slow to import

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

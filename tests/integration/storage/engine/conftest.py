from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage.engine import sqlite_path
from storage.postgres_runner import PostgresStore
from storage.sqlite_runner import SqliteStore
from storage.transactions import Store, open_store
from tests.databases import PostgresTemplates, socket_of, with_address
from tests.integration.storage.engine import statements
from tests.tcp_proxy import TcpProxy


@pytest.fixture
def counted() -> list[str]:
    """The words that the store under test called `on_error` with."""
    return []


@pytest.fixture
async def tally(empty_database_url: str, counted: list[str]) -> AsyncIterator[Store]:
    """A store with a counter, on each kind of database."""
    store = await open_store(empty_database_url, on_error=counted.append)
    await store.write(statements.create)
    yield store
    await store.close()


@pytest.fixture
async def on_sqlite(make_database: Callable[..., str], counted: list[str]) -> AsyncIterator[SqliteStore]:
    """A store with a counter, on SQLite."""
    store = SqliteStore(make_database("sqlite", migrated=False), on_error=counted.append)
    await store.write(statements.create)
    yield store
    await store.close()


@pytest.fixture
def sqlite_file(on_sqlite: SqliteStore) -> Path:
    """The file of that store."""
    return sqlite_path(str(on_sqlite._write_engine.url))


@pytest.fixture
async def proxy(postgres: PostgresTemplates) -> AsyncIterator[TcpProxy]:
    """The network between that store and its server."""
    async with TcpProxy(socket_of(postgres.url)) as proxy:
        yield proxy


@pytest.fixture
def direct_url(make_database: Callable[..., str]) -> str:
    """The URL of that store's database, past the network that misbehaves."""
    return make_database("postgresql", migrated=False)


@pytest.fixture
async def on_postgres(direct_url: str, proxy: TcpProxy, counted: list[str]) -> AsyncIterator[PostgresStore]:
    """A store with a counter, on PostgreSQL behind a network that can misbehave."""
    store = PostgresStore(with_address(direct_url, "127.0.0.1", proxy.port), on_error=counted.append)
    await store.write(statements.create)
    yield store
    await store.close()

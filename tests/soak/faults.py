"""The faults of a soak: each is a block that lasts, and everything is well again when it ends."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import TypeAlias

from sqlalchemy import text

from bot.playground import Fault, StandIn
from storage.engine import postgres_migrator, sqlite_path
from tests.tcp_proxy import Network, TcpProxy

Lasting: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]
SLOW_SECONDS = 0.1
"""How much later every piece arrives on a slow network, in each direction."""
VERY_SLOW_SECONDS = 0.4
MANY = 1000


@asynccontextmanager
async def sqlite_locked(url: str) -> AsyncIterator[None]:
    """Another program writes to the file, and takes its time."""
    path = sqlite_path(url)
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


@asynccontextmanager
async def postgres_locked(url: str, statement: str) -> AsyncIterator[None]:
    """Somebody else holds a lock."""
    engine = postgres_migrator(url)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
            yield
            await connection.rollback()
    finally:
        await engine.dispose()


LOCKS: Mapping[str, Callable[[str], AbstractAsyncContextManager[None]]] = {
    "file": sqlite_locked,
    "row": lambda url: postgres_locked(url, "SELECT id FROM member FOR UPDATE"),
    "table": lambda url: postgres_locked(url, "LOCK TABLE member IN ACCESS EXCLUSIVE MODE"),
}
"""What somebody else may hold, on a database of this URL: the first on SQLite, the others on PostgreSQL."""


@asynccontextmanager
async def network(proxy: TcpProxy, how: Network, delay: float = 0.0) -> AsyncIterator[None]:
    """The network to the database misbehaves."""
    proxy.network, proxy.delay = how, delay
    try:
        yield
    finally:
        proxy.network = Network.PASS


@asynccontextmanager
async def refused(proxy: TcpProxy) -> AsyncIterator[None]:
    """Nobody listens where the database was."""
    await proxy.stop()
    try:
        yield
    finally:
        await proxy.start()


@asynccontextmanager
async def no_dialogs(slack: StandIn) -> AsyncIterator[None]:
    """Slack opens no dialogs, for one reason after the other."""
    kinds = (Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.RESET, Fault.BROKEN_JSON, Fault.NOT_OK("fatal_error"))
    for number in range(MANY):
        slack.faults.set("views.open", Fault.TIMEOUT if number % 6 == 0 else kinds[number % len(kinds)])
    try:
        yield
    finally:
        slack.faults.clear()


def sqlite_faults(url: str, slack: StandIn) -> Mapping[str, Lasting]:
    """What can happen to an application on SQLite."""
    return {"the file is locked": lambda: LOCKS["file"](url), "Slack opens no dialogs": lambda: no_dialogs(slack)}


def postgres_faults(url: str, proxy: TcpProxy, slack: StandIn) -> Mapping[str, Lasting]:
    """What can happen to an application on PostgreSQL; `url` leads past the network that misbehaves."""
    return {
        "every row is locked": lambda: LOCKS["row"](url),
        "a table is locked": lambda: LOCKS["table"](url),
        "the network is slow": lambda: network(proxy, Network.DELAY, SLOW_SECONDS),
        "the network is very slow": lambda: network(proxy, Network.DELAY, VERY_SLOW_SECONDS),
        "the network swallows everything": lambda: network(proxy, Network.BLACK_HOLE),
        "connections break": lambda: network(proxy, Network.RESET),
        "the database is stopped": lambda: refused(proxy),
        "Slack opens no dialogs": lambda: no_dialogs(slack),
    }

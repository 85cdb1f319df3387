"""One soak on one database: the process, the crowd, the faults, and what is looked at in the end."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.foundations import slash_commands
from bot.manifest import manifest
from bot.playground import StandIn
from bot.watchdog import Watchdog
from storage.transactions import Transaction, open_store
from tests.databases import socket_of, with_address
from tests.e2e.process import PATIENCE_SECONDS
from tests.integration.cli.program import ENVIRON, SIGNING_SECRET, serving
from tests.integration.services.stored import broken_promises
from tests.soak.crowd import Crowd
from tests.soak.faults import Lasting, postgres_faults, sqlite_faults
from tests.soak.hopes import lost
from tests.soak.report import Report, Window, sample
from tests.tcp_proxy import TcpProxy

WORKSPACE = "T0SOAK"
SAMPLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a soak takes, and how hard it is."""

    seconds: float
    per_second: float = 20.0
    calm: float = 8.0
    """Between two faults."""
    lasting: float = 10.0
    """How long each fault is on."""
    warm_up: float = 120.0
    """Until memory is looked at."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How the process reaches its database, and what can happen to it there."""

    url: str
    faults: Mapping[str, Lasting]


async def soak(kind: str, database_url: str, pace: Pace, folder: Path) -> Report:
    """Load with faults on a process that serves this migrated database; what was seen, and judged."""
    listed = manifest(slash_commands(), "https://rooms.example.com")
    slack = StandIn(SIGNING_SECRET, manifest=listed, ack_timeout=PATIENCE_SECONDS)
    crowd = Crowd(slack, slack.add_workspace(WORKSPACE, name="Soak", domain="soak"))
    report = Report(kind, pace.seconds, pace.warm_up, time.time())
    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(slack.serve())
        way = await stack.enter_async_context(_way(kind, database_url, slack))
        environ = ENVIRON | {
            "DATABASE_URL": way.url,
            "SLACK_API_URL": api_url,
            "SLACK_BOT_TOKEN": crowd.workspace.bot_token,
        }
        address, _, lines = await stack.enter_async_context(serving(environ, folder))
        slack.deliver_to(f"{address}/slack/events")
        until = time.monotonic() + pace.seconds
        looking = asyncio.create_task(_sample(address, report))
        faults = asyncio.create_task(_come_and_go(way.faults, pace, until, report))
        async with Watchdog(time.monotonic, report.note_lag).watching():
            await crowd.load(pace.per_second, until)
        await faults
        looking.cancel()
        await asyncio.wait((looking,))
    report.milliseconds, report.words, report.slow = crowd.milliseconds, crowd.words, crowd.slow
    report.troubles += crowd.troubles
    report.read_log(lines)
    report.troubles += await _look_at_the_data(database_url, crowd)
    report.judge()
    return report


@asynccontextmanager
async def _way(kind: str, url: str, slack: StandIn) -> AsyncIterator[_Way]:
    if kind == "sqlite":
        yield _Way(url, sqlite_faults(url, slack))
        return
    async with TcpProxy(socket_of(url)) as proxy:
        yield _Way(with_address(url, "127.0.0.1", proxy.port), postgres_faults(url, proxy, slack))


async def _come_and_go(faults: Mapping[str, Lasting], pace: Pace, until: float, report: Report) -> None:
    """One fault after the other, with calm between them, and calm at the end."""
    for name in itertools.cycle(faults):
        await asyncio.sleep(pace.calm)
        if time.monotonic() + pace.lasting + pace.calm > until:
            return
        begun = time.time()
        async with faults[name]():
            await asyncio.sleep(pace.lasting)
        report.windows.append(Window(name, begun, time.time()))


async def _sample(address: str, report: Report) -> None:
    """Looks at memory and descriptors now and then, until it is cancelled."""
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{address}/metrics") as response:
                report.samples.append(sample(time.time(), await response.text()))
            await asyncio.sleep(SAMPLE_SECONDS)


async def _look_at_the_data(url: str, crowd: Crowd) -> list[str]:
    def look(tx: Transaction) -> list[str]:
        broken = [f"broken: {promise} ({row})" for promise, row in broken_promises(tx)]
        if tx.dialect.name == "sqlite":
            found = tx.exec_driver_sql("PRAGMA integrity_check").scalar()
            broken += [] if found == "ok" else [f"integrity: {found}"]
        return broken + lost(tx, WORKSPACE, crowd.hopes)

    store = await open_store(url)
    try:
        return await store.read(look)
    finally:
        await store.close()

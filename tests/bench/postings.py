"""Messages that are all due at once, posted by two processes: `python -m tests.bench.postings` for this part alone.

Slack is a bare handler on loopback that keeps when it heard what: how long ours takes is measured, not a stand-in's.
"""

import asyncio
import itertools
import resource
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from aiohttp import web

from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from storage import schema, workspaces
from storage.transactions import Transaction, open_store
from tests.databases import PostgresTemplates, postgres_server
from tests.integration.services.houses import house_of

MESSAGES = 10_000
CHANNELS = 400
PROCESSES = 2
A_PIECE = 500
"""Plans in one transaction."""


@dataclass
class Heard:
    """What was posted: which message, when, into which channel."""

    messages: Counter[str] = field(default_factory=Counter)
    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    all: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, request: web.Request) -> web.Response:
        """`chat.postMessage`."""
        body = await request.json()
        self.messages[body["text"]] += 1
        self.times[body["channel"]].append(time.monotonic())
        if len(self.messages) == MESSAGES:
            self.all.set()
        return web.json_response({"ok": True, "channel": body["channel"], "ts": f"{time.time():.6f}"})

    def shortest_gap(self) -> float:
        """The least number of seconds between two messages into one channel."""
        return min(after - before for each in self.times.values() for before, after in itertools.pairwise(each))


@asynccontextmanager
async def slack(heard: Heard) -> AsyncIterator[str]:
    """The address of a Slack that takes every message."""
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", heard.post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


async def plan_all(url: str) -> None:
    """Plan every message, all for the same moment, which is over."""
    store = await open_store(url)
    records, at = PostingRecords(house_of(store)), datetime.now(UTC)

    def some(tx: Transaction, first: int) -> None:
        workspaces.ensure(tx, "T0ACME", at)
        for number in range(first, first + A_PIECE):
            target = Target(channel=f"C{number % CHANNELS:05}")
            records.plan(tx, Plan("T0ACME", PostingKind.REMINDER, "s" * 26, target, at, str(number)))

    for first in range(0, MESSAGES, A_PIECE):
        await store.write(partial(some, first=first))
    await store.close()


async def started(url: str, slack_url: str) -> Process:
    """A process that has begun to post."""
    words = ("-m", "tests.posters", url, slack_url, "xoxb-bench", "1")
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def one(kind: str, url: str) -> str:
    """A line of the table."""
    heard, before = Heard(), resource.getrusage(resource.RUSAGE_CHILDREN)
    await plan_all(url)
    async with slack(heard) as slack_url:
        began = time.monotonic()
        processes = await asyncio.gather(*(started(url, slack_url) for _ in range(PROCESSES)))
        await asyncio.wait_for(heard.all.wait(), 600)
        seconds = time.monotonic() - began
        for process in processes:
            process.terminate()
        await asyncio.gather(*(process.wait() for process in processes))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000 / MESSAGES
    twice = sum(count > 1 for count in heard.messages.values())
    return f"| {kind} | {seconds:.0f} | {len(heard.messages):,} | {twice} | {heard.shortest_gap():.3f} | {cpu:.1f} |"


async def due_at_once(urls: dict[str, str]) -> str:
    """The table; each database must be migrated and have no plans."""
    lines = [await one(kind, url) for kind, url in urls.items()]
    least = MESSAGES // CHANNELS - 1
    head = f"{MESSAGES:,} messages due at once in {CHANNELS} channels (no less than {least} s), two processes"
    return "\n".join(
        [f"| {head} | s | posted | twice | shortest gap, s | CPU a message, ms |", "|---|---|---|---|---|---|", *lines]
    )


def main() -> None:
    """This part alone."""
    with tempfile.TemporaryDirectory() as folder, postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        urls = {"sqlite": f"sqlite:///{folder}/bench.db", "postgresql": templates.fresh()}
        schema.upgrade(urls["sqlite"])
        sys.stdout.write(asyncio.run(due_at_once(urls)) + "\n")
        templates.drop(urls["postgresql"])
        templates.close()


if __name__ == "__main__":
    main()

"""The application as a process of its own behind the stand-in for Slack, where a test needs what only a process has."""

import asyncio
import json
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.foundations import slash_commands
from bot.manifest import manifest
from bot.playground import Person, StandIn
from bot.watchdog import Watchdog
from storage import members
from storage.transactions import Store, open_store
from tests.e2e.stage import ACME, BASE, add_acme
from tests.integration.cli.program import ENVIRON, SIGNING_SECRET, serving

PATIENCE_SECONDS = 10.0
"""Longer than Slack waits, so that it is measured how late an answer was."""


@dataclass(frozen=True, slots=True)
class Served:
    """`python -m bot serve` with four people of a workspace, and a store of the test's own on its database."""

    slack: StandIn
    people: Mapping[str, Person]
    address: str
    process: Process
    lines: list[str]
    store: Store
    lags: list[float]

    @property
    def late(self) -> float:
        """How many seconds a busy machine may have added to an answer: the worst that either event loop has met."""
        return max(self.lags) + max((each["seconds"] for each in self.logged("event_loop_blocked")), default=0.0)

    async def look(self, path: str) -> tuple[int, str]:
        """What it answers to a browser."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.address}{path}") as response:
            return response.status, await response.text()

    async def readiness(self) -> tuple[int, Any]:
        """What it says of its readiness."""
        status, said = await self.look("/readyz")
        return status, json.loads(said)

    def more_people(self, how_many: int) -> list[Person]:
        """So many more people of the workspace."""
        anna = self.people["anna"]
        members = [anna.workspace.add_member(f"U0P{each:03}", real_name=f"Person {each}") for each in range(how_many)]
        return [self.slack.person(member, anna.channel) for member in members]

    async def until_ready(self) -> None:
        """Wait until all is well, at most five seconds."""
        said: Any = None
        for _ in range(100):
            _, said = await self.readiness()
            if said["status"] == "ok":
                return
            await asyncio.sleep(0.05)
        raise TimeoutError(said)

    async def pmi(self, person: Person) -> str | None:
        """The live PMI in the database."""
        row = await self.store.read(lambda tx: members.find(tx, ACME, person.member.id))
        return None if row is None else row.pmi

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log about this."""
        entries = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [entry for entry in entries if event == entry["event"]]


@asynccontextmanager
async def served(database_url: str, folder: Path, environ: Mapping[str, str] | None = None) -> AsyncIterator[Served]:
    """The process until the block ends; `database_url` is the test's own way, which `environ` may replace."""
    slack = StandIn(SIGNING_SECRET, manifest=manifest(slash_commands(), BASE), ack_timeout=PATIENCE_SECONDS)
    acme, _, people = add_acme(slack)
    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(slack.serve())
        store = await open_store(database_url)
        stack.push_async_callback(store.close)
        own = {"DATABASE_URL": database_url, "SLACK_API_URL": api_url, "SLACK_BOT_TOKEN": acme.bot_token}
        running = serving(ENVIRON | own | dict(environ or {}), folder)
        address, process, lines = await stack.enter_async_context(running)
        slack.deliver_to(f"{address}/slack/events")
        lags = [0.0]
        await stack.enter_async_context(Watchdog(time.monotonic, lags.append).watching())
        yield Served(slack, people, address, process, lines, store, lags)

"""kill -9 at every point of a change: all of its rows are there or none, and whoever repeats it succeeds.

The process is the program itself; `tests.e2e.dying` has it die at a point.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeAlias
from urllib.parse import urlsplit

import aiohttp
import pytest
import sqlalchemy as sa

from bot.playground import Person
from bot.playground.delivery import Exchange
from bot.playground.state import Message
from storage.engine import Kind, kind_of, sqlite_path
from storage.tables import seen_requests
from storage.transactions import Transaction
from tests.e2e.dying import Point
from tests.e2e.reading import choices, digits
from tests.e2e.stage import SECRET_KEY, SIGNING_SECRET, Stage, make_stage
from tests.integration.services import stored
from tests.lengths import short_or_long

ROOT = Path(__file__).parents[2]
ROUNDS = short_or_long(1, 25)
READY_SECONDS = 5.0
STATEMENTS = {Kind.SQLITE: 5, Kind.POSTGRESQL: 3}
"""So many statements at least write in a change, the first one of somebody and a later one."""
UNDONE = (Point.BEFORE_BEGIN, Point.IN_TRANSACTION, Point.BEFORE_COMMIT)
UNANSWERED = (*UNDONE, Point.AFTER_COMMIT, Point.BEFORE_ANSWER)
AFTER_A_BUTTON = (Point.BEFORE_FOREIGN_CALL, Point.AFTER_FOREIGN_CALL)
Rows: TypeAlias = tuple[stored.Stored, int]
CHANCE = Random(10)  # noqa: S311 (tests must repeat)


class Mortals:
    """Processes on one database, one after the other; each dies at a point of one person's change."""

    def __init__(self, stage: Stage, program: Process) -> None:
        self.stage = stage
        self.program = program
        self.pid = 0

    async def born(self, point: Point | None = None, victim: str = "") -> float:
        """The next process, ready, and where Slack's requests go from now on; how long that took."""
        began = time.monotonic()
        most = STATEMENTS[kind_of(self.stage.settings.database_url.get_secret_value())]
        order = {"point": point or "", "victim": victim, "statement": CHANCE.randint(1, most)}
        assert self.program.stdin is not None
        self.program.stdin.write(json.dumps(order).encode() + b"\n")
        self.pid = (await self._heard())["pid"]
        url = await self._address()
        self.stage.slack.deliver_to(f"{url}/slack/events")
        async with aiohttp.ClientSession() as session, session.get(f"{url}/readyz") as response:
            assert 200 == response.status, await response.text()
        return time.monotonic() - began

    async def ended(self) -> int:
        """How the process ended: its exit code, or the signal's number below zero."""
        status = (await self._heard())["status"]
        self.pid = 0
        return status

    async def _heard(self) -> dict[str, int]:
        assert self.program.stdout is not None
        async with asyncio.timeout(30):
            found: dict[str, int] = json.loads(await self.program.stdout.readline())
            return found

    async def _address(self) -> str:
        assert self.program.stderr is not None
        async with asyncio.timeout(30):
            while line := (await self.program.stderr.readline()).decode():
                if '"serving"' in line:
                    return str(json.loads(line)["address"])
        raise AssertionError("it did not start")


@asynccontextmanager
async def mortals(stage: Stage) -> AsyncIterator[Mortals]:
    environ = {
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": stage.acme.bot_token,
        "SLACK_API_URL": stage.settings.slack_api_url,
        "DATABASE_URL": stage.settings.database_url.get_secret_value(),
        "SECRET_KEY": SECRET_KEY,
        "DEFAULT_PLAN": "business",
        "DEFAULT_LICENCE": "licensed",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "PATH": os.environ["PATH"],
    }
    words = (sys.executable, "-m", "tests.e2e.dying")
    program = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=environ, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    made = Mortals(stage, program)
    try:
        yield made
    finally:
        if made.pid:
            with suppress(ProcessLookupError):
                os.kill(made.pid, signal.SIGKILL)
        await program.communicate(b"")


class Change:
    """One person's change, not sent yet: a command that is also their first contact, or a button."""

    def __init__(self, person: Person, wish: str, request: Exchange, message: Message | None) -> None:
        self.person = person
        self.wish = wish
        self.request = request
        self.message = message
        self.actions = ["pmi.changed"] if message else ["pmi.assigned", "pmi.changed"]


async def by_command(stage: Stage, person: Person) -> Change:
    wish = str(CHANCE.randrange(3_100_000_001, 3_999_999_999))
    request = await stage.unsent(partial(person.types, f"/pmi set {wish}"))
    return Change(person, wish, request, None)


async def by_button(stage: Stage, person: Person) -> Change:
    await person.types("/pmi suggest")
    message = person.private_messages[-1]
    wish = choices(message)[0]
    request = await stage.unsent(partial(person.presses, "Choose", value=wish, on=message))
    return Change(person, wish, request, message)


async def everything(stage: Stage) -> Rows:
    """All rows of all tables; of the requests that were seen, how many."""

    def look(tx: Transaction) -> Rows:
        assert [] == stored.broken_promises(tx)
        return stored.everything(tx), tx.execute(sa.select(sa.func.count()).select_from(seen_requests)).scalar_one()

    return await stage.store.read(look)


def integrity(database_url: str) -> list[tuple[str, ...]]:
    """What SQLite finds wrong with its own file; PostgreSQL was not killed."""
    if urlsplit(database_url).scheme != "sqlite":
        return []
    with closing(sqlite3.connect(sqlite_path(database_url))) as file:
        found = file.execute("PRAGMA integrity_check").fetchall() + file.execute("PRAGMA foreign_key_check").fetchall()
    return [each for each in found if each != ("ok",)]


async def dies(stage: Stage, processes: Mortals, point: Point, change: Change) -> tuple[Exchange, Rows]:
    """The process dies at the point of the change, of which all is stored, or nothing; what was answered and stored."""
    before = await everything(stage)
    exchange = await stage.slack.resend(change.request)
    assert -signal.SIGKILL == await processes.ended()
    after = await everything(stage)

    assert (0 if point in UNANSWERED else 200) == exchange.status
    if point in UNDONE:
        assert before == after
    else:
        assert before[1] + 1 == after[1]
        assert before[0].log.total() + len(change.actions) == after[0].log.total()
    assert [] == integrity(stage.settings.database_url.get_secret_value())
    return exchange, after


async def is_repeated(stage: Stage, change: Change, exchange: Exchange, left: Rows, point: Point) -> None:
    """The very same request comes again, twice: it succeeds, and changes nothing more where it had been stored.

    Nor does a request of its own for the same, as somebody makes who was not answered and types the command once more.
    """
    repeated = [await stage.slack.resend(change.request) for _ in range(2)]
    whole = await everything(stage)

    assert [200, 200] == [each.status for each in repeated]
    assert {repeated[0].body} == {each.body for each in (*repeated, exchange) if each.status}
    assert point in UNDONE or left == whole
    assert change.actions == (await stage.actions(change.person))[-len(change.actions) :]
    assert change.wish == await stage.pmi(change.person)
    if change.message is None:
        assert change.wish in digits(repeated[0].json["text"])
    else:
        message = change.message
        await stage.slack.until(lambda: "Saved" in message.shown)
    typed_again = await change.person.types(f"/pmi set {change.wish}")
    assert "There was nothing to change." in typed_again.json["text"]
    assert whole[0] == (await everything(stage))[0]


@pytest.mark.row("R10")
@pytest.mark.row("R11")
async def test_a_process_that_is_killed_leaves_all_of_a_change_or_nothing_and_the_repeat_succeeds(
    database_url: str,
) -> None:
    """At each point 25 times in the long form: a first contact that sets a number, a button that claims one, in turn.

    Seen red: without one transaction around a change (savepoints that commit on SQLite, AUTOCOMMIT on PostgreSQL) a
    process killed within it left rows behind ("somebody has several live numbers, or none"); with answers not kept in
    it, the second repeat said something else than the first; with kept answers not looked up, it said "Nothing was
    changed" of what was saved.
    """
    rounds = [
        (point, by_button if place + again & 1 or point in AFTER_A_BUTTON else by_command)
        for again in range(ROUNDS)
        for place, point in enumerate(Point)
    ]
    waits: list[float] = []
    async with make_stage(database_url) as stage, mortals(stage) as processes:
        people = [stage.add(f"U{number:04}", f"Person {number}") for number in range(len(rounds))]
        await processes.born(rounds[0][0], people[0].member.id)
        for number, (point, begin) in enumerate(rounds):
            change = await begin(stage, people[number])
            exchange, left = await dies(stage, processes, point, change)
            later = rounds[number + 1 : number + 2]
            # Whoever comes to life next mends what this one left, before its own time comes.
            waits.append(
                await processes.born(later[0][0], people[number + 1].member.id) if later else await processes.born()
            )
            await is_repeated(stage, change, exchange, left, point)
        os.kill(processes.pid, signal.SIGINT)
        assert 0 == await processes.ended()

    assert max(waits) < READY_SECONDS

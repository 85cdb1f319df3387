"""Many who want the same at the same moment, over several processes: one has it, all others hear that it is taken."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import pytest

from bot.rules import draw_number
from bot.services.sign_in import new_browser
from bot.services.signed_in import Page, Return
from storage.transactions import Store, open_store
from tests.integration.services import stored
from tests.integration.services.houses import use_cases
from tests.lengths import short_or_long

ROOT = Path(__file__).resolve().parents[3]
PROCESSES = short_or_long(4, 8)
TASKS = short_or_long(8, 25)
CLAIMERS = PROCESSES * TASKS
ROUNDS = short_or_long(100, 20)
"""Fewer in the long form, where 200 claim instead of 32."""
CHANCE = Random(7)  # noqa: S311 (tests must repeat)

Outcomes = list[tuple[str, float, int]]
"""What each wish came to, in how many seconds, and how often it was made again."""


class Racers:
    """Everybody at the start, in their processes, and the pipes to them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def wish(self, what: str, wishes: list[str]) -> Outcomes:
        """Everybody wishes at once, each for their own, and has heard what it came to."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"what": what, "wishes": wishes}).encode() + b"\n")
        return [(word, seconds, again) for word, seconds, again in await self.heard()]

    async def heard(self) -> list[Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the process ended"
        found: list[Any] = json.loads(line)
        return found


@asynccontextmanager
async def racers(url: str) -> AsyncIterator[Racers]:
    """Processes that stand at the start; each in a workspace of its own."""
    words = ("-m", "tests.races", url, str(PROCESSES), str(TASKS))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdin=PIPE, stdout=PIPE, limit=2**20
    )
    try:
        found = Racers(process)
        assert ["ready"] == await found.heard()
        yield found
    finally:
        _, _ = await process.communicate(b"")
    assert 0 == process.returncode


async def promises_broken(url: str) -> list[tuple[str, str]]:
    store = await open_store(url)
    broken = await store.read(stored.broken_promises)
    await store.close()
    return broken


def spelled_in_some_way(link: str) -> str:
    shouted = "".join(letter.upper() if CHANCE.random() < 0.5 else letter for letter in link)
    return shouted + "." * CHANCE.randrange(4)


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str, Outcomes], None]:
    """Keeps how long it took, for whoever asks pytest for a report; and prints it under -s."""

    def keep(what: str, outcomes: Outcomes) -> None:
        cuts = quantiles((seconds * 1000 for _, seconds, _ in outcomes), n=100)
        line = f"{len(outcomes)} wishes, median {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms"
        line += f", {sum(again for *_, again in outcomes)} times busy"
        record_property(what, line)
        sys.stdout.write(f"\n{what}: {line}\n")

    return keep


@pytest.mark.row("R01")
async def test_many_claimers_of_one_number_leave_one_holder(
    database_url: str, report: Callable[[str, Outcomes], None]
) -> None:
    """32 in 4 processes, 100 rounds; in the long form 200 in 8, 20 rounds. How long it took is in the report.

    Seen red: where a claim looked first and then inserted, into a table without its primary key, all 32 were told
    "saved" on PostgreSQL; with BEGIN in the place of BEGIN IMMEDIATE, SQLite had "Another program holds the database"
    for those who came for their first room.
    """
    everything: Outcomes = []
    async with racers(database_url) as found:
        for _ in range(ROUNDS):
            number = draw_number(CHANCE.randrange).digits
            outcomes = await found.wish("pmi", [number] * CLAIMERS)
            everything += outcomes

            assert {"saved": 1, "pmi.taken": CLAIMERS - 1} == Counter(word for word, *_ in outcomes)
    report("one number", everything)

    assert [] == await promises_broken(database_url)


@pytest.mark.row("R02")
async def test_many_claimers_of_one_link_in_many_spellings_leave_one_holder(
    database_url: str, report: Callable[[str, Outcomes], None]
) -> None:
    """Seen red: with a key that is the spelling, all 32 met the database's own check (IntegrityError); where a claim
    looked first and then inserted, into a table without its primary key, 17 of 32 were told "saved" on PostgreSQL.
    """
    everything: Outcomes = []
    async with racers(database_url) as found:
        for number in range(10):
            wishes = [spelled_in_some_way(f"blue.harbour.{number}") for _ in range(CLAIMERS)]
            outcomes = await found.wish("link", wishes)
            everything += outcomes

            assert {"saved": 1, "link.taken": CLAIMERS - 1} == Counter(word for word, *_ in outcomes)
    report("one link", everything)

    assert [] == await promises_broken(database_url)


@pytest.mark.row("R39")
async def test_many_who_come_back_with_one_state_leave_one_who_is_signed_in(
    database_url: str, store: Store, report: Callable[[str, Outcomes], None]
) -> None:
    """32 in 4 processes, 20 rounds.

    Seen red: with a look first and then a deletion, ten of the 32 were signed in on PostgreSQL.
    """
    everything: Outcomes = []
    sign_ins = use_cases(store).sign_ins
    async with racers(database_url) as found:
        for _ in range(20):
            browser = new_browser()
            begun = await sign_ins.begin(Return(Page.NUMBER, "5829047316"), browser, with_verifier=True)
            outcomes = await found.wish("state", [f"{begun.state} {browser}"] * CLAIMERS)
            everything += outcomes

            assert {"saved": 1, "StateUnknown": CLAIMERS - 1} == Counter(word for word, *_ in outcomes)
    report("one state", everything)


async def test_many_people_who_each_want_another_number_all_have_it(database_url: str) -> None:
    async with racers(database_url) as found:
        for _ in range(2):
            wishes = [draw_number(CHANCE.randrange).digits for _ in range(CLAIMERS)]
            outcomes = await found.wish("pmi", wishes)

            assert {"saved": CLAIMERS} == Counter(word for word, *_ in outcomes)

    assert [] == await promises_broken(database_url)

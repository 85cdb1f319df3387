"""Many who want the same at the same moment, over two processes: one has it, all others hear that it is taken.

RACE_ROUNDS sets the number of rounds, for a long run.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from statistics import quantiles

import pytest

from bot.rules import draw_number
from storage.transactions import open_store
from tests.integration.services import stored

ROOT = Path(__file__).resolve().parents[3]
PROCESSES = 2
TASKS = 16
ROUNDS = int(os.environ.get("RACE_ROUNDS", "100"))
CHANCE = Random(7)  # noqa: S311 (tests must repeat)

Outcomes = list[tuple[str, float]]


class Racer:
    """One process of people, and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def heard(self) -> list[tuple[str, float]]:
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        assert line, "the process ended"
        return [tuple(each) for each in json.loads(line)]

    def wish(self, what: str, wishes: list[str]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"what": what, "wishes": wishes}).encode() + b"\n")


@asynccontextmanager
async def racers(url: str) -> AsyncIterator[list[Racer]]:
    """Processes that stand at the start; each in a workspace of its own."""
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.races", url, f"T{number}", str(number * TASKS), str(TASKS)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(PROCESSES)
    ]
    try:
        found = [Racer(process) for process in started]
        for process in started:
            assert process.stdout is not None
            assert b'["ready"]\n' == await process.stdout.readline()
        yield found
    finally:
        for process in started:
            if process.stdin is not None:
                process.stdin.close()
        codes = await asyncio.gather(*(process.wait() for process in started))
    assert [0] * PROCESSES == codes


async def all_at_once(found: list[Racer], what: str, wishes: list[str]) -> Outcomes:
    """Everybody wishes; the lines go out together, and nobody goes on before all have heard."""
    for place, racer in enumerate(found):
        racer.wish(what, wishes[place * TASKS : (place + 1) * TASKS])
    heard = await asyncio.gather(*(racer.heard() for racer in found))
    return [each for outcomes in heard for each in outcomes]


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
        cuts = quantiles((seconds * 1000 for _, seconds in outcomes), n=100)
        line = f"{len(outcomes)} wishes, median {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms"
        record_property(what, line)
        sys.stdout.write(f"\n{what}: {line}\n")

    return keep


async def test_32_claimers_of_one_number_leave_one_holder(
    database_url: str, report: Callable[[str, Outcomes], None]
) -> None:
    everything: Outcomes = []
    async with racers(database_url) as found:
        for _ in range(ROUNDS):
            number = draw_number(CHANCE.randrange).digits
            outcomes = await all_at_once(found, "pmi", [number] * (PROCESSES * TASKS))
            everything += outcomes

            assert {"saved": 1, "pmi.taken": 31} == Counter(word for word, _ in outcomes)
    report("one number", everything)

    assert [] == await promises_broken(database_url)


async def test_32_claimers_of_one_link_in_many_spellings_leave_one_holder(
    database_url: str, report: Callable[[str, Outcomes], None]
) -> None:
    everything: Outcomes = []
    async with racers(database_url) as found:
        for number in range(max(1, ROUNDS // 10)):
            wishes = [spelled_in_some_way(f"blue.harbour.{number}") for _ in range(PROCESSES * TASKS)]
            outcomes = await all_at_once(found, "link", wishes)
            everything += outcomes

            assert {"saved": 1, "link.taken": 31} == Counter(word for word, _ in outcomes)
    report("one link", everything)

    assert [] == await promises_broken(database_url)


async def test_32_people_who_each_want_another_number_all_have_it(database_url: str) -> None:
    async with racers(database_url) as found:
        for _ in range(2):
            wishes = [draw_number(CHANCE.randrange).digits for _ in range(PROCESSES * TASKS)]
            outcomes = await all_at_once(found, "pmi", wishes)

            assert {"saved": 32} == Counter(word for word, _ in outcomes)

    assert [] == await promises_broken(database_url)

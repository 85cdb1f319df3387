"""`make bench`: the application beside its baselines, in one run, as a table of medians and ratios.

Each figure is the median of several rounds; a round measures every target once, so that a machine that slows down slows
all of them. PostgreSQL is the tests' own.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage import schema
from tests.databases import PostgresTemplates, postgres_server

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
AT_ONCE = (1, 16, 64)
BASE = ("bolt-early", "card")
Figure = dict[str, float]
Row = tuple[str, str, str]
"""Title, kind of target, what is sent."""


def rows() -> list[Row]:
    """What is measured, in the order of the table."""
    return [
        ("(a) aiohttp with signature and form", "aiohttp", "card"),
        ("(b) Bolt, its defaults", "bolt", "card"),
        ("(c) Bolt, process_before_response", "bolt-early", "card"),
        ("`/pmi check`", "sqlite", "check"),
        ("`/pmi`", "sqlite", "card"),
        ("`/pmi set`, SQLite", "sqlite", "set"),
        ("`/pmi set`, PostgreSQL", "postgresql", "set"),
        ("a bad signature", "sqlite", "bad"),
    ]


@asynccontextmanager
async def target(kind: str, urls: dict[str, str]) -> AsyncIterator[int]:
    """A target in a process of its own; gives its port."""
    words = ["app", urls[kind]] if kind in urls else [kind]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.target", *words, stdout=PIPE)
    try:
        assert process.stdout is not None
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


async def load(port: int, what: str, at_once: int, seconds: float) -> Figure:
    """What the load generator measured."""
    words = (str(port), what, str(at_once), str(seconds))
    process: Process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", *words, stdout=PIPE
    )
    out, _ = await process.communicate()
    found = json.loads(out)
    expected = "401" if what == "bad" else "200"
    assert {expected} == set(found["statuses"]), found
    return {name: found[name] for name in ("per_second", "p50", "p99")}


async def one_round(listed: list[Row], urls: dict[str, str]) -> dict[tuple[str, int], Figure]:
    """Every target once."""
    figures = {}
    for title, kind, what in listed:
        async with target(kind, urls) as port:
            await load(port, "card", 1, 0.5)
            for at_once in AT_ONCE:
                figures[title, at_once] = await load(port, what, at_once, SECONDS)
    return figures


def table(listed: list[Row], rounds: list[dict[tuple[str, int], Figure]]) -> str:
    """The medians, and beside them the ratios to (c)."""
    median: dict[tuple[str, int], Figure] = defaultdict(dict)
    for key in rounds[0]:
        for name in ("per_second", "p50", "p99"):
            median[key][name] = statistics.median(each[key][name] for each in rounds)
    base = next(title for title, kind, what in listed if (kind, what) == BASE)
    lines = [
        "| | 1: p50 ms | times (c) | 16: req/s | of (c) | 64: req/s | of (c) | 64: p99 ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for title, _, _ in listed:
        one, some, many = (median[title, at_once] for at_once in AT_ONCE)
        base_one, base_some, base_many = (median[base, at_once] for at_once in AT_ONCE)
        lines.append(
            f"| {title} | {one['p50']:.2f} | {one['p50'] / base_one['p50']:.2f} "
            f"| {some['per_second']:.0f} | {some['per_second'] / base_some['per_second']:.2f} "
            f"| {many['per_second']:.0f} | {many['per_second'] / base_many['per_second']:.2f} | {many['p99']:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        urls = {"sqlite": f"sqlite:///{folder}/bench.db", "postgresql": templates.fresh()}
        schema.upgrade(urls["sqlite"])
        listed = rows()
        rounds = [asyncio.run(one_round(listed, urls)) for _ in range(ROUNDS)]
        sys.stdout.write(table(listed, rounds) + "\n")
        templates.drop(urls["postgresql"])
        templates.close()


if __name__ == "__main__":
    main()

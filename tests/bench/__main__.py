"""`make bench`: the application beside its baselines, in one run, as tables of medians and ratios.

Prints them, and writes them to `tests/bench/RESULTS.md`. PostgreSQL is the tests' own, with its defaults for safety.
"""

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from storage import schema
from tests.bench import crowd, join, million, postings, throughput, two, weight
from tests.databases import PostgresTemplates, postgres_server

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
RESULTS = Path(__file__).with_name("RESULTS.md")


async def measure(empty: dict[str, str], full: dict[str, str], say: Callable[[str], None]) -> None:
    """All tables, one after the other."""
    rounds = [await throughput.one_round(empty, SECONDS) for _ in range(ROUNDS)]
    say("## Throughput and time\n\n" + throughput.table(throughput.medians(rounds)))
    say("## Join pages\n\n" + await join.beside_bare(empty, SECONDS, ROUNDS))
    say("## Steady load\n\n" + await crowd.steady(empty, SECONDS * 2, ROUNDS))
    say("## A crowd\n\n" + await crowd.twice_as_much(empty, SECONDS * 2))
    for kind, url in full.items():
        await million.fill(kind, url)
    say("## Many rooms\n\n" + await million.beside_empty(empty, full, SECONDS, ROUNDS))
    say("## Two processes\n\n" + await two.two_beside_one(empty["postgresql"], SECONDS, ROUNDS))
    say("## Messages that are due at once\n\n" + await postings.due_at_once(empty))
    lines = [*await weight.process(empty["sqlite"], ROUNDS), *weight.parsing(), *await weight.drawing(empty, full)]
    say("\n".join(["## Weight\n", "| | |", "|---|---|", *lines]))


def main() -> None:
    """Measure, print and keep."""
    head = (
        "# Benchmark\n\nMade by `make bench`: medians of "
        f"{ROUNDS} rounds of {SECONDS:g} s, on {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}, asyncio's own event loop. The load comes from another process; SQLite with "
        "`synchronous=FULL`, PostgreSQL with `fsync` and `synchronous_commit`. Read the ratios: machines differ."
    )
    said = [head]

    def say(text: str) -> None:
        sys.stdout.write(text + "\n\n")
        sys.stdout.flush()
        said.append(text)

    with tempfile.TemporaryDirectory() as folder, postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        empty = {"sqlite": f"sqlite:///{folder}/empty.db", "postgresql": templates.fresh()}
        full = {"sqlite": f"sqlite:///{folder}/full.db", "postgresql": templates.fresh()}
        for urls in (empty, full):
            schema.upgrade(urls["sqlite"])
        asyncio.run(measure(empty, full, say))
        for urls in (empty, full):
            templates.drop(urls["postgresql"])
        templates.close()
    RESULTS.write_text("\n\n".join(said) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

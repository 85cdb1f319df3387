"""What one process weighs, how soon it is there, and what single things cost."""

import secrets
import statistics
import timeit
from collections.abc import Mapping
from functools import partial

from bot.rules import parse_pmi
from bot.services.people import Actor
from storage.transactions import open_store
from tests.bench.processes import load, met, seconds_to_ready, target
from tests.integration.services.houses import use_cases

REQUESTS = 10_000
NUMBERS = ("5829047316", "2035134243", "3141592653", "6175550142", "31415926535", "61755501423", "582 904 7316")


async def process(url: str, rounds: int) -> list[str]:
    """Start to ready, and memory after ten thousand requests."""
    starts = [await seconds_to_ready("app", url) for _ in range(rounds)]
    async with target("app", url) as measured:
        await met(measured.port)
        idle = measured.resident_megabytes()
        sent = 0
        while sent < REQUESTS:
            for what in ("card", "free", "check", "set"):
                sent += (await load(measured.port, what, 16, 1.0))["statuses"]["200"]
        after = measured.resident_megabytes()
    return [
        f"| start to ready, s | {statistics.median(starts):.2f} |",
        f"| resident after {sent:,} requests, MB (before: {idle:.0f}) | {after:.0f} |",
    ]


def parsing() -> list[str]:
    """One judgement by the rules, in microseconds."""
    lines = []
    for number in NUMBERS:
        best = min(timeit.repeat(partial(parse_pmi, number), number=20_000, repeat=5)) / 20_000 * 1e6
        lines.append(f"| `parse_pmi`, {number}, microseconds (the best of five) | {best:.1f} |")
    return lines


async def drawing(empty: Mapping[str, str], full: Mapping[str, str], people: int = 300) -> list[str]:
    """A first contact, drawn number included, in an empty database and beside a million rooms."""
    lines = []
    for kind in empty:
        for title, url in (("none", empty[kind]), ("a million", full[kind])):
            store = await open_store(url)
            cases = use_cases(store)
            times = []
            for _ in range(people):
                actor = Actor("T0DRAWN", f"U{secrets.token_hex(6).upper()}")
                began = timeit.default_timer()
                await cases.rooms.own(actor)
                times.append((timeit.default_timer() - began) * 1000)
            await store.close()
            lines.append(f"| a number drawn and given, {kind}, {title} stored, ms | {statistics.median(times):.2f} |")
    return lines

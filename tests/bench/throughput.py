"""Requests a second and their times, beside a bare aiohttp handler and bare Bolt apps, as a table of medians."""

import statistics
from collections import defaultdict
from collections.abc import Mapping

from tests.bench.processes import load, met, target

AT_ONCE = (1, 16, 64)
BASE = "(c) Bolt, process_before_response"
BASE_B = "(b) Bolt, its defaults"
ROWS = (
    ("(a) aiohttp with signature and form", "aiohttp", "card"),
    (BASE_B, "bolt", "card"),
    (BASE, "bolt-early", "card"),
    ("`/pmi check`, a free number", "sqlite", "free"),
    ("`/pmi check`, refused, with three free ones", "sqlite", "check"),
    ("`/pmi`", "sqlite", "card"),
    ("`/pmi set`, SQLite", "sqlite", "set"),
    ("`/pmi set`, PostgreSQL", "postgresql", "set"),
    ("a bad signature", "sqlite", "bad"),
)
"""Title, kind of target, what is sent."""
NUMBERS = ("per_second", "p50", "p99")
Figures = dict[tuple[str, int], dict[str, float]]


async def one_round(urls: Mapping[str, str], seconds: float) -> Figures:
    """Every target once, so that a machine that slows down slows all of them."""
    figures: Figures = {}
    for title, kind, what in ROWS:
        words = ("app", urls[kind]) if kind in urls else (kind,)
        async with target(*words) as measured:
            await met(measured.port)
            for at_once in AT_ONCE:
                found = await load(measured.port, what, at_once, seconds)
                figures[title, at_once] = {name: found[name] for name in NUMBERS}
    return figures


def medians(rounds: list[Figures]) -> Figures:
    """The median of each figure over the rounds."""
    found: Figures = defaultdict(dict)
    for key in rounds[0]:
        for name in NUMBERS:
            found[key][name] = statistics.median(each[key][name] for each in rounds)
    return found


def table(median: Figures) -> str:
    """The medians, and beside them the ratios to (c)."""
    lines = [
        "| | 1: p50 ms | times (c) | 16: req/s | of (c) | 64: req/s | of (c) | 64: p99 ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    base_one, base_some, base_many = (median[BASE, at_once] for at_once in AT_ONCE)
    for title, _, _ in ROWS:
        one, some, many = (median[title, at_once] for at_once in AT_ONCE)
        lines.append(
            f"| {title} | {one['p50']:.2f} | {one['p50'] / base_one['p50']:.2f} "
            f"| {some['per_second']:.0f} | {some['per_second'] / base_some['per_second']:.2f} "
            f"| {many['per_second']:.0f} | {many['per_second'] / base_many['per_second']:.2f} | {many['p99']:.0f} |"
        )
    return "\n".join(lines)

"""Two processes on one PostgreSQL beside one."""

import asyncio
import os
import statistics

from tests.bench.processes import load, met, target


async def two_beside_one(url: str, seconds: float, rounds: int) -> str:
    """`/pmi set` at 64 at once by one process, and by two with 32 each."""
    ones, twos = [], []
    async with target("app", url) as first, target("app", url) as second:
        for each in (first, second):
            await met(each.port)
        for _ in range(rounds):
            ones.append((await load(first.port, "set", 64, seconds))["per_second"])
            both = await asyncio.gather(*(load(each.port, "set", 32, seconds) for each in (first, second)))
            twos.append(sum(each["per_second"] for each in both))
    one, two = statistics.median(ones), statistics.median(twos)
    return "\n".join(
        [
            "| `/pmi set` on one PostgreSQL, 64 at once | req/s |",
            "|---|---|",
            f"| one process | {one:.0f} |",
            f"| two processes | {two:.0f} ({two / one:.2f} times one, on {os.cpu_count()} cores) |",
        ]
    )

"""A process that schedules meetings one after the other: `python -m ... DATABASE`; says which request was answered."""

import asyncio
import hashlib
import itertools
import sys

from bot.rules import Repeats
from bot.services.people import Call
from storage.transactions import open_store
from tests.integration.services.planned import ANNA, Planner, wish


def call(number: int) -> Call:
    """The request with this number: each time the same."""
    return Call(ANNA, hashlib.sha256(str(number).encode()).hexdigest())


async def main(url: str) -> None:
    planner = Planner(await open_store(url))
    for number in itertools.count():
        await planner.cases.schedule(call(number), wish(date="2026-03-02", repeats=Repeats.DAILY, count=5))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

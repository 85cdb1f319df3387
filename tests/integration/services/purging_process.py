"""A process that purges what is due, a row at a time: `python -m ... DATABASE`; says so before each transaction."""

import asyncio
import sys

from bot.services import purging
from storage.transactions import open_store
from tests.integration.services.houses import house_of


def say() -> bool:
    """One more transaction begins."""
    sys.stdout.write("next\n")
    sys.stdout.flush()
    return True


async def main(url: str) -> None:
    purging.AT_ONCE = 1
    await purging.Purges(house_of(await open_store(url))).purge(may_go_on=say)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

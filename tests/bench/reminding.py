"""A process that plans the reminders that are due and posts them: `python -m tests.bench.reminding DATABASE SLACK`."""

import asyncio
import signal
import sys

from bot.handlers.poster import Posted
from bot.services.postings import PostingRecords
from bot.services.reminders import Reminders
from bot.services.schedules import Schedules
from bot.views.message import Message
from storage.transactions import open_store
from tests.integration.services.houses import house_of
from tests.posters import Times, poster_on


async def remind(database_url: str, slack_url: str) -> None:
    """Plan, say so, and post until told to stop."""
    store = await open_store(database_url)
    house = house_of(store)
    records = PostingRecords(house)
    cases, reminders = Schedules(house, records), Reminders(house, records)

    async def shown(posted: Posted) -> Message | None:
        found = await cases.reminded(posted.workspace, posted.subject, posted.target, posted.detail)
        return Message(posted.subject, ()) if found is not None and found.is_due else None

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    while await reminders.plan_ahead():
        pass
    sys.stdout.write("planned\n")
    sys.stdout.flush()
    async with poster_on(store, slack_url, "xoxb-bench", Times(), shown) as poster:
        poster.start()
        await stop.wait()
        poster.stopping.set()
        poster.wake()
        poster.late.is_over_in(5.0)
        await poster.late.drain()
    await store.close()


if __name__ == "__main__":
    asyncio.run(remind(sys.argv[1], sys.argv[2]))

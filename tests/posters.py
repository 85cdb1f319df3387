"""Processes that post planned messages, of one sort that shows a text a test chooses.

`python -m tests.posters DATABASE_URL SLACK_URL TOKEN HASTE` is one: it posts what is due until it is told to stop, by a
clock that runs so many times as fast. Every message shows its detail.
"""

import asyncio
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.authorisation import Authorisation
from bot.handlers.deliveries import Deliveries
from bot.handlers.late import LateWork
from bot.handlers.pace import Pace
from bot.handlers.poster import Posted, Poster
from bot.handlers.slack import Slack
from bot.metrics import Metrics
from bot.services.lanes import Lanes
from bot.services.postings import PostingKind
from bot.texts import load_texts
from bot.views.message import Message
from storage.transactions import Store, open_store
from tests.integration.services.houses import house_of

Render = Callable[[Posted], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True)
class Times:
    """The clocks of a process, and how it waits."""

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    below: Callable[[int], int] = secrets.randbelow
    look: float = 5.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.wall(), UTC)


def faster(haste: float) -> Times:
    """Clocks that run so many times as fast, all over this machine alike."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / haste)

    return Times(monotonic=lambda: time.monotonic() * haste, sleep=sleep, look=5.0 / haste)


async def its_detail(posted: Posted) -> Message:
    return Message(posted.detail, ())


@asynccontextmanager
async def poster_on(
    store: Store, slack_url: str, token: str, times: Times, render: Render = its_detail
) -> AsyncIterator[Poster]:
    """A poster that has not begun to look."""
    async with aiohttp.ClientSession() as session:
        authorisation = Authorisation(token, times.wall)
        client = AsyncWebClient(base_url=slack_url, session=session, retry_handlers=[], timeout=6)
        slack = Slack(client, session, authorisation, partial(Pace, times.monotonic, times.sleep))
        yield Poster(
            lanes=Lanes(house_of(store, times.now, times.below), times.monotonic),
            deliveries=Deliveries(slack, times.monotonic, times.now),
            renderers=dict.fromkeys(PostingKind, render),
            authorisation=authorisation,
            late=LateWork(),
            metrics=Metrics(()),
            t=load_texts().for_locale(None),
            stopping=asyncio.Event(),
            sleep=times.sleep,
            look_seconds=times.look,
        )


async def post(database_url: str, slack_url: str, token: str, haste: float) -> None:
    """Post until told to stop; then finish what was begun."""
    store = await open_store(database_url)
    async with poster_on(store, slack_url, token, faster(haste)) as poster:

        def stop() -> None:
            poster.late.is_over_in(7.0)
            poster.stopping.set()
            poster.wake()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        poster.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await poster.stopping.wait()
        await poster.late.drain()
    await store.close()


if __name__ == "__main__":
    asyncio.run(post(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])))

"""Server-sent events: the newest state and every call, to as many windows as are open.

A window is told what is newest when it can take more: changes in between are folded into one, and nothing piles up for
a window that reads slowly or not at all.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from bot.playground.page.snapshot import call_entry
from bot.playground.standin import StandIn
from bot.playground.state import Json

FOLD_SECONDS = 0.03
"""For which changes are gathered before they are told."""
HEARTBEAT_SECONDS = 15.0
MOST_CALLS = 500
"""That a window is told of at once: the newest."""


@dataclass(slots=True)
class Stream:
    """What one window hears until it is closed, or the page ends."""

    slack: StandIn
    state: Callable[[], Json]
    ending: asyncio.Event
    """Set when the page ends; whoever sets it wakes the streams with a change of the world."""
    heartbeat: float = HEARTBEAT_SECONDS
    _last_state: str = ""
    _last_change: int = 0

    async def to(self, request: web.Request) -> web.StreamResponse:
        """Tell this window."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        # A window that was closed is no trouble.
        with suppress(ConnectionError), self.slack.world.watching() as change:
            await response.write(b"retry: 1000\n\n")
            while not self.ending.is_set():
                change.clear()
                for part in self._news():
                    await response.write(part)
                await self._until(change, response)
        return response

    async def _until(self, change: asyncio.Event, response: web.StreamResponse) -> None:
        while True:
            try:
                await asyncio.wait_for(change.wait(), self.heartbeat)
            except TimeoutError:
                await response.write(b": still here\n\n")
            else:
                await asyncio.sleep(FOLD_SECONDS)
                return

    def _news(self) -> list[bytes]:
        """What this window has not been told yet."""
        news = []
        state = json.dumps(self.state())
        if state != self._last_state:
            self._last_state = state
            news.append(_event("state", f'{{"version": {self.slack.world.version}, {state[1:]}'))
        for call in self.slack.calls.after(self._last_change, MOST_CALLS):
            self._last_change = call.change
            news.append(_event("call", json.dumps(call_entry(self.slack, call))))
        return news


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()

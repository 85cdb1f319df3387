"""The page over a stand-in with an app that answers what a test tells it to, and a browser's way to speak to it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.playground import Channel, Member, StandIn, Workspace
from bot.playground.page import Seat, Switch, serve_page

ANNA, BEN = "T0ACME/U0ANNA", "T0ACME/U0BEN"
Listen = Callable[..., AbstractAsyncContextManager["Window"]]


@dataclass
class Browser:
    """Speaks to the page as its script does."""

    address: str
    session: aiohttp.ClientSession

    async def get(self, path: str, **params: str) -> tuple[int, Any]:
        async with self.session.get(self.address + path, params=params) as response:
            return response.status, await response.json()

    async def post(self, path: str, content: Any) -> tuple[int, Any]:
        async with self.session.post(self.address + path, json=content) as response:
            return response.status, await response.json()

    async def act(self, do: str, *, who: str = ANNA, **fields: Any) -> tuple[int, Any]:
        return await self.post("/api/act", {"as": who, "do": do, **fields})

    async def does(self, do: str, *, who: str = ANNA, **fields: Any) -> Any:
        """An act that goes well; its answer."""
        status, answer = await self.act(do, who=who, **fields)
        assert 200 == status, answer
        return answer

    async def state(self, who: str = ANNA) -> Any:
        status, state = await self.get("/api/state", **{"as": who})
        assert 200 == status, state
        return state


@dataclass
class Window:
    """One open stream of events."""

    response: aiohttp.ClientResponse
    comments: int = 0
    calls: list[Any] = field(default_factory=list)
    states: list[Any] = field(default_factory=list)

    async def hears(self, kind: str) -> Any:
        """The data of the next event of this kind; those before it are kept too."""
        async with asyncio.timeout(5):
            while True:
                name, data = await self._next()
                if name == kind:
                    return data

    async def _next(self) -> tuple[str, Any]:
        name, data = "", None
        while line := (await self.response.content.readuntil(b"\n")).decode().rstrip("\n"):
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
            elif line.startswith(":"):
                name = "comment"
        if name:
            {"state": self.states, "call": self.calls}.get(name, []).append(data)
        return name, data


@pytest.fixture
def outside() -> list[tuple[str, bool]]:
    """What was turned on and off outside."""
    return []


@pytest.fixture
def seats(anna_member: Member, ben_member: Member, general: Channel) -> list[Seat]:
    return [Seat(anna_member, "Administrator"), Seat(ben_member, "Member")]


@pytest.fixture
async def page(slack: StandIn, api: object, seats: list[Seat], outside: list[tuple[str, bool]]) -> AsyncIterator[str]:
    """The address of the page."""
    switch = Switch("rain", "It rains", lambda on: outside.append(("rain", on)))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with serve_page(slack, seats, listening, [switch], heartbeat=0.05) as address:
            yield address


@pytest.fixture
async def browser(page: str) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(read_bufsize=2**22) as session:
        yield Browser(page, session)


@pytest.fixture
def listen(browser: Browser) -> Listen:
    """Opens a window of somebody's, until the block ends."""

    @asynccontextmanager
    async def opened(who: str = ANNA) -> AsyncIterator[Window]:
        async with browser.session.get(f"{browser.address}/api/events", params={"as": who}) as response:
            assert 200 == response.status
            assert "text/event-stream" == response.content_type
            yield Window(response)

    return opened


@pytest.fixture
def other_workspace(slack: StandIn) -> Workspace:
    return slack.add_workspace("T0GLOBEX", name="Globex", domain="globex")

"""A line to Slack that fails on demand: Socket Mode at one end, the stand-in at the other, a network between them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.response import BoltResponse

from bot.playground import Person, StandIn, Workspace
from bot.socket_mode import Headers, SocketMode
from tests.e2e.timing import Moments
from tests.tcp_proxy import TcpProxy

A_MOMENT = 0.1
"""Real seconds in which a second of the application's passes: enough for what needs no time at all to happen."""


@dataclass
class Application:
    """What is asked, and an answer that may be held back."""

    on_asked: Callable[[], None]
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Headers] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    response: BoltResponse = field(default_factory=lambda: BoltResponse(status=200, body={"text": "hi"}))

    async def __call__(self, payload: dict[str, Any], headers: Headers) -> BoltResponse:
        self.asked.append(payload)
        self.headers.append(headers)
        self.on_asked()
        await self.may_answer.wait()
        return self.response


@dataclass
class Line:
    """Both ends and the network between them. Slack's Web API is reached past that network."""

    slack: StandIn
    acme: Workspace
    anna: Person
    network: TcpProxy
    time: Moments
    application: Application
    mode: SocketMode
    lost: list[float]

    async def seconds_until(self, condition: Callable[[], object], most: int = 60) -> int:
        """How many seconds of the application's pass until something holds."""
        for second in range(most + 1):
            try:
                await self.slack.until(condition, timeout=A_MOMENT)
            except TimeoutError:
                self.time.passes(1.0)
            else:
                return second
        raise TimeoutError(f"it did not hold within {most} seconds of the application's")

    async def passes(self, seconds: int, step: int = 5) -> None:
        """Let so many seconds of the application's pass, some at a time, each time with a moment to act in."""
        for _ in range(0, seconds, step):
            self.time.passes(step)
            await asyncio.sleep(A_MOMENT)

    def tries(self) -> int:
        """How often Slack was asked for an address."""
        return len(self.slack.calls.of("apps.connections.open"))


@asynccontextmanager
async def made_line() -> AsyncIterator[Line]:
    """A line that is not connected yet."""
    slack = StandIn("unused", ack_timeout=1.0)
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    member = acme.add_member("U0ANNA", real_name="Anna Larsson", display_name="anna")
    anna = slack.person(member, acme.add_channel("C0GENERAL", "general", members=[member]))
    time, lost = Moments(), list[float]()
    async with slack.serve() as api_url, aiohttp.ClientSession() as session:
        address = urlsplit(api_url)
        async with TcpProxy((str(address.hostname), int(address.port or 0))) as network:
            slack.world.base_url = f"http://127.0.0.1:{network.port}"
            slack.use_socket_mode()
            application = Application(slack.world.changed)
            application.may_answer.set()
            mode = SocketMode(
                application,
                acme.app_token,
                api_url,
                session,
                monotonic=time,
                pause=time.pause,
                on_lost=lambda: lost.append(time.now),
            )
            yield Line(slack, acme, anna, network, time, application, mode, lost)
            application.may_answer.set()
            await mode.close()

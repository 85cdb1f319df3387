"""Planned messages on a stage: processes that post them, with clocks that the test moves."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot.handlers.poster import Posted, Poster
from bot.playground import StandIn
from bot.playground.log import Call
from bot.playground.state import Channel, Member, Message
from bot.playground.web_api import WebApi
from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from bot.views.message import Message as Shown
from storage import workspaces
from storage.tables import postings
from storage.transactions import Store, open_store
from tests.integration.services.houses import house_of
from tests.posters import Times, poster_on

SUBJECT = "s" * 26
LEASE = 30.0


class Time:
    """The time of a process, which passes where somebody waits for it, or a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 0, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class RealTime(Time):
    """The time of this machine, for processes of their own."""

    @property
    def now(self) -> float:
        return time.time()

    @now.setter
    def now(self, _now: float) -> None:
        pass


@dataclass
class Board:
    """Slack, a database, and what each message shows at this time."""

    slack: StandIn
    store: Store
    time: Time
    url: str
    token: str
    general: Channel
    anna: Member
    shows: dict[str, str | None] = field(default_factory=dict)
    """By detail; what is not here shows its detail."""
    url_of_database: str = ""
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def process(self) -> Poster:
        """One more process; it looks when it is told to."""
        times = Times(self.time, self.time, self.time.sleep, below=lambda limit: limit - 1)
        return await self.stack.enter_async_context(poster_on(self.store, self.url, self.token, times, self.render))

    async def render(self, posted: Posted) -> Shown | None:
        text = self.shows.get(posted.detail, posted.detail)
        return None if text is None else Shown(text, ())

    @property
    def records(self) -> PostingRecords:
        return PostingRecords(house_of(self.store, lambda: datetime.fromtimestamp(self.time.now, UTC)))

    def plan_of(self, detail: str = "hello", target: Target | None = None, *, seconds: float = 0.0) -> Plan:
        due = datetime.fromtimestamp(self.time.now, UTC) + timedelta(seconds=seconds)
        where = target or Target(channel=self.general.id)
        return Plan("T0ACME", PostingKind.JOIN_CARD, SUBJECT, where, due, detail)

    async def plans(self, detail: str = "hello", target: Target | None = None, *, seconds: float = 0.0) -> bool:
        self.time.passes(0.001)
        plan = self.plan_of(detail, target, seconds=seconds)
        return await self.store.write(lambda tx: self.records.plan(tx, plan))

    async def changes(self, **shows: str | None) -> None:
        """What they are about has changed."""
        self.shows |= shows
        await self.store.write(lambda tx: self.records.refresh(tx, SUBJECT))

    async def moves(self, detail: str, seconds: float) -> None:
        due = datetime.fromtimestamp(self.time.now, UTC) + timedelta(seconds=seconds)
        await self.store.write(lambda tx: self.records.move(tx, SUBJECT, PostingKind.JOIN_CARD, detail, due))

    async def withdraws(self, detail: str | None = None) -> None:
        await self.store.write(lambda tx: self.records.withdraw(tx, SUBJECT, detail=detail))

    def response_url(self, kind: str = "commands") -> str:
        """Slack's address for answers of somebody who typed a command in the channel."""
        return self.slack.world.new_response_url(self.anna, self.general, kind=kind)

    def leaves(self) -> None:
        """The app is no member of the channel."""
        self.general.members.remove(self.general.workspace.bot_user_id)

    @property
    def texts(self) -> list[str]:
        """What stands in the channel."""
        return [message.text for message in self.messages]

    @property
    def messages(self) -> list[Message]:
        return list(self.general.messages)

    def direct_messages(self) -> list[Message]:
        """What Anna reads of the app directly."""
        channel = self.general.workspace.channels.get("D00ANNA")
        return [] if channel is None else list(channel.messages)

    def posts(self) -> list[Call]:
        return self.slack.calls.of("chat.postMessage")

    async def rows(self) -> list[sa.RowMapping]:
        """The rows, in the order they were planned in."""
        return await self.store.read(
            lambda tx: list(tx.execute(sa.select(postings).order_by(postings.c.id)).mappings().all())
        )


async def looks(poster: Poster, times: int = 1) -> float:
    """Look, and do what that leads to; in how many seconds to look again."""
    pause = 0.0
    for _ in range(times):
        pause = await poster.look()
        await poster.late.drain()
    return pause


class Answers:
    """What becomes of Slack's answers on their way back, once it has done what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._lost: Counter[str] = Counter()
        self._held: dict[str, tuple[asyncio.Event, asyncio.Event]] = {}
        answered = WebApi._answered

        async def on_the_way(api: WebApi, request: web.Request, name: str, *more: Any) -> web.StreamResponse:
            response = await answered(api, request, name, *more)
            if name in self._held:
                done, go_on = self._held.pop(name)
                done.set()
                await go_on.wait()
            if self._lost[name] and request.transport is not None:
                self._lost[name] -= 1
                request.transport.abort()
            return response

        monkeypatch.setattr(WebApi, "_answered", on_the_way)

    def lose(self, name: str = "chat.postMessage", times: int = 1) -> None:
        """The next ones get lost."""
        self._lost[name] += times

    def hold(self, name: str = "chat.postMessage") -> tuple[asyncio.Event, asyncio.Event]:
        """The next one waits: an event that says so, and one that lets it go on."""
        self._held[name] = asyncio.Event(), asyncio.Event()
        return self._held[name]


@asynccontextmanager
async def make_board(database_url: str, clock: Time | None = None) -> AsyncIterator[Board]:
    """A workspace with a channel that the app is in."""
    clock = clock or Time()
    slack = StandIn("0123456789abcdef0123456789abcdef", clock)
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    anna = acme.add_member("U0ANNA", real_name="Anna Larsson")
    general = acme.add_channel("C0GENERAL", "general", members=[anna], with_bot=True)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(slack.serve())
        store = await open_store(database_url)
        stack.push_async_callback(store.close)
        at = datetime.fromtimestamp(clock.now, UTC)
        await store.write(lambda tx: workspaces.ensure(tx, "T0ACME", at))
        board = Board(slack, store, clock, url, acme.bot_token, general, anna)
        await stack.enter_async_context(board.stack)
        yield board

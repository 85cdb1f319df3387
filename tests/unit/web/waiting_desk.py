"""Waiting pages with the test in the place of whoever decides: where a guest stands, and where they go then."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.metrics import Metrics
from bot.services.guest_views import GuestView, Stage, Visitor
from bot.services.guests import Guests
from bot.services.hall import Hall
from bot.services.passes import Pass, seal_way
from bot.services.ways import Way
from bot.texts import load_texts
from bot.views.addresses import Addresses
from bot.web import add_join_pages, add_routes
from bot.web.comers import SigningIn
from bot.web.lobby import UseCases
from bot.web.waiting import WaitingPages
from bot.web.waiting_news import Waiting
from storage.secrets import KeyRing
from storage.transactions import Transaction
from tests.integration.services.houses import KEY, house_of
from tests.unit.web.lobbies import NOON, PLACE, Client, PlannedDoors, PlannedHosting, own_host

R = TypeVar("R")
DOOR = "https://meet.example.com/secret-room"
GUEST = "0" * 64


class StillStore:
    """A database where nothing ever changes."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        """Set once anybody has looked."""

    async def read(self, work: Callable[[Transaction], R]) -> R:
        """Nothing was found."""
        del work
        self.asked.set()
        return cast("R", {})

    async def write(self, work: Callable[[Transaction], R]) -> R:
        """Nobody should."""
        raise AssertionError(work)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class PlannedGuests:
    """Says what the test says."""

    view: GuestView = field(default_factory=lambda: GuestView(Stage.WAITS, GUEST, PLACE, name="Zoe", topic="Harbour"))
    address: str | None = DOOR
    fails: Exception | None = None
    fails_at_door: Exception | None = None
    came: list[Visitor] = field(default_factory=list)

    def stands(self, stage: Stage) -> None:
        """From now on the guest stands there."""
        self.view = replace(self.view, stage=stage)

    async def arrive(self, way: Way, visitor: Visitor) -> GuestView:
        """As the test says; who came is noted."""
        del way
        self.came.append(visitor)
        return self._said()

    async def look(self, way: Way, visitor: Visitor) -> GuestView:
        """As the test says."""
        del way, visitor
        return self._said()

    async def door(self, view: GuestView) -> str | None:
        """As the test says."""
        del view
        if self.fails_at_door is not None:
            raise self.fails_at_door
        return self.address

    def _said(self) -> GuestView:
        if self.fails is not None:
            raise self.fails
        return self.view


@dataclass
class WaitingDesk:
    """A browser with a way in before the pages, and who decides behind them."""

    client: Client
    guests: PlannedGuests
    hall: Hall
    stopping: asyncio.Event
    cookies: dict[str, str]
    work: list["asyncio.Task[None]"]
    store: StillStore

    def becomes(self, stage: Stage) -> None:
        """A host decides."""
        self.guests.stands(stage)
        self.hall.changed((GUEST,))

    async def ask(self, method: str, path: str, **more: Any) -> tuple[web.Response, str]:
        """An answer, wherever it would lead."""
        async with self.client.request(method, path, cookies=self.cookies, allow_redirects=False, **more) as response:
            return cast("web.Response", response), await response.text()


def way_in(name: str = "Zoe") -> str:
    """What a browser keeps that may come in."""
    return seal_way(KeyRing.from_text(KEY), Pass(Way(PLACE), name), NOON)


@asynccontextmanager
async def waiting_desk(
    leads_to: str = "https://meet.example.com", signing_in: SigningIn | None = None
) -> AsyncIterator[WaitingDesk]:
    """Waiting pages that are served."""
    app, metrics, guests, stopping = web.Application(), Metrics(()), PlannedGuests(), asyncio.Event()
    store = StillStore()
    house = house_of(store, clock=lambda: NOON)
    work: list[asyncio.Task[None]] = []

    def begin(coroutine: Coroutine[Any, Any, None], _what: str) -> None:
        work.append(asyncio.ensure_future(coroutine))

    hall = Hall(house, begin)
    t, addresses = load_texts().for_locale(None), Addresses("https://rooms.example")
    add_routes(app, t=t, addresses=addresses, checks={}, registry=metrics.registry)
    lobby = add_join_pages(
        app,
        t=t,
        metrics=metrics,
        monotonic=lambda: 0.0,
        public_url="http://127.0.0.1",
        proxies=(),
        forms_lead_to=(leads_to,),
        use_cases=lambda: UseCases(house, PlannedDoors(), PlannedHosting(), own_host),
    )
    waiting = Waiting(cast("Guests", guests), hall)
    WaitingPages(lobby, lambda: waiting, stopping, (leads_to,), signing_in).add_to(app)
    async with TestClient(TestServer(app)) as client:
        yield WaitingDesk(client, guests, hall, stopping, {"way": way_in(), "guest": "z" * 43}, work, store)
        stopping.set()
    for task in work:
        task.cancel()

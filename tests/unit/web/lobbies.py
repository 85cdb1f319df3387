"""Join pages with the test in the place of whoever decides: what was asked, and what is answered."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from types import SimpleNamespace
from typing import TypeVar

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.metrics import Metrics
from bot.providers import Participant
from bot.services.admin_files import FileKind, FileSource
from bot.services.doors import Doors, Kind
from bot.services.invitations import StartLink
from bot.services.passes import Pass, read_way
from bot.services.places import Place
from bot.services.ways import Closed, HostWay, NoWay, Source, Way
from bot.texts import load_texts
from bot.views.addresses import Addresses
from bot.web import add_join_pages, add_routes
from bot.web.admin_files import add_admin_files
from bot.web.lobby import Begun, UseCases
from storage.secrets import KeyRing
from storage.transactions import Transaction
from tests.integration.services.houses import KEY, house_of

Client = TestClient[web.Request, web.Application]
R = TypeVar("R")

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACE = Place("T0ACME", "m" * 26, None, in_room=True, number="5829047316")
DOOR = "https://meet.example.com/secret-room"
ANYBODY: Sequence[IPv4Network | IPv6Network] = (ip_network("127.0.0.0/8"),)
"""The test's own machine, as a proxy that is trusted: each guest may come from elsewhere."""


class NoStore:
    """A database that nobody should ask."""

    async def read(self, work: Callable[[Transaction], R]) -> R:
        raise AssertionError(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        raise AssertionError(work)

    async def close(self) -> None:
        """Nothing is open."""


HOUSE = house_of(NoStore(), clock=lambda: NOON)


class PlannedDoors(Doors):
    """Says what the test says, and notes what was asked."""

    def __init__(self) -> None:
        self.says: Way | NoWay | HostWay | Exception = NoWay(Closed.WRONG)
        self.asked: list[tuple[str, ...]] = []
        self.sources: list[Source] = []

    async def by_address(self, kind: Kind, text: str, passcode: str, source: Source) -> Way | NoWay:
        self.asked.append((kind, text, passcode))
        self.sources.append(source)
        return self._said(Way)

    async def by_key(self, key: str) -> Way | NoWay:
        self.asked.append((key,))
        return self._said(Way)

    async def by_start_key(self, key: str) -> HostWay | NoWay:
        self.asked.append((key,))
        return self._said(HostWay)

    def _said(self, way: type[R]) -> R | NoWay:
        if isinstance(self.says, Exception):
            raise self.says
        assert isinstance(self.says, way | NoWay)
        return self.says


async def own_host(workspace: str) -> str | None:
    """The host that a workspace has chosen."""
    return {"T0ACME": "rooms.acme.example"}.get(workspace)


class PlannedHosting:
    """Notes what hosts do, and fails when it should."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: Exception | None = None

    async def start_by_link(self, link: StartLink) -> Begun:
        if self.fails is not None:
            raise self.fails
        self.done.append(f"{link.host} starts")
        begun: Begun = SimpleNamespace(session=SimpleNamespace(id="s" * 26))
        return begun

    async def door(self, session_id: str, who: Participant) -> str:
        self.done.append(f"door of {session_id[0]} for {who.name}, host: {who.is_host}")
        return DOOR

    async def host_entered(self, session_id: str) -> None:
        self.done.append(f"host in {session_id[0]}")


@dataclass
class Desk:
    """A browser without a memory before the pages, and who decides behind them."""

    client: Client
    metrics: Metrics
    doors: PlannedDoors
    hosting: PlannedHosting
    now: list[float] = field(default_factory=lambda: [0.0])
    guests: int = 0

    async def ask(
        self, method: str, path: str, *, body: bytes | None = None, alone: bool = True, **headers: str
    ) -> tuple[ClientResponse, str]:
        """An answer, wherever it would lead; each from another network, unless they are not `alone`."""
        self.guests += alone
        whence = f"198.18.{self.guests // 256}.{self.guests % 256}"
        sent = {"X-Forwarded-For": whence, "Content-Type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = URL(f"http://{self.client.host}:{self.client.port}{path}", encoded=True)
        async with self.client.session.request(
            method, address, data=body, headers=sent, allow_redirects=False
        ) as response:
            return response, (await response.read()).decode()

    async def knock(
        self, path: str = "/j/5829047316", name: str = "Zoe", passcode: str = "k7m2n9pqrs", **headers: str
    ) -> tuple[ClientResponse, str]:
        """What comes of a form that is filled in."""
        typed = URL.build(query={"name": name, "passcode": passcode}).raw_query_string
        return await self.ask("POST", path, body=typed.encode(), alone=True, **headers)

    def counted(self, outcome: str) -> float:
        """How many had this outcome."""
        return self.metrics.registry.get_sample_value("standing_room_joining_total", {"outcome": outcome}) or 0.0


@asynccontextmanager
async def desk(
    proxies: Sequence[IPv4Network | IPv6Network] = ANYBODY,
    public_url: str = "http://127.0.0.1",
    leads_to: str = "https://meet.example.com",
    beside: Sequence[web.RouteDef] = (),
    files: Mapping[FileKind, FileSource] | None = None,
) -> AsyncIterator[Desk]:
    """Join pages that are served, with other pages beside them."""
    app, metrics, doors, hosting, now = web.Application(), Metrics(()), PlannedDoors(), PlannedHosting(), [0.0]
    t, addresses = load_texts().for_locale(None), Addresses("https://rooms.example")
    add_routes(app, t=t, addresses=addresses, checks={}, registry=metrics.registry)
    lobby = add_join_pages(
        app,
        t=t,
        metrics=metrics,
        monotonic=lambda: now[0],
        public_url=public_url,
        proxies=proxies,
        forms_lead_to=(leads_to,),
        use_cases=lambda: UseCases(HOUSE, doors, hosting, own_host, files or {}),
    )
    add_admin_files(app, lobby)
    app.router.add_routes(beside)
    async with TestClient(TestServer(app)) as client:
        yield Desk(client, metrics, doors, hosting, now)


def kept(response: ClientResponse, name: str = "way") -> Pass | None:
    """What an answer has the browser keep."""
    text = response.cookies[name].value if name in response.cookies else ""
    return read_way(KeyRing.from_text(KEY), text, NOON)

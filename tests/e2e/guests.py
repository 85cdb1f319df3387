"""Guests before the join pages of a stage: browsers without a memory, each from wherever the test says."""

import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from math import erfc, sqrt

import aiohttp
from yarl import URL

from bot.chances import Chances
from bot.playground import Person
from bot.services.invitations import InvitationRecords, Opens, StartLink, start_key
from bot.services.keys import ring_of
from bot.services.passes import Pass, read_way
from tests.e2e.kept_rooms import passcode
from tests.e2e.room_dialog import opens
from tests.e2e.stage import Stage, at_once, make_stage
from tests.e2e.timing import Clock
from tests.integration.services.houses import house_of

WRONG = "wrong7777"


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to a browser."""

    status: int
    headers: dict[str, str]
    body: str
    seconds: float
    cookies: dict[str, str]

    @property
    def same(self) -> tuple[int, tuple[tuple[str, str], ...], str]:
        """What must not tell anything: all but the date."""
        return self.status, tuple((name, value) for name, value in self.headers.items() if name != "Date"), self.body


@dataclass
class Guests:
    """Whoever comes to a stage, whose clock the test moves."""

    stage: Stage
    clock: Clock
    session: aiohttp.ClientSession
    bases: list[str] = field(default_factory=list)
    """Of each process."""
    came: int = 0

    async def start(self) -> None:
        """Start the application, or one more process of it."""
        url = await self.stage.start()
        self.bases.append(url.removesuffix("/slack/events"))

    async def restart(self) -> None:
        """Stop all, and start one."""
        await self.stage.stop()
        self.bases.clear()
        await self.start()

    def somewhere_new(self) -> str:
        """An address that nobody has come from."""
        self.came += 1
        return f"198.{18 + self.came // 65536}.{self.came // 256 % 256}.{self.came % 256}"

    async def asks(
        self, path: str, *, method: str = "GET", whence: str = "", process: int = 0, body: str | None = None
    ) -> Page:
        """An answer, wherever it would lead; from a place of one's own, unless it is said."""
        headers = {"X-Forwarded-For": whence or self.somewhere_new()}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        address = URL(self.bases[process] + path, encoded=True)
        began = time.perf_counter()
        async with self.session.request(method, address, headers=headers, data=body, allow_redirects=False) as answer:
            said = await answer.text()
            took = time.perf_counter() - began
            cookies = {name: each.value for name, each in answer.cookies.items()}
            return Page(answer.status, dict(answer.headers), said, took, cookies)

    async def knocks(self, path: str, passcode: str = WRONG, *, whence: str = "", process: int = 0) -> Page:
        """What comes of a form that is filled in."""
        form = URL.build(query={"name": "Zoe", "passcode": passcode}).raw_query_string
        return await self.asks(path, method="POST", whence=whence, process=process, body=form)

    async def room(self, person: Person) -> tuple[str, str]:
        """Somebody's PMI and passcode, once there was a need of them."""
        await opens(person)
        await person.closes()
        found = await passcode(self.stage, person)
        assert found is not None
        return await self.stage.pmi(person), found

    async def invitation(self, person: Person) -> str:
        """The key of an invitation to somebody's room."""
        row = await self.stage.row(person)
        assert row is not None
        records = InvitationRecords(replace(house_of(self.stage.store), keys=ring_of(self.stage.settings)))
        opened = Opens(row.workspace, row.id, row.pmi)
        return await self.stage.store.write(lambda tx: records.key(tx, opened))

    async def start_link(self, person: Person) -> str:
        """The key of somebody's own start link."""
        row = await self.stage.row(person)
        assert row is not None
        until = self.stage.chances.now().replace(year=2099)
        return start_key(ring_of(self.stage.settings), StartLink(row.workspace, row.slack_user, row.id, None, until))

    def held(self, page: Page) -> Pass | None:
        """The way that an answer has the browser keep."""
        (text,) = page.cookies.values()
        return read_way(ring_of(self.stage.settings), text, self.stage.chances.now())


@asynccontextmanager
async def guests_before(database_url: str, proxies: str = "127.0.0.1", processes: int = 1) -> AsyncIterator[Guests]:
    """A stage with guests before it, who come by a proxy."""
    clock = Clock()
    set_proxies = {"TRUSTED_PROXIES": proxies} if proxies else {}
    async with (
        make_stage(database_url, Chances(clock=clock, sleep=at_once), **set_proxies) as stage,
        aiohttp.ClientSession() as session,
    ):
        guests = Guests(stage, clock, session)
        for _ in range(processes):
            await guests.start()
        yield guests


def look_alike(some: Sequence[float], others: Sequence[float]) -> bool:
    """Whether nobody could tell these times apart: p over 0.01 by Mann and Whitney, or medians within a millisecond."""
    if abs(statistics.median(some) - statistics.median(others)) < 0.001:
        return True
    ranks = {at: place for place, at in enumerate(sorted((*some, *others)), 1)}
    n, m = len(some), len(others)
    u = sum(ranks[each] for each in some) - n * (n + 1) / 2
    z = (u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
    return erfc(abs(z) / sqrt(2)) > 0.01

"""Guests before join pages: browsers that keep their cookies, and what they are shown."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from http.cookies import SimpleCookie

import aiohttp

from bot.playground import Person
from bot.playground.state import Message
from bot.services.house import House
from bot.services.invitations import StartLink, start_key
from bot.services.room_records import RoomRecords
from storage import members
from storage.secrets import KeyRing
from storage.transactions import Transaction
from tests.e2e.stage import ACME, SECRET_KEY, Stage
from tests.integration.services.houses import house_of

KEYS = KeyRing.from_text(SECRET_KEY)
PROVIDER = "https://meet.jit.si/"
PATIENCE_SECONDS = 5.0
POSTED_SECONDS = 6.0
"""A channel is written into once a second, and a change may wait for two others."""


@dataclass(frozen=True, slots=True)
class Page:
    """What came back in the end: a page of ours, or the way to another site."""

    status: int
    text: str
    location: str
    headers: Mapping[str, str]

    @property
    def title(self) -> str:
        """The heading."""
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return unescape(found[1]) if found else ""

    @property
    def is_gone_on(self) -> bool:
        """Whether it leads to the meeting."""
        return self.location.startswith(PROVIDER)


@dataclass
class Browser:
    """A browser: it follows redirects of ours, keeps cookies, and is turned to any process."""

    address: str
    session: aiohttp.ClientSession
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        """One request, without going on."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        url = f"{self.address}{path}"
        async with self.session.request(method, url, data=form, headers=headers, allow_redirects=False) as answer:
            for each in answer.headers.getall("Set-Cookie", []):
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(each).items()}
            return Page(answer.status, await answer.text(), answer.headers.get("Location", ""), answer.headers)

    async def opens(self, path: str, form: dict[str, str] | None = None) -> Page:
        """A click on a link or a button, until there is a page, or another site."""
        page = await self.ask("GET" if form is None else "POST", path, form)
        for _ in range(5):
            if page.status != 303 or not page.location.startswith("/"):
                break
            page = await self.ask("GET", page.location)
        return page

    async def looks(self) -> Page:
        """The waiting page once more."""
        return await self.opens("/wait")

    @asynccontextmanager
    async def listens(self) -> AsyncIterator["Listener"]:
        """A stream of events, as a waiting page has it."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        async with self.session.get(f"{self.address}/wait/events", headers=headers) as answer:
            yield Listener(answer)

    async def gets_in(self) -> bool:
        """Wait until the page moves on, and go on to the meeting."""
        async with self.listens() as events:
            await events.until("on")
        return (await self.looks()).is_gone_on

    async def state(self, shown: str) -> str:
        """The stage, once it is another one than that which is shown, or nothing happens for long."""
        page = await self.ask("GET", f"/wait/state?from={shown}")
        return str(json.loads(page.text)["stage"])


@dataclass
class Listener:
    """Reads events."""

    answer: aiohttp.ClientResponse

    async def next(self) -> str:
        """The next event's data; empty once the stream is over."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := (await self.answer.content.readline()).decode():
                if line.startswith("data: "):
                    return line.removeprefix("data: ").strip()
        return ""

    async def until(self, stage: str) -> None:
        """Read on until this one."""
        while (found := await self.next()) != stage:
            assert found, "the stream is over"


@asynccontextmanager
async def browser(stage: Stage, url: str = "") -> AsyncIterator[Browser]:
    """A new browser before the application, or before this process of it."""
    address = (url or stage.slack._delivery.url).removesuffix("/slack/events")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Browser(address, session)


def records_house(stage: Stage) -> House:
    """What reads and writes rows as the application does."""
    return replace(house_of(stage.store, stage.chances.now), keys=KEYS)


async def passcode(stage: Stage, person: Person) -> str:
    """The passcode of somebody's room, which is made at the first need."""
    records = RoomRecords(records_house(stage))

    def work(tx: Transaction) -> str:
        row = members.find(tx, ACME, person.member.id)
        assert row is not None
        return records.choice(records.ensure(tx, row), row).passcode or ""

    return await stage.store.write(work)


async def comes(stage: Stage, guest: Browser, name: str = "Zoe", *, to: Person | None = None) -> Page:
    """A guest types number, name and passcode."""
    host = to or stage.anna
    form = {"name": name, "passcode": await passcode(stage, host)}
    return await guest.opens(f"/j/{await stage.pmi(host)}", form)


async def start_path(stage: Stage, host: Person, holder: Person | None = None) -> str:
    """The path of a start link."""
    row = await stage.row(holder or host)
    assert row is not None
    until = stage.chances.now() + timedelta(hours=1)
    return f"/s/{start_key(KEYS, StartLink(ACME, host.member.id, row.id, None, until))}"


async def sets_room(stage: Stage, waiting_room: str = "", *options: str, hosts: Sequence[Person] = ()) -> None:
    """Have Anna set her room up."""
    anna = stage.anna
    await anna.types("/room settings")
    if waiting_room:
        await anna.chooses("waiting_room", waiting_room)
    for option in options:
        await anna.ticks("options", option)
    if hosts:
        await anna.chooses("hosts", users=[host.member for host in hosts])
    await anna.submits()
    await anna.closes(everything=True)


async def told(stage: Stage, person: Person, words: str) -> Message:
    """The newest direct message, once it says this."""
    await stage.slack.until(
        lambda: person.direct_messages and words in person.direct_messages[-1].shown, POSTED_SECONDS
    )
    return person.direct_messages[-1]


async def shown(stage: Stage, message: Message, words: str) -> None:
    """Wait until a message says this."""
    await stage.slack.until(lambda: words in message.shown, POSTED_SECONDS)

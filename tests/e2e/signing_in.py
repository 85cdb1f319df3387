"""A browser on a stage where people can sign in with Slack, with a jar of its own, that follows nothing by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import aiohttp
from pydantic import SecretStr
from yarl import URL

from bot.playground import Person
from bot.services.keys import ring_of
from bot.services.signed_in import Page, Return, Seals, SignedIn
from bot.settings import Settings
from bot.web.sign_in import BROWSER_COOKIE, MEMBER_COOKIE
from tests.e2e.stage import BASE, Stage

PLACE = Return(Page.NUMBER, "5829047316")
CALLBACK = "/slack/sign-in/callback"
MEMBER, BROWSER = f"__Host-{MEMBER_COOKIE}", f"__Host-{BROWSER_COOKIE}"
"""The names of the cookies over https."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser gets."""

    status: int
    location: str
    text: str
    cookies: SimpleCookie


@dataclass
class Browser:
    """One browser, before one process of the application."""

    stage: Stage
    session: aiohttp.ClientSession
    address: str
    jar: dict[str, str] = field(default_factory=dict)
    host: str = ""
    """The host that it asks for, where that is not the one of this service."""

    async def get(self, path: str) -> Answer:
        """What the application answers at a path."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())} if self.jar else {}
        headers |= {"Host": self.host or urlsplit(BASE).netloc}
        url = URL(self.address + path, encoded=True)
        async with self.session.get(url, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            # The jar of aiohttp reads quotes that no browser knows; the header is what counts.
            cookies: SimpleCookie = SimpleCookie()
            for line in response.headers.getall("Set-Cookie", []):
                cookies.load(line)
        self.jar |= {name: morsel.value for name, morsel in cookies.items()}
        return Answer(response.status, response.headers.get("Location", ""), text, cookies)

    async def begins(self, place: Return = PLACE) -> str:
        """Follow the link of a join page; the address at Slack that it leads to."""
        begun = await self.get(f"/slack/sign-in?to={seals(self.stage).ticket(place)}")
        assert 303 == begun.status
        return begun.location

    async def says_yes(self, at_slack: str, person: Person | None = None) -> str:
        """Be somebody on Slack's page, or (None) cancel; the path that Slack sends the browser back to."""
        chosen = "" if person is None else f"{person.workspace.id}/{person.member.id}"
        url = URL(at_slack).update_query({"as": chosen})
        async with self.session.get(url, allow_redirects=False) as response:
            assert 302 == response.status
            back = response.headers["Location"]
        assert back.startswith(f"{self.stage.settings.public_url}{CALLBACK}?")
        return back.removeprefix(self.stage.settings.public_url)

    async def comes_back_as(self, person: Person | None, place: Return = PLACE) -> str:
        """The path that Slack sends the browser back to, who has become this person there."""
        return await self.says_yes(await self.begins(place), person)

    async def signs_in(self, person: Person | None, place: Return = PLACE) -> Answer:
        """All of it."""
        return await self.get(await self.comes_back_as(person, place))

    def who(self) -> SignedIn | None:
        """Whom the application takes the browser for."""
        return seals(self.stage).read_member(self.jar.get(MEMBER, ""))


def seals(stage: Stage) -> Seals:
    return Seals(ring_of(stage.settings), stage.chances.now)


def in_query(address: str, name: str) -> str:
    """What stands in an address under a name."""
    return parse_qs(urlsplit(address).query)[name][0]


def with_client(stage: Stage) -> Settings:
    """The settings with the client that the stand-in knows."""
    client = stage.slack.sign_in.client
    more = {"slack_client_id": client.id, "slack_client_secret": SecretStr(client.secret)}
    return stage.settings.model_copy(update=more)


@asynccontextmanager
async def browsing(stage: Stage, processes: int = 1) -> AsyncIterator[list[Browser]]:
    """A stage where people can sign in, and a browser before each process. They share a jar: it is one browser."""
    stage.settings = with_client(stage)
    urls = [await stage.start() for _ in range(processes)]
    # Slack's workspace is known here once somebody of it has been here.
    await stage.are_known(stage.anna)
    jar: dict[str, str] = {}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield [Browser(stage, session, url.removesuffix("/slack/events"), jar) for url in urls]

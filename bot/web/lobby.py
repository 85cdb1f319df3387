"""What join pages share: the pages, the counters, the cookie, and the use cases once the application runs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.metrics import Joining, Metrics
from bot.providers import Participant, ProviderUnavailable
from bot.services.admin_files import FileKind, FileSource
from bot.services.doors import Doors
from bot.services.house import House
from bot.services.invitations import StartLink
from bot.services.passes import Pass
from bot.services.session_records import Session
from bot.services.ways import Closed, NoWay, Source, Way
from bot.texts import Translator
from bot.web.join_pages import JoinPages
from bot.web.loads import Loads, Misses
from bot.web.sources import Sources
from bot.web.way_cookie import WayCookie
from storage.errors import StorageError

STORAGE_SECONDS, PROVIDER_SECONDS = 5, 30
"""After which it makes sense to try again."""


class Onward(StrEnum):
    """Where somebody goes on to, of our own addresses."""

    WAIT = "/wait"
    MOVED = "/moved"


class Begun(Protocol):
    """A meeting that was started, or ran already."""

    @property
    def session(self) -> Session:
        """The meeting."""
        ...


class Hosting(Protocol):
    """What lets hosts in."""

    async def start_by_link(self, link: StartLink) -> Begun:
        """The meeting that runs where a start link leads; where none does, a new one.

        Raises:
            Declined: who has the link is no host any more, or the meeting is over for good.
            ProviderUnavailable: the service that carries meetings did not make one.
            StorageError: the database did not answer as it should.
        """
        ...

    async def door(self, session_id: str, who: Participant) -> str:
        """The address by which somebody enters. Raises as `start_by_link`."""
        ...

    async def host_entered(self, session_id: str) -> None:
        """Note that a host goes in. Raises `StorageError`."""
        ...


@dataclass(frozen=True, slots=True)
class UseCases:
    """What is there once the application runs."""

    house: House
    doors: Doors
    hosting: Hosting
    host_of: Callable[[str], Awaitable[str | None]]
    """The host of a workspace's own in its addresses; None for the one of this service."""
    files: Mapping[FileKind, FileSource] = field(default_factory=dict)
    """What administrators can take with them."""


@dataclass(frozen=True, slots=True)
class Lobby:
    """What the handlers are given. `use_cases` may be called once the application has started."""

    t: Translator
    pages: JoinPages
    loads: Loads
    misses: Misses
    metrics: Metrics
    sources: Sources
    cookie: WayCookie
    public_url: str
    use_cases: Callable[[], UseCases]

    def limited(self, handler: Handler) -> Handler:
        """The handler, for as many requests from one place as a person makes."""

        async def answer(request: web.Request) -> web.StreamResponse:
            source = self.sources.of(request)
            seconds = self.loads.wait(source)
            return self.slow(request, source, seconds) if seconds else await handler(request)

        return answer

    def kindly(self, handler: Handler) -> Handler:
        """The handler, with words for when the database or the service that carries meetings does not answer."""

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except StorageError:
                title, text, seconds = self.t("page.busy.title"), self.t("page.busy.text"), STORAGE_SECONDS
            except ProviderUnavailable:
                title, text, seconds = self.t("page.provider.title"), self.t("page.provider.text"), PROVIDER_SECONDS
            self.metrics.joining(Joining.UNAVAILABLE)
            return self.pages.unavailable(request, title, text, seconds)

        return answer

    def slow(self, request: web.Request, source: Source, seconds: int) -> web.Response:
        """Nobody listens for so long."""
        self.misses.miss(Joining.SLOW, source)
        return self.pages.slow(request, seconds)

    def opened(self, way: Way, name: str = "") -> web.Response:
        """Onward, with the way kept in the browser; by the notice, where the address was an old one."""
        self.metrics.joining(Joining.OPENED)
        answer = onward(Onward.MOVED if way.moved else Onward.WAIT)
        self.cookie.give(answer, self.use_cases().house, Pass(way, name))
        return answer

    def closed(self, request: web.Request, no_way: NoWay, source: Source) -> web.Response:
        """Words for somebody who had a key or a passcode."""
        t = self.t
        if no_way.why is Closed.KEY:
            self.misses.miss(Joining.KEY, source)
            title, text = t("page.closed.key.title"), t("page.closed.key.text")
            return self.pages.words(request, HTTPStatus.NOT_FOUND, title, text)
        self.metrics.joining(Joining.CLOSED)
        title, text = (
            (t("page.closed.cancelled.title"), t("page.closed.cancelled.text"))
            if no_way.why is Closed.CANCELLED
            else (t("page.closed.over.title"), t("page.closed.over.text"))
        )
        return self.pages.words(request, HTTPStatus.GONE, title, text)


def onward(place: Onward) -> web.Response:
    """Sends a browser on to one of our own addresses."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": place})

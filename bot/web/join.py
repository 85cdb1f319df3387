"""The pages behind a number and a link: one same first page answers every address, and nothing is looked up for it."""

from functools import partial
from http import HTTPStatus

from aiohttp import web

from bot.metrics import Joining
from bot.rules import Code, Refusal, parse_guest_name
from bot.services.doors import Kind
from bot.services.ways import Closed, NoWay, Way
from bot.web.forms import BadForm, is_from_here, origin_of, read_form
from bot.web.join_pages import NAME, PASSCODE, Problem
from bot.web.lobby import Lobby

ANY_TAIL = r"{tail:[\s\S]*}"
"""Not `.*`: a line break must not make a difference."""
KINDS: tuple[Kind, ...] = ("j", "my")
SHOWN = 200
"""Characters of a name that are shown once more where it was refused."""


class AddressPages:
    """Answers whoever comes by a number or a link."""

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby
        self._origin = origin_of(lobby.public_url)

    def add_to(self, app: web.Application) -> None:
        """Adds the addresses to an application."""
        first = self._lobby.limited(self._first)
        for kind in KINDS:
            knock = self._lobby.limited(self._lobby.kindly(partial(self._knock, kind)))
            for path in (f"/{kind}", f"/{kind}/{ANY_TAIL}"):
                app.router.add_get(path, first)
                app.router.add_post(path, knock)

    async def _first(self, request: web.Request) -> web.StreamResponse:
        return self._lobby.pages.first(request)

    async def _knock(self, kind: Kind, request: web.Request) -> web.StreamResponse:
        if not is_from_here(request, self._origin):
            return self._again(request, HTTPStatus.FORBIDDEN, "", Problem(self._lobby.t("page.join.elsewhere")))
        try:
            form = await read_form(request)
        except BadForm as bad:
            return self._again(request, bad.status, "", Problem(self._lobby.t("page.join.unread")))
        typed = form.get(NAME, "")
        name = parse_guest_name(typed)
        if isinstance(name, Refusal):
            problems = [Problem(self._lobby.t(code), NAME) for code in _told(name)]
            return self._again(request, HTTPStatus.UNPROCESSABLE_ENTITY, typed[:SHOWN], *problems)
        source = self._lobby.sources.of(request)
        text = request.match_info.get("tail", "")
        found = await self._lobby.use_cases().doors.by_address(kind, text, form.get(PASSCODE, ""), source)
        return (
            self._lobby.opened(found, name.text) if isinstance(found, Way) else self._no_way(request, found, name.text)
        )

    def _no_way(self, request: web.Request, found: NoWay, name: str) -> web.Response:
        lobby = self._lobby
        source = lobby.sources.of(request)
        if found.why is Closed.WRONG:
            lobby.misses.miss(Joining.WRONG, source)
            return self._again(request, HTTPStatus.FORBIDDEN, name, Problem(lobby.t("page.join.wrong"), PASSCODE))
        if found.why is not Closed.SLOW:
            return lobby.closed(request, found, source)
        lobby.misses.miss(Joining.SLOW, source)
        told = Problem(lobby.pages.wait(found.wait))
        answer = self._again(request, HTTPStatus.TOO_MANY_REQUESTS, name, told)
        answer.headers["Retry-After"] = str(found.wait)
        return answer

    def _again(self, request: web.Request, status: int, name: str, *problems: Problem) -> web.Response:
        return self._lobby.pages.form(request, status, name, problems)


def _told(refusal: Refusal) -> tuple[Code, ...]:
    """What is told of a refusal: where nothing is to be seen, nothing else."""
    return (Code.NAME_EMPTY,) if Code.NAME_EMPTY in refusal.codes else refusal.codes

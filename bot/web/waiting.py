"""The page of whoever waits.

It works without a script, by looking again; what it is told where there is one is in `waiting_news`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

import aiohttp_jinja2
import structlog
from aiohttp import web

from bot.rules import Refusal, parse_guest_name
from bot.services.guest_views import GuestView, Stage
from bot.services.passes import Pass
from bot.services.refusals import Declined
from bot.web.comers import Comers, SigningIn
from bot.web.forms import BadForm, is_from_here, origin_of, read_form
from bot.web.headers import policy
from bot.web.lobby import Lobby, Onward, onward
from bot.web.waiting_news import Waiting, WaitingNews

REFRESH_SECONDS = 10
"""Between two looks of a page without a script."""
_ISOLATED = "\u2068{}\u2069"
_STATUS = {
    Stage.SIGN_IN: HTTPStatus.FORBIDDEN,
    Stage.MEMBERS: HTTPStatus.FORBIDDEN,
    Stage.DENIED: HTTPStatus.FORBIDDEN,
    Stage.OVER: HTTPStatus.GONE,
    Stage.OFF: HTTPStatus.GONE,
    Stage.CLOSED: HTTPStatus.GONE,
    Stage.FULL: HTTPStatus.TOO_MANY_REQUESTS,
}
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class WaitingPages:
    """Answers whoever has a way in. `forms_lead_to` are the origins that a form may lead on to, beside our own."""

    def __init__(
        self,
        lobby: Lobby,
        waiting: Callable[[], Waiting],
        stopping: asyncio.Event,
        forms_lead_to: Sequence[str],
        signing_in: SigningIn | None = None,
    ) -> None:
        self._lobby = lobby
        self._waiting = waiting
        self._signing_in = signing_in
        self._comers = Comers(lobby, signing_in)
        self._news = WaitingNews(self._comers, waiting, stopping)
        self._origin = origin_of(lobby.public_url)
        self._policy = policy("'self'", *forms_lead_to, scripts=True)

    def add_to(self, app: web.Application) -> None:
        """Adds the addresses to an application."""
        kindly = self._lobby.kindly
        # Asking for the head alone lets nobody wait.
        app.router.add_get(Onward.WAIT, kindly(self._wait), allow_head=False)
        app.router.add_post(Onward.WAIT, kindly(self._ask))
        self._news.add_to(app)

    async def _wait(self, request: web.Request) -> web.StreamResponse:
        comer = self._comers.of(request)
        if comer is None:
            return self._lost(request)
        if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
            # Nobody has come yet. The browser asks again when somebody does.
            return web.Response(status=HTTPStatus.FORBIDDEN)
        guests = self._waiting().guests
        view = await guests.arrive(comer.held.way, comer.visitor)
        if view.stage is Stage.ON:
            try:
                door = await guests.door(view)
            except Declined as declined:
                _log.info("guest_too_late", code=declined.code)
                return self._comers.kept(comer, self._page(request, Stage.OVER, view))
            if door is not None:
                return self._comers.kept(comer, web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": door}))
            view = await guests.look(comer.held.way, comer.visitor)
        # Who could go on a moment ago and cannot now looks again.
        stage = Stage.EARLY if view.stage is Stage.ON else view.stage
        return self._comers.kept(comer, self._page(request, stage, view))

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        """A name that was typed, or the wish to ask once more."""
        comer = self._comers.of(request)
        if comer is None:
            return self._lost(request)
        if not is_from_here(request, self._origin):
            return self._name_page(request, HTTPStatus.FORBIDDEN, self._lobby.t("page.join.elsewhere"))
        try:
            form = await read_form(request)
        except BadForm as bad:
            return self._name_page(request, bad.status, self._lobby.t("page.join.unread"))
        held = Pass(comer.held.way, comer.held.name)
        if "name" in form:
            name = parse_guest_name(form["name"])
            if isinstance(name, Refusal):
                return self._name_page(request, HTTPStatus.UNPROCESSABLE_ENTITY, self._lobby.t(name.codes[0]))
            held = Pass(comer.held.way, name.text)
        answer = onward(Onward.WAIT)
        self._lobby.cookie.give(answer, self._lobby.use_cases().house, held)
        return self._comers.kept(comer, answer)

    def _page(self, request: web.Request, stage: Stage, view: GuestView) -> web.Response:
        if stage is Stage.NAME:
            return self._name_page(request, HTTPStatus.OK, "")
        t, code = self._lobby.t, f"page.wait.{stage}"
        name = _ISOLATED.format(view.name)
        context = {
            "title": t(f"{code}.title"),
            "text": t(f"{code}.text"),
            "stage": stage,
            "waits": stage.may_change,
            "refresh": REFRESH_SECONDS,
            "topic": t("page.wait.topic", topic=_ISOLATED.format(view.topic)) if view.topic else "",
            "name": t("page.wait.name", name=name) if view.name else "",
            "next": "" if view.next_time is None else t("page.wait.skipped.next", when=_when(view.next_time)),
            "stay": t("page.wait.stay"),
            "look": t("page.wait.look"),
            "again": t("page.wait.again") if view.may_ask_again else "",
            "again_button": t("page.wait.again.button"),
            "sign_in": self._sign_in_link(stage),
            "sign_in_button": t("page.wait.sign_in.button"),
        }
        answer = self._rendered(request, "waiting.html", context, _STATUS.get(stage, HTTPStatus.OK))
        if stage is Stage.FULL:
            answer.headers["Retry-After"] = "60"
        return answer

    def _sign_in_link(self, stage: Stage) -> str:
        asks = stage in (Stage.SIGN_IN, Stage.MEMBERS)
        return self._signing_in.link() if asks and self._signing_in is not None else ""

    def _name_page(self, request: web.Request, status: int, problem: str) -> web.Response:
        t = self._lobby.t
        context = {
            "title": t("page.wait.ask.title"),
            "text": t("page.wait.ask.text"),
            "label": t("page.join.name"),
            "button": t("page.wait.ask.button"),
            "problem": problem,
        }
        return self._rendered(request, "guest_name.html", context, status)

    def _lost(self, request: web.Request) -> web.Response:
        t = self._lobby.t
        title, text = t("page.wait.lost.title"), t("page.wait.lost.text")
        return self._lobby.pages.words(request, HTTPStatus.NOT_FOUND, title, text)

    def _rendered(
        self, request: web.Request, template: str, context: Mapping[str, object], status: int
    ) -> web.Response:
        answer = aiohttp_jinja2.render_template(template, request, context, status=status)
        answer.headers["Content-Security-Policy"] = self._policy
        return answer


def _when(at: datetime) -> str:
    """A time with its zone, as nobody reads it otherwise."""
    return f"{at:%Y-%m-%d %H:%M} ({at.tzinfo})"

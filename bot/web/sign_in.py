"""Sign in with Slack on join pages: its addresses, and what join pages ask of it.

Slack knows one host of ours. Whoever begins on a host of a workspace's own is sent through the one that Slack knows,
and taken over where they began: a cookie is for one host alone.

Whatever goes wrong ends in a page with words, and never in a 5xx: nobody is to think that trying again is of no use.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit

import aiohttp_jinja2
import structlog
from aiohttp import web

from bot.manifest import CALLBACK_PATH
from bot.services.sign_in import (
    STATE_LASTS,
    Finished,
    SignIns,
    StateUnknown,
    has_mark,
    is_browser,
    mark_of,
    new_browser,
)
from bot.services.signed_in import LASTS, Page, Return, Seals, SignedIn
from bot.views.addresses import Addresses
from bot.web.exchange import NotExchanged, Why
from bot.web.hosts import IsOurs, host_of, no_other
from bot.web.id_token import Vouched
from bot.web.openid import OpenID
from storage.errors import StorageError

__all__ = ["Desk", "Page", "Return", "SignIn", "SignedIn"]

BEGIN = "/slack/sign-in"
OVER = "/slack/sign-in/over"
"""Where somebody who has signed in is taken over, on the host where they began."""
PATHS = {Page.NUMBER: "/j/", Page.LINK: "/my/", Page.WAIT: "/wait"}
"""Every page that a sign-in may lead back to; a name is put behind those that end with a slash."""
MEMBER_COOKIE = "standing_room_member"
"""Who has signed in."""
BROWSER_COOKIE = "standing_room_sign_in"
"""What a browser is known by until its sign-in comes back; the same for several that it begins side by side."""
DONE = "done"

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Failure(StrEnum):
    """How a sign-in ends that came to nothing."""

    LOST = "lost"
    """It would lead back to no page of ours."""
    EXPIRED = "expired"
    DENIED = "denied"
    SILENT = "silent"
    MISSET = "misset"
    UNTRUSTED = "untrusted"
    OUTSIDE = "outside"
    BUSY = "busy"

    @property
    def status(self) -> HTTPStatus:
        """The status of its page."""
        if self in (Failure.DENIED, Failure.OUTSIDE, Failure.UNTRUSTED):
            return HTTPStatus.FORBIDDEN
        if self in (Failure.SILENT, Failure.MISSET, Failure.BUSY):
            return HTTPStatus.FAILED_DEPENDENCY
        return HTTPStatus.BAD_REQUEST


_BY_WHY = {
    Why.SILENT: Failure.SILENT,
    Why.OVER: Failure.EXPIRED,
    Why.MISSET: Failure.MISSET,
    Why.UNTRUSTED: Failure.UNTRUSTED,
}


class _Failed(Exception):  # noqa: N818 - it says that it has
    def __init__(self, failure: Failure, back: Return | None, reason: str) -> None:
        super().__init__(failure)
        self.failure = failure
        self.back = back
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Desk:
    """What the sign-in of a running application goes by."""

    sign_ins: SignIns
    openid: OpenID
    team: Callable[[], str]
    """The team in which people are asked to sign in; empty where that is theirs to say."""
    workspace: Callable[[Vouched], Awaitable[str]]
    """The key of somebody's workspace."""


class SignIn:
    """Sign in with Slack, as join pages need it and as browsers come by. There is none where it is not set up."""

    def __init__(
        self,
        seals: Seals,
        public_url: str,
        desk: Callable[[], Desk],
        t: Callable[..., str],
        on_end: Callable[[str], None],
        *,
        is_ours: IsOurs = no_other,
    ) -> None:
        self._seals = seals
        self._desk = desk
        self._t = t
        self._on_end = on_end
        self._is_ours = is_ours
        self._addresses = Addresses(public_url)
        url = urlsplit(public_url)
        self._below = url.path
        self._secure = url.scheme == "https"
        # The prefix makes the browser keep them for this host alone, whatever its neighbours try to set.
        prefix = "__Host-" if self._secure else ""
        self._member_cookie, self._browser_cookie = prefix + MEMBER_COOKIE, prefix + BROWSER_COOKIE

    def visitor(self, request: web.Request) -> SignedIn | None:
        """Who has signed in in this browser; None where nobody has, or not in the last hours."""
        text = request.cookies.get(self._member_cookie)
        return None if text is None else self._seals.read_member(text)

    def link(self, back: Return) -> str:
        """The path where signing in begins that comes back to this page, whatever the name in its address."""
        return f"{self._below}{BEGIN}?{urlencode({'to': self._seals.ticket(back)})}"

    def add_routes(self, app: web.Application) -> None:
        """Add the addresses."""
        # Without HEAD, which would begin and finish as well.
        app.router.add_get(BEGIN, self._begin, allow_head=False)
        app.router.add_get(CALLBACK_PATH, self._callback, allow_head=False)
        app.router.add_get(OVER, self._take_over, allow_head=False)

    async def _begin(self, request: web.Request) -> web.Response:
        """Send the browser to Slack, and have it known when it comes back."""
        back = self._seals.read_ticket(_one(request, "to"))
        if back is None:
            return self._page(request, _Failed(Failure.LOST, None, "ticket"))
        known = request.cookies.get(self._browser_cookie, "")
        browser = known if is_browser(known) else new_browser()
        host = host_of(request)
        if self._is_ours(host):
            away = replace(back, host=host, browser=mark_of(browser))
            onward = f"{self._addresses.base}{BEGIN}?{urlencode({'to': self._seals.ticket(away)})}"
            return self._known_by(_elsewhere(onward), browser)
        desk = self._desk()
        try:
            begun = await desk.sign_ins.begin(back, browser, with_verifier=await desk.openid.verifies())
        except StorageError as error:
            return self._page(request, _Failed(Failure.BUSY, back, type(error).__name__))
        return self._known_by(_elsewhere(desk.openid.authorize_url(begun, desk.team())), browser)

    async def _callback(self, request: web.Request) -> web.Response:
        """Take the browser back from Slack: signed in, or with words."""
        try:
            back, who = await self._returned(request)
        except _Failed as failed:
            return self._page(request, failed)
        if self._is_ours(back.host):
            over = urlencode({"with": self._seals.handover(who, back)})
            return _elsewhere(f"{self._addresses.at(back.host).base}{OVER}?{over}")
        return self._signed_in(who, back)

    async def _take_over(self, request: web.Request) -> web.Response:
        """Take somebody over who has signed in, in the browser that began here and in no other."""
        found = self._seals.read_handover(_one(request, "with"))
        browser = request.cookies.get(self._browser_cookie, "")
        if found is None:
            return self._page(request, _Failed(Failure.EXPIRED, None, "handover"))
        if found.back.host != host_of(request) or not has_mark(browser, found.back.browser):
            return self._page(request, _Failed(Failure.EXPIRED, None, "browser"))
        return self._signed_in(found.who, replace(found.back, host=""))

    def _signed_in(self, who: SignedIn, back: Return) -> web.Response:
        self._on_end(DONE)
        _log.info("sign_in", outcome=DONE, workspace=who.workspace)
        response = _elsewhere(self._path(back))
        self._set(response, self._member_cookie, self._seals.member(who), int(LASTS.total_seconds()))
        return response

    async def _returned(self, request: web.Request) -> tuple[Return, SignedIn]:
        desk = self._desk()
        finished = await self._finished(request, desk)
        back = finished.back
        if "error" in request.query:
            # "access_denied" is a person's; whatever else may stand there is Slack's own trouble.
            denied = _one(request, "error") == "access_denied"
            failure = Failure.DENIED if denied else Failure.SILENT
            raise _Failed(failure, back, "access_denied" if denied else "error_at_slack")
        try:
            vouched = await desk.openid.vouch(_one(request, "code"), finished)
        except NotExchanged as error:
            raise _Failed(_BY_WHY[error.why], back, error.reason) from None
        workspace = await desk.workspace(vouched)
        try:
            known = await desk.sign_ins.is_known(workspace)
        except StorageError as error:
            raise _Failed(Failure.BUSY, back, type(error).__name__) from None
        if not known:
            raise _Failed(Failure.OUTSIDE, back, "workspace_unknown")
        return back, SignedIn(workspace, vouched.user, vouched.name)

    async def _finished(self, request: web.Request, desk: Desk) -> Finished:
        browser = request.cookies.get(self._browser_cookie, "")
        try:
            return await desk.sign_ins.finish(_one(request, "state"), browser)
        except StateUnknown:
            raise _Failed(Failure.EXPIRED, None, "state") from None
        except StorageError as error:
            raise _Failed(Failure.BUSY, None, type(error).__name__) from None

    def _page(self, request: web.Request, failed: _Failed) -> web.Response:
        """What is told of a failure, and the way on, where it is known."""
        self._on_end(failed.failure)
        _log.warning("sign_in", outcome=failed.failure.value, reason=failed.reason)
        back = failed.back
        words = {
            "title": self._t(f"page.sign_in.{failed.failure}.title"),
            "text": self._t(f"page.sign_in.{failed.failure}.text"),
            "again": None if back is None else {"href": self.link(back), "text": self._t("page.sign_in.again")},
            "back": None if back is None else {"href": self._path(back), "text": self._t("page.sign_in.back")},
        }
        return aiohttp_jinja2.render_template("sign_in.html", request, words, status=failed.failure.status)

    def _path(self, back: Return) -> str:
        """Where a page is: never anywhere but with us."""
        path = PATHS[back.page]
        # A browser goes up a step for two periods, even where they are written otherwise.
        has_name = path.endswith("/") and back.name.strip(".")
        shown = f"{path}{quote(back.name, safe='') if has_name else ''}"
        return f"{self._addresses.at(back.host).base if self._is_ours(back.host) else self._below}{shown}"

    def _known_by(self, response: web.Response, browser: str) -> web.Response:
        """The answer, with what the browser is known by until it comes back."""
        self._set(response, self._browser_cookie, browser, int(STATE_LASTS.total_seconds()))
        return response

    def _set(self, response: web.Response, cookie: str, value: str, seconds: int) -> None:
        response.set_cookie(
            cookie, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )


def _one(request: web.Request, name: str) -> str:
    """What stands in the address under a name; empty where nothing does, or several things do."""
    found = request.query.getall(name, [])
    return found[0] if len(found) == 1 else ""


def _elsewhere(location: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": location})

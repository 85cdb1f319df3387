"""Sign in with Slack on join pages: its two addresses, and what join pages ask of it.

Whatever goes wrong ends in a page with words, and never in a 5xx: nobody is to think that trying again is of no use.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit

import aiohttp_jinja2
import structlog
from aiohttp import web

from bot.manifest import CALLBACK_PATH
from bot.services.passes import PASS_LASTS, Door, Passes, Place, SignedIn
from bot.services.sign_in import STATE_LASTS, Finished, SignIns, StateUnknown, is_browser, new_browser
from bot.web.id_token import Vouched
from bot.web.openid import NotVouched, OpenID, Why
from storage.errors import StorageError

__all__ = ["Desk", "Door", "Place", "SignIn", "SignedIn"]

BEGIN = "/slack/sign-in"
PATHS = {Door.NUMBER: "/j/", Door.LINK: "/my/", Door.INVITATION: "/i/"}
"""Every place that a sign-in may lead back to: where its name is put behind."""
PASS_COOKIE = "standing_room_pass"  # noqa: S105 - its name
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
    def __init__(self, failure: Failure, place: Place | None, reason: str) -> None:
        super().__init__(failure)
        self.failure = failure
        self.place = place
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
        passes: Passes,
        public_url: str,
        desk: Callable[[], Desk],
        t: Callable[..., str],
        on_end: Callable[[str], None],
    ) -> None:
        self._passes = passes
        self._desk = desk
        self._t = t
        self._on_end = on_end
        url = urlsplit(public_url)
        self._below = url.path
        self._secure = url.scheme == "https"
        # The prefix makes the browser keep them for this host alone, whatever its neighbours try to set.
        prefix = "__Host-" if self._secure else ""
        self._pass_cookie, self._browser_cookie = prefix + PASS_COOKIE, prefix + BROWSER_COOKIE

    def visitor(self, request: web.Request) -> SignedIn | None:
        """Who has signed in in this browser; None where nobody has, or not in the last hours."""
        text = request.cookies.get(self._pass_cookie)
        return None if text is None else self._passes.holder(text)

    def link(self, place: Place) -> str:
        """The path where signing in begins that comes back to this place, which may have any name."""
        return f"{self._below}{BEGIN}?{urlencode({'to': self._passes.ticket(place)})}"

    def add_routes(self, app: web.Application) -> None:
        """Add the two addresses."""
        # Without HEAD, which would begin and finish as well.
        app.router.add_get(BEGIN, self._begin, allow_head=False)
        app.router.add_get(CALLBACK_PATH, self._callback, allow_head=False)

    async def _begin(self, request: web.Request) -> web.Response:
        """Send the browser to Slack, and have it known when it comes back."""
        place = self._passes.place(_one(request, "to"))
        if place is None:
            return self._page(request, _Failed(Failure.LOST, None, "ticket"))
        known = request.cookies.get(self._browser_cookie, "")
        browser = known if is_browser(known) else new_browser()
        desk = self._desk()
        try:
            begun = await desk.sign_ins.begin(place, browser, with_verifier=await desk.openid.verifies())
        except StorageError as error:
            return self._page(request, _Failed(Failure.BUSY, place, type(error).__name__))
        response = _elsewhere(desk.openid.authorize_url(begun, desk.team()))
        self._set(response, self._browser_cookie, browser, int(STATE_LASTS.total_seconds()))
        return response

    async def _callback(self, request: web.Request) -> web.Response:
        """Take the browser back from Slack: signed in, or with words."""
        try:
            place, who = await self._returned(request)
        except _Failed as failed:
            return self._page(request, failed)
        self._on_end(DONE)
        _log.info("sign_in", outcome=DONE, workspace=who.workspace)
        response = _elsewhere(self._path(place))
        self._set(response, self._pass_cookie, self._passes.issue(who), int(PASS_LASTS.total_seconds()))
        return response

    async def _returned(self, request: web.Request) -> tuple[Place, SignedIn]:
        desk = self._desk()
        finished = await self._finished(request, desk)
        place = finished.place
        if "error" in request.query:
            # "access_denied" is a person's; whatever else may stand there is Slack's own trouble.
            denied = _one(request, "error") == "access_denied"
            failure = Failure.DENIED if denied else Failure.SILENT
            raise _Failed(failure, place, "access_denied" if denied else "error_at_slack")
        try:
            vouched = await desk.openid.vouch(_one(request, "code"), finished)
        except NotVouched as error:
            raise _Failed(_BY_WHY[error.why], place, error.reason) from None
        workspace = await desk.workspace(vouched)
        try:
            known = await desk.sign_ins.is_known(workspace)
        except StorageError as error:
            raise _Failed(Failure.BUSY, place, type(error).__name__) from None
        if not known:
            raise _Failed(Failure.OUTSIDE, place, "workspace_unknown")
        return place, SignedIn(workspace, vouched.user, vouched.name)

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
        place = failed.place
        words = {
            "title": self._t(f"page.sign_in.{failed.failure}.title"),
            "text": self._t(f"page.sign_in.{failed.failure}.text"),
            "again": None if place is None else {"href": self.link(place), "text": self._t("page.sign_in.again")},
            "back": None if place is None else {"href": self._path(place), "text": self._t("page.sign_in.back")},
        }
        return aiohttp_jinja2.render_template("sign_in.html", request, words, status=failed.failure.status)

    def _path(self, place: Place) -> str:
        """The path of a place: never anything but a page of ours."""
        # A browser goes up a step for two periods, even where they are written otherwise.
        name = quote(place.name, safe="") if place.name.strip(".") else ""
        return f"{self._below}{PATHS[place.door]}{name}"

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

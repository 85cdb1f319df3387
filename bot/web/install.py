"""Adding the app to Slack: the page that says what it is, the way to Slack, and the way back, which counts once.

Whatever goes wrong ends in a page with words, and never in a 5xx: nobody is to think that trying again is of no use.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import aiohttp_jinja2
import structlog
from aiohttp import web

from bot.manifest import INSTALLED_PATH, OPTIONAL_SCOPES, SCOPES
from bot.services.installations import Grant
from bot.services.installing import Installs
from bot.services.sign_in import STATE_LASTS, StateUnknown, is_browser, new_browser
from bot.web.exchange import NotExchanged, Why
from bot.web.oauth import OAuth
from storage.errors import StorageError

BEGIN = "/slack/install"
BROWSER_COOKIE = "standing_room_install"
"""What a browser is known by until its install comes back; the same for several that it begins side by side."""
DONE = "done"
USES = ("number", "link", "quiet")
"""What the page says of the app, by code."""
OPEN_URL = "https://slack.com/app_redirect"

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Ended(StrEnum):
    """How an install ends that came to nothing."""

    EXPIRED = "expired"
    DENIED = "denied"
    SILENT = "silent"
    MISSET = "misset"
    BUSY = "busy"

    @property
    def status(self) -> HTTPStatus:
        """The status of its page."""
        if self is Ended.EXPIRED:
            return HTTPStatus.BAD_REQUEST
        return HTTPStatus.FORBIDDEN if self is Ended.DENIED else HTTPStatus.FAILED_DEPENDENCY


_BY_WHY = {Why.SILENT: Ended.SILENT, Why.OVER: Ended.EXPIRED, Why.MISSET: Ended.MISSET}


class _Failed(Exception):  # noqa: N818 - it says that it has
    def __init__(self, ended: Ended, reason: str) -> None:
        super().__init__(ended)
        self.ended = ended
        self.reason = reason


@dataclass(frozen=True, slots=True)
class InstallDesk:
    """What the installing into a running application goes by."""

    installs: Installs
    oauth: OAuth
    save: Callable[[Grant], Awaitable[None]]


class Install:
    """Adding the app to workspaces, as browsers come by."""

    def __init__(
        self,
        public_url: str,
        desk: Callable[[], InstallDesk],
        t: Callable[..., str],
        on_end: Callable[[str], None],
    ) -> None:
        self._desk = desk
        self._t = t
        self._on_end = on_end
        url = urlsplit(public_url)
        self._begin_path = f"{url.path}{BEGIN}"
        self._secure = url.scheme == "https"
        # The prefix makes the browser keep it for this host alone, whatever its neighbours try to set.
        self._cookie = ("__Host-" if self._secure else "") + BROWSER_COOKIE

    def add_routes(self, app: web.Application) -> None:
        """Add the page and the two addresses."""
        app.router.add_get("/", self._front)
        # Without HEAD, which would begin and finish as well.
        app.router.add_get(BEGIN, self._begin, allow_head=False)
        app.router.add_get(INSTALLED_PATH, self._callback, allow_head=False)

    async def _front(self, request: web.Request) -> web.Response:
        words = {
            "title": self._t("page.install.title"),
            "text": self._t("page.install.text"),
            "uses": [(self._t(f"page.install.{code}"), self._t(f"page.install.{code}.why")) for code in USES],
            "asks": self._t("page.install.asks"),
            "scopes": self._scopes(SCOPES),
            "optional": self._t("page.install.optional"),
            "optional_scopes": self._scopes(OPTIONAL_SCOPES),
            "begin": {"href": self._begin_path, "text": self._t("page.install.button")},
        }
        return aiohttp_jinja2.render_template("install.html", request, words)

    def _scopes(self, scopes: Sequence[str]) -> list[tuple[str, str]]:
        return [(scope, self._t(f"page.scope.{scope.replace(':', '.')}")) for scope in scopes]

    async def _begin(self, request: web.Request) -> web.Response:
        """Send the browser to Slack, and have it known when it comes back."""
        known = request.cookies.get(self._cookie, "")
        browser = known if is_browser(known) else new_browser()
        desk = self._desk()
        try:
            state = await desk.installs.begin(browser)
        except StorageError as error:
            return self._page(request, _Failed(Ended.BUSY, type(error).__name__))
        response = web.Response(
            status=HTTPStatus.FOUND,
            headers={"Location": desk.oauth.authorize_url(state, (*SCOPES, *OPTIONAL_SCOPES))},
        )
        seconds = int(STATE_LASTS.total_seconds())
        response.set_cookie(
            self._cookie, browser, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )
        return response

    async def _callback(self, request: web.Request) -> web.Response:
        """Take the browser back from Slack: installed, or with words."""
        try:
            grant = await self._granted(request)
        except _Failed as failed:
            return self._page(request, failed)
        self._on_end(DONE)
        _log.info("install", outcome=DONE, workspace=grant.workspace)
        place = {"app": grant.app_id} | ({"team": grant.team} if grant.team else {})
        words = {
            "title": self._t("page.installed.title"),
            "text": self._t("page.installed.text"),
            "steps": [self._t(f"page.installed.step.{number}") for number in (1, 2, 3)],
            "open": {"href": f"{OPEN_URL}?{urlencode(place)}", "text": self._t("page.installed.open")},
        }
        return aiohttp_jinja2.render_template("installed.html", request, words)

    async def _granted(self, request: web.Request) -> Grant:
        desk = self._desk()
        browser = request.cookies.get(self._cookie, "")
        try:
            await desk.installs.finish(_one(request, "state"), browser)
            if "error" in request.query:
                # "access_denied" is a person's; whatever else may stand there is Slack's own trouble.
                denied = _one(request, "error") == "access_denied"
                raise _Failed(Ended.DENIED if denied else Ended.SILENT, "access_denied" if denied else "error_at_slack")
            grant = await desk.oauth.exchange(_one(request, "code"))
            await desk.save(grant)
        except StateUnknown:
            raise _Failed(Ended.EXPIRED, "state") from None
        except NotExchanged as failed:
            raise _Failed(_BY_WHY[failed.why], failed.reason) from None
        except StorageError as error:
            raise _Failed(Ended.BUSY, type(error).__name__) from None
        return grant

    def _page(self, request: web.Request, failed: _Failed) -> web.Response:
        """What is told of a failure, and the way on."""
        self._on_end(failed.ended)
        _log.warning("install", outcome=failed.ended.value, reason=failed.reason)
        words = {
            "title": self._t(f"page.install.{failed.ended}.title"),
            "text": self._t(f"page.install.{failed.ended}.text"),
            "again": {"href": self._begin_path, "text": self._t("page.install.again")},
            "back": None,
        }
        return aiohttp_jinja2.render_template("sign_in.html", request, words, status=failed.ended.status)


def _one(request: web.Request, name: str) -> str:
    """What stands in the address under a name; empty where nothing does, or several things do."""
    found = request.query.getall(name, [])
    return found[0] if len(found) == 1 else ""

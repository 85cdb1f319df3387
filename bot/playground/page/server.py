"""The page's HTTP: its files, what a member sees, what they do, and what goes wrong on request."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground.faults import Fault, FaultKind
from bot.playground.finding import NotThere
from bot.playground.installing import ACCESS
from bot.playground.methods import METHODS
from bot.playground.page.acts import Acts
from bot.playground.page.events import HEARTBEAT_SECONDS, Stream
from bot.playground.page.fields import Fields, Unfit
from bot.playground.page.origin import HEADERS, own_hosts, refusal
from bot.playground.page.outside import Switch
from bot.playground.page.seats import Seat, Seats
from bot.playground.page.snapshot import snapshot
from bot.playground.sign_in import CONFIGURATION, KEYS, TOKEN
from bot.playground.standin import StandIn
from bot.playground.state import Json

STATIC = Path(__file__).parent / "static"
MOST_BYTES = 256 * 1024
ENDING_SECONDS = 0.5
"""For what is under way when the page ends."""
MOST_TIMES = 1000
MOST_WAIT = 3600
RESPONSE_URL = "response_url"
KINDS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class Page:
    """The page over one stand-in, served on one port of this machine."""

    def __init__(
        self,
        slack: StandIn,
        seats: Sequence[Seat],
        switches: Sequence[Switch] = (),
        *,
        port: int,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._slack = slack
        self._seats = Seats(seats)
        self._switches = {switch.name: switch for switch in switches}
        self._hosts = own_hosts(port)
        self._heartbeat = heartbeat
        self._acts = Acts(slack)
        self._ending = asyncio.Event()

    def application(self) -> web.Application:
        """The application, to be served once."""
        app = web.Application(middlewares=[self._door], client_max_size=MOST_BYTES)
        app.on_response_prepare.append(_set_headers)
        app.on_shutdown.append(self._end)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get(r"/static/{name:[a-z0-9_.-]+}", self._static),
                web.get("/api/state", self._state),
                web.get("/api/events", self._events),
                web.post("/api/act", self._act),
                web.post("/api/suggest", self._suggest),
                web.post("/api/resend", self._resend),
                web.get("/api/faults", self._faults),
                web.post("/api/faults", self._set_fault),
                web.delete("/api/faults", self._clear_faults),
            ]
        )
        return app

    async def _end(self, _app: web.Application) -> None:
        self._ending.set()
        self._slack.world.changed()

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets in what comes from this page, and tells in JSON what was wrong."""
        refused = refusal(request.headers, self._hosts)
        if refused:
            return _error(403, refused)
        if request.method == "POST" and request.content_type != "application/json":
            return _error(415, "send application/json")
        try:
            return await handler(request)
        except Unfit as unfit:
            return _error(400, str(unfit))
        except NotThere as gone:
            return _error(404 if request.method == "GET" else 409, str(gone))
        except web.HTTPException as answer:
            if answer.status < 400:  # noqa: PLR2004
                raise
            return _error(answer.status, answer.reason)

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return _file("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return _file(request.match_info["name"])

    async def _state(self, request: web.Request) -> web.Response:
        state = snapshot(self._slack, self._seats, self._seat(request))
        return web.json_response({"version": self._slack.world.version, **state})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        seat = self._seat(request)
        stream = Stream(
            self._slack, lambda: snapshot(self._slack, self._seats, seat), self._ending, heartbeat=self._heartbeat
        )
        return await stream.to(request)

    async def _act(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        member = self._seats[fields.text("as")].member
        exchange = await self._acts.do(member, fields)
        if exchange.failure:
            self._slack.calls.judged(exchange.call_id, exchange.failure)
        return web.json_response(
            {
                "ok": not exchange.failure,
                "failure": exchange.failure,
                "sent": exchange.sent,
                "milliseconds": round(exchange.milliseconds, 1),
            }
        )

    async def _suggest(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        return web.json_response(await self._acts.suggest(self._seats[fields.text("as")].member, fields))

    async def _resend(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        sent = self._slack.sent(fields.whole("id", 0, 2**53))
        if sent is None:
            raise NotThere("no such request was sent to the app")
        exchange = await self._slack.retry(sent)
        return web.json_response(
            {
                "ok": not exchange.failure,
                "status": exchange.status,
                "milliseconds": round(exchange.milliseconds, 1),
            }
        )

    async def _faults(self, _request: web.Request) -> web.Response:
        return web.json_response(self._told_faults())

    async def _set_fault(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        if "outside" in fields:
            name = fields.text("outside")
            if name not in self._switches:
                raise Unfit(f"outside must be one of: {', '.join(self._switches) or 'nothing'}")
            self._switches[name].set(on=fields.flag("on"))
        else:
            self._plan(fields)
        return web.json_response(self._told_faults())

    def _plan(self, fields: Fields) -> None:
        endpoint, kind = fields.text("endpoint"), fields.text("kind")
        if endpoint not in _endpoints():
            raise Unfit(f"endpoint must be one of: {', '.join(_endpoints())}")
        if kind not in set(FaultKind):
            raise Unfit(f"kind must be one of: {', '.join(FaultKind)}")
        times = fields.whole("times", 1, MOST_TIMES) if fields.given("times") is not None else 1
        given = fields.given("retry_after") is not None
        retry_after = fields.whole("retry_after", 0, MOST_WAIT) if given else 1
        error = fields.text("error", "fatal_error") if kind == FaultKind.NOT_OK else ""
        self._slack.faults.set(endpoint, Fault(FaultKind(kind), error), times=times, retry_after=retry_after)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        wanted = request.query.get("id")
        if wanted is None:
            self._slack.faults.clear()
        elif not (wanted.isascii() and wanted.isdigit()):
            raise Unfit("id must be a number")
        elif not self._slack.faults.remove(int(wanted)):
            raise NotThere("this fault has shown, or was cleared")
        return web.json_response(self._told_faults())

    def _told_faults(self) -> Json:
        return {
            "set": [
                {
                    "id": one.id,
                    "endpoint": one.endpoint,
                    "kind": one.fault.kind.value,
                    "times": one.times,
                    "retry_after": one.retry_after if one.fault.kind is FaultKind.RATE_LIMITED else None,
                    "error": one.fault.error,
                }
                for one in self._slack.faults.waiting()
            ],
            "kinds": [kind.value for kind in FaultKind],
            "endpoints": _endpoints(),
            "outside": [{"name": one.name, "label": one.label, "on": one.on} for one in self._switches.values()],
        }

    def _seat(self, request: web.Request) -> Seat:
        """Who asks; the first of all where nobody is named."""
        wanted = request.query.get("as")
        return self._seats.first() if wanted is None else self._seats[wanted]


@asynccontextmanager
async def serve_page(
    slack: StandIn,
    seats: Sequence[Seat],
    listening: socket.socket,
    switches: Sequence[Switch] = (),
    *,
    heartbeat: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[str]:
    """Serve the page on this socket; yields its address."""
    port = listening.getsockname()[1]
    page = Page(slack, seats, switches, port=port, heartbeat=heartbeat)
    runner = web.AppRunner(page.application(), access_log=None, shutdown_timeout=ENDING_SECONDS)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def _endpoints() -> list[str]:
    return [*METHODS, TOKEN, ACCESS, KEYS, CONFIGURATION, RESPONSE_URL]


async def _fields(request: web.Request) -> Fields:
    try:
        content = await request.json()
    except (ValueError, RecursionError, LookupError):
        raise Unfit("this is no JSON") from None
    return Fields(content)


def _file(name: str) -> web.StreamResponse:
    path = STATIC / name
    if path.suffix not in KINDS or not path.is_file():
        return _error(404, "there is no such file")
    kind = KINDS[path.suffix]
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return web.FileResponse(path, headers={"Content-Type": kind + charset})


def _error(status: int, words: str) -> web.Response:
    return web.json_response({"error": words}, status=status)


async def _set_headers(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)

"""Slack's Web API over HTTP: reads arguments, checks tokens and scopes, shows faults. The methods live elsewhere."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground.answers import show_answer
from bot.playground.consent import Consent
from bot.playground.faults import FaultKind, Faults, PlannedFault
from bot.playground.installing import ACCESS, Installing
from bot.playground.log import Calls, Direction
from bot.playground.methods import METHODS, WITHOUT_JSON, Asked, named_well
from bot.playground.sign_in import CONFIGURATION, KEYS, TOKEN, SignInWithSlack
from bot.playground.socket_mode import Socket
from bot.playground.state import Json, TokenState, Workspace
from bot.playground.world import Refused, World

CONNECTIONS = "apps.connections.open"
API_TEST = "api.test"
Respond = Callable[[], Awaitable[tuple[int, Json | str]]]


@dataclass(frozen=True, slots=True)
class _Token:
    """What a token stands for: the workspaces that it opens; `app_level` for an `xapp-` one."""

    workspaces: list[Workspace]
    app_level: bool

    @property
    def scopes(self) -> list[str]:
        """What it may do."""
        if self.app_level:
            return ["connections:write"]
        return sorted({scope for one in self.workspaces for scope in one.scopes})


class WebApi:
    """The endpoints under `/api/`, Sign in with Slack, the response URLs and the socket, as one aiohttp application."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        calls: Calls,
        socket: Socket,
        *,
        sign_in: SignInWithSlack,
        installing: Installing,
    ) -> None:
        self._world = world
        self._faults = faults
        self._calls = calls
        self._socket = socket
        self._sign_in = sign_in
        self._installing = installing
        self._stopping = asyncio.Event()

    def application(self) -> web.Application:
        """An application of its own for each time the stand-in serves."""
        self._stopping = asyncio.Event()
        application = web.Application(client_max_size=8 * 1024**2)
        application.router.add_route("*", "/api/{method}", self._method)
        application.router.add_post("/{kind:commands|actions|app}/{key:.+}", self._response_url)
        application.router.add_get("/link", self._socket.accept)
        application.router.add_get("/openid/connect/keys", self._open(KEYS, self._sign_in.keys))
        discovery = self._open(CONFIGURATION, self._sign_in.configuration)
        application.router.add_get("/.well-known/openid-configuration", discovery)
        Consent(self._world, self._sign_in, self._installing).add_routes(application)
        return application

    async def stop(self) -> None:
        """Let go of whoever waits on a fault, and of every socket."""
        self._stopping.set()
        await self._socket.close()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        arguments: Json = {}
        scopes: list[str] = []

        async def respond() -> tuple[int, Json | str]:
            try:
                _must_exist(name)
                arguments.update(await _arguments(request, json_counts=name not in WITHOUT_JSON))
                named_well(arguments)
                if name == TOKEN:
                    return 200, {"ok": True, **self._sign_in.exchange(arguments)}
                if name == ACCESS:
                    return 200, {"ok": True, **self._installing.access(arguments)}
                if name == API_TEST:
                    return 200, {"ok": True}
                token = self._token(request, arguments)
                scopes.extend(token.scopes)
                return 200, {"ok": True, **self._call(name, token, arguments)}
            except Refused as refused:
                return 200, {"ok": False, "error": refused.error, **refused.beside}

        return await self._answered(request, name, arguments, respond, scopes)

    def _open(self, name: str, content: Callable[[], Json]) -> Handler:
        """A handler for what everybody may read."""

        async def respond() -> tuple[int, Json | str]:
            return 200, content()

        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answered(request, name, {}, respond, [])

        return answer

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        arguments: Json = {}

        async def respond() -> tuple[int, Json | str]:
            try:
                arguments.update(_object(await request.read()))
                found = self._world.usable_response_url(request.match_info["key"])
                shown = show_answer(self._world, found.member, found.channel, arguments, found.about)
                if found.of_command:
                    found.about = shown
            except Refused as refused:
                status = 404 if refused.error.endswith("_url") else 400
                return status, {"ok": False, "error": refused.error, **refused.beside}
            return 200, "ok"

        return await self._answered(request, "response_url", arguments, respond, [])

    async def _answered(
        self, request: web.Request, name: str, arguments: Json, respond: Respond, scopes: list[str]
    ) -> web.StreamResponse:
        started = time.perf_counter()
        planned = self._faults.next_for(name)
        if planned is not None:
            kind = planned.fault.kind.value
            response = await self._fail(request, planned)
            self._log(name, arguments, kind, response.status, started, failure=kind)
            return response
        status, answer = await respond()
        failure = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        self._log(name, arguments, answer, status, started, failure=failure)
        if isinstance(answer, str):
            return web.Response(status=status, text=answer)
        headers = {"X-OAuth-Scopes": ",".join(scopes)} if scopes else {}
        return web.json_response(answer, status=status, headers=headers)

    def _log(
        self, name: str, arguments: Json, answer: object, status: int, started: float, *, failure: str = ""
    ) -> None:
        milliseconds = (time.perf_counter() - started) * 1000
        self._calls.add(
            Direction.FROM_APP, name, arguments, answer, status=status, milliseconds=milliseconds, failure=failure
        )

    async def _fail(self, request: web.Request, planned: PlannedFault) -> web.Response:
        """The answer that this fault makes."""
        match planned.fault.kind:
            case FaultKind.RATE_LIMITED:
                headers = {} if planned.retry_after is None else {"Retry-After": str(planned.retry_after)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case FaultKind.SERVER_ERROR:
                return web.Response(status=planned.status, text="Internal Server Error")
            case FaultKind.TIMEOUT:
                await self._stopping.wait()
                return web.Response(status=504)
            case FaultKind.RESET:
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=500)
            case FaultKind.BROKEN_JSON:
                return web.Response(text='{"ok": tru', content_type="application/json")
            case FaultKind.NOT_OK:
                return web.json_response({"ok": False, "error": planned.fault.error})

    def _token(self, request: web.Request, arguments: Mapping[str, Any]) -> _Token:
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""
        if not token and request.content_type != "application/json":
            token = str(arguments.get("token", ""))
        if not token:
            raise Refused("not_authed")
        everywhere = self._world.workspaces.values()
        # One that was refreshed is good until it expires.
        former = self._installing.owners(token)
        owners = [*former] if former else [one for one in everywhere if token in {one.bot_token, one.app_token}]
        if not owners:
            raise Refused("invalid_auth")
        if owners[0].token_state is not TokenState.ACTIVE:
            raise Refused(owners[0].token_state.value)
        return _Token(owners, app_level=token == owners[0].app_token)

    def _call(self, name: str, token: _Token, arguments: Json) -> Json:
        if name != "auth.test" and token.app_level != (name == CONNECTIONS):
            raise Refused("not_allowed_token_type")
        if name == CONNECTIONS:
            address = self._world.base_url.replace("http://", "ws://", 1)
            return {"url": f"{address}/link?ticket={self._socket.ticket()}"}
        return METHODS[name](Asked(self._world, token.workspaces, arguments))


def _must_exist(name: str) -> None:
    """Refuse a method that there is not, whoever asks."""
    if name not in METHODS and name not in {CONNECTIONS, TOKEN, ACCESS, API_TEST}:
        raise Refused("unknown_method", req_method=name)


def _object(body: bytes) -> Json:
    """The JSON object in these bytes."""
    try:
        content = json.loads(body)
    except ValueError:
        raise Refused("invalid_payload") from None
    if not isinstance(content, dict):
        raise Refused("invalid_payload")
    return content


async def _arguments(request: web.Request, *, json_counts: bool) -> Json:
    """The arguments, from the query and from a body as a form or, for methods where it counts, in JSON."""
    arguments: Json = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return arguments
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return arguments | body if json_counts else arguments
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return arguments | dict(await request.post())
    raise Refused("invalid_post_type")

"""What Slack sends on its way to Bolt and back, over either transport, and how many at once; and Bolt as we want it."""

from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.guard import BODY, Reason
from bot.handlers.authorisation import Authorize
from bot.handlers.front import Front
from bot.handlers.switchboard import Switchboard
from bot.metrics import Metrics
from bot.payload_shape import is_ssl_check, well_shaped
from bot.settings import Settings, hidden_from_bolt
from bot.socket_mode import Headers

MOST_INSIDE = 128
"""Requests that are answered at once. On a machine that carries 100 a second, the last of them still waits
less than its deadline; whoever comes beyond them is told at once, which costs a sixth of being served."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def bolt_app(settings: Settings, session: aiohttp.ClientSession, authorize: Authorize, board: Switchboard) -> AsyncApp:
    """Bolt without a listener of its own, told everything that it would find out or do by itself."""
    with hidden_from_bolt():
        return AsyncApp(
            client=AsyncWebClient(base_url=settings.slack_api_url, session=session, retry_handlers=[]),
            signing_secret=_signing_secret(settings),
            before_authorize=board,
            authorize=authorize,
            # The answer is the acknowledgement, so nothing is gained by an earlier one, and Bolt's default mode looks
            # for it only every 10 ms.
            process_before_response=True,
            # What no listener takes is counted, logged and answered by us.
            raise_error_for_unhandled_request=True,
            # The guard has verified the very bytes; Bolt's own check would log the body of what it refuses.
            request_verification_enabled=False,
            # No event is subscribed that tells of what we do.
            ignoring_self_events_enabled=False,
            # What Slack tries without anybody having asked is answered before, and nothing here is a function.
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
        )


def _signing_secret(settings: Settings) -> str:
    secret = settings.slack_signing_secret
    # Socket Mode has no signatures; Bolt wants a text all the same.
    return "socket mode" if secret is None else secret.get_secret_value()


class Inlet:
    """Hands requests to Bolt, and its answers back."""

    def __init__(self, bolt: AsyncApp, front: Front, metrics: Metrics) -> None:
        self._bolt = bolt
        self._front = front
        self._metrics = metrics
        self._inside = 0

    async def over_http(self, request: web.Request) -> web.StreamResponse:
        """What came through the guard; the surplus of a crowd is told to come back."""
        body = request[BODY]
        if is_ssl_check(body):
            return web.Response()
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": body["challenge"]})
        answer = await self._answer(body, {})
        # Bytes, since aiohttp takes a long way round with text; and nothing here sets a cookie.
        headers = {"Content-Type": answer.headers["content-type"][0]}
        return web.Response(status=answer.status, body=answer.body.encode(), headers=headers)

    async def over_socket(self, payload: dict[str, Any], headers: Headers) -> BoltResponse:
        """What came over Socket Mode. There is no signature to check, and the same shape."""
        if not well_shaped(payload):
            self._metrics.guard_refusal(Reason.SHAPE)
            _log.warning("refused_at_the_door", reason=Reason.SHAPE.value)
            return BoltResponse(status=Reason.SHAPE.status)
        return await self._answer(payload, headers)

    async def _answer(self, body: dict[str, Any], headers: Headers) -> BoltResponse:
        if self._inside >= MOST_INSIDE:
            return self._front.turned_away(body)
        # The body is parsed already. Over HTTP Bolt would parse it again, and reads a form wrongly in which somebody
        # has typed the word "payload"; the mode is the one in which it takes a body that is parsed.
        parsed = AsyncBoltRequest(body=body, headers=headers, mode="socket_mode")
        self._inside += 1
        try:
            return await self._bolt.async_dispatch(parsed)
        finally:
            self._inside -= 1

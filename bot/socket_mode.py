"""Socket Mode: Slack's requests over a connection that this process opens, so that no public address is needed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack import reason_of

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


CALL_SECONDS = 3
ANSWER_SECONDS = 3.0
"""For requests that came in before the end: Slack waits no longer for an answer."""
RENEW_SECONDS = 2.0
CONNECT_SECONDS = 5.0
"""How long a start waits for the connection before it goes on without it."""
_HOPELESS = frozenset(
    ("invalid_auth", "not_authed", "not_allowed_token_type", "account_inactive", "token_revoked", "token_expired")
)


class AppTokenRefused(Exception):  # noqa: N818  it says what happened
    """Slack does not take SLACK_APP_TOKEN; the message is Slack's error code."""


class SocketMode:
    """The connection of one process, with what Slack says of all connections of the app."""

    def __init__(self, bolt: AsyncApp, app_token: str, api_url: str, session: aiohttp.ClientSession) -> None:
        # A client of its own: it opens connections with the app's token, not with the bot's.
        web_client = AsyncWebClient(
            token=app_token, base_url=api_url, session=session, retry_handlers=[], timeout=CALL_SECONDS
        )
        self._handler = AsyncSocketModeHandler(bolt, app_token, web_client=web_client)
        self._client = self._handler.client
        self._client.on_message_listeners.append(self._heard)
        self._client.socket_mode_request_listeners[:] = [self._handled]
        self._counted = 0
        self._answering: set[asyncio.Task[Any]] = set()
        self._behind: list[asyncio.Future[object]] = []
        # The SDK does not say what these give back.
        self._connect: Callable[[], Awaitable[object]] = self._handler.connect_async
        self._close: Callable[[], Awaitable[object]] = self._handler.close_async

    async def connect(self) -> None:
        """Connect; from then on the connection is kept up. Where Slack is out of reach, go on trying behind the scenes.

        Raises:
            AppTokenRefused: no trying will help.
        """
        try:
            # The SDK would ask for this address itself, and would go on asking with a token that is refused.
            opened = await self._client.web_client.apps_connections_open(app_token=self._client.app_token)
            self._client.wss_uri = opened["url"]
        except SlackApiError as error:
            reason = reason_of(error)
            if reason in _HOPELESS:
                raise AppTokenRefused(reason) from None
            _log.warning("socket_not_connected", reason=reason)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            _log.warning("socket_not_connected", reason=type(error).__name__)
        connecting = asyncio.ensure_future(self._connect())
        self._behind = [connecting, asyncio.ensure_future(self._renew())]
        await asyncio.wait({connecting}, timeout=CONNECT_SECONDS)

    async def close(self) -> None:
        """Answer what has come in, then take no further requests."""
        if self._answering:
            await asyncio.wait(set(self._answering), timeout=ANSWER_SECONDS)
        for task in self._behind:
            task.cancel()
        await self._close()

    async def problem(self) -> str | None:
        """What keeps requests from coming in; nothing when all is well."""
        return None if await self._client.is_connected() else "the Socket Mode connection is down"

    def connections(self) -> int:
        """Open connections of the app, over all processes, as Slack counted them when this one was opened."""
        session = self._client.current_session
        return 0 if session is None or session.closed else self._counted

    async def _renew(self) -> None:
        """Have the SDK ask for a new address while there is no connection: one works once, and it keeps the old."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if not await self._client.is_connected():
                self._client.wss_uri = None

    async def _handled(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        await self._handler.handle(cast("SocketModeClient", client), request)

    async def _heard(self, message: aiohttp.WSMessage) -> None:
        if message.type is aiohttp.WSMsgType.TEXT and '"hello"' in message.data:
            hello: dict[str, Any] = json.loads(message.data)
            if hello.get("type") == "hello":
                self._counted = int(hello.get("num_connections") or 0)
                _log.info("socket_connected", connections=self._counted)

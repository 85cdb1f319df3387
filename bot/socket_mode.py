"""Socket Mode: Slack's requests over a connection that this process opens, so that no public address is needed."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class SocketMode:
    """The connection of one process, with what Slack says of all connections of the app."""

    def __init__(self, bolt: AsyncApp, app_token: str, api_url: str, session: aiohttp.ClientSession) -> None:
        # A client of its own: it opens connections with the app's token, not with the bot's.
        client = AsyncWebClient(token=app_token, base_url=api_url, session=session)
        self._handler = AsyncSocketModeHandler(bolt, app_token, web_client=client)
        self._handler.client.on_message_listeners.append(self._heard)
        self._connections = 0
        # The SDK does not say what these give back.
        self._connect: Callable[[], Awaitable[object]] = self._handler.connect_async
        self._close: Callable[[], Awaitable[object]] = self._handler.close_async

    async def connect(self) -> None:
        """Connect; from then on the connection is kept up.

        Raises:
            SlackApiError: Slack refuses the app token.
        """
        await self._connect()

    async def close(self) -> None:
        """Take no further requests."""
        await self._close()

    async def problem(self) -> str | None:
        """What keeps requests from coming in; nothing when all is well."""
        return None if await self._handler.client.is_connected() else "the Socket Mode connection is down"

    def connections(self) -> int:
        """Open connections of the app, over all processes, as Slack counted them when this one was opened."""
        return self._connections

    async def _heard(self, message: aiohttp.WSMessage) -> None:
        if message.type is aiohttp.WSMsgType.TEXT and '"hello"' in message.data:
            hello: dict[str, Any] = json.loads(message.data)
            if hello.get("type") == "hello":
                self._connections = int(hello.get("num_connections") or 0)
                _log.info("socket_connected", connections=self._connections)

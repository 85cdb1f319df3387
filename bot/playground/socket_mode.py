"""Socket Mode: the WebSocket connections of the app, envelopes out, acknowledgements in."""

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import WSMsgType, web

CONNECTION_LIMIT = 10


class Socket:
    """The app's connections. Each envelope goes to the one that has waited longest."""

    def __init__(self, app_id: str, on_change: Callable[[], None]) -> None:
        self._app_id = app_id
        self._on_change = on_change
        self._connections: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[bytes]]] = {}
        self._tickets: set[str] = set()
        self.opened = 0
        """How many connections there have been."""
        self.ping_seconds: float | None = None
        """How often a connection that is opened from now on is pinged; it is closed where no pong comes."""

    @property
    def connected(self) -> int:
        """How many connections the app has open."""
        return len(self._connections)

    def ticket(self) -> str:
        """Leave to connect once; part of the address that `apps.connections.open` answers."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        connection = web.WebSocketResponse(heartbeat=self.ping_seconds)
        await connection.prepare(request)
        if self.connected >= CONNECTION_LIMIT:
            await connection.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await connection.close()
            return connection
        self._connections.append(connection)
        self.opened += 1
        self._on_change()
        await connection.send_json(
            {
                "type": "hello",
                "num_connections": self.connected,
                "debug_info": {"host": "stand-in", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": self._app_id},
            }
        )
        try:
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    self._hear(connection, message.data)
        finally:
            self._forget(connection)
        return connection

    async def ask(self, kind: str, payload: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
        """Send an envelope and wait for its acknowledgement; returns the payload in it as JSON, or nothing.

        Raises:
            ConnectionError: the app has no connection open.
        """
        if not self._connections:
            raise ConnectionError("the app has no Socket Mode connection")
        connection = self._connections.pop(0)
        self._connections.append(connection)
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if "X-Slack-Retry-Num" in headers:
            envelope["retry_attempt"] = int(headers["X-Slack-Retry-Num"])
            envelope["retry_reason"] = headers["X-Slack-Retry-Reason"]
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = connection, answer
        try:
            await connection.send_json(envelope)
            return await answer
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does now and then, and close it unless that was a warning."""
        for connection in list(self._connections):
            await connection.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}})
            if reason != "warning":
                await self.drop(connection)

    async def close(self) -> None:
        """Close every connection."""
        for connection in list(self._connections):
            await self.drop(connection)

    async def drop(self, connection: web.WebSocketResponse) -> None:
        """Close one connection."""
        self._forget(connection)
        await connection.close()

    def _hear(self, connection: web.WebSocketResponse, data: str) -> None:
        """An acknowledgement, by the connection that the envelope went by; anything else is ignored, as Slack does."""
        try:
            heard = json.loads(data)
            asked, waiting = self._waiting[heard["envelope_id"]]
        except (ValueError, KeyError, TypeError):
            return
        if asked is connection and not waiting.done():
            payload = heard.get("payload")
            waiting.set_result(json.dumps(payload).encode() if payload else b"")

    def _forget(self, connection: web.WebSocketResponse) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self._on_change()

"""Requests from Slack to the app, over HTTP or a socket, and what came back. Judges no answer."""

import asyncio
import json
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import aiohttp

from bot.playground.log import Calls, Direction
from bot.playground.signing import signed_headers
from bot.playground.socket_mode import Socket
from bot.playground.state import Json

FORM = "application/x-www-form-urlencoded"
MOST_SENT = 500
"""Requests that can be sent again: the newest."""


class Kind(StrEnum):
    """What a request carries; the value is the envelope's type in Socket Mode."""

    COMMAND = "slash_commands"
    INTERACTION = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to the app and its answer. `status` is 0 where none came; `sent` is False where none was asked for.

    `failure` is Slack's word for an answer that it could not use, such as `operation_timeout` or `invalid_blocks`.
    """

    name: str
    kind: Kind = Kind.INTERACTION
    payload: Mapping[str, Any] = field(default_factory=dict)
    request_headers: Mapping[str, str] = field(default_factory=dict)
    request_body: bytes = b""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    milliseconds: float = 0.0
    timed_out: bool = False
    sent: bool = True
    failure: str = ""
    call_id: int = 0
    """Of its entry in the log; 0 where it was not sent."""

    @property
    def json(self) -> Any:
        """The answer as JSON; None where it is empty or none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def ok(self) -> bool:
        """Whether the app answered in time and Slack could use the answer."""
        return self.sent and not self.failure

    @classmethod
    def not_sent(cls, name: str) -> "Exchange":
        """Something that Slack settles without asking the app."""
        return cls(name=name, sent=False)


class Delivery:
    """Where requests go, and how long an answer is waited for."""

    def __init__(
        self, signing_secret: str, clock: Callable[[], float], calls: Calls, socket: Socket, ack_timeout: float
    ) -> None:
        self._signing_secret = signing_secret
        self._clock = clock
        self._calls = calls
        self._socket = socket
        self._ack_timeout = ack_timeout
        self.url = ""
        self.sent: dict[int, Exchange] = {}
        """What was sent to the app last, by the id of its call in the log."""
        self.by_socket = False
        self.session: aiohttp.ClientSession | None = None

    async def command(self, fields: Mapping[str, str]) -> Exchange:
        """Send a slash command."""
        body = urllib.parse.urlencode(fields).encode()
        return await self._send(fields["command"], Kind.COMMAND, fields, body, content_type=FORM)

    async def interaction(self, payload: Json) -> Exchange:
        """Send a `block_actions`, `view_submission`, `shortcut` or the like."""
        text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
        body = urllib.parse.urlencode({"payload": text}).encode()
        return await self._send(payload["type"], Kind.INTERACTION, json.loads(text), body, content_type=FORM)

    async def event(self, payload: Json, retry: int = 0, reason: str = "http_timeout") -> Exchange:
        """Send an event; `retry` is the number of the attempt after the first."""
        body = json.dumps(payload, separators=(",", ":")).encode()
        more = _retry_headers(retry, reason) if retry else {}
        name = payload.get("event", {}).get("type", payload["type"])
        return await self._send(name, Kind.EVENT, json.loads(body), body, content_type="application/json", more=more)

    async def again(self, exchange: Exchange) -> Exchange:
        """The same bytes under the same headers, whenever they were signed."""
        return await self._deliver(
            exchange.name, exchange.kind, exchange.payload, exchange.request_body, exchange.request_headers
        )

    async def retry(self, exchange: Exchange) -> Exchange:
        """The same bytes, signed anew, as Slack does that has heard nothing in time."""
        content_type = exchange.request_headers["Content-Type"]
        attempt = int(exchange.request_headers.get("X-Slack-Retry-Num", "0")) + 1
        more = _retry_headers(attempt) if exchange.kind is Kind.EVENT else None
        return await self._send(
            exchange.name,
            exchange.kind,
            exchange.payload,
            exchange.request_body,
            content_type=content_type,
            more=more,
        )

    async def _send(
        self,
        name: str,
        kind: Kind,
        payload: Mapping[str, Any],
        body: bytes,
        *,
        content_type: str,
        more: Mapping[str, str] | None = None,
    ) -> Exchange:
        headers = signed_headers(self._signing_secret, self._clock(), body, content_type) | dict(more or {})
        return await self._deliver(name, kind, payload, body, headers)

    async def _deliver(
        self, name: str, kind: Kind, payload: Mapping[str, Any], body: bytes, headers: Mapping[str, str]
    ) -> Exchange:
        started = time.perf_counter()
        status, answer_headers, answer, timed_out = 0, dict[str, str](), b"", False
        try:
            async with asyncio.timeout(self._ack_timeout):
                if self.by_socket or (not self.url and self._socket.connected):
                    answer = await self._socket.ask(kind, payload, headers)
                    status = 200
                else:
                    status, answer_headers, answer = await self._post(body, headers)
        except TimeoutError:
            timed_out = True
        except (aiohttp.ClientError, ConnectionError):
            status = 0
        exchange = Exchange(
            name=name,
            kind=kind,
            payload=payload,
            request_headers=headers,
            request_body=body,
            status=status,
            headers=answer_headers,
            body=answer,
            milliseconds=(time.perf_counter() - started) * 1000,
            timed_out=timed_out,
            failure="operation_timeout" if timed_out else "" if status == 200 else "dispatch_failed",  # noqa: PLR2004
        )
        call = self._calls.add(
            Direction.TO_APP,
            name,
            dict(payload),
            exchange.json,
            status=status,
            milliseconds=exchange.milliseconds,
            headers=headers,
            failure=exchange.failure,
        )
        self.sent[call.id] = exchange = replace(exchange, call_id=call.id)
        if len(self.sent) > MOST_SENT:
            del self.sent[next(iter(self.sent))]
        return exchange

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        if self.session is None or not self.url:
            raise ConnectionError("no app to deliver to: serve() and deliver_to() come first")
        async with self.session.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
            return response.status, dict(response.headers), await response.read()


def _retry_headers(attempt: int, reason: str = "http_timeout") -> dict[str, str]:
    return {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}

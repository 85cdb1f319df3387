"""One Socket Mode connection: from hello to its end, and each envelope answered on the connection that it came by."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeAlias

import aiohttp
import structlog

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PING_SECONDS = 1.0
"""How long a ping may take to leave: what was said before it may fill the way."""
CLOSE_SECONDS = 1.0
"""For Slack to say goodbye."""

Headers: TypeAlias = dict[str, str | Sequence[str]]
"""As Bolt takes them."""


class Answered(Protocol):
    """What Bolt gives back: the part that an acknowledgement is made of."""

    status: int
    body: str


Answer: TypeAlias = Callable[[dict[str, Any], Headers], Awaitable[Answered]]


class Connection:
    """An open WebSocket.

    That pings are answered shows that both ways are open; it does not show that Slack sends this app's requests here.
    Nothing that this process can see would.
    """

    def __init__(
        self, socket: "aiohttp.ClientWebSocketResponse[bool]", answer: Answer, monotonic: Callable[[], float]
    ) -> None:
        self._socket = socket
        self._answer = answer
        self._monotonic = monotonic
        self._pong_at = monotonic()
        self._answering: set[asyncio.Task[None]] = set()
        self._greeted: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.count = 0
        """Open connections of the app, over all processes, as Slack counted them when this one was opened."""
        self.leaving = asyncio.Event()
        """Set once Slack has said that it will end, or it has ended: from then on another one is needed."""
        self.left_at = 0.0
        self._reading = asyncio.ensure_future(self._read())

    @property
    def over(self) -> bool:
        """Whether nothing comes by it any more."""
        return self._reading.done()

    def silent_for(self) -> float:
        """Seconds since Slack answered a ping, or the connection was opened."""
        return self._monotonic() - self._pong_at

    async def greeting(self) -> str:
        """Wait for Slack's first word; nothing if it was hello, else the reason why Slack does not want it."""
        return await self._greeted

    async def ping(self) -> None:
        """Ask for a sign of life."""
        with suppress(ConnectionError, aiohttp.ClientError, TimeoutError):  # the reading finds out as well
            async with asyncio.timeout(PING_SECONDS):
                await self._socket.ping()

    async def end(self, seconds: float) -> None:
        """Answer what has come in and what comes meanwhile, at most so long, then close."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._answering:
                    await asyncio.wait(set(self._answering))
        await self.close()

    async def close(self) -> None:
        """Close at once. Answers that are not ready go nowhere."""
        self._leave("closed by us")
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close()
        self._reading.cancel()
        await asyncio.wait({self._reading})

    def _leave(self, reason: str) -> None:
        """From now on another connection is needed."""
        if not self.leaving.is_set():
            _log.info("socket_leaving", reason=reason)
            self.left_at = self._monotonic()
            self.leaving.set()
        if not self._greeted.done():
            self._greeted.set_result(reason)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                match message.type:
                    case aiohttp.WSMsgType.TEXT:
                        self._hear(message.data)
                    case aiohttp.WSMsgType.PONG:
                        self._pong_at = self._monotonic()
                    case aiohttp.WSMsgType.PING:
                        with suppress(ConnectionError, aiohttp.ClientError):
                            await self._socket.pong(message.data)
                    case aiohttp.WSMsgType.ERROR:
                        break
        finally:
            self._leave("closed")

    def _hear(self, text: str) -> None:
        """A greeting, a farewell or an envelope; anything else is not for us."""
        try:
            heard = json.loads(text)
        except ValueError:
            return
        match heard:
            case {"type": "hello"}:
                self.count = int(heard.get("num_connections") or 0)
                self._pong_at = self._monotonic()
                if not self._greeted.done():
                    self._greeted.set_result("")
            case {"type": "disconnect"}:
                self._leave(str(heard.get("reason")))
            case {"envelope_id": str(envelope), "payload": dict(payload)}:
                task = asyncio.ensure_future(self._serve(envelope, payload, _headers(heard)))
                self._answering.add(task)
                task.add_done_callback(self._served)

    async def _serve(self, envelope: str, payload: dict[str, Any], headers: Headers) -> None:
        answered = await self._answer(payload, headers)
        if answered.status != 200:  # noqa: PLR2004  HTTP's word for success, which Bolt speaks here too
            _log.warning("socket_unanswered", status=answered.status)
            return
        word: dict[str, Any] = {"envelope_id": envelope}
        if answered.body:
            word["payload"] = json.loads(answered.body)
        try:
            await self._socket.send_json(word)
        except (ConnectionError, aiohttp.ClientError) as error:
            # Slack asked here and listens here: said on another connection, it would be heard by nobody.
            _log.warning("socket_answer_lost", error=type(error).__name__)

    def _served(self, task: "asyncio.Task[None]") -> None:
        self._answering.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("socket_answer_failed", exc_info=task.exception())


def _headers(heard: Mapping[str, Any]) -> Headers:
    """The headers that the same request would have had over HTTP."""
    places = {"x-slack-retry-num": "retry_attempt", "x-slack-retry-reason": "retry_reason"}
    return {header: str(heard[place]) for header, place in places.items() if heard.get(place) is not None}

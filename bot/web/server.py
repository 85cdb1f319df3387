"""The HTTP server beneath the application: what it takes for a request, how long it waits, how little it says.

aiohttp answers and logs what is no HTTP with the very bytes of it, waits without end for the head of a request, and
unpacks a packed body before anybody has looked at it. None of that holds here.
"""

import asyncio
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.headers import HEADERS

HEAD_SECONDS = 5.0
"""For the head of a request, from its first byte or from the beginning of the connection."""
LINGERING_SECONDS = 2.0
"""For which the rest of a body is read and dropped once its request is answered, so that the answer arrives."""
MOST_HEADER_BYTES = 16 * 1024
"""In one header. aiohttp's 8 kB would refuse a long signature before the guard has counted it."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Runner(web.AppRunner):
    """Runs an application on this server. There is no access log: we write a line for each request already."""

    def __init__(self, app: web.Application, *, shutdown_timeout: float) -> None:
        super().__init__(
            app,
            access_log=None,
            shutdown_timeout=shutdown_timeout,
            lingering_time=LINGERING_SECONDS,
            max_field_size=MOST_HEADER_BYTES,
            auto_decompress=False,
        )

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **self._kwargs)


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(web.RequestHandler):
    __slots__ = ("_cut",)

    def __init__(self, manager: web.Server, **kwargs: Any) -> None:
        super().__init__(manager, **kwargs)
        self._cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._expect_a_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._request_count
        super().data_received(data)
        if self._request_count > before:
            self._expect_nothing()
        elif self._waiter is not None:  # no request is at work, so this was a piece of a head
            self._expect_a_head()

    def _expect_a_head(self) -> None:
        if self._cut is None:
            self._cut = self._loop.call_later(HEAD_SECONDS, self.force_close)

    def _expect_nothing(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP is answered with nothing of it; all else as aiohttp does."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        _refused(exc)
        # aiohttp writes its name and version where there is no such header.
        answer = web.Response(status=status, headers={**HEADERS, "Server": ""})
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """A body that breaks while its rest is dropped is the client's fault; all else is logged as aiohttp does."""
        broken = kw.get("exc_info")
        if isinstance(broken, HttpProcessingError | web.RequestPayloadError):
            _refused(broken)
        else:
            super().log_exception(*args, **kw)


def _refused(error: Exception) -> None:
    _log.info("refused_at_the_door", reason="http", error=type(error).__name__)

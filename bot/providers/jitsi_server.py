"""How a Jitsi Meet server is: whether it answers, and whether it is one. Asked of the file that every one serves."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import aiohttp

SECONDS: Final = 1.5
"""For which an answer is waited for, redirects included."""
KEPT_SECONDS: Final = 60.0
"""For which what was found counts."""
MOST_REDIRECTS: Final = 3
MOST_BYTES: Final = 64 * 1024
"""That are read of an answer: enough to see what it is."""

_TROUBLES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, f"the server does not answer within {SECONDS:g} s"),
    (aiohttp.TooManyRedirects, "the server sends every request on to somewhere else, without end"),
    (aiohttp.ClientConnectorDNSError, "the server's name is not known"),
    (aiohttp.ClientSSLError, "the server's certificate is not one that browsers would trust"),
    (aiohttp.ClientConnectorError, "the server cannot be reached"),
    (Exception, "the server does not answer as web servers do"),
)
"""What is said of a trouble: the first line that fits."""
_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED})


class JitsiServer:
    """One server, and what was last found of it."""

    def __init__(self, url: str, session: aiohttp.ClientSession, monotonic: Callable[[], float]) -> None:
        self._config = f"{url}/config.js"
        self._session = session
        self._monotonic = monotonic
        self._one_at_a_time = asyncio.Lock()
        self._found: tuple[float, str | None] | None = None

    async def problem(self) -> str | None:
        """What is wrong with it, in words without secrets; nothing when all is well. Those who ask share one answer."""
        async with self._one_at_a_time:
            if self._found is None or self._monotonic() - self._found[0] >= KEPT_SECONDS:
                problem = await self._look()
                self._found = (self._monotonic(), problem)
            return self._found[1]

    async def _look(self) -> str | None:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            # Browsers follow redirects to the room as well.
            async with self._session.get(self._config, timeout=timeout, max_redirects=MOST_REDIRECTS) as answer:
                return _judged(answer.status, await _beginning(answer.content))
        except _TROUBLES as error:
            return next(words for kind, words in _WORDS if isinstance(error, kind))


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    read = bytearray()
    while len(read) < MOST_BYTES and (piece := await content.readany()):
        read += piece
    return bytes(read[:MOST_BYTES])


def _judged(status: int, text: bytes) -> str | None:
    if status in _REFUSALS:
        return f"the server refuses to be asked (HTTP {status})"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"the server is in trouble (HTTP {status})"
    if status != HTTPStatus.OK or b"config" not in text or text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return f"what answers is no Jitsi Meet server (HTTP {status} for its config.js)"
    return None

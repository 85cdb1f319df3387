"""The door before Bolt: size, time, signature, encoding and shape of each request, judged on its raw bytes.

What comes through was signed by Slack within five minutes and has the shape that Bolt and our handlers rely on; all
else is answered here, with an empty body. No byte of a body or a header is ever logged, only why and how much.
"""

import asyncio
import hmac
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from logging import INFO, WARNING
from typing import Never
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.clock_skew import ClockSkew
from bot.forms import read_form
from bot.metrics import Metrics
from bot.payload_shape import is_ssl_check, well_shaped

PATH = "/slack/events"
MOST_BYTES = 1024 * 1024
"""A message shortcut on a long message passes 640 kB."""
BODY_SECONDS = 5.0
"""For the whole body, once its head is there; see `bot.web.server` for how long that may take."""
FRESH_SECONDS = 300
"""How far Slack's clock and ours may be apart, and how old a request may be."""
DEEPEST = 100
"""Levels of JSON; real ones have about twenty."""
LONGEST_SSL_CHECK = 512

BODY = web.RequestKey("BODY", dict[str, object])
"""The parsed body of a request that came through: `request[BODY]`."""

_TIMESTAMP = re.compile(r"\A[0-9]{1,12}\Z")
_SIGNATURE = re.compile(r"\Av0=[0-9a-f]{64}\Z")
_CONTENT_TYPE = re.compile(
    r"\Aapplication/(?P<kind>json|x-www-form-urlencoded)(?:[ \t]*;[ \t]*charset=(\"?)utf-?8\2)?[ \t]*;?\Z",
    re.ASCII | re.IGNORECASE,
)
# A string is passed over whole, closed or not, so that the scan is linear in any text.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Reason(StrEnum):
    """Why a request was refused."""

    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    CONTENT_ENCODING = "content_encoding"
    TIMESTAMP = "timestamp"
    STALE = "stale"
    SIGNATURE = "signature"
    CONTENT_TYPE = "content_type"
    NOT_UTF8 = "not_utf8"
    FORM = "form"
    JSON = "json"
    CHARACTERS = "characters"
    SHAPE = "shape"
    BROKEN_OFF = "broken_off"

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return _STATUS.get(self, 400)


_STATUS = {
    Reason.TOO_LARGE: 413,
    Reason.TOO_SLOW: 408,
    Reason.CONTENT_ENCODING: 415,
    Reason.TIMESTAMP: 401,
    Reason.STALE: 401,
    Reason.SIGNATURE: 401,
}


_SIGNED = frozenset(
    (
        Reason.STALE,
        Reason.CONTENT_TYPE,
        Reason.NOT_UTF8,
        Reason.FORM,
        Reason.JSON,
        Reason.CHARACTERS,
        Reason.SHAPE,
    )
)
"""Found past the signature: Slack sent what we did not expect, or when, and an operator wants to know."""


class RefusedError(Exception):
    """Raised by the checks below, with the reason and nothing of what was checked."""

    def __init__(self, reason: Reason, **facts: int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts


class Guard:
    """Stands before `POST /slack/events`; every other request passes untouched.

    Made for an application with `client_max_size=MOST_BYTES`.
    """

    def __init__(
        self,
        signing_secret: str,
        metrics: Metrics,
        clock: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not signing_secret.strip():
            raise ValueError("A guard needs a signing secret.")
        self._secret = signing_secret.encode()
        self._metrics = metrics
        self._clock = clock
        self.skew = ClockSkew(clock, monotonic)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hands on what Slack signed, with its parsed body under `BODY`, and answers all else."""
        if request.method != "POST" or request.path != PATH:
            return await handler(request)
        raw = b""
        try:
            raw = await _read(request)
            if _is_unsigned_ssl_check(request, raw):
                return web.Response()
            self.check_signature(request, raw)
            request[BODY] = parse(raw, request.headers.getall("Content-Type", []))
        except RefusedError as refused:
            return self._refuse(refused, len(raw))
        return await handler(request)

    def check_signature(self, request: web.BaseRequest, raw: bytes) -> None:
        """That Slack made these bytes, and made them now.

        Raises:
            RefusedError: `TIMESTAMP`, `STALE` or `SIGNATURE`.
        """
        timestamp = _only(request.headers.getall("X-Slack-Request-Timestamp", []))
        if _TIMESTAMP.match(timestamp) is None:
            _refuse(Reason.TIMESTAMP)
        signature = _only(request.headers.getall("X-Slack-Signature", []))
        if _SIGNATURE.match(signature) is None:
            _refuse(Reason.SIGNATURE)
        expected = hmac.digest(self._secret, b"v0:%b:%b" % (timestamp.encode(), raw), "sha256")
        if not hmac.compare_digest(expected, bytes.fromhex(signature[3:])):
            _refuse(Reason.SIGNATURE)
        # Asked last, although it is cheap: only what Slack signed tells anything about its clock.
        signed_at = int(timestamp)
        if abs(self._clock() - signed_at) > FRESH_SECONDS:
            raise RefusedError(Reason.STALE, clock_ahead=round(self.skew.stale(signed_at)))
        self.skew.fresh(signed_at)

    def _refuse(self, refused: RefusedError, size: int) -> web.Response:
        reason = refused.reason
        self._metrics.guard_refusal(reason)
        level = WARNING if reason in _SIGNED else INFO
        _log.log(level, "refused_at_the_door", reason=reason.value, bytes=size, **refused.facts)
        return web.Response(status=reason.status)


def parse(raw: bytes, content_types: list[str]) -> dict[str, object]:
    """The body of a slash command, an interaction or an event.

    Raises:
        RefusedError: it is none of these, or is written in a way that Slack does not write.
    """
    content_type = _CONTENT_TYPE.match(_only(content_types))
    if content_type is None:
        _refuse(Reason.CONTENT_TYPE)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        _refuse(Reason.NOT_UTF8)
    body = _parse_json(text) if content_type["kind"].lower() == "json" else _parse_form(text)
    if not (is_ssl_check(body) or well_shaped(body)):
        _refuse(Reason.SHAPE)
    return body


def _parse_form(text: str) -> dict[str, object]:
    try:
        fields: dict[str, object] = {**read_form(text)}
    except ValueError:
        _refuse(Reason.FORM)
    if text.startswith("{"):
        _refuse(Reason.FORM)
    # UTF-8 that was read strictly has no half of a surrogate pair; a NUL stands there as it is, or as its escape.
    if "\0" in text or "%00" in text:
        _refuse(Reason.CHARACTERS)
    if "payload" not in fields:
        return fields
    if len(fields) > 1:
        _refuse(Reason.FORM)
    return _parse_json(str(fields["payload"]))


def _parse_json(text: str) -> dict[str, object]:
    if not text.startswith("{") or _is_deep(text):
        _refuse(Reason.JSON)
    try:
        body: object = json.loads(text, parse_constant=_no_constant)
    except ValueError:
        _refuse(Reason.JSON)
    if not isinstance(body, dict):
        _refuse(Reason.JSON)
    if "\\u" in text:  # only an escape can bring in what UTF-8 and the form have already kept out
        _check_characters(body)
    return body


def _is_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


def _no_constant(name: str) -> Never:
    raise ValueError(name)


def _check_characters(body: Mapping[str, object]) -> None:
    """No NUL and no half of a surrogate pair: no database and no answer can hold them."""
    for text in _texts(body):
        if "\0" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)):
            _refuse(Reason.CHARACTERS)


def _texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, Mapping):
            waiting += current.keys()
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current


async def _read(request: web.Request) -> bytes:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        _refuse(Reason.CONTENT_ENCODING)
    if (request.content_length or 0) > MOST_BYTES:
        _refuse(Reason.TOO_LARGE)
    try:
        if request.content.is_eof():
            return await request.read()  # it came with its head, as nearly every one does, and needs no timer
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        _refuse(Reason.TOO_LARGE)
    except TimeoutError:
        _refuse(Reason.TOO_SLOW)
    except (web.RequestPayloadError, ConnectionError):
        _refuse(Reason.BROKEN_OFF)


def _is_unsigned_ssl_check(request: web.Request, raw: bytes) -> bool:
    """Whether this is Slack's unsigned trial of the certificate: without effect, so an empty 200 gives nothing away."""
    if "X-Slack-Signature" in request.headers or len(raw) > LONGEST_SSL_CHECK or not raw.isascii():
        return False
    return is_ssl_check(dict(parse_qsl(raw.decode("ascii"), keep_blank_values=True)))


def _only(values: list[str]) -> str:
    """The one value of a header; nothing when it is absent or repeated, which no pattern accepts."""
    return values[0] if len(values) == 1 else ""


def _refuse(reason: Reason) -> Never:
    raise RefusedError(reason)

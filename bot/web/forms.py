"""Reading a small form that a browser sent, and whether our own page sent it."""

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

MOST_BYTES = 16 * 1024
MOST_FIELDS = 10
BODY_SECONDS = 5.0
FORM = "application/x-www-form-urlencoded"


class BadForm(Exception):  # noqa: N818 - it says what came
    """No form that our page would send; `status` is that of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_form(request: web.Request) -> Mapping[str, str]:
    """The fields.

    Raises:
        BadForm: it is none, too long, too slow, or no UTF-8.
    """
    if request.content_type != FORM or request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BadForm(415)
    try:
        text = (await _read(request)).decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadForm(400) from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadForm(400)
    return fields


def is_from_here(request: web.Request, ours: str) -> bool:
    """Whether a page of our origin sent it, or of the very host that it was sent to, as far as the browser says.

    Our pages send no referrer, and then browsers say `null` for the origin; the newer header tells all the same.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "null")
    asked = f"{ours.partition(':')[0]}://{request.host}".lower()
    return site in ("same-origin", "none") and origin in ("null", ours, asked)


def origin_of(url: str) -> str:
    """The origin of an address, as browsers write it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


async def _read(request: web.Request) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise BadForm(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > MOST_BYTES:
                    raise BadForm(413)
    except TimeoutError:
        raise BadForm(408) from None
    except (web.RequestPayloadError, ConnectionError):
        raise BadForm(400) from None
    return bytes(body)

"""QR codes of addresses, as pages and as files. Nothing is looked up: an address has one whether it is used or not."""

import asyncio
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Final

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.rules.links import LONGEST, SHORTEST
from bot.rules.numbers import LENGTHS
from bot.views.addresses import Addresses
from bot.web.hosts import IsOurs, as_asked

if TYPE_CHECKING:
    import segno

QUIET: Final = 4
"""Modules left white around a code: less, and some cameras do not find it."""
SCALE: Final = 12
"""Points for each module of a picture that is saved."""
TYPES: Final = {"png": "image/png", "svg": "image/svg+xml"}
"""Of files, by their ending."""

_FILE = rf"(?P<kind>{'|'.join(TYPES)})"
_NUMBER = re.compile(rf"j/(?P<number>[0-9]{{{min(LENGTHS)},{max(LENGTHS)}}})(?:\.{_FILE})?")
_LINK = re.compile(rf"my/(?P<link>[A-Za-z][A-Za-z0-9.]{{{SHORTEST - 1},{LONGEST - 1}}})(?:/code\.{_FILE})?")
"""A link may end in `.png` itself, so its files lie below it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which code is wanted, and how."""

    address: str
    name: str
    """The number or link, as it was asked for."""
    file: str
    """Where its files are, as seen from its page, up to the ending."""
    kind: str | None
    """The ending of the file that is wanted; nothing for the page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A code as a path of black runs in a square."""

    side: int
    path: str


def qr_codes(t: Callable[..., str], addresses: Addresses, is_ours: IsOurs) -> Handler:
    """A handler for everything below `/qr`."""
    drawing = asyncio.Lock()

    async def answer(request: web.Request) -> web.Response:
        wish = _read(request.match_info.get("tail", ""), as_asked(request, addresses, is_ours))
        if wish is None:
            words = {"title": t("page.qr.none.title"), "text": t("page.qr.none.text"), "picture": None}
            return aiohttp_jinja2.render_template("qr.html", request, words, status=HTTPStatus.NOT_FOUND)
        # It takes milliseconds: one at a time, and beside the loop, however many are asked for.
        async with drawing:
            if wish.kind is not None:
                return _download(wish.name, wish.kind, await asyncio.to_thread(_saved, wish.address, wish.kind))
            picture = await asyncio.to_thread(_picture, wish.address)
        words = {"title": t("page.qr.title"), "text": t("page.qr.text")}
        label = t("page.qr.label", address=wish.address)
        files = [(f"{wish.file}.png", t("page.qr.png")), (f"{wish.file}.svg", t("page.qr.svg"))]
        shown = {**words, "address": wish.address, "picture": picture, "label": label, "files": files}
        return aiohttp_jinja2.render_template("qr.html", request, shown)

    return answer


def _read(tail: str, addresses: Addresses) -> Wish | None:
    if found := _NUMBER.fullmatch(tail):
        number = found["number"]
        return Wish(addresses.number(number), number, number, found["kind"])
    if found := _LINK.fullmatch(tail):
        link = found["link"]
        return Wish(addresses.link(link), link, f"{link}/code", found["kind"])
    return None


def _code(address: str) -> "segno.QRCode":
    # Not at the start: few processes are ever asked for one.
    import segno  # noqa: PLC0415

    return segno.make_qr(address, error="m")


def _picture(address: str) -> Picture:
    matrix = _code(address).matrix
    path = []
    for y, row in enumerate(matrix, QUIET):
        x = QUIET
        for black, run in groupby(row):
            width = len(tuple(run))
            if black:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Picture(len(matrix) + 2 * QUIET, "".join(path))


def _saved(address: str, kind: str) -> bytes:
    with io.BytesIO() as file:
        _code(address).save(file, kind=kind, scale=SCALE, border=QUIET, light="#fff", dark="#000")
        return file.getvalue()


def _download(name: str, kind: str, content: bytes) -> web.Response:
    disposition = f'attachment; filename="standing-room-{name}.{kind}"'
    return web.Response(body=content, content_type=TYPES[kind], headers={"Content-Disposition": disposition})

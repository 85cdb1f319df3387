"""QR codes of addresses: what the picture says, on the page and as a file, and that it says nothing else."""

import asyncio
import re
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import AsyncIterator, Iterable
from html import unescape
from xml.etree import ElementTree as ET

import pytest
import segno
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.metrics import Metrics
from bot.texts import load_texts
from bot.views.addresses import Addresses
from bot.web import add_routes, qr
from bot.web.headers import HEADERS

Client = TestClient[web.Request, web.Application]
Rows = tuple[tuple[int, ...], ...]

BASE = "https://rooms.example/meet"
SHAPES = re.compile(rb"j/[0-9]{10,11}(\.png|\.svg)?|my/[A-Za-z][A-Za-z0-9.]{4,39}(/code\.(png|svg))?")
GOOD = {
    "j/5829047316": f"{BASE}/j/5829047316",
    "j/61755501423": f"{BASE}/j/61755501423",
    "j/0000000000": f"{BASE}/j/0000000000",
    "my/blue.harbour": f"{BASE}/my/blue.harbour",
    "my/Blue.Harbour": f"{BASE}/my/Blue.Harbour",
    "my/a2345": f"{BASE}/my/a2345",
    "my/" + "a" * 40: f"{BASE}/my/" + "a" * 40,
    "my/room.png": f"{BASE}/my/room.png",
    "my/jennifer": f"{BASE}/my/jennifer",
}
MALFORMED = (
    "",
    "j",
    "j/",
    "j/582904731",
    "j/582904731600",
    "j/5829047316/",
    "j/582-904-7316",
    "j/582%20904%207316",
    "j/58290473160.gif",
    "j/5829047316.PNG",
    "j/5829047316.png.svg",
    "j/5829047316/code.png",
    "j/%D9%A5829047316",
    "j/5829047316%0a",
    "j/x829047316",
    "J/5829047316",
    "my",
    "my/abcd",
    "my/" + "a" * 41,
    "my/7seven.seas",
    "my/jane-doe",
    "my/jane%20doe",
    "my/.blue",
    "my/bl%C3%BCe.sea",
    "my/blue.harbour/code",
    "my/blue.harbour/code.gif",
    "my/blue.harbour/code.png/",
    "my/blue%0Aharbour",
    "my/<script>alert(1)</script>",
    "my/%3Cb%3Eblue",
    "x/5829047316",
    "5829047316",
    "..%2Fj/5829047316",
    "%00",
    "%FF%FE",
    "j/" + "5" * 5000,
)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    t = load_texts().for_locale(None)
    add_routes(app, t=t, addresses=Addresses(BASE), checks={}, registry=Metrics(()).registry)
    async with TestClient(TestServer(app)) as client:
        yield client


async def get(client: Client, tail: str, method: str = "GET") -> tuple[ClientResponse, bytes]:
    address = URL(f"http://{client.host}:{client.port}/qr/{tail}", encoded=True)
    async with client.session.request(method, address, allow_redirects=False) as response:
        return response, await response.read()


def without_date(response: ClientResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Date"}


def expected(address: str) -> Rows:
    """The code of an address with the white around it, as the library that is used makes it of what should be there."""
    return bare(segno.make_qr(address, error="m").matrix_iter(scale=1, border=4))


def bare(rows: Iterable[Iterable[int]]) -> Rows:
    return tuple(tuple(int(bool(module)) for module in row) for row in rows)


def drawn_in(page: str) -> Rows:
    """The code in a page, from the path that is drawn there."""
    _, side = re.findall(r'viewBox="0 0 (\d+) (\d+)"', page)[0]
    (path,) = re.findall(r'<path d="([^"]*)"/>', page)
    rows = [[0] * int(side) for _ in range(int(side))]
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
        assert width == back
        rows[int(y)][int(x) : int(x) + int(width)] = [1] * int(width)
    assert "" == re.sub(r"M\d+ \d+h\d+v1h-\d+z", "", path)
    return bare(rows)


def drawn_in_png(content: bytes) -> Rows:
    """The code in a PNG of one bit a point, taken in the middle of each module."""
    assert b"\x89PNG\r\n\x1a\n" == content[:8]
    width, height, depth, colour = struct.unpack(">IIBB", content[16:26])
    assert (1, 0) == (depth, colour)
    packed, at = b"", 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            packed += content[at + 8 : at + 8 + length]
        at += 12 + length
    unpacked, step = zlib.decompress(packed), 1 + (width + 7) // 8
    lines = [bytes(step - 1)]
    for at in range(0, height * step, step):
        like_above, line = unpacked[at] == 2, unpacked[at + 1 : at + step]
        assert like_above or 0 == unpacked[at]
        lines.append(bytes((new + old) % 256 for new, old in zip(line, lines[-1], strict=True)) if like_above else line)
    half = qr.SCALE // 2
    return tuple(
        tuple(1 - (line[x // 8] >> (7 - x % 8) & 1) for x in range(half, width, qr.SCALE))
        for line in lines[1 + half :: qr.SCALE]
    )


def drawn_in_svg(content: bytes) -> Rows:
    """The code in an SVG whose lines are drawn through the middle of each row of modules."""
    drawing = ET.fromstring(content)  # noqa: S314  it is our own
    side = int(drawing.attrib["width"]) // qr.SCALE
    rows = [[0] * side for _ in range(side)]
    (scaled,) = drawing
    line = scaled[-1]
    assert (f"scale({qr.SCALE})", "#000") == (scaled.attrib["transform"], line.attrib["stroke"])
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-0-9. ]+)", line.attrib["d"]):
        across, *down = map(float, numbers.split())
        if command == "h":
            rows[int(y)][int(x) : int(x + across)] = [1] * int(across)
            x += across
        else:
            x, y = (across, down[0]) if command == "M" else (x + across, y + down[0])
    return bare(rows)


# Pages


@pytest.mark.parametrize(("tail", "address"), GOOD.items())
async def test_a_page_shows_the_address_as_text_and_as_a_picture_that_says_the_same(
    client: Client, tail: str, address: str
) -> None:
    response, body = await get(client, tail)
    page = body.decode()
    (link, text) = re.findall(r'<p class="address"><a href="([^"]*)">(.*?)</a></p>', page, re.DOTALL)[0]

    assert 200 == response.status
    assert "text/html" == response.content_type
    assert address == link == unescape(text.replace("<wbr>", ""))
    assert expected(address) == drawn_in(page)
    assert f'<svg role="img" aria-label="QR code of {address}"' in page


@pytest.mark.parametrize(("tail", "here"), [("j/5829047316", "5829047316"), ("my/Blue.Harbour", "Blue.Harbour/code")])
async def test_a_page_offers_its_picture_as_files_wherever_it_is_served(client: Client, tail: str, here: str) -> None:
    page = (await get(client, tail))[1].decode()
    files = re.findall(r'<a href="([^"]*)" download>', page)

    assert [f"{here}.png", f"{here}.svg"] == files
    for file in files:
        there = URL(f"http://{client.host}:{client.port}/qr/{tail}").join(URL(file))
        async with client.session.get(there) as response:
            assert 200 == response.status


async def test_pages_differ_in_address_and_picture_alone(client: Client) -> None:
    def masked(page: bytes, tail: str) -> str:
        name = tail.partition("/")[2]
        return re.sub(r'(<path d=)"[^"]*"', r"\1", page.decode().replace(name, "NAME"))

    pages = {masked((await get(client, tail))[1], tail) for tail in ("j/5829047316", "j/2000000000", "j/9999999999")}
    sizes = {len((await get(client, f"j/{number}.png"))[0].headers) for number in (5829047316, 2000000000)}

    assert 1 == len(pages) == len(sizes)


async def test_a_page_has_the_headers_of_all_pages_and_nothing_that_runs(client: Client) -> None:
    response, body = await get(client, "my/blue.harbour")
    same = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}

    assert {**HEADERS, **same} == without_date(response)
    assert re.search(rb"<script|style=|<style|\bon\w+=|xlink|<image", body) is None


# Files


@pytest.mark.parametrize(
    ("tail", "address", "name"),
    [
        ("j/5829047316.png", f"{BASE}/j/5829047316", "standing-room-5829047316.png"),
        ("my/Blue.Harbour/code.png", f"{BASE}/my/Blue.Harbour", "standing-room-Blue.Harbour.png"),
        ("my/room.png/code.png", f"{BASE}/my/room.png", "standing-room-room.png.png"),
    ],
)
async def test_the_picture_for_screens_says_the_address(client: Client, tail: str, address: str, name: str) -> None:
    response, body = await get(client, tail)

    assert (200, "image/png") == (response.status, response.content_type)
    assert f'attachment; filename="{name}"' == response.headers["Content-Disposition"]
    assert expected(address) == drawn_in_png(body)


@pytest.mark.parametrize("tail", ["j/5829047316.svg", "my/Blue.Harbour/code.svg"])
async def test_the_picture_for_print_says_the_address(client: Client, tail: str) -> None:
    address = f"{BASE}/{tail.removesuffix('/code.svg').removesuffix('.svg')}"
    response, body = await get(client, tail)

    assert (200, "image/svg+xml") == (response.status, response.content_type)
    assert response.headers["Content-Disposition"].endswith('.svg"')
    assert expected(address) == drawn_in_svg(body)


@pytest.mark.parametrize("tail", ["j/5829047316.png", "j/5829047316.svg", "j/5829047316", "nothing"])
async def test_everything_has_the_headers_that_let_nothing_in(client: Client, tail: str) -> None:
    response, _ = await get(client, tail)

    assert "no-store" == response.headers["Cache-Control"]
    assert HEADERS["Content-Security-Policy"] == response.headers["Content-Security-Policy"]
    assert "nosniff" == response.headers["X-Content-Type-Options"]
    assert "noindex, nofollow" == response.headers["X-Robots-Tag"]


# What has none


@pytest.mark.parametrize("tail", MALFORMED)
async def test_what_is_no_address_gets_one_friendly_page(client: Client, tail: str) -> None:
    first, page = await get(client, "x")
    response, body = await get(client, tail)

    assert 404 == response.status
    assert page == body
    assert without_date(first) == without_date(response)
    assert b"<h1>No QR code here</h1>" in body
    assert b"<svg" not in body


async def test_the_bare_place_gets_the_same_page(client: Client) -> None:
    _, page = await get(client, "x")
    async with client.get("/qr") as response:
        assert (404, page) == (response.status, await response.read())


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tail=st.one_of(st.binary(max_size=60), st.from_regex(SHAPES, fullmatch=True), st.from_regex(SHAPES)))
async def test_any_tail_at_all_gets_its_picture_or_that_page(client: Client, tail: bytes) -> None:
    response, body = await get(client, "".join(f"%{byte:02x}" for byte in tail))

    assert (200 if SHAPES.fullmatch(tail) else 404) == response.status
    assert body


async def test_head_answers_as_get_without_a_body(client: Client) -> None:
    for tail in ("j/5829047316", "j/5829047316.png", "x"):
        asked, body = await get(client, tail)
        head, nothing = await get(client, tail, "HEAD")

        assert (asked.status, b"") == (head.status, nothing)
        assert str(len(body)) == head.headers["Content-Length"]


# What it costs


async def test_one_picture_is_drawn_at_a_time_beside_everything_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()
    at_once: list[int] = []
    drawing = 0

    def slowly(_: str) -> qr.Picture:
        nonlocal drawing
        drawing += 1
        at_once.append(drawing)
        begun.release()
        assert go_on.wait(10)
        drawing -= 1
        return qr.Picture(1, "")

    monkeypatch.setattr(qr, "_picture", slowly)
    asking = [asyncio.ensure_future(get(client, "j/5829047316")) for _ in range(5)]
    assert await asyncio.to_thread(begun.acquire, timeout=10)
    async with client.get("/healthz") as meanwhile:
        assert 200 == meanwhile.status
    go_on.set()

    assert [200] * 5 == [response.status for response, _ in await asyncio.gather(*asking)]
    assert [1] * 5 == at_once


def test_a_process_that_is_asked_for_none_does_not_load_what_draws_them() -> None:
    look = "import sys, bot.app; print('segno' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert "False" == ended.stdout.strip()

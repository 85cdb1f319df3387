"""One same page for every address, with headers that give nothing away and let nothing in."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.metrics import Metrics
from bot.views.addresses import Addresses
from bot.web import add_routes
from tests.corpus import Line, lines

Client = TestClient[web.Request, web.Application]

WORDS = {"page.soon.title": "Rooms <open> soon", "page.soon.text": "Keep this address & come back."}


def words(code: str) -> str:
    return WORDS[code]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    add_routes(app, t=words, addresses=Addresses("https://rooms.example"), checks={}, registry=Metrics(()).registry)
    async with TestClient(TestServer(app)) as client:
        yield client


async def get(client: Client, path: str, method: str = "GET") -> tuple[ClientResponse, bytes]:
    address = URL(f"http://{client.host}:{client.port}{path}", encoded=True)
    async with client.session.request(method, address, allow_redirects=False) as response:
        return response, await response.read()


def without_date(response: ClientResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Date"}


@pytest.mark.parametrize("place", ["/j", "/my"])
@pytest.mark.parametrize("line", lines("address"), ids=str)
async def test_every_address_gets_the_same_status_headers_and_bytes(client: Client, place: str, line: Line) -> None:
    first, page = await get(client, "/j/5829047316")
    response, body = await get(client, place + line.value)

    assert 200 == response.status
    assert page == body
    assert without_date(first) == without_date(response)


@pytest.mark.parametrize("line", lines("headers"), ids=str)
async def test_no_header_changes_the_page(client: Client, line: Line) -> None:
    first, page = await get(client, "/j/5829047316")
    async with client.get("/j/5829047316", headers=line.value, allow_redirects=False) as response:
        assert (200, page) == (response.status, await response.read())
        assert without_date(first) == without_date(response)


@pytest.mark.parametrize("line", lines("page"), ids=str)
async def test_whatever_a_page_says_is_escaped(line: Line) -> None:
    app = web.Application()
    add_routes(
        app,
        t=lambda _code: line.value,
        addresses=Addresses("https://rooms.example"),
        checks={},
        registry=Metrics(()).registry,
    )
    async with TestClient(TestServer(app)) as client:
        page = (await get(client, "/j/1"))[1].decode()

    assert f"<h1>{line.accept}</h1>" in page
    assert f"<title>{line.accept} · Standing Room</title>" in page


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tail=st.binary(max_size=200))
async def test_any_tail_at_all_gets_the_same_page(client: Client, tail: bytes) -> None:
    _, page = await get(client, "/my/")
    response, body = await get(client, "/my/" + "".join(f"%{byte:02x}" for byte in tail))

    assert (200, page) == (response.status, body)


async def test_the_page_holds_its_words_escaped_and_nothing_that_runs(client: Client) -> None:
    page = (await get(client, "/j/1"))[1].decode()

    assert "<h1>Rooms &lt;open&gt; soon</h1>" in page
    assert "Keep this address &amp; come back." in page
    assert "<title>Rooms &lt;open&gt; soon · Standing Room</title>" in page
    assert re.search(r"<script|style=|\bon\w+=|https?:", page) is None


async def test_the_page_allows_nothing_but_its_own_style(client: Client) -> None:
    response, _ = await get(client, "/j/1")
    policy = response.headers["Content-Security-Policy"].split("; ")

    assert {"default-src 'none'", "style-src 'self'", "form-action 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert "no-store" == response.headers["Cache-Control"]


async def test_head_answers_as_get_without_a_body(client: Client) -> None:
    for path in ("/j/1", "/healthz", "/readyz", "/metrics", "/static/page.css"):
        asked, body = await get(client, path)
        head, nothing = await get(client, path, "HEAD")

        assert (asked.status, b"") == (head.status, nothing)
        if path != "/metrics":
            assert str(len(body)) == head.headers["Content-Length"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/jj/1", 404),
        ("GET", "/static/../routes.py", 404),
        ("GET", "/static/", 404),
        ("POST", "/j/1", 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/j/1", 200),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/static/page.css", 200),
    ],
)
async def test_every_answer_carries_the_headers_and_no_server(
    client: Client, method: str, path: str, status: int
) -> None:
    response, body = await get(client, path, method)

    assert status == response.status
    assert "Server" not in response.headers
    assert "nosniff" == response.headers["X-Content-Type-Options"]
    assert "no-referrer" == response.headers["Referrer-Policy"]
    assert "DENY" == response.headers["X-Frame-Options"]
    assert "noindex, nofollow" == response.headers["X-Robots-Tag"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    if status >= 400:
        assert len(body) < 40
        assert "text/plain" == response.content_type


async def test_the_style_may_be_kept_and_is_the_only_file(client: Client) -> None:
    response, body = await get(client, "/static/page.css")

    assert "text/css" == response.content_type
    assert "public, max-age=3600" == response.headers["Cache-Control"]
    assert b"prefers-color-scheme: dark" in body
    assert b"url(" not in body
    assert b"@import" not in body


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_text_stands_out_enough_in_light_and_in_dark(client: Client) -> None:
    css = (await get(client, "/static/page.css"))[1].decode()
    themes = re.findall(r":root \{([^}]*--ground[^}]*)\}", css)

    assert 2 == len(themes)
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for text in ("ink", "soft", "mark"):
            dark, light = sorted((luminance(colours["card"]), luminance(colours[text])))

            assert (light + 0.05) / (dark + 0.05) >= 4.5

"""One same page for every address, with headers that give nothing away and let nothing in."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.corpus import Line, lines
from tests.unit.web.lobbies import Desk, desk


@pytest_asyncio.fixture
async def pages() -> AsyncIterator[Desk]:
    async with desk() as made:
        yield made


def without_date(response: ClientResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Date"}


@pytest.mark.parametrize("place", ["/j", "/my"])
@pytest.mark.parametrize("line", lines("address"), ids=str)
async def test_every_address_gets_the_same_status_headers_and_bytes(pages: Desk, place: str, line: Line) -> None:
    first, page = await pages.ask("GET", "/j/5829047316")
    response, body = await pages.ask("GET", place + line.value)

    assert 200 == response.status
    assert page == body
    assert without_date(first) == without_date(response)
    assert [] == pages.doors.asked


@pytest.mark.parametrize("line", lines("headers"), ids=str)
async def test_no_header_changes_the_page(pages: Desk, line: Line) -> None:
    first, page = await pages.ask("GET", "/j/5829047316")
    async with pages.client.get("/j/5829047316", headers=line.value, allow_redirects=False) as response:
        assert (200, page) == (response.status, await response.text())
        assert without_date(first) == without_date(response)


@pytest.mark.parametrize("line", lines("page"), ids=str)
async def test_whatever_is_shown_once_more_is_escaped(pages: Desk, line: Line) -> None:
    _, page = await pages.knock(name=line.value)

    assert f'value="{line.accept}"' in page


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tail=st.binary(max_size=200))
async def test_any_tail_at_all_gets_the_same_page(pages: Desk, tail: bytes) -> None:
    _, page = await pages.ask("GET", "/my/")
    response, body = await pages.ask("GET", "/my/" + "".join(f"%{byte:02x}" for byte in tail))

    assert (200, page) == (response.status, body)


async def test_the_page_holds_nothing_that_runs_or_leads_elsewhere(pages: Desk) -> None:
    page = (await pages.ask("GET", "/j/1"))[1]

    assert "<h1>Join a meeting</h1>" in page
    assert "<title>Join a meeting · Standing Room</title>" in page
    assert re.search(r"<script|style=|\bon\w+=|https?:|action=", page) is None


async def test_the_page_allows_nothing_but_its_own_style_and_form(pages: Desk) -> None:
    response, _ = await pages.ask("GET", "/j/1")
    policy = response.headers["Content-Security-Policy"].split("; ")

    assert {"default-src 'none'", "script-src 'none'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "form-action 'self' https://meet.example.com" in policy
    assert "no-store" == response.headers["Cache-Control"]


async def test_a_page_without_a_form_sends_none(pages: Desk) -> None:
    response, _ = await pages.ask("GET", "/i/none")

    assert "form-action 'none'" in response.headers["Content-Security-Policy"].split("; ")


async def test_head_answers_as_get_without_a_body(pages: Desk) -> None:
    for path in ("/j/1", "/healthz", "/readyz", "/metrics", "/static/page.css"):
        asked, body = await pages.ask("GET", path)
        head, nothing = await pages.ask("HEAD", path)

        assert (asked.status, "") == (head.status, nothing)
        if path != "/metrics":
            assert str(len(body.encode())) == head.headers["Content-Length"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/jj/1", 404),
        ("GET", "/static/../routes.py", 404),
        ("GET", "/static/", 404),
        ("PUT", "/j/1", 405),
        ("POST", "/i/1", 405),
        ("HEAD", "/s/1", 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/j/1", 200),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/static/page.css", 200),
    ],
)
async def test_every_answer_carries_the_headers_and_no_server(pages: Desk, method: str, path: str, status: int) -> None:
    response, body = await pages.ask(method, path)

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


async def test_the_style_may_be_kept_and_is_the_only_file(pages: Desk) -> None:
    response, body = await pages.ask("GET", "/static/page.css")

    assert "text/css" == response.content_type
    assert "public, max-age=3600" == response.headers["Cache-Control"]
    assert "prefers-color-scheme: dark" in body
    assert "url(" not in body
    assert "@import" not in body


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_text_stands_out_enough_in_light_and_in_dark(pages: Desk) -> None:
    css = (await pages.ask("GET", "/static/page.css"))[1]
    themes = re.findall(r":root \{([^}]*--ground[^}]*)\}", css)

    assert 2 == len(themes)
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for text in ("ink", "soft", "mark", "wrong"):
            dark, light = sorted((luminance(colours["card"]), luminance(colours[text])))

            assert (light + 0.05) / (dark + 0.05) >= 4.5

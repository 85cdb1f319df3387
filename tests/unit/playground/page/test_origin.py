"""Who may ask: only a browser on this machine that shows this very page."""

import aiohttp
import pytest
from yarl import URL

from bot.playground.page.origin import own_hosts, refusal
from tests.unit.playground.page.conftest import ANNA, Browser

HOSTS = own_hosts(8123)
ELSEWHERE = "This page answers no other site."
OTHER_NAME = "This page answers only as localhost, on this machine."


@pytest.mark.parametrize("host", ["localhost:8123", "127.0.0.1:8123", "[::1]:8123", "LOCALHOST:8123"])
def test_this_machine_is_answered_by_each_of_its_names(host: str) -> None:
    assert not refusal({"Host": host}, HOSTS)
    assert not refusal({"Host": host, "Origin": f"http://{host}"}, HOSTS)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "localhost:8124",
        "127.0.0.2:8123",
        "evil.example:8123",
        "localhost.evil.example:8123",
        "evil.example",
        "localhost:8123.evil.example",
        "127.0.0.1:8123@evil.example",
        "0.0.0.0:8123",
        "[::1]",
    ],
)
def test_a_name_that_somebody_points_at_this_machine_is_refused(host: str) -> None:
    assert refusal({"Host": host}, HOSTS) == OTHER_NAME


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "https://localhost:8123",
        "http://localhost:8124",
        "http://localhost",
        "http://127.0.0.1:8123",
        "http://localhost:8123.evil.example",
    ],
)
def test_a_page_from_elsewhere_is_refused(origin: str) -> None:
    assert refusal({"Host": "localhost:8123", "Origin": origin}, HOSTS) == ELSEWHERE


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_page_has_a_browser_ask_for_is_refused_but_a_link_may_be_followed(site: str) -> None:
    asked = {"Host": "localhost:8123", "Sec-Fetch-Site": site}

    assert refusal({**asked, "Sec-Fetch-Mode": "no-cors"}, HOSTS) == ELSEWHERE
    assert not refusal({**asked, "Sec-Fetch-Mode": "navigate"}, HOSTS)


def test_a_browser_leaves_the_port_of_the_web_out() -> None:
    assert not refusal({"Host": "localhost", "Origin": "http://localhost"}, own_hosts(80))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/static/app.js"),
        ("GET", "/api/state"),
        ("GET", "/api/events"),
        ("GET", "/api/faults"),
        ("POST", "/api/act"),
        ("POST", "/api/suggest"),
        ("POST", "/api/resend"),
        ("POST", "/api/faults"),
        ("DELETE", "/api/faults"),
        ("GET", "/nowhere"),
    ],
)
@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
async def test_every_address_of_the_page_is_closed_to_others(
    browser: Browser, method: str, path: str, headers: dict[str, str]
) -> None:
    async with browser.session.request(method, browser.address + path, headers=headers, json={}) as response:
        assert 403 == response.status
        assert "error" in await response.json()


async def test_nothing_is_done_for_a_form_of_another_site(browser: Browser) -> None:
    act = f'{{"as":"{ANNA}","do":"type","channel":"C0GENERAL","text":"hello"}}'
    async with browser.session.post(
        f"{browser.address}/api/act", data=act, headers={"Content-Type": "text/plain"}
    ) as response:
        assert 415 == response.status

    assert not (await browser.state())["messages"]["C0GENERAL"]


async def test_every_answer_forbids_what_the_page_does_not_need(browser: Browser) -> None:
    for path in ("/", "/api/state", "/api/events", "/nowhere"):
        async with browser.session.get(browser.address + path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "no-cache" == response.headers["Cache-Control"]
            assert "nosniff" == response.headers["X-Content-Type-Options"]
            assert "Server" not in response.headers


@pytest.mark.parametrize("name", ["..", "../server.py", "%2e%2e%2fserver.py", "..%2f__init__.py", "nothing.js", "x"])
async def test_no_file_but_the_pages_own_is_handed_out(page: str, name: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(URL(f"{page}/static/{name}", encoded=True)) as response,
    ):
        assert 404 == response.status

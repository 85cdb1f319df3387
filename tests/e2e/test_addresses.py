"""What stands in addresses, headers and bodies goes no further: into no log, no answer, no other site, no preview."""

import io
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.app import build
from bot.playground import Fault
from tests.e2e.reading import asks, choices
from tests.e2e.stage import Stage

CANARY = "canary0Passcode"
TAILS = tuple(f"/{place}/{CANARY}" for place in ("j", "my", "i", "s"))
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
HEADERS = {
    "Referer": f"https://example.com/?{CANARY}",
    "Cookie": f"passcode={CANARY}",
    "User-Agent": CANARY,
    "Origin": f"https://{CANARY}.example",
    "X-Forwarded-For": CANARY,
    "X-Forwarded-Host": f"{CANARY}.example",
    "X-Slack-Signature": f"v0={CANARY}",
    "X-Slack-Request-Timestamp": "1795500000",
}
CLOSED = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The application with the access log of its server on, and every address that it knows."""

    base: str
    paths: tuple[str, ...]
    heard: io.StringIO


@pytest.fixture
async def site(stage: Stage) -> AsyncIterator[Site]:
    """The application of the stage once more, run as somebody might who leaves aiohttp's access log on."""
    application = build(stage.settings, stage.chances)
    runner = web.AppRunner(application, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    known = [resource.canonical for resource in application.router.resources()]
    paths = tuple(path.replace("{tail}", "5829047316") for path in known)
    yield Site(f"http://127.0.0.1:{runner.addresses[0][1]}", (*paths, *TAILS, "/", "/none", f"/{CANARY}"), stage.heard)
    await runner.cleanup()


@pytest.mark.row("R49")
async def test_nothing_of_an_address_a_header_or_a_body_is_logged_or_sent_back(site: Site) -> None:
    """Seen red: with `aiohttp.access` at INFO in LEAST_LEVELS, each line of its log held the address and the Referer;
    without `Referrer-Policy` or `X-Robots-Tag` among the headers, every address was without."""
    seen: dict[str, set[int]] = {}
    async with aiohttp.ClientSession() as session:
        for path in site.paths:
            for method in METHODS:
                status, headers, body = await ask(
                    session, method, f"{site.base}{path}?pwd={CANARY}&next={CANARY}#{CANARY}"
                )
                seen.setdefault(path, set()).add(status)

                assert status in (200, 303, 401, 403, 404, 405, 410), (method, path)
                assert CANARY not in f"{headers} {body}", (method, path)
                assert ("/wait" if status == 303 else None) == headers.get("Location")
                assert "Server" not in headers
                assert "Set-Cookie" not in headers
                assert CLOSED == {name: headers.get(name) for name in CLOSED}, (method, path)
                if status != 200 or not path.startswith("/static/"):
                    assert "no-store" == headers["Cache-Control"], (method, path)

    assert {"/j", "/j/5829047316", "/my/5829047316", "/slack/events", "/healthz", "/readyz", "/metrics"} < set(seen)
    assert {401, 405} == seen["/slack/events"]
    assert {200, 403, 405} == seen["/j/5829047316"] == seen[f"/j/{CANARY}"]
    assert {404} == seen["/none"] == seen[f"/{CANARY}"]
    assert CANARY not in site.heard.getvalue()


async def ask(session: aiohttp.ClientSession, method: str, address: str) -> tuple[int, Mapping[str, str], str]:
    """Status, headers and body of an answer, wherever it would lead."""
    async with session.request(
        method, URL(address, encoded=True), headers=HEADERS, data=f"passcode={CANARY}", allow_redirects=False
    ) as answer:
        return answer.status, answer.headers, await answer.text()


@pytest.mark.row("R49")
async def test_no_address_of_a_message_is_visited_for_a_preview(stage: Stage) -> None:
    """Seen red: without `unfurl_links` in `Slack.tell`, there was a KeyError: Slack was left to judge by itself."""
    await asks(stage.anna, "/pmi suggest")
    message = stage.anna.private_messages[-1]
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR)
    await stage.anna.presses("Choose", value=choices(message)[0], on=message)
    await stage.slack.until(lambda: stage.anna.direct_messages)

    (posted,) = stage.slack.calls.of("chat.postMessage")
    assert "https://rooms.example.com/j/" in str(posted.arguments)
    assert (False, False) == (posted.arguments["unfurl_links"], posted.arguments["unfurl_media"])


async def test_addresses_that_are_handed_out_carry_nothing_but_a_number_or_a_link(stage: Stage) -> None:
    for line in ("/pmi", "/pmi set 582 904 7316", "/personal-link set blue.harbour", "/room"):
        await asks(stage.anna, line)
    await asks(stage.ben, "/pmi @anna")
    shown = "".join(message.shown for person in (stage.anna, stage.ben) for message in person.private_messages)

    found = re.findall(r"https?://[^\s<>|\"]+", shown)
    assert len(found) >= 5
    assert all(re.fullmatch(r"https://rooms\.example\.com/(?:j/[0-9]{10}|my/blue\.harbour)", each) for each in found)

"""How often pages are answered, whence they are asked for, and when many misses are told."""

from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_network

import pytest
import pytest_asyncio
from aiohttp.test_utils import make_mocked_request
from structlog.testing import capture_logs

from bot.metrics import Joining, Metrics
from bot.services.ways import Source
from bot.web import loads
from bot.web.loads import MISSES, Loads, Misses
from bot.web.sources import Sources
from tests.unit.web.lobbies import Desk, desk

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48"))


@pytest_asyncio.fixture
async def pages() -> AsyncIterator[Desk]:
    async with desk() as made:
        yield made


async def test_thirty_pages_a_minute_are_answered_from_one_place(pages: Desk) -> None:
    answers = [(await pages.ask("GET", f"/j/{number}", alone=False))[0] for number in range(35)]
    elsewhere, _ = await pages.ask("GET", "/j/1")
    pages.now[0] = 60.0
    later, _ = await pages.ask("GET", "/j/1", X_Forwarded_For="198.18.0.0")

    assert [200] * 30 + [429] * 5 == [answer.status for answer in answers]
    assert {"60"} == {answer.headers["Retry-After"] for answer in answers[30:]}
    assert [200, 200] == [elsewhere.status, later.status]
    assert 5 == pages.counted("slow")


async def test_knocking_counts_as_asking_for_a_page(pages: Desk) -> None:
    for _ in range(30):
        await pages.ask("GET", "/j/1", alone=False)
    response, page = await pages.ask("POST", "/j/1", body=b"name=Zoe&passcode=x", alone=False)

    assert 429 == response.status
    assert "Wait 60 seconds" in page
    assert [] == pages.doors.asked


def test_no_more_places_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loads, "MOST_SOURCES", 3)
    counted = Loads(lambda: 0.0)
    for place in range(10):
        counted.wait(Source(str(place)))

    assert ["7", "8", "9"] == [source.network for source in counted._by_source]


def whence(peer: str | None, headers: Mapping[str, str], sources: Sources | None = None) -> str:
    request = make_mocked_request("GET", "/j/1", headers=headers)
    request = request.clone(remote=peer) if peer is not None else request
    return (sources or Sources(PROXIES)).of(request).network


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64"),
        ("10.0.0.1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, canary", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", ",".join(["203.0.113.9"] + ["10.0.0.2"] * 500), "10.0.0.2"),
        ("2001:db8:ffff::1", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::5", "203.0.113.9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "203.0.113.9", ""),
        ("somewhere", "203.0.113.9", ""),
    ],
)
def test_only_a_set_proxy_says_where_a_request_comes_from(peer: str, forwarded: str, expected: str) -> None:
    assert expected == whence(peer, {"X-Forwarded-For": forwarded} if forwarded else {})


def test_a_forwarded_header_that_nobody_hears_is_noted_once_without_its_text() -> None:
    sources = Sources()
    with capture_logs() as logged:
        for _ in range(3):
            whence("192.0.2.1", {"X-Forwarded-For": "203.0.113.9"}, sources)

    assert [{"event": "forwarded_header_ignored", "log_level": "warning", "set": "TRUSTED_PROXIES"}] == logged


def test_a_hundred_misses_in_five_minutes_are_told_once() -> None:
    metrics, now = Metrics(()), [0.0]
    misses = Misses(lambda: now[0], metrics)
    with capture_logs() as logged:
        for place in range(3 * MISSES):
            now[0] += 1.0
            misses.miss(Joining.WRONG, Source(str(place % 7)))

    assert [(MISSES, 99, 7)] == [(line["misses"], line["seconds"], line["sources"]) for line in logged]
    assert 1 == metrics.registry.get_sample_value("standing_room_guessing_total")


def test_misses_that_take_their_time_are_not_told() -> None:
    now = [0.0]
    misses = Misses(lambda: now[0], Metrics(()))
    with capture_logs() as logged:
        for _ in range(2 * MISSES):
            now[0] += 3.1
            misses.miss(Joining.KEY, Source("192.0.2.1"))

    assert [] == logged

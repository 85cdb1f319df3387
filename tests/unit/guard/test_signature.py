"""Only what Slack signed within five minutes comes through; all else is 401, empty, and leaves no trace."""

import time
from collections.abc import Iterator

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from structlog.testing import LogCapture

from bot.guard import PATH, Guard, Reason, RefusedError
from bot.metrics import Metrics
from tests.unit.guard.conftest import Door
from tests.unit.guard.signed_requests import COMMAND, NOW, SECRET, form, sign, signed

RAW = form(COMMAND)
GOOD = signed(RAW)

SLACKS_OWN = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


async def test_slacks_published_example_comes_through(door: Door) -> None:
    guard = Guard("8f742231b10e8888abcd99yyyzzz85a5", door.metrics, clock=lambda: 1531420618.9)
    published = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"

    guard.check_signature(headers("1531420618", published), SLACKS_OWN)

    with pytest.raises(RefusedError) as refused:
        guard.check_signature(headers("1531420618", published), SLACKS_OWN + b" ")
    assert Reason.SIGNATURE is refused.value.reason


async def test_a_signed_command_comes_through_with_its_bytes_and_its_fields(door: Door) -> None:
    status, body = await door.post(RAW, GOOD)

    assert (200, RAW) == (status, body)
    assert [COMMAND] == door.came_through


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in GOOD.items() if key != name}


def at(timestamp: str) -> dict[str, str]:
    return {**GOOD, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign(RAW, timestamp)}


SIGNATURE = "X-Slack-Signature"
FORGED = {
    "no timestamp": (without("X-Slack-Request-Timestamp"), "timestamp"),
    "letters as timestamp": (at("abc"), "timestamp"),
    "an exponent": (at("1e9"), "timestamp"),
    "a fraction": (at(f"{NOW}.0"), "timestamp"),
    "a sign": (at(f"+{NOW}"), "timestamp"),
    "an underscore": (at("1_700_000_000"), "timestamp"),
    "Arabic digits": (at("١٧٠٠٠٠٠٠٠٠"), "timestamp"),
    "5,000 digits": (at("1" * 5000), "timestamp"),
    "an empty timestamp": (at(""), "timestamp"),
    "301 s ago": (at(str(NOW - 301)), "stale"),
    "in 301 s": (at(str(NOW + 301)), "stale"),
    "the epoch": (at("0"), "stale"),
    "far away": (at("9" * 12), "stale"),
    "no signature": (without(SIGNATURE), "signature"),
    "an empty signature": ({**GOOD, SIGNATURE: ""}, "signature"),
    "a forged signature": ({**GOOD, SIGNATURE: "v0=" + "0" * 64}, "signature"),
    "another secret": ({**GOOD, SIGNATURE: sign(RAW, str(NOW), "other")}, "signature"),
    "another timestamp": ({**GOOD, "X-Slack-Request-Timestamp": str(NOW + 1)}, "signature"),
    "another version": ({**GOOD, SIGNATURE: GOOD[SIGNATURE].replace("v0", "v1")}, "signature"),
    "no version": ({**GOOD, SIGNATURE: GOOD[SIGNATURE][3:]}, "signature"),
    "capitals": ({**GOOD, SIGNATURE: GOOD[SIGNATURE].upper()}, "signature"),
    "one digit short": ({**GOOD, SIGNATURE: GOOD[SIGNATURE][:-1]}, "signature"),
    "non-ASCII": ({**GOOD, SIGNATURE: "v0=" + "é" * 64}, "signature"),
    "10 kB": ({**GOOD, SIGNATURE: "v0=" + "a" * 7000}, "signature"),
}


@pytest.mark.parametrize(("sent", "reason"), FORGED.values(), ids=FORGED.keys())
async def test_what_slack_did_not_sign_is_answered_401_and_empty(
    door: Door, log: LogCapture, sent: dict[str, str], reason: str
) -> None:
    status, body = await door.post(RAW, sent)

    assert (401, b"") == (status, body)
    assert [] == door.came_through
    assert 1 == door.refusals(reason)
    (entry,) = log.entries
    assert {"event": "refused_at_the_door", "reason": reason, "bytes": len(RAW)}.items() <= entry.items()
    # What Slack did sign, at another time, is worth a look at the clock.
    assert ("warning" if reason == "stale" else "info") == entry["log_level"]
    assert entry.keys() - {"event", "reason", "bytes", "log_level"} == ({"clock_ahead"} if reason == "stale" else set())


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_a_repeated_header_is_refused(door: Door, name: str) -> None:
    async with door.client.post("/slack/events", data=RAW, headers=[*GOOD.items(), (name, GOOD[name])]) as response:
        assert 401 == response.status


@pytest.mark.parametrize("place", [0, len(RAW) // 2, len(RAW) - 1])
async def test_a_body_that_is_one_byte_off_is_refused(door: Door, place: int) -> None:
    changed = RAW[:place] + bytes([RAW[place] ^ 1]) + RAW[place + 1 :]

    assert (401, b"") == await door.post(changed, GOOD)


async def test_an_unreadable_body_without_a_signature_is_only_unsigned(door: Door) -> None:
    for raw in (b"\xff\xfe", b"[" * 60_000, b"payload={", b"{", b"x=1&" * 50_000):
        assert (401, b"") == await door.post(raw, {"Content-Type": "text/plain; charset=utf-7"})


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
async def test_five_minutes_either_way_are_fresh(door: Door, seconds: int) -> None:
    assert 200 == (await door.post(RAW, signed(RAW, at=NOW + seconds)))[0]


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
async def test_header_names_may_be_written_in_any_case(door: Door, spell: type[str]) -> None:
    assert 200 == (await door.post(RAW, {spell(name): value for name, value in GOOD.items()}))[0]


async def test_every_other_address_and_method_passes_untouched(door: Door) -> None:
    async with door.client.post("/elsewhere", data=b"x" * 1000) as response:
        assert b"x" * 1000 == await response.read()
    for method in ("GET", "PUT"):
        async with door.client.request(method, "/slack/events") as response:
            assert 405 == response.status
    for path in ("/", "/slack/events/", "/z"):
        async with door.client.post(path) as response:
            assert 404 == response.status


def test_a_guard_without_a_secret_is_not_made() -> None:
    with pytest.raises(ValueError, match="signing secret"):
        Guard(" ", Metrics(()), clock=time.time)


async def test_a_refusal_takes_less_than_5_ms(door: Door) -> None:
    guard = Guard(SECRET, door.metrics, clock=lambda: float(NOW))
    largest = b"a" * 1024 * 1024
    fastest = []
    for raw in (RAW, largest):
        forged = headers(str(NOW), "v0=" + "0" * 64)
        times = []
        for _ in range(20):
            began = time.perf_counter()
            with pytest.raises(RefusedError):
                guard.check_signature(forged, raw)
            times.append(time.perf_counter() - began)
        fastest.append(min(times))

    assert fastest[0] < 0.005
    assert fastest[1] < 0.005


def headers(timestamp: str, signature: str) -> web.Request:
    return make_mocked_request(
        "POST", PATH, headers={"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    )


@pytest.fixture
def log() -> Iterator[LogCapture]:
    capture = LogCapture()
    structlog.configure(processors=[capture])
    yield capture
    structlog.reset_defaults()

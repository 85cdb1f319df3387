"""An envelope is answered on the connection that it came by, or not at all."""

import asyncio
from typing import Any

import pytest
from slack_bolt.response import BoltResponse
from structlog.testing import capture_logs

from bot.socket_mode import upkeep
from tests.integration.socket_mode.line import Line
from tests.tcp_proxy import Network

Logged = list[Any]


def events(logged: Logged, level: str) -> list[str]:
    return [entry["event"] for entry in logged if entry["log_level"] == level]


@pytest.mark.row("R56")
async def test_what_came_before_a_warning_is_answered_where_it_came_by(line: Line) -> None:
    """Slack warns while a request is worked on; the next connection is there before the old one goes.

    Seen red: with the answer sent on the newest connection, the command timed out.
    """
    line.application.may_answer.clear()
    asking = asyncio.ensure_future(line.anna.types("/pmi"))
    await line.slack.until(lambda: line.application.asked)
    await line.slack.socket.disconnect("warning")
    await line.seconds_until(lambda: len(line.mode._open_ones()) == 2)
    both = line.slack.socket.connected
    line.application.may_answer.set()

    assert (await asking).ok
    assert 2 == both
    assert await line.seconds_until(lambda: line.slack.socket.connected == 1) <= upkeep.LINGER_SECONDS + 10
    assert (await line.anna.types("/pmi")).ok
    assert 1 == line.mode.connections()


@pytest.mark.row("R56")
@pytest.mark.parametrize("network", [Network.PASS, Network.RESET])
async def test_an_answer_whose_connection_is_gone_is_said_in_one_line(
    line: Line, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection is closed, or reset, between an envelope and its answer.

    Seen red: without the `except` around `send_json`, the line was missing ("assert ['socket_answer_lost'] == []").
    """
    line.application.may_answer.clear()
    with capture_logs() as logged:
        asking = asyncio.ensure_future(line.anna.types("/pmi"))
        await line.slack.until(lambda: line.application.asked)
        if network is Network.RESET:
            line.network.reset()
        else:
            await line.slack.socket.disconnect("refresh_requested")
        await line.seconds_until(lambda: line.slack.socket.opened == 2)
        line.application.may_answer.set()
        exchange = await asking

    assert exchange.timed_out
    assert ["socket_answer_lost"] == events(logged, "warning")
    assert [] == events(logged, "error")
    assert [] == [record for record in caplog.records if record.exc_info]
    assert (await line.anna.types("/pmi")).ok


async def test_what_came_in_is_answered_before_the_end_and_what_comes_meanwhile(line: Line) -> None:
    line.application.may_answer.clear()
    first = asyncio.ensure_future(line.anna.types("/pmi"))
    await line.slack.until(lambda: line.application.asked)
    closing = asyncio.ensure_future(line.mode.close())
    second = asyncio.ensure_future(line.anna.types("/pmi"))
    await line.slack.until(lambda: len(line.application.asked) == 2)
    line.application.may_answer.set()

    assert [True, True] == [(await exchange).ok for exchange in (first, second)]
    await closing
    assert 0 == line.slack.socket.connected


async def test_an_answer_that_never_comes_does_not_hold_up_the_end(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "ANSWER_SECONDS", 0.1)
    line.application.may_answer.clear()
    asking = asyncio.ensure_future(line.anna.types("/pmi"))
    await line.slack.until(lambda: line.application.asked)
    await line.mode.close()

    assert 0 == line.slack.socket.connected
    line.application.may_answer.set()
    assert (await asking).timed_out


@pytest.mark.parametrize(
    ("response", "level", "event"),
    [
        (BoltResponse(status=404, body=""), "warning", "socket_unanswered"),
        (BoltResponse(status=200, body="no JSON"), "error", "socket_answer_failed"),
    ],
)
async def test_what_cannot_be_answered_is_logged_and_harms_nobody(
    line: Line, response: BoltResponse, level: str, event: str
) -> None:
    usual = line.application.response
    line.slack._delivery._ack_timeout = 0.5
    line.application.response = response
    with capture_logs() as logged:
        assert (await line.anna.types("/pmi")).timed_out
    line.application.response = usual
    line.slack._delivery._ack_timeout = 1.0

    assert [event] == events(logged, level)
    assert (await line.anna.types("/pmi")).ok


async def test_what_is_no_envelope_is_passed_over(line: Line) -> None:
    (connection,) = line.slack.socket._connections
    for nonsense in ("{", "[]", "1", "null", '"hello"', "{}", '{"type": "hello"}', '{"envelope_id": 1, "payload": {}}'):
        await connection.send_str(nonsense)
    await connection.send_str('{"envelope_id": "1", "payload": null}')
    await connection.send_bytes(b"\x00")

    assert (await line.anna.types("/pmi")).ok
    assert 1 == len(line.application.asked)
    assert 1 == line.slack.socket.opened


async def test_the_headers_of_a_repeated_event_are_those_of_http(line: Line) -> None:
    await line.slack.send_event(line.acme, {"type": "app_home_opened"}, retry=2)
    await line.slack.send_event(line.acme, {"type": "app_home_opened"})

    assert [{"x-slack-retry-num": "2", "x-slack-retry-reason": "http_timeout"}, {}] == line.application.headers


async def test_only_so_many_are_counted_as_slack_has_open_for_others_and_us(line: Line) -> None:
    await line.slack.socket.disconnect("warning")
    await line.seconds_until(lambda: line.slack.socket.opened == 2)
    await line.anna.types("/pmi")

    assert 1 == line.mode.connections()


async def test_one_connection_too_many_is_a_try_that_failed(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as logged, monkeypatch.context() as full:
        full.setattr("bot.playground.socket_mode.CONNECTION_LIMIT", 0)
        await line.slack.socket.close()
        await line.seconds_until(lambda: line.tries() == 4)

    reasons = [entry["reason"] for entry in logged if entry["event"] == "socket_not_connected"]
    assert "too_many_websockets" == reasons[0]
    assert await line.seconds_until(lambda: line.slack.socket.connected) <= 30

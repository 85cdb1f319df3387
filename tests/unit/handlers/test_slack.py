"""What is asked of Slack, and what its silence means."""

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.handlers.authorisation import Authorisation
from bot.handlers.pace import Pace
from bot.handlers.slack import Slack, SlackNotAsked, SlackSilent, SlackUnheard, asked_pause


def refused(status: int, headers: dict[str, str]) -> Mock:
    """What the SDK raises where Slack refuses a call."""
    response = AsyncSlackResponse(
        client=Mock(),
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": "ratelimited"},
        headers=headers,
        status_code=status,
    )
    return Mock(spec=SlackApiError, response=response)


async def test_a_pause_that_somebody_else_was_told_of_meanwhile_is_kept() -> None:
    called: list[str] = []

    async def api_call(method: str, **_: Any) -> SimpleNamespace:
        called.append(method)
        return SimpleNamespace(data={"channel": {"id": "D1"}})

    async def sleep(_seconds: float) -> None:
        pace.pause("chat.postMessage", 30.0)

    pace = Pace(lambda: 50.0, sleep)
    await pace.turn("D1")
    slack = Slack(Mock(api_call=api_call), Mock(), Authorisation("xoxb-x", lambda: 0.0), lambda: pace)

    with pytest.raises(SlackNotAsked) as caught:
        await slack.of("T0ACME").tell("U0ANNA", {"text": "Saved."})

    assert 30.0 == caught.value.retry_after
    assert ["conversations.open"] == called


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "7"}, 7.0),
        (429, {"retry-after": "0"}, 0.0),
        (429, {"Retry-After": "1234567"}, 30.0),
        (429, {"Retry-After": "soon"}, 30.0),
        (429, {}, 30.0),
        (500, {"Retry-After": "7"}, None),
    ],
)
def test_how_long_slack_asks_for_a_pause(status: int, headers: dict[str, str], seconds: float | None) -> None:
    assert seconds == asked_pause(refused(status, headers))


@pytest.mark.parametrize("listening", [True, False])
async def test_an_answer_may_have_come_through_unless_nobody_took_the_connection(*, listening: bool) -> None:
    """Whoever listens hangs up once the whole answer is there."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'"replace_original": true}')
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if not listening:
        server.close()
        await server.wait_closed()
    async with aiohttp.ClientSession() as session:
        line = Slack(Mock(), session, Mock(), Mock()).of("T0ACME")

        with pytest.raises(SlackSilent) as caught:
            await line.respond(f"http://127.0.0.1:{port}/", {"text": "Saved."}, in_place=True)

    server.close()
    assert listening is isinstance(caught.value, SlackUnheard)

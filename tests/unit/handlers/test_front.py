"""What stands around every handler, where no request from outside can lead."""

import json
from typing import Any
from unittest.mock import AsyncMock, Mock

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from structlog.testing import capture_logs

from bot.grammar import GRAMMARS
from bot.handlers.answers import Answer
from bot.handlers.asks import Ask, read_command
from bot.handlers.front import Front
from bot.handlers.late import LateWork
from bot.handlers.switchboard import Switchboard
from bot.texts import Translator, load_texts


async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Lets everybody in."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-x")


def app_with_a_broken_front() -> AsyncApp:
    """An app whose counting fails after the handler is done."""
    metrics = Mock()
    metrics.request.side_effect = ZeroDivisionError
    front = Front(load_texts(), Mock(), AsyncMock(), LateWork(), metrics)

    async def handle(_ask: Ask, _t: Translator) -> Answer:
        return Answer({"text": "done"})

    board = Switchboard()
    board.commands["/pmi"] = front.listener(lambda body: read_command(GRAMMARS[0], body), handle)
    app = AsyncApp(before_authorize=board, authorize=authorize, signing_secret="x", process_before_response=True)
    app.error(front.escaped)
    return app


async def answer_to(body: dict[str, Any]) -> tuple[int, str]:
    """What the app answers."""
    response = await app_with_a_broken_front().async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    return response.status, response.body


async def test_what_escapes_a_listener_is_answered_with_a_token_that_is_in_the_log() -> None:
    body = {"command": "/pmi", "text": "", "team_id": "T0ACME", "user_id": "U0ANNA", "trigger_id": "1"}

    with capture_logs() as logs:
        status, text = await answer_to(body)

    tokens = [line["token"] for line in logs if line["event"] == "unexpected"]
    assert 200 == status
    assert 1 == len(tokens)
    assert tokens[0] in json.loads(text)["text"]


async def test_late_work_that_fails_is_logged_and_waited_for() -> None:
    late = LateWork()

    async def fail() -> None:
        raise ZeroDivisionError

    with capture_logs() as logs:
        late.begin(fail(), "a test")
        late.is_over_in(5.0)
        await late.drain()

    assert ["late_work_failed"] == [line["event"] for line in logs]

"""Which events are about the token of now, though Slack's clock is not ours."""

from unittest.mock import AsyncMock, Mock

import pytest

from bot.guard import FRESH_SECONDS
from bot.handlers.authorisation import Authorisation, Home, Identity
from bot.handlers.leaving import LeavingOne
from bot.handlers.slack import Line, Slack, SlackSilent

SINCE = 1_000_000
HERE = Home("T1")


@pytest.mark.parametrize(
    ("at", "answer", "ends", "asked"),
    [
        (SINCE, {"ok": True}, True, 0),
        (SINCE - 1, {"ok": True}, False, 1),
        (SINCE - 1, SlackSilent("token_revoked"), False, 1),  # which has ended it
        (SINCE - FRESH_SECONDS, {"ok": True}, False, 1),
        (SINCE - FRESH_SECONDS - 1, {"ok": True}, False, 0),
    ],
)
async def test_where_the_clocks_leave_it_open_slack_says_whether_the_token_lives(
    at: int, answer: object, asked: int, *, ends: bool
) -> None:
    authorisation = Authorisation("xoxb-x", lambda: SINCE)
    authorisation.identity = Identity(HERE, of_organisation=False)
    call = AsyncMock(side_effect=[answer])
    slack = Mock(spec=Slack, of=Mock(return_value=Mock(spec=Line, call=call)))

    await LeavingOne(slack, authorisation, FRESH_SECONDS).left(HERE, at, "app_uninstalled")

    assert (ends, asked) == (bool(authorisation.dead), call.await_count)

"""Which events are about the token of now, though Slack's clock is not ours."""

from unittest.mock import AsyncMock, Mock

import pytest

from bot.guard import FRESH_SECONDS
from bot.handlers.authorisation import Authorisation, Home, Identity
from bot.handlers.events import Events, Happening
from bot.handlers.late import LateWork
from bot.handlers.slack import Slack, SlackSilent
from bot.ids import Event

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
    slack = Mock(spec=Slack, call=call, identity=AsyncMock(return_value=authorisation.identity))
    events = Events(
        house=Mock(),
        entrance=Mock(),
        homes=Mock(),
        unfurls=Mock(),
        slack=slack,
        authorisation=authorisation,
        late=LateWork(),
        metrics=Mock(),
        deadline=1.0,
        apart=FRESH_SECONDS,
    )
    happening = Happening(Event.UNINSTALLED, HERE, "once", at, ours=True)

    found = await events._ends_our_token(happening)

    assert (ends, asked) == (found, call.await_count)

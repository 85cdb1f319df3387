"""What `/healthz`, `/readyz` and `/metrics` say of the running application."""

from typing import Any

import aiohttp

from bot.playground import Fault
from tests.e2e.reading import asks
from tests.e2e.stage import Stage


async def look(url: str, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{url}{path}") as response:
        text = response.content_type == "text/plain"
        return response.status, await (response.text() if text else response.json())


async def test_a_sound_application_is_ready_and_asks_slack_once(stage: Stage) -> None:
    url = (await stage.start()).removesuffix("/slack/events")

    answers = [await look(url, "/readyz") for _ in range(3)]

    checks = {"database": "ok", "changes": "ok", "slack": "ok", "clock": "ok"}
    assert [(200, {"status": "ok", "checks": checks})] * 3 == answers
    assert (200, {"status": "ok"}) == await look(url, "/healthz")
    assert 1 == len(stage.slack.calls.of("auth.test"))


async def test_a_slack_that_does_not_answer_is_said_and_heals(stage: Stage) -> None:
    url = (await stage.start()).removesuffix("/slack/events")
    stage.slack.faults.set("auth.test", Fault.NOT_OK("fatal_error"))

    status, said = await look(url, "/readyz")

    assert 503 == status
    assert "Slack does not answer as it should: fatal_error" == said["checks"]["slack"]
    assert 200 == (await look(url, "/readyz"))[0]
    assert stage.acme.bot_token not in str(said)


async def test_requests_claims_and_their_time_are_counted(stage: Stage) -> None:
    url = (await stage.start()).removesuffix("/slack/events")
    await asks(stage.ben, "/pmi set 582 904 7316")
    await asks(stage.anna, "/pmi set 582 904 7316")
    await asks(stage.anna, "/pmi frobnicate")

    _, counted = await look(url, "/metrics")

    for line in (
        'standing_room_requests_total{command="/pmi set",kind="command",outcome="done"} 1.0',
        'standing_room_requests_total{command="/pmi set",kind="command",outcome="refused"} 1.0',
        'standing_room_requests_total{command="/pmi help",kind="command",outcome="done"} 1.0',
        'standing_room_request_seconds_count{command="/pmi set"} 2.0',
        'standing_room_claims_total{kind="pmi",result="won"} 1.0',
        'standing_room_claims_total{kind="pmi",result="lost"} 1.0',
    ):
        assert line in counted.splitlines(), line
    assert "frobnicate" not in counted

"""That the app was uninstalled or its token revoked: heard once, and from then on Slack is asked nothing more."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.playground import Fault, TokenState
from bot.playground.delivery import Exchange
from bot.playground.state import Json, Workspace
from storage.engine import sqlite_path
from storage.tables import change_log, outbox, seen_requests
from storage.transactions import Transaction
from tests.e2e.conftest import TimedStage
from tests.e2e.reading import FREE, asks, choices, chooses
from tests.e2e.stage import Stage, make_stage
from tests.e2e.test_health import look
from tests.e2e.timing import Clock, Looks
from tests.integration.storage.engine.test_sqlite import locked

UNINSTALLED: Json = {"type": "app_uninstalled"}
REVOKED: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOTT0ACME"]}}
OF_PEOPLE: Json = {"type": "tokens_revoked", "tokens": {"oauth": ["U0ANNA"], "bot": []}}
CODES = {"app_uninstalled": "app.uninstalled", "tokens_revoked": "tokens.revoked"}
DEAD = "the installation is dead ({}): install the app in Slack again, set SLACK_BOT_TOKEN to its new Bot User OAuth"


async def departures(stage: Stage) -> list[tuple[str, str, None, None]]:
    """What the change log says of workspaces that were left: workspace, code, member, actor."""
    columns = (change_log.c.workspace, change_log.c.action, change_log.c.member_id, change_log.c.actor_id)
    wanted = sa.select(*columns).where(change_log.c.action.in_(CODES.values()))

    def read(tx: Transaction) -> list[tuple[str, str, None, None]]:
        return [(row.workspace, row.action, row.member_id, row.actor_id) for row in tx.execute(wanted)]

    return await stage.store.read(read)


async def count(stage: Stage, table: sa.Table) -> int:
    """How many rows a table has."""
    return await stage.store.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


async def dead(stage: Stage) -> str | None:
    """What `/readyz` says of Slack, if it is not well."""
    url = stage.slack._delivery.url.removesuffix("/slack/events")
    status, said = await look(url, "/readyz")
    return None if status == 200 else said["checks"]["slack"]


def web_api_calls(stage: Stage) -> list[str]:
    """The methods that the application has called."""
    return [call.name for call in stage.slack.calls.from_app() if call.name != "response_url"]


def sent(stage: Stage, event: Json, retry: int, workspace: Workspace | None = None) -> Awaitable[Exchange]:
    """One delivery of the same event."""
    return stage.slack.send_event(workspace or stage.acme, event, retry=retry, event_id="Ev1")


# Once


@pytest.mark.row("R06")
@pytest.mark.parametrize("event", [UNINSTALLED, REVOKED], ids=lambda event: event["type"])
@pytest.mark.parametrize("at_once", [False, True], ids=["in_turn", "at_once"])
async def test_an_event_four_times_is_noted_once(stage: Stage, event: Json, *, at_once: bool) -> None:
    """Seen red: where the event was not looked for among those that were seen, and where a lost race was no conflict,
    there were four entries.
    """
    await stage.are_known(stage.anna)

    if at_once:
        answers = await asyncio.gather(*(sent(stage, event, retry) for retry in range(4)))
    else:
        answers = [await sent(stage, event, retry) for retry in range(4)]

    assert [200] * 4 == [each.status for each in answers]
    assert [("T0ACME", CODES[event["type"]], None, None)] == await departures(stage)
    assert 1 == await count(stage, seen_requests)
    assert 0 == await count(stage, outbox)
    assert DEAD.format(event["type"]) in str(await dead(stage))


@pytest.mark.row("R06")
async def test_an_event_in_two_processes_is_noted_once_and_ends_both(stage: Stage) -> None:
    """Seen red: where the event was not looked for among those that were seen, there were four entries."""
    await stage.are_known(stage.anna)
    urls = [stage.slack._delivery.url, await stage.start()]
    event = await stage.unsent(partial(sent, stage, UNINSTALLED, 0))

    answers = await asyncio.gather(*(stage.sent_to(url, event) for url in urls * 2))

    assert [200] * 4 == [status for status, _ in answers]
    assert [("T0ACME", "app.uninstalled", None, None)] == await departures(stage)
    for url in urls:
        stage.slack.deliver_to(url)
        assert "the installation is dead" in str(await dead(stage))


async def test_two_events_of_one_departure_are_two_entries(stage: Stage) -> None:
    await stage.are_known(stage.anna)

    await stage.slack.send_event(stage.acme, REVOKED)
    await stage.slack.send_event(stage.acme, UNINSTALLED)

    assert ["tokens.revoked", "app.uninstalled"] == [code for _, code, _, _ in await departures(stage)]


async def test_an_event_that_is_not_ours_changes_nothing(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    elsewhere = stage.slack.add_workspace("T0ELSE", name="Elsewhere", domain="else")

    answers = [
        await stage.slack.send_event(elsewhere, UNINSTALLED),
        await stage.slack.send_event(elsewhere, REVOKED),
        await stage.slack.send_event(stage.acme, OF_PEOPLE),
    ]

    assert [200] * 3 == [each.status for each in answers]
    assert [] == await departures(stage)
    assert 0 == await count(stage, seen_requests)
    assert await dead(stage) is None


async def test_an_event_of_a_workspace_where_nobody_came_ends_the_token_and_writes_nothing(stage: Stage) -> None:
    answer = await stage.slack.send_event(stage.acme, UNINSTALLED)

    assert 200 == answer.status
    assert [] == await departures(stage)
    assert "the installation is dead" in str(await dead(stage))


async def test_an_event_from_before_the_start_does_not_end_the_new_token(clocked: TimedStage) -> None:
    stage = clocked.stage
    await stage.are_known(stage.anna)
    old = await stage.unsent(lambda: stage.slack.send_event(stage.acme, UNINSTALLED))
    clocked.clock.passes(60)
    await stage.restart()

    status, _ = await stage.sent_to(stage.slack._delivery.url, old)

    assert 200 == status
    assert ["app.uninstalled"] == [code for _, code, _, _ in await departures(stage)]
    assert await dead(stage) is None


async def test_an_event_right_after_the_start_counts_although_our_clock_is_ahead(clocked: TimedStage) -> None:
    stage, clock = clocked.stage, clocked.clock
    await stage.start(chances=replace(stage.chances, clock=lambda: clock() + 290))
    await stage.are_known(stage.anna)
    assert await dead(stage) is None
    stage.acme.token_state = TokenState.INACTIVE

    answer = await stage.slack.send_event(stage.acme, UNINSTALLED)
    await stage.anna.types("/pmi edit")

    assert 200 == answer.status
    assert [] == stage.slack.calls.of("views.open")
    assert "the installation is dead" in str(await dead(stage))


@pytest.mark.alone
async def test_without_a_database_an_event_is_asked_for_again(make_database: Callable[..., str]) -> None:
    url = make_database("sqlite")
    async with make_stage(url) as stage:
        await stage.start()
        await stage.are_known(stage.anna)
        with locked(sqlite_path(url)), capture_logs() as logs:
            refused = await sent(stage, UNINSTALLED, 0)

        assert 503 == refused.status
        assert refused.milliseconds < 2500
        assert ["busy"] == [line["outcome"] for line in logs if line["event"] == "request"]
        assert [] == await departures(stage)
        assert 200 == (await sent(stage, UNINSTALLED, 1)).status
        assert ["app.uninstalled"] == [code for _, code, _, _ in await departures(stage)]


async def test_while_slack_does_not_say_whose_token_it_is_an_event_is_asked_for_again(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    stage.slack.faults.set("auth.test", Fault.SERVER_ERROR)

    answers = [await sent(stage, UNINSTALLED, retry) for retry in range(2)]

    assert [503, 200] == [each.status for each in answers]
    assert "the installation is dead" in str(await dead(stage))


async def test_every_line_about_an_event_says_what_it_is_about(stage: Stage) -> None:
    stage.slack.faults.set("auth.test", Fault.SERVER_ERROR)

    await sent(stage, UNINSTALLED, 0)

    written = [json.loads(line) for line in stage.heard.getvalue().splitlines()]
    lines = [line for line in written if line["event"] in ("event_put_off", "request")]
    assert ["event_put_off", "request"] == [line["event"] for line in lines]
    assert {("T0ACME", "app_uninstalled")} == {(line.get("workspace"), line.get("command")) for line in lines}
    assert 1 == len({line.get("request") or line["event"] for line in lines})


async def test_an_event_that_takes_too_long_is_asked_for_again_and_noted_once(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    await stage.start(chances=replace(stage.chances, deadline=0.1))
    stage.slack.faults.set("auth.test", Fault.TIMEOUT)
    with capture_logs() as logs:
        slow = await sent(stage, UNINSTALLED, 0)
    await stage.start()

    again = await sent(stage, UNINSTALLED, 1)

    assert [503, 200] == [slow.status, again.status]
    assert ["unknown"] == [line["outcome"] for line in logs if line["event"] == "request"]
    assert ["app.uninstalled"] == [code for _, code, _, _ in await departures(stage)]


async def test_an_event_about_a_token_that_slack_refuses_already_is_noted(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    stage.acme.token_state = TokenState.INACTIVE

    answer = await sent(stage, UNINSTALLED, 0)

    assert 200 == answer.status
    assert ["app.uninstalled"] == [code for _, code, _, _ in await departures(stage)]
    assert DEAD.format("account_inactive") in str(await dead(stage))


async def test_slack_can_verify_the_address_of_events(stage: Stage) -> None:
    challenge = {
        "type": "url_verification",
        "token": "x",
        "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXA",
    }

    answer = await stage.slack._delivery.event(challenge)

    assert (200, challenge["challenge"]) == (answer.status, answer.json["challenge"])


# Dead


@pytest.mark.row("R25")
@pytest.mark.parametrize("word", ["token_revoked", "account_inactive", "invalid_auth", "token_expired"])
async def test_once_slack_has_refused_the_token_it_is_asked_nothing_more(stage: Stage, word: str) -> None:
    """Seen red: where Slack's word was not heard, three more calls were made."""
    await stage.are_known(stage.anna)
    stage.slack.faults.set("views.open", Fault.NOT_OK(word))
    await stage.anna.types("/pmi edit")
    calls = web_api_calls(stage)
    assert "views.open" == calls[-1]

    said = [await asks(stage.anna, line) for line in (f"/pmi set {FREE}", "/pmi @ben", "/personal-link suggest")]
    await stage.anna.types("/pmi edit")
    known = DEAD.format(word) in str(await dead(stage))
    first = await asks(stage.ben, "/pmi")  # whom nobody has seen before

    assert calls == web_api_calls(stage)
    assert f"now {FREE}*" in said[0]
    assert "Slack did not let the dialog open" in stage.anna.private_messages[-1].shown
    assert "Your Personal Meeting ID is" in first
    assert known
    assert stage.acme.bot_token not in str(await dead(stage))


@pytest.mark.row("R25")
async def test_a_notice_waits_while_the_token_is_dead_and_is_told_with_a_new_one(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: where Slack's word was not heard, six more calls were made."""
    looks = Looks(monkeypatch)
    async with make_stage(database_url) as stage:
        clock = Clock()
        await stage.start(chances=replace(stage.chances, look=0.01, monotonic=clock))
        await asks(stage.anna, "/pmi suggest")
        value = choices(stage.anna.private_messages[-1])[0]
        stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=1000)
        stage.acme.token_state = TokenState.REVOKED

        await chooses(stage.anna, value)
        await stage.slack.until(lambda: "conversations.open" in web_api_calls(stage))
        calls = web_api_calls(stage)
        for _ in range(70):
            clock.passes(1)
            await looks.more(1)

        assert calls == web_api_calls(stage)
        assert 1 == await count(stage, outbox)
        await stage.stop()
        stage.acme.token_state = TokenState.ACTIVE
        await stage.start()
        await stage.slack.until(lambda: stage.anna.direct_messages)
        assert "Saved" in stage.anna.direct_messages[-1].shown


async def test_requests_ask_slack_for_no_authorisation(stage: Stage) -> None:
    for line in ("/pmi", f"/pmi set {FREE}", "/pmi edit"):
        await stage.anna.types(line)

    assert [] == stage.slack.calls.of("auth.test")
    for _ in range(3):
        assert await dead(stage) is None
    assert 1 == len(stage.slack.calls.of("auth.test"))


async def test_one_http_session_serves_everything_that_slack_is_asked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asks(stage.anna, "/pmi suggest")
    used: list[aiohttp.ClientSession] = []
    request = aiohttp.ClientSession._request

    async def noted(session: aiohttp.ClientSession, method: str, url: str, **more: Any) -> aiohttp.ClientResponse:
        if str(url).startswith(stage.slack.world.base_url):
            used.append(session)
        return await request(session, method, url, **more)

    monkeypatch.setattr(aiohttp.ClientSession, "_request", noted)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR)
    await stage.anna.types("/pmi edit")
    await stage.anna.types("/pmi @ben")
    await chooses(stage.anna, choices(stage.anna.private_messages[0])[0], on=stage.anna.private_messages[0])
    await stage.slack.until(lambda: stage.anna.direct_messages)

    assert {"views.open", "users.info", "response_url", "conversations.open", "chat.postMessage"} <= {
        call.name for call in stage.slack.calls.from_app()
    }
    assert 5 <= len(used)
    assert 1 == len(set(map(id, used)))

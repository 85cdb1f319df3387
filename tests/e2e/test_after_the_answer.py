"""What follows an answer, and what nobody expected: a dialog that cannot be shown, requests that nobody takes."""

from collections.abc import Callable

import aiohttp
from structlog.testing import capture_logs

from bot.chances import Chances
from bot.playground import Fault
from tests.e2e.reading import asks, choices, chooses, dialog
from tests.e2e.stage import Stage, make_stage


async def test_a_number_chosen_in_a_dialog_that_cannot_be_shown_is_told_by_message(stage: Stage) -> None:
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    wish = choices(dialog(stage.anna))[0]
    stage.slack.faults.set("views.update", Fault.RATE_LIMITED)

    await chooses(stage.anna, wish)
    await stage.slack.until(lambda: stage.anna.direct_messages)

    assert wish == await stage.pmi(stage.anna)
    assert "Saved" in stage.anna.direct_messages[-1].shown


async def test_a_dialog_without_blocks_is_answered_in_words(stage: Stage) -> None:
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "555 111 2222")
    sent = await stage.anna.submits()
    payload = dict(sent.payload) | {"view": sent.payload["view"] | {"blocks": None, "id": "V0OTHER"}}

    answer = await stage.slack._delivery.interaction(payload)

    assert 200 == answer.status
    assert "update" == answer.json["response_action"]
    assert "555 111 222" in str(answer.json)


async def test_what_no_listener_takes_is_logged_and_counted_and_a_command_is_answered(stage: Stage) -> None:
    url = (await stage.start()).removesuffix("/slack/events")
    payload = {"type": "shortcut", "callback_id": "x", "trigger_id": "1.2", "user": {"id": "U0ANNA"}}
    team = {"team": {"id": "T0ACME", "domain": "acme"}}
    with capture_logs() as logs:
        shortcut = await stage.slack._delivery.interaction(payload | team)
        command = await stage.sends(stage.anna, "/rooms", "")
    async with aiohttp.ClientSession() as session:
        metrics = await (await session.get(f"{url}/metrics")).text()

    assert [200, 200] == [shortcut.status, command.status]
    assert "older version" in command.json["text"]
    assert ["shortcut", "command"] == [each["command"] for each in logs if each["event"] == "request"]
    assert 'standing_room_requests_total{command="other",kind="shortcut",outcome="refused"} 1.0' in metrics


async def test_who_was_told_that_nothing_was_changed_is_told_the_truth(make_database: Callable[..., str]) -> None:
    async with make_stage(make_database("sqlite"), Chances(deadline=0.05)) as stage:
        await stage.start()
        stage.slack.faults.set("users.info", Fault.TIMEOUT)

        told = await asks(stage.anna, "/pmi set 582 904 7316")
        await stage.stop()  # which waits for what was begun

        assert "Nothing was changed" in told
        assert await stage.row(stage.anna) is None


async def test_a_number_typed_without_its_word_is_met_with_the_word(stage: Stage) -> None:
    assert "To choose it, type\n`/pmi set 582 904 7316`".replace("\n", " ") in await asks(
        stage.anna, "/pmi 582 904 7316"
    )
    assert "`/personal-link set blue.harbour`" in await asks(stage.anna, "/personal-link blue.harbour")


async def test_an_event_that_nobody_subscribed_to_is_taken_and_counted(stage: Stage) -> None:
    with capture_logs() as logs:
        answer = await stage.slack.send_event(stage.acme, {"type": "team_join", "user": {"id": "U0BEN"}})

    assert 200 == answer.status
    assert ["event"] == [each["command"] for each in logs if each["event"] == "request"]


async def test_a_dialog_of_another_version_is_answered_in_words_whatever_is_in_it(stage: Stage) -> None:
    await stage.anna.types("/pmi edit")
    sent = await stage.anna.submits()
    view = sent.payload["view"] | {"callback_id": "one_of_tomorrow", "id": "V0OTHER", "blocks": []}

    answer = await stage.slack._delivery.interaction(dict(sent.payload) | {"view": view})

    assert "update" == answer.json["response_action"]
    assert "older version" in str(answer.json)

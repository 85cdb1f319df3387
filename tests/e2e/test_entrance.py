"""Who comes in at all: Slack is asked at a first contact, and nobody whom it speaks against is given a PMI."""

import pytest

from bot.playground import Fault
from tests.e2e.reading import asks
from tests.e2e.stage import Stage


@pytest.mark.parametrize("word", ["", "set 582 904 7316", "history"])
async def test_apps_leavers_and_strangers_are_given_nothing_even_by_a_signed_command(stage: Stage, word: str) -> None:
    people = (
        stage.add("U0ROBOT", "Robot", is_bot=True),
        stage.add("U0LEFT", "Lena Left", deleted=True),
        stage.add("U0AWAY", "Stranger", outside=True),
    )
    for person in people:
        exchange = await person.types(f"/pmi {word}", anyway=True)

        assert exchange.ok
        assert await stage.row(person) is None


async def test_a_member_comes_in_while_slack_is_silent(stage: Stage) -> None:
    stage.slack.faults.set("users.info", Fault.SERVER_ERROR)

    assert "Your Personal Meeting ID is" in await asks(stage.anna, "/pmi")


async def test_slack_is_asked_once(stage: Stage) -> None:
    for _ in range(3):
        await stage.anna.types("/pmi")
    await stage.anna.types("/pmi help")

    assert 1 == len(stage.slack.calls.of("users.info"))


async def test_help_and_check_ask_nobody(stage: Stage) -> None:
    await stage.anna.types("/pmi help")
    await stage.anna.types("/pmi check 582 904 7316")

    assert 0 == len(stage.slack.calls.of("users.info"))


async def test_somebody_in_doubt_waits_until_slack_has_spoken(stage: Stage) -> None:
    await asks(stage.anna, "/pmi suggest")
    stranger = stage.add("U0AWAY", "Stranger", outside=True)
    stage.slack.faults.set("users.info", Fault.TIMEOUT)

    await stranger.presses("Show Others", on=stage.anna.private_messages[-1])
    await stage.until_told(stranger, "Slack did not answer")

    assert await stage.row(stranger) is None

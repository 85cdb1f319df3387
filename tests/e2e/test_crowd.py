"""More requests at once than are answered at once: the surplus is told to come back, and nothing of it happens."""

import asyncio

import pytest

from bot import inlet
from bot.playground.faults import Fault
from storage import members
from storage.transactions import Transaction
from tests.e2e.reading import FREE, asks, dialog, digits
from tests.e2e.stage import ACME, Stage

BUSY = "Nothing was changed"


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody more fits in."""
    monkeypatch.setattr(inlet, "MOST_INSIDE", 0)


async def test_a_command_too_many_is_told_to_come_back_and_changes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (await stage.are_known(stage.anna))[0]
    with monkeypatch.context() as patched:
        patched.setattr(inlet, "MOST_INSIDE", 0)

        exchange = await stage.anna.types(f"/pmi set {FREE}")

    assert exchange.ok
    assert BUSY in stage.anna.private_messages[-1].shown
    assert before == await stage.pmi(stage.anna)
    assert "Saved" in await asks(stage.anna, f"/pmi set {FREE}")


async def test_a_save_too_many_keeps_the_dialog_as_it_was_typed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", FREE)
    with monkeypatch.context() as patched:
        patched.setattr(inlet, "MOST_INSIDE", 0)

        refused = await stage.anna.submits()

    assert refused.ok
    assert BUSY in refused.json["errors"]["pmi"]
    await stage.anna.submits()
    assert digits(FREE) == await stage.pmi(stage.anna)


@pytest.mark.usefixtures("crowded")
async def test_a_button_too_many_is_answered_beside_the_message(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(inlet, "MOST_INSIDE", 1)
        await asks(stage.anna, "/pmi")

    assert (await stage.anna.presses("Edit")).ok
    await stage.until_told(stage.anna, BUSY)


@pytest.mark.usefixtures("crowded")
async def test_a_shortcut_too_many_is_answered_in_a_dialog_and_one_on_a_message_beside_it(stage: Stage) -> None:
    assert (await stage.anna.uses_shortcut("start_my_room")).ok
    await stage.until_dialog_says(stage.anna, BUSY)
    await stage.anna.types("Shall we talk?")

    assert (await stage.ben.uses_message_shortcut("discuss_in_my_room", stage.general.messages[-1])).ok
    await stage.until_told(stage.ben, BUSY)


async def test_a_key_too_many_leaves_the_dialog_as_it_is(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.anna.types("/pmi edit")
    with monkeypatch.context() as patched:
        patched.setattr(inlet, "MOST_INSIDE", 0)
        await stage.anna.fills("pmi", FREE)
    await stage.anna.submits()
    await stage.stop()

    assert "Saved" in dialog(stage.anna).shown
    assert [] == stage.slack.calls.of("views.update")
    assert [] == stage.anna.direct_messages


@pytest.mark.usefixtures("crowded")
async def test_an_event_too_many_is_left_to_slack_s_second_try(stage: Stage) -> None:
    assert 503 == (await stage.slack.send_event(stage.acme, {"type": "app_uninstalled"})).status


async def test_of_a_crowd_as_many_are_served_as_fit_and_nothing_that_was_saved_is_lost(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inlet, "MOST_INSIDE", 8)
    people = [stage.add(f"U0CROWD{number:02}", f"Person {number}") for number in range(32)]
    stage.slack.faults.set("users.info", Fault.SERVER_ERROR, times=1000)
    exchanges = await asyncio.gather(
        *(person.types(f"/pmi set 58290473{number:02}") for number, person in enumerate(people))
    )
    told = ["Saved" in person.private_messages[-1].shown for person in people]

    def stored(tx: Transaction) -> list[bool]:
        rows = {row.slack_user: row.pmi for row in members.of_workspace(tx, ACME)}
        return [rows.get(person.member.id) == f"58290473{number:02}" for number, person in enumerate(people)]

    assert all(exchange.ok for exchange in exchanges)
    assert told == await stage.store.read(stored)
    assert 8 <= sum(told) < 32

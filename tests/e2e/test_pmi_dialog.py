"""The dialog "Personal Meeting ID": what it shows, and what Save and a click in it do. Typing is in `test_live`."""

import asyncio
import json

import pytest

from bot.playground.delivery import Exchange
from bot.rules import Licence
from tests.e2e.reading import ALSO_FREE, FREE, asks, choices, chooses, dialog, digits
from tests.e2e.stage import Stage

TICKED = "Instant meetings use your PMI."
UNTICKED = "Instant meetings use a one-off number."


async def opens(stage: Stage) -> str:
    """Anna opens the dialog; returns her PMI."""
    await stage.anna.types("/pmi edit")
    assert "Save" in str(dialog(stage.anna).submit)
    return await stage.pmi(stage.anna)


async def test_the_dialog_is_prefilled_and_shows_what_was_saved(stage: Stage) -> None:
    pmi = await opens(stage)
    assert f"{pmi[:3]} {pmi[3:6]} {pmi[6:]}" == dialog(stage.anna).value("pmi")
    assert not dialog(stage.anna).value("instant")

    await stage.anna.fills("pmi", FREE)
    await stage.anna.ticks("instant", "yes")
    await stage.anna.submits()

    saved = dialog(stage.anna)
    assert saved.submit is None
    assert f"*Saved. Your Personal Meeting ID is now {FREE}*" in saved.shown
    assert TICKED in saved.shown
    assert "stays held for you" in saved.shown
    assert digits(FREE) == await stage.pmi(stage.anna)
    assert ["pmi.assigned", "pmi.changed", "instant.changed"] == await stage.actions(stage.anna)


async def test_every_refusal_stands_under_the_field_and_what_was_typed_stays(stage: Stage) -> None:
    await asks(stage.ben, f"/pmi set {FREE}")
    pmi = await opens(stage)
    await stage.anna.ticks("instant", "yes")
    table = {
        "999 992 2222": ("five times or more in a row", "[999 99]"),
        "800 000 0001": ("toll-free prefix", "eight times or more", "five times or more in a row"),
        "12": ("this has 2", "starts with 1"),
        "half past nine": ("0 to 9 only",),
        FREE: ("It is taken.",),
    }
    for typed, expected in table.items():
        await stage.anna.fills("pmi", typed)
        await stage.anna.submits()

        refusal = dialog(stage.anna).errors["pmi"]
        assert all(words in refusal for words in expected), refusal
        assert typed == dialog(stage.anna).value("pmi")
        assert dialog(stage.anna).value("instant")
    row = await stage.row(stage.anna)
    assert row is not None
    assert (pmi, None) == (row.pmi, row.pmi_for_instant)
    assert ["pmi.assigned"] == await stage.actions(stage.anna)
    assert not stage.anna.troubles

    await stage.anna.fills("pmi", ALSO_FREE)
    await stage.anna.submits()
    assert f"now {ALSO_FREE}*" in dialog(stage.anna).shown


async def test_a_field_left_as_it_was_says_nothing(stage: Stage) -> None:
    await opens(stage)
    await asks(stage.anna, f"/pmi set {FREE}")  # meanwhile, in another window

    await stage.anna.submits()

    assert f"*Your Personal Meeting ID is {FREE}*\nThere was nothing to change." in dialog(stage.anna).shown
    assert digits(FREE) == await stage.pmi(stage.anna)


async def test_the_preference_is_unsaid_until_somebody_says_it(stage: Stage) -> None:
    async def saves(act: str) -> str:
        await opens(stage)
        if act:
            await getattr(stage.anna, act)("instant", "yes")
        await stage.anna.submits()
        return dialog(stage.anna).shown

    async def preference() -> bool | None:
        row = await stage.row(stage.anna)
        assert row is not None
        return row.pmi_for_instant

    assert "not chosen yet" in await saves("")
    assert await preference() is None
    assert TICKED in await saves("ticks")
    assert await preference() is True
    assert "There was nothing to change" in await saves("")
    assert await preference() is True
    assert UNTICKED in await saves("unticks")
    assert await preference() is False
    log = [(row.action, row.old, row.new) for row in await stage.log(stage.anna)][1:]
    assert [("instant.changed", None, "yes"), ("instant.changed", "yes", "no")] == log


@pytest.mark.row("R07")
async def test_saved_again_and_again_is_saved_once(stage: Stage) -> None:
    """Seen red: without the answer that is kept, the repeats said "There was nothing to change"."""
    await opens(stage)
    await stage.anna.fills("pmi", FREE)
    await stage.anna.ticks("instant", "yes")

    first = await stage.anna.submits()
    again = [await stage.slack.resend(first) for _ in range(2)]

    assert [first.body] * 2 == [each.body for each in again]
    assert ["pmi.assigned", "pmi.changed", "instant.changed"] == await stage.actions(stage.anna)


@pytest.mark.row("R07")
async def test_ten_saves_at_once_are_one_and_nobody_is_told_taken(stage: Stage) -> None:
    """Seen red: without the answer that is kept, there were 2 different bodies instead of 1."""
    await opens(stage)
    await stage.anna.fills("pmi", FREE)
    save = await stage.unsent(stage.anna.submits)

    answers: list[Exchange] = await asyncio.gather(*(stage.slack.resend(save) for _ in range(10)))

    assert [200] * 10 == [each.status for each in answers]
    assert 1 == len({each.body for each in answers})
    assert "update" == answers[0].json["response_action"]
    assert ["pmi.assigned", "pmi.changed"] == await stage.actions(stage.anna)


async def test_a_number_that_went_to_somebody_else_meanwhile_is_refused_with_others(stage: Stage) -> None:
    await opens(stage)
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    gone = choices(dialog(stage.anna))[0]
    await asks(stage.ben, f"/pmi set {gone}")

    await chooses(stage.anna, gone)
    await stage.until_dialog_says(stage.anna, "It is taken.")
    await stage.anna.fills("pmi", gone)
    await stage.anna.submits()
    assert "It is taken." == dialog(stage.anna).errors["pmi"]
    await stage.slack.until(lambda: gone not in choices(dialog(stage.anna)))
    offered = choices(dialog(stage.anna))
    assert 3 == len(offered)
    await chooses(stage.anna, offered[0])
    await stage.until_dialog_says(stage.anna, "Saved")

    assert offered[0] == await stage.pmi(stage.anna)
    assert dialog(stage.anna).submit is None


async def test_a_dialog_outlives_the_process(stage: Stage) -> None:
    await opens(stage)
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    await stage.restart()

    offered = choices(dialog(stage.anna))
    await stage.anna.fills("pmi", FREE)
    await stage.until_dialog_says(stage.anna, f"*{FREE}* is free")
    await stage.restart()
    await stage.anna.submits()

    assert f"now {FREE}*" in dialog(stage.anna).shown
    assert digits(FREE) == await stage.pmi(stage.anna)
    assert offered


async def test_who_may_not_choose_sees_why_and_still_has_the_checkbox(stage: Stage) -> None:
    (pmi,) = await stage.are_known(stage.anna)
    await stage.has_licence(stage.anna, Licence.BASIC)
    await opens(stage)
    assert "Choosing a PMI needs a Licensed user" in dialog(stage.anna).shown
    assert ["instant"] == [block["block_id"] for block in dialog(stage.anna).blocks if block["type"] == "input"]

    await stage.anna.ticks("instant", "yes")
    await stage.anna.submits()

    assert "*Saved. Instant meetings use your PMI.*" in dialog(stage.anna).shown
    assert pmi == await stage.pmi(stage.anna)


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "not json",
        "[]",
        json.dumps({"number": 5, "for_instant": "x"}),
        "x" * 3000,
        '{"user": "U0BEN", "number": ""}',
    ],
)
async def test_whatever_stands_beside_a_dialog_decides_nothing(stage: Stage, metadata: str) -> None:
    ben, *_ = await stage.are_known(stage.ben)
    await opens(stage)
    dialog(stage.anna).private_metadata = metadata
    await stage.anna.fills("pmi", FREE)

    await stage.anna.submits()

    assert f"now {FREE}*" in dialog(stage.anna).shown
    assert digits(FREE) == await stage.pmi(stage.anna)
    assert ben == await stage.pmi(stage.ben)


async def test_a_dialog_and_buttons_of_another_version_are_answered_in_words(stage: Stage) -> None:
    await asks(stage.anna, "/pmi suggest")
    message = stage.anna.private_messages[-1]
    for one in message.blocks:
        one.get("accessory", {})["action_id"] = "claim_pmi_v0"
    await stage.anna.presses("Choose", on=message, value=message.blocks[1]["accessory"]["value"])
    await stage.until_told(stage.anna, "older version")
    pmi = await opens(stage)
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    view = dialog(stage.anna)
    view.blocks[2]["elements"][0]["action_id"] = "pick_pmi"
    await stage.anna.presses(action_id="pick_pmi")
    await stage.until_dialog_says(stage.anna, "older version")
    dialog(stage.anna).callback_id = "pmi_modal_v0"

    await stage.anna.submits()

    assert "older version" in dialog(stage.anna).errors["pmi"]
    assert "555 111 2222" == dialog(stage.anna).value("pmi")
    assert not stage.anna.troubles
    assert pmi == await stage.pmi(stage.anna)


async def test_a_number_that_is_chosen_in_the_dialog_saves_what_is_ticked_there(stage: Stage) -> None:
    await stage.anna.types("/pmi edit")
    await stage.anna.ticks("instant", "yes")
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.until_dialog_says(stage.anna, "would not do")
    await stage.anna.presses(action_id="claim_pmi:0")
    await stage.until_dialog_says(stage.anna, "Saved")

    row = await stage.row(stage.anna)
    assert row is not None
    assert row.pmi_for_instant is True

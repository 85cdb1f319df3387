"""The dialog "Personal link": what it shows, and what Save and a click in it do. Typing is in `test_live`."""

import asyncio
import json

import pytest

from bot.rules import Licence, Plan
from tests.e2e.reading import asks, choices, chooses, dialog
from tests.e2e.stage import BASE, Stage

LINK = "Blue.Harbour"


async def test_the_dialog_is_prefilled_and_shows_what_was_saved(stage: Stage) -> None:
    await stage.anna.types("/personal-link edit")
    assert dialog(stage.anna).value("link") is None

    await stage.anna.fills("link", LINK)
    await stage.anna.submits()

    saved = dialog(stage.anna)
    assert saved.submit is None
    assert f"*Saved. Your personal link is now {LINK}*\n<{BASE}/my/{LINK}>" in saved.shown
    await stage.anna.closes()
    await stage.anna.types("/personal-link edit")
    assert LINK == dialog(stage.anna).value("link")
    await stage.anna.fills("link", "red.harbour")
    await stage.anna.submits()
    assert f"{LINK} is held for you until" in dialog(stage.anna).shown
    assert ["pmi.assigned", "link.set", "link.changed"] == await stage.actions(stage.anna)


async def test_every_refusal_stands_under_the_field_and_what_was_typed_stays(stage: Stage) -> None:
    await asks(stage.ben, f"/personal-link set {LINK}")
    await stage.anna.types("/personal-link edit")
    table = {
        "1_a": ("5 characters or more; this has 3", "starts with a letter", "letters A to Z, digits and periods only"),
        "jennifer": ("common name", "[jennifer]"),
        "blue.harbour.": ("It is taken.",),
        "blue harbour": ("blue[ ]harbour",),
        "\u0441ool.harbour": ("[\u0441]ool.harbour",),
    }
    for typed, expected in table.items():
        await stage.anna.fills("link", typed)
        await stage.anna.submits()

        refusal = dialog(stage.anna).errors["link"]
        assert all(words in refusal for words in expected), refusal
        assert typed == dialog(stage.anna).value("link")
        # Free ones stand under the field, or as buttons in the dialog where the live verdict was quicker.
        assert "Free now: " in refusal or choices(dialog(stage.anna))
    assert await stage.link(stage.anna) is None
    assert not stage.anna.troubles
    await stage.anna.fills("link", "green.harbour")
    await stage.anna.submits()
    assert "now green.harbour*" in dialog(stage.anna).shown


async def test_a_field_left_as_it_was_says_nothing(stage: Stage) -> None:
    await asks(stage.anna, f"/personal-link set {LINK}")
    await stage.anna.types("/personal-link edit")
    await asks(stage.anna, "/personal-link set red.harbour")  # meanwhile, in another window

    await stage.anna.submits()

    assert "*Your personal link is red.harbour*\nThere was nothing to change." in dialog(stage.anna).shown
    assert "red.harbour" == await stage.link(stage.anna)


async def test_a_click_in_the_dialog_claims_and_shows_it_saved(stage: Stage) -> None:
    await stage.anna.types("/personal-link edit")
    await stage.anna.fills("link", "jennifer")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    gone, mine, *_ = choices(dialog(stage.anna))
    await asks(stage.ben, f"/personal-link set {gone}")

    await chooses(stage.anna, gone)
    await stage.until_dialog_says(stage.anna, "It is taken.")
    await asks(stage.anna, f"/personal-link check {mine}")
    await stage.anna.fills("link", "jennifer")
    await stage.slack.until(lambda: mine in choices(dialog(stage.anna)))
    await chooses(stage.anna, mine)
    await stage.until_dialog_says(stage.anna, "Saved")

    assert mine == await stage.link(stage.anna)
    assert dialog(stage.anna).submit is None
    assert ["pmi.assigned", "link.set"] == await stage.actions(stage.anna)


@pytest.mark.row("R07")
async def test_saves_at_once_are_one_and_the_same(stage: Stage) -> None:
    """Seen red: without the answer that is kept, there were 2 different bodies instead of 1."""
    await asks(stage.anna, "/personal-link set red.harbour")
    await stage.anna.types("/personal-link edit")
    await stage.anna.fills("link", LINK)
    save = await stage.unsent(stage.anna.submits)

    answers = await asyncio.gather(*(stage.slack.resend(save) for _ in range(10)))

    assert [200] * 10 == [each.status for each in answers]
    assert 1 == len({each.body for each in answers})
    assert "update" == answers[0].json["response_action"]
    assert ["pmi.assigned", "link.set", "link.changed"] == await stage.actions(stage.anna)


async def test_a_dialog_outlives_the_process_and_whatever_stands_beside_it(stage: Stage) -> None:
    await stage.anna.types("/personal-link edit")
    dialog(stage.anna).private_metadata = json.dumps({"link": 5, "user": "U0BEN"})
    await stage.anna.fills("link", LINK)
    await stage.restart()

    await stage.anna.submits()

    assert f"now {LINK}*" in dialog(stage.anna).shown
    assert LINK == await stage.link(stage.anna)


async def test_who_may_not_choose_sees_why(stage: Stage) -> None:
    await asks(stage.anna, f"/personal-link set {LINK}")
    await stage.has_plan(Plan.PRO)
    await stage.has_licence(stage.anna, Licence.BASIC)

    await stage.anna.types("/personal-link edit")

    shown = dialog(stage.anna)
    assert shown.submit is None
    assert LINK in shown.shown
    assert "plan does not include a personal link" in shown.shown
    assert "A personal link needs a Licensed user" in shown.shown


async def test_a_dialog_of_another_version_is_answered_in_words(stage: Stage) -> None:
    await stage.anna.types("/personal-link edit")
    await stage.anna.fills("link", LINK)
    dialog(stage.anna).callback_id = "link_modal_v0"

    await stage.anna.submits()

    assert "older version" in dialog(stage.anna).errors["link"]
    assert LINK == dialog(stage.anna).value("link")
    assert await stage.link(stage.anna) is None

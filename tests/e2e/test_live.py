"""The verdict beneath a field while somebody types: what it says, how often, and what it never covers."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.playground.faults import Fault
from tests.e2e.conftest import TimedStage
from tests.e2e.reading import ALSO_FREE, FREE, asks, choices, chooses, dialog, digits
from tests.e2e.stage import Stage, make_stage


def updates(stage: Stage) -> int:
    """How often the application has updated a dialog."""
    return len(stage.slack.calls.of("views.update"))


async def test_the_verdict_says_how_a_number_stands_and_offers_free_ones(stage: Stage) -> None:
    await asks(stage.ben, f"/pmi set {ALSO_FREE}")
    await stage.anna.types("/pmi edit")
    mine = await stage.pmi(stage.anna)
    table = {
        FREE: (f"*{FREE}* is free", 0),
        "555 111 2222": ("*555 111 222* 2", 3),
        "999 992 2222": ("*999 99*", 3),
        "800 555 0199": ("*800* 555 0199", 3),
        "912 345 6000": ("9 *123 456* 000", 3),
        "1": ("has 10 or 11 digits; this has 1", 3),
        "five": ("0 to 9 only", 3),
        ALSO_FREE: ("It is taken.", 3),
        mine: ("is your PMI", 0),
        "": ("Type the 10 or 11 digits", 3),
    }
    for typed, (words, offered) in table.items():
        await stage.anna.fills("pmi", typed)
        await stage.until_dialog_says(stage.anna, words)

        assert offered == len(choices(dialog(stage.anna))), typed
        assert (typed or None) == dialog(stage.anna).value("pmi")
    assert ["pmi.assigned"] == await stage.actions(stage.anna)


async def test_the_verdict_says_how_a_link_stands_and_offers_free_ones(stage: Stage) -> None:
    await asks(stage.ben, "/personal-link set blue.harbour")
    await stage.anna.types("/personal-link edit")
    for typed, words, offered in (
        ("red.harbour", "*red.harbour* is free", 0),
        ("jennifer", "reserved word", 3),
        ("Blue.Harbour", "It is taken.", 3),
        ("1abcd", "starts with a letter", 3),
    ):
        await stage.anna.fills("link", typed)
        await stage.until_dialog_says(stage.anna, words)

        assert offered == len(choices(dialog(stage.anna))), typed
        assert typed == dialog(stage.anna).value("link")


async def test_a_click_on_an_offered_number_claims_it_and_shows_it_saved(stage: Stage) -> None:
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    offered = choices(dialog(stage.anna))

    await chooses(stage.anna, offered[2])
    await stage.until_dialog_says(stage.anna, "Saved")

    assert offered[2] == await stage.pmi(stage.anna)
    assert dialog(stage.anna).submit is None


async def test_one_update_a_second_and_the_latest_text_wins(paused: TimedStage) -> None:
    stage, sleeper = paused.stage, paused.sleeper
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "5")
    await sleeper.until_asleep(1)
    assert 1 == updates(stage)

    await stage.anna.fills("pmi", FREE, keystrokes=True)
    assert 1 == updates(stage)
    sleeper.wakes()
    await sleeper.until_asleep(2)

    assert 2 == updates(stage)
    assert f"*{FREE}* is free" in dialog(stage.anna).shown
    assert FREE == dialog(stage.anna).value("pmi")
    sleeper.wakes()
    assert [1.0, 1.0] == sleeper.asked


async def test_a_refused_save_does_not_make_updates_more_frequent(paused: TimedStage) -> None:
    stage, sleeper = paused.stage, paused.sleeper
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "555 111 2222")
    await sleeper.until_asleep(1)
    await stage.anna.submits()
    assert dialog(stage.anna).errors

    await stage.anna.fills("pmi", "555 111 222")
    exchange = await asks(stage.ben, "/pmi")  # time enough for an update that does not wait
    assert exchange
    assert 1 == updates(stage)
    sleeper.wakes()
    await stage.until_dialog_says(stage.anna, "this has 9")

    assert 2 == updates(stage)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.NOT_OK("hash_conflict")])
async def test_an_update_that_slack_refuses_is_skipped_and_the_next_one_comes(paused: TimedStage, fault: Fault) -> None:
    stage, sleeper = paused.stage, paused.sleeper
    await stage.anna.types("/pmi edit")
    stage.slack.faults.set("views.update", fault, retry_after=30)
    await stage.anna.fills("pmi", "555 111 2222")
    await sleeper.until_asleep(1)
    assert "would not do" not in dialog(stage.anna).shown

    await stage.anna.fills("pmi", FREE)
    sleeper.wakes()
    await sleeper.until_asleep(2)

    assert f"*{FREE}* is free" in dialog(stage.anna).shown
    assert 2 == updates(stage)
    assert not stage.anna.troubles


async def test_save_waits_for_no_verdict(paused: TimedStage) -> None:
    stage = paused.stage
    await stage.anna.types("/pmi edit")
    stage.slack.faults.set("views.update", Fault.TIMEOUT)
    await stage.anna.fills("pmi", FREE)

    exchange = await stage.anna.submits()

    assert exchange.milliseconds < 1000
    assert f"now {FREE}*" in dialog(stage.anna).shown


async def test_no_verdict_covers_what_was_saved(paused: TimedStage) -> None:
    stage, sleeper = paused.stage, paused.sleeper
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "5")
    await sleeper.until_asleep(1)
    await stage.anna.fills("pmi", FREE)
    await stage.anna.submits()

    sleeper.wakes()
    await asks(stage.ben, "/pmi")

    assert f"now {FREE}*" in dialog(stage.anna).shown
    assert 1 == updates(stage)


async def test_no_verdict_of_another_process_covers_what_was_saved(paused: TimedStage) -> None:
    stage, sleeper = paused.stage, paused.sleeper
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "5")
    await sleeper.until_asleep(1)
    await stage.anna.fills("pmi", "55")
    await stage.start(chances=replace(stage.chances, sleep=asyncio.sleep))
    await stage.anna.fills("pmi", FREE)
    await stage.anna.submits()
    saved = dialog(stage.anna).shown

    sleeper.wakes()
    await sleeper.until_asleep(2)  # the first process has tried

    assert f"now {FREE}*" in saved
    assert saved == dialog(stage.anna).shown
    assert digits(FREE) == await stage.pmi(stage.anna)


async def test_no_verdict_that_was_long_in_the_making_covers_what_was_saved(make_database: Callable[..., str]) -> None:
    async with make_stage(make_database("sqlite")) as stage:
        await stage.start()
        await stage.are_known(stage.anna)
        await stage.restart()  # the new process has not asked Slack for her name yet
        await stage.anna.types("/personal-link edit")
        stage.slack.faults.set("users.info", Fault.TIMEOUT)
        await stage.anna.fills("link", "jennifer")  # whose verdict waits for a name to make free links of
        await stage.anna.fills("link", "blue.harbour")
        await stage.anna.submits()
        saved = dialog(stage.anna).shown

        await stage.stop()  # which waits for what was begun

        assert "now blue.harbour*" in saved
        assert saved == dialog(stage.anna).shown
        assert 0 == updates(stage)


@pytest.mark.row("R25")
async def test_two_processes_that_judge_one_dialog_show_the_newest_verdict(paused: TimedStage) -> None:
    """Seen red: where a stale hash was the end of it, the dialog did not show the newest verdict."""
    stage, sleeper = paused.stage, paused.sleeper
    first = stage.slack._delivery.url
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "555 111 2222")
    await sleeper.until_asleep(1)
    second = await stage.start()
    await stage.anna.fills("pmi", "247 247 2471")
    await sleeper.until_asleep(2)
    assert "*247 247 247* 1" in dialog(stage.anna).shown

    stage.slack.deliver_to(first)  # which knows the dialog as it was before the second changed it
    await stage.anna.fills("pmi", "912 345 6000")
    sleeper.wakes()
    await stage.until_dialog_says(stage.anna, "9 *123 456* 000")

    assert second != first

"""Home: what it shows, what can be done on it, and that it shows each change of the member's room."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from bot.playground import Fault
from bot.rules import Licence, Plan, group_digits
from tests.e2e.conftest import TimedStage
from tests.e2e.homes import all_done, home, opened, published, shows
from tests.e2e.reading import ALSO_FREE, FREE, asks, choices, chooses, dialog
from tests.e2e.stage import BASE, Stage, make_stage
from tests.e2e.timing import DAY

# What it shows


async def test_the_first_opening_assigns_a_pmi_and_shows_the_room(stage: Stage) -> None:
    answer = await stage.anna.opens_home()
    shown = await shows(stage, stage.anna, "Your room")

    pmi = await stage.pmi(stage.anna)
    assert 200 == answer.status
    assert ["pmi.assigned"] == await stage.actions(stage.anna)
    assert group_digits(pmi) in shown
    assert f"{BASE}/j/{pmi}" in shown
    assert "Business plan · Licensed user" in shown
    assert "Whether instant meetings use your PMI is not chosen yet." in shown
    assert "`/pmi help`, `/personal-link help`, `/room help`" in shown


async def test_who_has_no_link_reads_what_one_is_and_how_to_choose_it(stage: Stage) -> None:
    await opened(stage, stage.anna)

    assert "none yet" in home(stage.anna).shown
    assert "such as `blue.harbour`" in home(stage.anna).shown
    await stage.anna.presses("Choose Personal Link")
    assert "Personal link" == dialog(stage.anna).title


async def test_who_may_not_choose_reads_why_and_is_offered_no_dialog_for_a_link(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    await stage.has_plan(Plan.BASIC)
    await stage.has_licence(stage.anna, Licence.BASIC)

    await opened(stage, stage.anna)

    shown = home(stage.anna).shown
    assert "does not include choosing a PMI" in shown
    assert "does not include a personal link" in shown
    assert "such as `blue.harbour`" in shown
    assert "Personal Link" not in str(home(stage.anna).blocks)


async def test_a_link_that_may_no_longer_be_changed_is_shown_with_the_reason(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link set blue.harbour")
    await stage.has_licence(stage.anna, Licence.BASIC)

    await opened(stage, stage.anna)

    assert f"{BASE}/my/blue.harbour" in home(stage.anna).shown
    assert "A personal link needs a Licensed user." in home(stage.anna).shown


async def test_what_an_operator_has_changed_is_there_at_the_next_opening(stage: Stage) -> None:
    await opened(stage, stage.anna)
    await stage.has_plan(Plan.EDUCATION)

    await stage.anna.opens_home()

    await shows(stage, stage.anna, "Education plan")


# That it changes


async def test_every_way_of_changing_a_room_shows_on_home(stage: Stage) -> None:
    await opened(stage, stage.anna)
    first = group_digits(await stage.pmi(stage.anna))

    await asks(stage.anna, f"/pmi set {FREE}")
    await shows(stage, stage.anna, FREE)
    await asks(stage.anna, "/pmi suggest")
    value = choices(stage.anna.private_messages[-1])[0]
    await chooses(stage.anna, value)
    await shows(stage, stage.anna, group_digits(value))
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", ALSO_FREE)
    await stage.anna.ticks("instant", "yes")
    await stage.anna.submits()
    await shows(stage, stage.anna, "Instant meetings use your PMI.")
    assert ALSO_FREE in home(stage.anna).shown
    await stage.anna.closes()
    await asks(stage.anna, "/pmi history")
    await chooses(stage.anna, first.replace(" ", ""))
    await shows(stage, stage.anna, first)
    await asks(stage.anna, "/personal-link set blue.harbour")
    await shows(stage, stage.anna, f"{BASE}/my/blue.harbour")
    await asks(stage.anna, "/personal-link remove")
    await shows(stage, stage.anna, "none yet")


async def test_a_number_chosen_in_the_dialog_beneath_what_is_typed_shows_on_home(stage: Stage) -> None:
    await opened(stage, stage.anna)
    await stage.anna.presses("Edit PMI")
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    value = choices(dialog(stage.anna))[0]

    await chooses(stage.anna, value)

    await shows(stage, stage.anna, group_digits(value))


async def test_a_change_made_through_another_process_shows_on_home(stage: Stage) -> None:
    """Seen red: with the openings of this process alone, the Home kept the number of before."""
    await opened(stage, stage.anna)
    await stage.start()

    await asks(stage.anna, f"/pmi set {FREE}")

    await shows(stage, stage.anna, FREE)


async def test_two_processes_in_turn_conflict_and_the_newest_state_stands(stage: Stage) -> None:
    """Seen red: without the second look after a conflict, the Home stayed at the second number."""
    urls = [stage.slack._delivery.url, await stage.start()]
    await opened(stage, stage.anna)
    for place, number in enumerate((FREE, ALSO_FREE, "582 904 7317", "582 904 7318")):
        stage.slack.deliver_to(urls[place % 2])
        await asks(stage.anna, f"/pmi set {number}")
        await shows(stage, stage.anna, number)

    assert "hash_conflict" in [call.answer.get("error") for call in stage.slack.calls.of("views.publish")]


async def test_a_burst_of_changes_ends_with_the_newest_state(stage: Stage) -> None:
    await opened(stage, stage.anna)
    before = published(stage)
    numbers = [f"58290473{place}" for place in range(10, 22)]

    await asyncio.gather(*(stage.anna.types(f"/pmi set {number}") for number in numbers))
    await all_done(stage)

    assert group_digits(await stage.pmi(stage.anna)) in home(stage.anna).shown
    assert 1 <= published(stage) - before < len(numbers)


async def test_for_who_never_opened_home_slack_is_asked_nothing(stage: Stage) -> None:
    """Seen red: where every change was published, there was a call."""
    await opened(stage, stage.anna)
    calls = published(stage)

    await asks(stage.ben, f"/pmi set {FREE}")
    await asks(stage.ben, "/personal-link set blue.harbour")
    await all_done(stage)

    assert calls == published(stage)
    assert stage.ben.home is None


async def test_a_home_is_kept_for_a_day_after_its_opening_and_then_again_from_the_next(clocked: TimedStage) -> None:
    stage = clocked.stage
    await opened(stage, stage.anna)
    clocked.clock.passes(DAY)
    await asks(stage.anna, f"/pmi set {FREE}")
    await shows(stage, stage.anna, FREE)
    clocked.clock.passes(DAY)
    await asks(stage.anna, f"/pmi set {ALSO_FREE}")
    await all_done(stage)
    assert FREE in home(stage.anna).shown

    await stage.anna.opens_home()

    await shows(stage, stage.anna, ALSO_FREE)


async def test_a_refused_wish_and_a_repeated_one_change_nothing_on_home(stage: Stage) -> None:
    await opened(stage, stage.anna)
    calls = published(stage)

    await asks(stage.anna, "/pmi set 555 111 2222")
    await asks(stage.anna, f"/pmi set {await stage.pmi(stage.anna)}")
    await all_done(stage)

    assert calls == published(stage)


async def test_a_home_that_shows_all_already_is_not_published_again(stage: Stage) -> None:
    """Seen red: without the look at what Slack says it shows, there were two more calls."""
    await opened(stage, stage.anna)
    calls = published(stage)

    for _ in range(2):
        await stage.anna.opens_home()
    await all_done(stage)

    assert calls == published(stage)


# Its buttons


async def test_the_histories_open_over_home_and_what_is_taken_back_shows_on_it(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link set blue.harbour")
    await asks(stage.anna, "/personal-link set red.harbour")
    before = await stage.pmi(stage.anna)
    await asks(stage.anna, f"/pmi set {FREE}")
    await opened(stage, stage.anna)

    await stage.anna.presses(action_id="history_pmi", on=home(stage.anna))
    assert "Numbers that you have held" in dialog(stage.anna).shown
    await chooses(stage.anna, before)
    await stage.until_dialog_says(stage.anna, "Saved")
    await shows(stage, stage.anna, group_digits(before))
    await stage.anna.closes()
    await stage.anna.presses(action_id="history_link", on=home(stage.anna))
    await chooses(stage.anna, "blue.harbour")
    await stage.until_dialog_says(stage.anna, "Saved")

    await shows(stage, stage.anna, f"{BASE}/my/blue.harbour")
    assert [] == stage.anna.direct_messages


async def test_what_cannot_be_taken_back_is_said_in_the_dialog_over_home(stage: Stage) -> None:
    before = (await stage.are_known(stage.anna))[0]
    await asks(stage.anna, f"/pmi set {FREE}")
    await opened(stage, stage.anna)
    await stage.anna.presses(action_id="history_pmi", on=home(stage.anna))
    await stage.has_plan(Plan.BASIC)

    await chooses(stage.anna, before)

    await stage.until_dialog_says(stage.anna, "does not include choosing a PMI")
    assert [] == stage.anna.direct_messages


@pytest.mark.parametrize(
    ("button", "words"), [("edit_pmi", "Instant meetings"), ("history_pmi", "Numbers that you have held")]
)
async def test_a_dialog_that_does_not_open_over_home_is_offered_by_direct_message(
    stage: Stage, button: str, words: str
) -> None:
    await opened(stage, stage.anna)
    stage.slack.faults.set("views.open", Fault.SERVER_ERROR)

    await stage.anna.presses(action_id=button, on=home(stage.anna))
    await stage.slack.until(lambda: stage.anna.direct_messages)
    offered = stage.anna.direct_messages[-1]
    await stage.anna.presses("Open the Dialog", on=offered)

    assert "did not let the dialog open" in offered.shown
    if button == "edit_pmi":
        assert words in dialog(stage.anna).shown
    else:
        await stage.until_told(stage.anna, words)


async def test_a_button_on_home_of_another_version_is_answered_in_a_dialog(stage: Stage) -> None:
    await opened(stage, stage.anna)
    home(stage.anna).blocks[-1:] = [
        {
            "type": "actions",
            "block_id": "x",
            "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": "Of Tomorrow"}, "action_id": "of_tomorrow"}
            ],
        }
    ]

    answer = await stage.anna.presses("Of Tomorrow", on=home(stage.anna))
    await stage.until_dialog_says(stage.anna, "older version")

    assert (200, b"") == (answer.status, answer.body)
    assert [] == stage.anna.direct_messages


async def test_what_cannot_be_said_over_home_either_is_said_by_direct_message(
    make_database: Callable[..., str],
) -> None:
    url = make_database("sqlite")
    async with make_stage(url) as stage:
        await stage.start()
        await opened(stage, stage.anna)
        stage.slack.faults.set("views.open", Fault.SERVER_ERROR)
        home(stage.anna).blocks[-1]["elements"][0]["action_id"] = "of_tomorrow"
        payload = (await stage.unsent(partial(stage.anna.presses, "Edit PMI", on=home(stage.anna)))).payload

        altered = dict(payload) | {"actions": [payload["actions"][0] | {"action_id": "of_tomorrow"}]}
        await stage.slack._delivery.interaction(altered)

        await stage.slack.until(lambda: stage.anna.direct_messages)
        assert "older version" in stage.anna.direct_messages[-1].shown

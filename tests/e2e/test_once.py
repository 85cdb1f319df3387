"""A request that comes twice has one effect and one answer: one after the other, at once, in two processes."""

import asyncio
from functools import partial

import pytest

from tests.e2e.reading import ALSO_FREE, FREE, asks, but_for_keys, choices, digits
from tests.e2e.stage import Stage

COMMANDS = {
    "/pmi set 582 904 7316": ["pmi.assigned", "pmi.changed"],
    "/personal-link set blue.harbour": ["pmi.assigned", "link.set"],
    "/pmi": ["pmi.assigned"],
}


@pytest.mark.row("R09")
@pytest.mark.parametrize("line", list(COMMANDS))
async def test_a_command_twice_in_turn_or_ten_times_at_once_is_done_once(stage: Stage, line: str) -> None:
    """Seen red: without the answer that is kept, the second time said something else than the first."""
    sent = await stage.unsent(lambda: stage.anna.types(line))
    other = await stage.unsent(lambda: stage.ben.types(line.replace("7316", "7317").replace("blue", "red")))

    first, again = await stage.slack.resend(sent), await stage.slack.resend(sent)
    many = await asyncio.gather(*(stage.slack.resend(other) for _ in range(10)))

    assert (200, but_for_keys(first.body)) == (again.status, but_for_keys(again.body))
    assert [(200, but_for_keys(many[0].body))] * 10 == [(each.status, but_for_keys(each.body)) for each in many]
    assert b"nothing to change" not in first.body + many[0].body
    for person in (stage.anna, stage.ben):
        assert COMMANDS[line] == await stage.actions(person)


async def test_two_processes_on_one_database_do_it_once(stage: Stage) -> None:
    urls = [stage.slack._delivery.url, await stage.start()]
    await stage.are_known(stage.anna)
    for number, wish in enumerate(("582 904 7316", "617 555 0142", "314 159 2653")):
        sent = await stage.unsent(partial(stage.anna.types, f"/pmi set {wish}"))

        answers = await asyncio.gather(*(stage.sent_to(url, sent) for url in urls * 4))

        assert 1 == len(set(answers))
        assert 200 == answers[0][0]
        assert b"Saved" in answers[0][1]
        assert ["pmi.assigned", *["pmi.changed"] * (number + 1)] == await stage.actions(stage.anna)


async def test_a_removal_twice_removes_once(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link set blue.harbour")
    sent = await stage.unsent(lambda: stage.anna.types("/personal-link remove"))

    answers = await asyncio.gather(*(stage.slack.resend(sent) for _ in range(5)))

    assert 1 == len({each.body for each in answers})
    assert b"*Removed." in answers[0].body
    assert ["pmi.assigned", "link.set", "link.removed"] == await stage.actions(stage.anna)


@pytest.mark.row("R09")
async def test_a_button_pressed_twice_claims_once_and_says_saved_both_times(stage: Stage) -> None:
    """Seen red: without the answer that is kept, the second press said "There was nothing to change"."""
    await asks(stage.anna, "/pmi suggest")
    message = stage.anna.private_messages[-1]
    value = choices(message)[0]

    press = await stage.anna.presses("Choose", value=value, on=message)
    await stage.slack.until(lambda: "Saved" in message.shown)
    await stage.slack.resend(press)
    await stage.until_called("response_url", 2)

    assert "Saved" in message.shown
    assert value == await stage.pmi(stage.anna)
    assert ["pmi.assigned", "pmi.changed"] == await stage.actions(stage.anna)


@pytest.mark.row("R09")
@pytest.mark.parametrize("command", ["/pmi suggest", "/personal-link suggest blue"])
async def test_a_double_click_claims_once_and_both_are_told_that_it_is_theirs(stage: Stage, command: str) -> None:
    """Two presses, each with a trigger of its own, so that nothing but what one holds already makes them one.

    Seen red: where taking what one holds already was a change, nobody was told "There was nothing to change", and two
    links were "Saved".
    """
    await asks(stage.anna, command)
    message = stage.anna.private_messages[-1]
    value = choices(message)[0]
    presses = [await stage.unsent(partial(stage.anna.presses, "Choose", value=value, on=message)) for _ in range(2)]
    triggers = {each.payload["trigger_id"] for each in presses}

    answers = await asyncio.gather(*(stage.slack.resend(each) for each in presses))
    await stage.until_called("response_url", 2)

    told = [call.arguments["text"] for call in stage.slack.calls.of("response_url")]
    shown = f"{value[:3]} {value[3:6]} {value[6:]}" if value.isdigit() else value
    assert (2, [200, 200]) == (len(triggers), [each.status for each in answers])
    assert [1, 1] == [sum(words in text for text in told) for words in ("Saved.", "There was nothing to change.")]
    assert all(shown in text for text in told)
    assert value == await (stage.pmi if value.isdigit() else stage.link)(stage.anna)
    assert 2 == len(await stage.actions(stage.anna))


async def test_the_same_line_typed_again_later_is_a_request_of_its_own(stage: Stage) -> None:
    await asks(stage.anna, f"/pmi set {FREE}")
    await asks(stage.anna, "/pmi set 617 555 0142")

    assert f"now {FREE}*" in await asks(stage.anna, f"/pmi set {FREE}")
    assert ["pmi.assigned", "pmi.changed", "pmi.changed", "pmi.taken_back"] == await stage.actions(stage.anna)


async def test_a_refused_request_is_judged_afresh_when_it_comes_again(stage: Stage) -> None:
    await asks(stage.ben, "/personal-link set blue.harbour")
    sent = await stage.unsent(lambda: stage.anna.types("/personal-link set blue.harbour"))

    answers = [await stage.slack.resend(sent) for _ in range(2)]

    assert all(b"It is taken." in each.body for each in answers)
    assert await stage.link(stage.anna) is None


@pytest.mark.row("R08")
async def test_one_dialog_saved_with_other_values_is_another_request(stage: Stage) -> None:
    """Seen red: where the values were no part of what makes the request, the second save was answered as the first."""
    await stage.anna.types("/pmi edit")
    saves = []
    for wish in ("555 111 2222", FREE, ALSO_FREE):
        await stage.anna.fills("pmi", wish)
        saves.append(await stage.unsent(stage.anna.submits))

    refused, first, second, again = [await stage.slack.resend(each) for each in (*saves, saves[1])]

    assert "errors" == refused.json["response_action"]
    assert f"now {FREE}*".encode() in first.body
    assert f"now {ALSO_FREE}*".encode() in second.body
    assert first.body == again.body
    assert digits(ALSO_FREE) == await stage.pmi(stage.anna)
    assert ["pmi.assigned", "pmi.changed", "pmi.changed"] == await stage.actions(stage.anna)

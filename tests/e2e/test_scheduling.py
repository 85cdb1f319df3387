"""`/room schedule` and `/room meetings` as people type, fill and press them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.playground import Person
from bot.playground.state import Message
from tests.e2e.homes import opened, shows
from tests.e2e.reading import dialog
from tests.e2e.stage import BASE, Stage

TOPIC = "Q&A <!here> \u05e4\u05d2\u05d9\u05e9\u05d4"


def at(days: int, hour: int = 9) -> int:
    """A time so many days from today, in seconds since 1970."""
    day = datetime.now(UTC).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return int(day.timestamp())


async def schedules(
    stage: Stage,
    person: Person,
    *,
    topic: str = "Review",
    starts: int | None = None,
    repeats: str = "none",
    **more: Any,
) -> None:
    """Open the dialog, fill it and press Schedule."""
    await person.types("/room schedule")
    assert "Schedule a meeting" == dialog(person).title
    await person.fills("topic", topic)
    await person.chooses("starts", at=at(2) if starts is None else starts)
    if "users" in more:
        await person.chooses("invitees", users=[one.member for one in more["users"]])
    if "channel" in more:
        await person.chooses("channel", conversation=more["channel"])
    if repeats != "none":
        await person.chooses("repeats", repeats)
        await stage.slack.until(lambda: "ends_count" in str(dialog(person).blocks))
    for name in ("minutes", "where", "reminder"):
        if name in more:
            await person.chooses(name, more[name])
    if "count" in more:
        await person.fills("ends_count", more["count"])
    await person.submits()


async def told(stage: Stage, person: Person, words: str) -> Message:
    """The newest direct message to somebody, once these words stand in it."""
    direct = stage.acme.direct_messages_with(person.member.id)
    await stage.slack.until(lambda: direct.messages and words in direct.messages[-1].shown)
    return direct.messages[-1]


async def in_channel(stage: Stage, words: str) -> Message:
    """The newest message in the channel, once these words stand in it."""
    await stage.slack.until(lambda: stage.general.messages and words in stage.general.messages[-1].shown)
    return stage.general.messages[-1]


def links(message: Message) -> list[str]:
    """Where the buttons of a message lead."""
    return [element["url"] for block in message.blocks for element in block.get("elements", []) if "url" in element]


async def test_a_meeting_is_scheduled_and_everybody_invited_is_told(stage: Stage) -> None:
    await schedules(stage, stage.anna, topic=TOPIC, users=[stage.ben], channel="C0GENERAL", minutes="45")

    shown = dialog(stage.anna).shown
    assert "is scheduled" in shown
    assert "Your own start link" in shown
    assert "1 person" in shown
    card = await in_channel(stage, "invites you")
    assert "0 accepted" in card.shown
    private = await told(stage, stage.ben, "invites you")
    assert 2 == len(
        {*links(card), *links(private)} & {link for link in links(card) + links(private) if ".ics" not in link}
    )
    assert TOPIC.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in str(card.blocks)
    assert "Passcode" not in card.shown + private.shown


async def test_answers_are_counted_on_the_card_once_each(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben], channel="C0GENERAL")
    private = await told(stage, stage.ben, "invites you")

    await stage.ben.presses("Accept", on=private)
    await stage.slack.until(lambda: "1 accepted" in stage.general.messages[-1].shown or "1 accepted" in private.shown)
    await stage.ben.presses("Accept", on=private)
    await stage.ben.presses("Decline", on=private)

    await stage.slack.until(lambda: "0 accepted \u00b7 1 declined" in private.shown)
    assert "You have declined." in private.shown


async def test_every_reason_is_said_under_its_field_and_what_was_typed_stays(stage: Stage) -> None:
    await schedules(stage, stage.anna, topic="x" * 201, starts=at(-1), repeats="daily", count="499")

    errors = dialog(stage.anna).errors
    assert {"topic", "starts"} <= set(errors)
    assert "That time is over" in errors["starts"]
    assert [] == stage.general.messages


async def test_a_list_shows_what_is_coming_with_edit_and_cancel(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben], channel="C0GENERAL")
    await told(stage, stage.ben, "invites you")
    await stage.anna.types("/room meetings")

    assert "Coming up" in stage.anna.private_messages[-1].shown
    assert "*Review*" in stage.anna.private_messages[-1].shown
    await stage.ben.types("/room meetings")
    assert "By <@U0ANNA>" in str(stage.ben.private_messages[-1].blocks)


async def test_nothing_scheduled_says_how_to_plan_something(stage: Stage) -> None:
    await stage.anna.types("/room meetings")

    assert "`/room schedule`" in stage.anna.private_messages[-1].shown


async def choose(person: Person, act: str) -> None:
    """Choose in the "more" menu of the first meeting in the list."""
    message = person.private_messages[-1]
    menu = next(
        element for block in message.blocks for element in block.get("elements", []) if element["type"] == "overflow"
    )
    option = next(option for option in menu["options"] if option["value"].startswith(f"{act} "))
    await person.presses(option["text"]["text"], on=message)


async def test_a_changed_meeting_changes_its_invitations(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben])
    private = await told(stage, stage.ben, "Review")
    await stage.anna.types("/room meetings")

    await choose(stage.anna, "edit")
    assert "Change the meeting" == dialog(stage.anna).title
    await stage.anna.fills("topic", "Retrospective")
    await stage.anna.submits()

    assert "is changed" in dialog(stage.anna).shown
    await stage.slack.until(lambda: "Retrospective" in private.shown)


async def test_another_pmi_is_on_the_invitations_to_what_takes_place_on_it(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben], where="pmi")
    private = await told(stage, stage.ben, "invites you")

    await stage.anna.types("/pmi set 582 904 7316")

    await stage.slack.until(lambda: "582 904 7316" in private.shown, timeout=8.0)
    assert f"<{BASE}/j/5829047316>" in str(private.blocks)


async def test_one_of_a_series_is_cancelled_and_the_others_stay(stage: Stage) -> None:
    await schedules(stage, stage.anna, repeats="weekly", count="3", users=[stage.ben])
    private = await told(stage, stage.ben, "Every week")
    await stage.anna.types("/room meetings")

    await choose(stage.anna, "cancel_one")
    await stage.anna.submits()

    assert "is cancelled" in dialog(stage.anna).shown
    await stage.slack.until(lambda: "Not on" in private.shown)
    await stage.anna.types("/room meetings")
    assert "*Review*" in stage.anna.private_messages[-1].shown


async def test_a_cancelled_meeting_is_cancelled_everywhere(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben], channel="C0GENERAL")
    private = await told(stage, stage.ben, "Review")
    await stage.anna.types("/room meetings")

    await choose(stage.anna, "cancel")
    await stage.anna.submits()

    await stage.slack.until(lambda: "has cancelled" in private.shown)
    assert [] == [block for block in private.blocks if block["type"] == "actions"]
    await stage.anna.types("/room meetings")
    assert "Nothing is scheduled" in stage.anna.private_messages[-1].shown


async def test_the_same_submission_ten_times_schedules_once(stage: Stage) -> None:
    await stage.anna.types("/room schedule")
    await stage.anna.chooses("invitees", users=[stage.ben.member])
    request = await stage.unsent(stage.anna.submits)

    answers = await asyncio.gather(*(stage.sent_to(stage.slack._delivery.url, request) for _ in range(10)))

    assert 1 == len(set(answers))
    assert 200 == answers[0][0]
    assert 1 == (await stage.actions(stage.anna)).count("meeting.scheduled")


async def test_somebody_elses_meeting_is_not_theirs_to_change(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben])
    await stage.anna.types("/room meetings")
    menu = stage.anna.private_messages[-1]
    value = next(
        option["value"]
        for block in menu.blocks
        for element in block.get("elements", [])
        for option in element.get("options", [])
        if option["value"].startswith("cancel ")
    )
    payload = {
        "type": "view_submission",
        "team": {"id": "T0ACME", "domain": "acme"},
        "user": {"id": "U0BEN", "name": "ben", "team_id": "T0ACME"},
        "trigger_id": "1.2.x",
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": "cancel_modal",
            "private_metadata": f'{{"meeting": "{value.split()[1]}"}}',
            "blocks": [],
            "state": {"values": {}},
        },
    }

    exchange = await stage.slack._delivery.interaction(payload)

    assert 200 == exchange.status
    assert "Only whoever scheduled this meeting can change it." in exchange.body.decode()
    assert "meeting.cancelled" not in await stage.actions(stage.anna)


@pytest.mark.parametrize("value", ["", "x", "yes", "0000 yes", "x yes yes", f"{'0' * 26} never", "\u0000 yes"])
async def test_an_answer_of_any_shape_is_taken(stage: Stage, value: str) -> None:
    payload = {
        "type": "block_actions",
        "team": {"id": "T0ACME", "domain": "acme"},
        "user": {"id": "U0BEN", "name": "ben", "team_id": "T0ACME"},
        "trigger_id": "1.2.x",
        "response_url": "",
        "actions": [{"type": "button", "action_id": "answer:0", "block_id": "b", "value": value, "action_ts": "1.2"}],
    }

    exchange = await stage.slack._delivery.interaction(payload)

    assert exchange.status == (400 if "\0" in value else 200)


async def test_who_is_left_out_is_told_so_and_has_a_way_in_once_they_are_invited_again(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben, stage.carla])
    private = await told(stage, stage.ben, "invites you")
    old = links(private)
    await stage.anna.types("/room meetings")
    await choose(stage.anna, "edit")
    await stage.anna.chooses("invitees", users=[stage.carla.member])
    await stage.anna.submits()

    await stage.slack.until(lambda: "This invitation was taken back." in private.shown)
    assert [] == links(private)
    await stage.anna.types("/room meetings")
    await choose(stage.anna, "edit")
    await stage.anna.chooses("invitees", users=[stage.ben.member, stage.carla.member])
    await stage.anna.submits()
    await stage.slack.until(lambda: "invites you" in private.shown)
    assert set() == {*old} & {*links(private)}


async def test_the_home_of_who_is_left_out_shows_the_meeting_no_more(stage: Stage) -> None:
    await schedules(stage, stage.anna, users=[stage.ben, stage.carla])
    await opened(stage, stage.ben)
    await shows(stage, stage.ben, "Review")

    await stage.anna.types("/room meetings")
    await choose(stage.anna, "edit")
    await stage.anna.chooses("invitees", users=[stage.carla.member])
    await stage.anna.submits()

    await shows(stage, stage.ben, "Nothing is scheduled")

"""Buttons and dialogs: what the app receives, what stays, what Slack itself refuses."""

import asyncio
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from bot.playground import Channel, Member, NotThere, Person, StandIn, Workspace
from bot.playground.blocks import placed

Api = Callable[..., Any]
Answers = dict[str, Any]
Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"
INTERACTION = {"type", "user", "api_app_id", "token", "team", "enterprise", "is_enterprise_install"}
VIEW = {
    "id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash", "title", "clear_on_close",
    "notify_on_close", "close", "submit", "previous_view_id", "root_view_id", "app_id", "external_id",
    "app_installed_team_id", "bot_id",
}  # fmt: skip


@pytest.fixture
async def dialog(anna: Person, answers: Answers, api: Api, modal: Json) -> Person:
    """Anna with the dialog open before her."""

    async def opens(heard: Json) -> None:
        assert (await api("views.open", trigger_id=heard["trigger_id"], view=modal))["ok"]

    answers["/pmi"] = opens
    await anna.types("/pmi edit")
    return anna


async def test_a_button_on_a_private_message_has_every_field_of_a_real_one(
    anna: Person, answers: Answers, api: Api, card: Json
) -> None:
    answers["/pmi"] = card
    await anna.types("/pmi")
    exchange = await anna.presses("Edit")
    payload = exchange.payload

    assert INTERACTION | {"trigger_id", "container", "channel", "state", "response_url", "actions"} == set(payload)
    assert {"type", "message_ts", "channel_id", "is_ephemeral"} == set(payload["container"])
    assert {"id": "U0ANNA", "username": "anna", "name": "anna", "team_id": "T0ACME"} == payload["user"]
    assert {"id": "T0ACME", "domain": "acme"} == payload["team"]
    assert ["edit", "1", "button", "Edit"] == [
        payload["actions"][0]["action_id"],
        payload["actions"][0]["value"],
        payload["actions"][0]["type"],
        payload["actions"][0]["text"]["text"],
    ]
    assert {"block_id", "action_ts"} <= set(payload["actions"][0])


async def test_a_button_on_a_posted_message_brings_the_message(anna: Person, api: Api, card: Json) -> None:
    await api("chat.postMessage", channel="C0GENERAL", **card)
    exchange = await anna.presses(action_id="edit")

    assert exchange.payload["message"]["text"] == "Your room"
    assert {"type", "user", "ts", "text", "team", "bot_id", "app_id", "blocks"} == set(exchange.payload["message"])
    assert all(block["block_id"] for block in exchange.payload["message"]["blocks"])


async def test_an_organisation_is_named_in_its_interactions(slack: StandIn, api: Api, card: Json) -> None:
    grid = slack.add_workspace("T0GRID", name="Grid", domain="grid", enterprise_id="E0ORG", org_install=True)
    carla = grid.add_member("W0CARLA", real_name="Carla")
    person = slack.person(carla, grid.add_channel("C0GRID", "grid", members=[carla], with_bot=True))
    await api("chat.postMessage", bearer=grid.bot_token, channel="C0GRID", **card)
    exchange = await person.presses("Edit")

    assert {"id": "E0ORG", "name": "E0ORG"} == exchange.payload["enterprise"]
    assert "E0ORG" == exchange.payload["team"]["enterprise_id"]
    assert exchange.payload["is_enterprise_install"]


async def test_a_cancelled_confirmation_sends_nothing(anna: Person, answers: Answers, api: Api, card: Json) -> None:
    answers["/pmi"] = card
    await anna.types("/pmi")
    cancelled = await anna.presses("Reset", confirm=False)
    confirmed = await anna.presses("Reset")

    assert [False, True] == [cancelled.sent, confirmed.sent]


async def test_a_button_that_is_not_there_cannot_be_pressed(
    anna: Person, answers: Answers, api: Api, card: Json
) -> None:
    with pytest.raises(NotThere, match="there are: none"):
        await anna.presses("Edit")
    answers["/pmi"] = card
    await anna.types("/pmi")
    with pytest.raises(NotThere, match="no button Start here; there are: 'Edit', 'Reset'"):
        await anna.presses("Start")


async def test_two_buttons_alike_are_told_apart_by_value(anna: Person, answers: Answers, api: Api) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Take Back"}}
    elements = [{**button, "action_id": f"back.{one}", "value": one} for one in ("a", "b")]
    answers["/pmi"] = {"text": "history", "blocks": [{"type": "actions", "elements": elements}]}
    await anna.types("/pmi history")
    with pytest.raises(NotThere, match="2 buttons are Take Back"):
        await anna.presses("Take Back")
    exchange = await anna.presses("Take Back", value="b")

    assert "back.b" == exchange.payload["actions"][0]["action_id"]


async def test_the_newest_message_with_such_a_button_is_meant(
    anna: Person, answers: Answers, api: Api, card: Json
) -> None:
    answers["/pmi"] = card
    await anna.types("/pmi")
    await anna.types("/pmi")
    older, newer = anna.private_messages
    exchange = await anna.presses("Edit")
    chosen = await anna.presses("Edit", on=older)

    assert newer.ts == exchange.payload["container"]["message_ts"]
    assert older.ts == chosen.payload["container"]["message_ts"]


async def test_a_more_menu_sends_the_option(anna: Person, answers: Answers, api: Api) -> None:
    options = [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("Copy", "Drop")]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": menu}
    answers["/pmi"] = {"text": "x", "blocks": [section]}
    await anna.types("/pmi")
    exchange = await anna.presses("Drop")

    assert "Drop" == exchange.payload["actions"][0]["selected_option"]["value"]


async def test_a_failed_action_is_told_beside_what_was_pressed(
    anna: Person, answers: Answers, api: Api, card: Json
) -> None:
    answers |= {"/pmi": card, "block_actions": 500}
    await anna.types("/pmi")
    exchange = await anna.presses("Edit")

    assert "dispatch_failed" == exchange.failure
    assert ['block_actions failed with the error "dispatch_failed"'] == anna.troubles


async def test_a_dialog_opens_with_what_it_holds_at_first(dialog: Person) -> None:
    assert dialog.view is not None
    assert "Number" == dialog.view.title
    assert "111" == dialog.view.value("number")
    assert [] == dialog.view.value("use")
    assert ["Your number", "Ten digits", "Use", "Instantly"] == dialog.view.texts()
    assert "kept" == dialog.view.private_metadata


async def test_a_submission_has_every_field_of_a_real_one(dialog: Person) -> None:
    await dialog.fills("number", "222")
    await dialog.ticks("Use", "Instantly")
    exchange = await dialog.submits()

    assert INTERACTION | {"trigger_id", "view", "response_urls"} == set(exchange.payload)
    assert VIEW == set(exchange.payload["view"])
    assert {"typed": {"type": "plain_text_input", "value": "222"}} == exchange.payload["view"]["state"]["values"][
        "number"
    ]
    ticked = exchange.payload["view"]["state"]["values"]["use"]["ticked"]
    assert ["checkboxes", "instant"] == [ticked["type"], ticked["selected_options"][0]["value"]]
    assert dialog.view is None


async def test_typing_is_told_once_or_for_each_character(dialog: Person, slack: StandIn) -> None:
    whole = await dialog.fills("Your number", "222")
    await dialog.fills("number", "456", keystrokes=True)
    told = [call.arguments["actions"][0]["value"] for call in slack.calls.of("block_actions")]

    assert ["222", "4", "45", "456"] == told
    assert INTERACTION | {"trigger_id", "container", "view", "actions"} == set(whole.payload)
    assert {"type", "view_id"} == set(whole.payload["container"])
    assert "222" == whole.payload["view"]["state"]["values"]["number"]["typed"]["value"]


async def test_a_field_that_nobody_listens_to_tells_nothing(dialog: Person) -> None:
    ticked = await dialog.ticks("use", "instant")

    assert not ticked.sent


async def test_only_inputs_show_errors(dialog: Person, answers: Answers, api: Api, modal: Json) -> None:
    assert dialog.view is not None
    modal["blocks"].append({"type": "divider", "block_id": "line"})
    await api("views.update", view_id=dialog.view.id, view=modal)
    answers["view_submission"] = {"response_action": "errors", "errors": {"line": "x"}}
    exchange = await dialog.submits()

    assert exchange.failure.startswith("invalid_errors: no input has the block_id 'line'")


async def test_enter_is_told_only_where_the_app_listens(dialog: Person) -> None:
    enter = await dialog.presses_enter("number")

    assert not enter.sent


async def test_errors_stand_under_their_fields_and_what_was_typed_stays(dialog: Person, answers: Answers) -> None:
    answers["view_submission"] = {"response_action": "errors", "errors": {"number": "Taken."}}
    await dialog.fills("number", "222")
    exchange = await dialog.submits()

    assert exchange.ok
    assert dialog.view is not None
    assert {"number": "Taken."} == dialog.view.errors
    assert "222" == dialog.view.value("number")
    assert "Taken." in dialog.view.shown
    answers["view_submission"] = None
    await dialog.submits()
    assert dialog.view is None


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_errors: no input has the block_id"),
        ({"response_action": "errors", "errors": {}}, "invalid_errors: errors must name"),
        ({"response_action": "errors", "errors": {"number": ""}}, "invalid_errors: each error is a text"),
        ({"response_action": "update"}, "invalid_arguments: [ERROR] failed to match all allowed schemas"),
        ({"response_action": "update", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
        ({"response_action": "explode"}, "invalid_response_action"),
        ("words", "invalid_response"),
        (["a list"], "invalid_response"),
        (404, "dispatch_failed"),
    ],
)
async def test_a_bad_answer_to_a_submission_is_trouble_and_loses_nothing(
    answer: object, failure: str, dialog: Person, answers: Answers
) -> None:
    answers["view_submission"] = answer
    await dialog.fills("number", "222")
    exchange = await dialog.submits()

    assert exchange.failure.startswith(failure)
    assert dialog.view is not None
    assert TROUBLE == dialog.view.failure
    assert "222" == dialog.view.value("number")


async def test_an_update_in_the_answer_changes_the_dialog_in_place(
    dialog: Person, answers: Answers, modal: Json
) -> None:
    assert dialog.view is not None
    before = (dialog.view.id, dialog.view.hash)
    answers["view_submission"] = {"response_action": "update", "view": {**modal, "title": plain_text("Saved")}}
    await dialog.submits()

    assert "Saved" == dialog.view.title
    assert before[0] == dialog.view.id
    assert before[1] != dialog.view.hash


async def test_the_stack_holds_three_dialogs(dialog: Person, answers: Answers, modal: Json) -> None:
    answers["view_submission"] = {"response_action": "push", "view": modal}
    root = dialog.view
    await dialog.submits()
    await dialog.submits()
    top = dialog.view
    fourth = await dialog.submits()

    assert "push_limit_reached" == fourth.failure
    assert root is not None
    assert top is not None
    assert root.id == top.root_view_id
    assert root.id != top.previous_view_id
    answers["view_submission"] = None
    await dialog.submits()
    assert top.closed
    assert dialog.view is not None
    answers["view_submission"] = {"response_action": "clear"}
    await dialog.submits()
    assert dialog.view is None


async def test_slack_itself_stops_empty_and_long_fields(dialog: Person) -> None:
    assert dialog.view is not None
    await dialog.fills("number", "")
    empty = await dialog.submits()

    assert not empty.sent
    assert {"number": "Please complete this required field."} == dialog.view.errors
    await dialog.fills("number", "1234567890123")
    await dialog.submits()
    assert {"number": "Must be less than 13 characters."} == dialog.view.errors


async def test_closing_is_told_where_the_dialog_asks_for_it(
    dialog: Person, answers: Answers, api: Api, modal: Json
) -> None:
    exchange = await dialog.closes()

    assert INTERACTION | {"view", "is_cleared"} == set(exchange.payload)
    assert dialog.view is None
    modal["notify_on_close"] = False
    await dialog.types("/pmi edit")
    assert not (await dialog.closes()).sent
    modal["clear_on_close"] = modal["notify_on_close"] = True
    await dialog.types("/pmi edit")
    answers["view_submission"] = {"response_action": "push", "view": modal}
    await dialog.submits()
    cleared = await dialog.closes()
    assert cleared.payload["is_cleared"]
    assert dialog.view is None


async def test_nothing_can_be_done_where_no_dialog_is(anna: Person, answers: Answers, api: Api, modal: Json) -> None:
    with pytest.raises(NotThere, match="no dialog is open"):
        await anna.submits()
    modal["blocks"] = [{"type": "section", "text": {"type": "mrkdwn", "text": "Saved."}}]
    del modal["submit"]

    async def opens(heard: Json) -> None:
        await api("views.open", trigger_id=heard["trigger_id"], view=modal)

    answers["/pmi"] = opens
    await anna.types("/pmi")
    with pytest.raises(NotThere, match="has no button that submits"):
        await anna.submits()
    with pytest.raises(NotThere, match="no field 'number' here; there are: none"):
        await anna.fills("number", "1")


async def test_an_update_keeps_what_was_typed_where_block_and_action_stay(
    dialog: Person, api: Api, modal: Json
) -> None:
    assert dialog.view is not None
    await dialog.fills("number", "222")
    changed = deepcopy(modal)
    changed["blocks"][0]["element"]["initial_value"] = "333"
    await api("views.update", view_id=dialog.view.id, view=changed)

    assert "222" == dialog.view.value("number")
    changed["blocks"][0]["block_id"] = "number.2"
    await api("views.update", view_id=dialog.view.id, view=changed)
    assert "333" == dialog.view.value("number.2")
    assert "number" not in dialog.view.values
    await dialog.fills("number", "444")
    assert "444" == dialog.view.value("number.2")


async def test_a_failed_action_in_a_dialog_is_told_in_it(dialog: Person, answers: Answers) -> None:
    answers["block_actions"] = 500
    await dialog.fills("number", "222")

    assert dialog.view is not None
    assert TROUBLE == dialog.view.failure


async def test_a_submission_answered_after_the_dialog_went_changes_nothing(dialog: Person, answers: Answers) -> None:
    async def slowly(_: Json) -> Json:
        await dialog.closes()
        return {"response_action": "clear"}

    answers["view_submission"] = slowly
    exchange = await dialog.submits()

    assert exchange.ok
    assert dialog.view is None


def plain_text(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain_text(value.title()), "value": value}


EVERY_INPUT: list[Json] = [
    {"type": "static_select", "options": [option("a"), option("b")]},
    {"type": "multi_static_select", "option_groups": [{"label": plain_text("G"), "options": [option("a")]}]},
    {"type": "radio_buttons", "options": [option("a"), option("b")], "initial_option": option("a")},
    {"type": "checkboxes", "options": [option("a"), option("b")], "initial_options": [option("b")]},
    {"type": "users_select"},
    {"type": "multi_users_select"},
    {"type": "conversations_select", "response_url_enabled": True},
    {"type": "multi_channels_select"},
    {"type": "datepicker", "initial_date": "2026-01-01"},
    {"type": "timepicker"},
    {"type": "datetimepicker"},
    {"type": "number_input", "is_decimal_allowed": False},
    {"type": "external_select", "min_query_length": 1},
    {"type": "plain_text_input", "min_length": 2},
]


async def test_every_kind_of_field_can_be_filled(
    anna: Person, ben_member: Member, answers: Answers, api: Api, modal: Json
) -> None:
    modal["blocks"] = [
        {
            "type": "input",
            "block_id": str(element["type"]),
            "label": plain_text(str(element["type"])),
            "element": {**element, "action_id": "act"},
        }
        for element in EVERY_INPUT
    ]

    async def opens(heard: Json) -> None:
        assert (await api("views.open", trigger_id=heard["trigger_id"], view=modal))["ok"]

    answers["/pmi"] = opens
    answers["block_suggestion"] = {"options": [option("near"), option("far")]}
    await anna.types("/pmi")
    view = anna.view
    assert view is not None
    await anna.chooses("static_select", "b")
    await anna.chooses("multi_static_select", options=["A"])
    await anna.chooses("radio_buttons", "B")
    await anna.ticks("checkboxes", "a")
    await anna.unticks("checkboxes", "B")
    await anna.chooses("users_select", user=ben_member)
    await anna.chooses("multi_users_select", users=[ben_member])
    await anna.chooses("conversations_select", conversation="C0GENERAL")
    await anna.chooses("multi_channels_select", conversations=["C0GENERAL"])
    await anna.chooses("datepicker", date="2026-10-11")
    await anna.chooses("timepicker", time="09:30")
    await anna.chooses("datetimepicker", at=1_800_000_000)
    await anna.fills("number_input", "x")
    await anna.chooses("external_select", "near")
    await anna.fills("plain_text_input", "x")
    await anna.submits()

    assert {"number_input": "Enter a number.", "plain_text_input": "Must be at least 2 characters."} == view.errors
    await anna.fills("number_input", "30")
    await anna.fills("plain_text_input", "xy")
    exchange = await anna.submits()
    values = {block: states["act"] for block, states in exchange.payload["view"]["state"]["values"].items()}
    assert "b" == values["static_select"]["selected_option"]["value"]
    assert ["a"] == [one["value"] for one in values["multi_static_select"]["selected_options"]]
    assert "b" == values["radio_buttons"]["selected_option"]["value"]
    assert ["a"] == [one["value"] for one in values["checkboxes"]["selected_options"]]
    assert "U0BEN" == values["users_select"]["selected_user"]
    assert ["U0BEN"] == values["multi_users_select"]["selected_users"]
    assert "C0GENERAL" == values["conversations_select"]["selected_conversation"]
    assert ["C0GENERAL"] == values["multi_channels_select"]["selected_channels"]
    assert "2026-10-11" == values["datepicker"]["selected_date"]
    assert "09:30" == values["timepicker"]["selected_time"]
    assert 1_800_000_000 == values["datetimepicker"]["selected_date_time"]
    assert "30" == values["number_input"]["value"]
    assert "near" == values["external_select"]["selected_option"]["value"]
    [url] = exchange.payload["response_urls"]
    assert {"block_id", "action_id", "channel_id", "response_url"} == set(url)


async def test_a_menu_of_the_app_asks_it_for_options(anna: Person, slack: StandIn, answers: Answers, api: Api) -> None:
    menu = {"type": "external_select", "action_id": "who", "min_query_length": 1, "placeholder": plain_text("Who")}
    answers["/pmi"] = {"text": "x", "blocks": [{"type": "actions", "block_id": "menu", "elements": [menu]}]}
    answers["block_suggestion"] = {"options": [option("near")]}
    await anna.types("/pmi")
    message = anna.private_messages[-1]
    exchange = await anna.chooses("menu", "near", on=message)
    [asked] = slack.calls.of("block_suggestion")

    assert {"action_id", "block_id", "value", "container"} < set(asked.arguments)
    assert "near" == asked.arguments["value"]
    assert "near" == exchange.payload["actions"][0]["selected_option"]["value"]
    assert "near" == exchange.payload["state"]["values"]["menu"]["who"]["selected_option"]["value"]
    with pytest.raises(NotThere, match="no option 'gone' here; there are: 'Near'"):
        await anna.chooses("menu", "gone", on=message)
    answers["block_suggestion"] = None
    assert [] == await anna.looks_for("menu", "near", on=message)


async def test_a_choice_can_be_taken_back(anna: Person, answers: Answers, api: Api) -> None:
    menu = {"type": "static_select", "action_id": "which", "options": [option("a")], "initial_option": option("a")}
    answers["/pmi"] = {"text": "x", "blocks": [{"type": "actions", "block_id": "menu", "elements": [menu]}]}
    await anna.types("/pmi")
    exchange = await anna.chooses("menu", on=anna.private_messages[-1])

    assert exchange.payload["actions"][0]["selected_option"] is None


async def test_fields_are_told_apart(dialog: Person, api: Api, modal: Json) -> None:
    assert dialog.view is not None
    modal["blocks"][1]["label"] = plain_text("Your number")
    await api("views.update", view_id=dialog.view.id, view=modal)
    with pytest.raises(NotThere, match="2 fields are 'Your number'"):
        await dialog.fills("Your number", "1")
    with pytest.raises(NotThere, match="not a text field"):
        await dialog.fills("use", "1")
    await dialog.fills("typed", "9")

    assert "9" == dialog.view.value("number")


async def test_buttons_and_menus_in_a_dialog_are_used_there(
    anna: Person, answers: Answers, api: Api, modal: Json, card: Json
) -> None:
    menu = {"type": "static_select", "options": [option("a")]}
    picture = {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "a door"}
    modal["blocks"] += [
        {"type": "actions", "block_id": "menu", "elements": [menu]},
        {"type": "section", "fields": [plain_text("one")], "accessory": picture},
        card["blocks"][1],
    ]

    async def opens(heard: Json) -> None:
        assert (await api("views.open", trigger_id=heard["trigger_id"], view=modal))["ok"]

    answers["/pmi"] = opens
    await anna.types("/pmi")
    view = anna.view
    assert view is not None
    pressed = await anna.presses("Edit")
    chosen = await anna.chooses("menu", "a")

    assert view.id == pressed.payload["container"]["view_id"]
    assert chosen.payload["actions"][0]["action_id"]
    assert ["A", "one", "a door", "Edit", "Reset"] == view.texts()[-5:]
    assert (await anna.submits()).sent


async def test_a_field_that_went_cannot_be_filled(dialog: Person, api: Api, modal: Json) -> None:
    assert dialog.view is not None
    [number] = [one for one in placed(dialog.view.blocks) if one.block_id == "number"]
    modal["blocks"][0]["block_id"] = "number.2"
    await api("views.update", view_id=dialog.view.id, view=modal)
    with pytest.raises(NotThere, match="'Your number' is no longer here"):
        await dialog.fills(number, "1")


async def test_home_is_published_and_pressed(
    anna: Person, slack: StandIn, answers: Answers, api: Api, card: Json
) -> None:
    async def publishes(heard: Json) -> None:
        view = {"type": "home", "blocks": card["blocks"]}
        assert (await api("views.publish", user_id=heard["event"]["user"], view=view))["ok"]

    answers["app_home_opened"] = publishes
    first = await anna.opens_home()
    second = await anna.opens_home()
    pressed = await anna.presses("Edit")

    assert "view" not in first.payload["event"]
    assert VIEW == set(second.payload["event"]["view"])
    assert "home" == pressed.payload["view"]["type"]
    assert anna.home is not None
    assert "*582 904 7316*" in anna.home.shown


async def test_home_is_not_told_to_an_app_that_does_not_listen() -> None:
    slack = StandIn("secret", manifest={})
    acme = slack.add_workspace("T1", name="T", domain="t")
    dan = acme.add_member("U0DAN", real_name="Dan")
    exchange = await slack.person(dan, acme.add_channel("C1", "c")).opens_home()

    assert not exchange.sent


async def test_a_global_shortcut_has_every_field_of_a_real_one(anna: Person, api: Api) -> None:
    exchange = await anna.uses_shortcut("start")

    assert {
        "type", "token", "action_ts", "team", "enterprise", "is_enterprise_install", "user", "callback_id",
        "trigger_id",
    } == set(exchange.payload)  # fmt: skip


async def test_a_message_shortcut_has_every_field_of_a_real_one(anna: Person, general: Channel, api: Api) -> None:
    await anna.types("let us talk")
    exchange = await anna.uses_message_shortcut("discuss", general.messages[-1])

    assert {
        "type", "token", "action_ts", "team", "enterprise", "is_enterprise_install", "user", "channel", "callback_id",
        "trigger_id", "response_url", "message_ts", "message",
    } == set(exchange.payload)  # fmt: skip
    assert "let us talk" == exchange.payload["message"]["text"]


async def test_only_declared_shortcuts_exist() -> None:
    declared = {"name": "Start", "type": "global", "callback_id": "start"}
    slack = StandIn("secret", manifest={"features": {"shortcuts": [declared]}})
    acme = slack.add_workspace("T1", name="T", domain="t")
    dan = acme.add_member("U0DAN", real_name="Dan")
    person = slack.person(dan, acme.add_channel("C1", "c", members=[dan]))
    await person.types("words")
    with pytest.raises(NotThere, match="no message shortcut 'start'"):
        await person.uses_message_shortcut("start", person.messages[-1])
    with pytest.raises(NotThere, match="no global shortcut 'stop'"):
        await person.uses_shortcut("stop")

    assert (await person.uses_shortcut("start")).sent


async def test_direct_messages_are_named_as_slack_names_them(anna: Person, api: Api) -> None:
    await api("chat.postMessage", channel="U0ANNA", text="psst")
    exchange = await anna.uses_message_shortcut("discuss", anna.direct_messages[-1])

    assert "directmessage" == exchange.payload["channel"]["name"]


async def test_private_messages_have_no_shortcuts(anna: Person, answers: Answers, api: Api) -> None:
    answers["/pmi"] = "hi"
    await anna.types("/pmi")
    with pytest.raises(NotThere, match="offers no shortcuts"):
        await anna.uses_message_shortcut("discuss", anna.private_messages[-1])


async def test_people_move_between_channels(anna: Person, acme: Workspace, anna_member: Member) -> None:
    random = acme.add_channel("C0RANDOM", "random", members=[anna_member])
    anna.goes_to(random)
    await anna.types("here")

    assert ["here"] == [message.text for message in random.messages]
    assert acme is anna.workspace


async def test_an_event_has_every_field_of_a_real_one(slack: StandIn, acme: Workspace, api: Api) -> None:
    first = await slack.send_event(acme, {"type": "user_change", "user": {"id": "U0ANNA"}})
    second = await slack.send_event(
        acme, {"type": "user_change", "user": {"id": "U0ANNA"}}, retry=1, event_id=first.payload["event_id"]
    )

    assert {
        "token", "team_id", "enterprise_id", "context_team_id", "context_enterprise_id", "api_app_id", "event", "type",
        "event_id", "event_time", "authorizations", "is_ext_shared_channel", "event_context",
    } == set(first.payload)  # fmt: skip
    assert first.payload["event_id"] == second.payload["event_id"]
    assert "1" == second.request_headers["X-Slack-Retry-Num"]
    assert "http_timeout" == second.request_headers["X-Slack-Retry-Reason"]


async def test_two_at_once_do_not_disturb_each_other(anna: Person, ben: Person, answers: Answers, api: Api) -> None:
    answers["/pmi"] = lambda heard: {"text": heard["user_id"]}
    await asyncio.gather(*(person.types("/pmi") for person in (anna, ben) for _ in range(5)))

    assert {"U0ANNA"} == {message.shown for message in anna.private_messages}
    assert {"U0BEN"} == {message.shown for message in ben.private_messages}

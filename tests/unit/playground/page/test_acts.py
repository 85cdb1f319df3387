"""What somebody does on the page reaches the app as Slack sends it, and is told when it is too late or unreadable."""

from typing import Any

import pytest

from bot.playground import Channel, Member, StandIn
from bot.playground.manifest import read_manifest
from bot.playground.page.fields import MOST_CHARACTERS
from bot.playground.state import Json
from tests.unit.playground.conftest import Api
from tests.unit.playground.page.conftest import ANNA, BEN, Browser

FINE = {"ok": True, "failure": "", "sent": True}


def last(slack: StandIn, name: str) -> Json:
    """What the app heard last of this kind."""
    return slack.calls.of(name)[-1].arguments


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(value: str) -> Json:
    return {"text": text(value.title()), "value": value}


def section(element: Json, block_id: str = "block") -> Json:
    return {"type": "section", "block_id": block_id, "text": text("Choose"), "accessory": element}


def message_of(slack: StandIn, channel: Channel, *blocks: Json) -> Json:
    """Where a message of the app's with these blocks is."""
    message = slack.world.post(channel, {"text": "x", "blocks": list(blocks)})
    return {"kind": "message", "channel": channel.id, "ts": message.ts}


async def opened(slack: StandIn, member: Member, view: Json) -> Json:
    """Where a dialog that is open before somebody is."""
    return {"kind": "view", "id": slack.world.open_view(member, view).id}


async def test_a_command_is_sent_and_its_answer_stands_in_the_channel(
    slack: StandIn, browser: Browser, answers: dict[str, Any]
) -> None:
    answers["/pmi"] = {"text": "Your room"}

    told = await browser.does("type", channel="C0GENERAL", text="/pmi edit")

    assert told.pop("milliseconds") > 0
    assert FINE == told
    assert ("U0ANNA", "C0GENERAL", "edit") == tuple(
        last(slack, "/pmi")[name] for name in ("user_id", "channel_id", "text")
    )
    shown = (await browser.state())["messages"]["C0GENERAL"][-1]
    assert ("Your room", True, True) == (shown["text"], shown["by_app"], shown["only_you"])


async def test_a_message_is_seen_by_all_and_sent_to_nobody(slack: StandIn, browser: Browser) -> None:
    told = await browser.does("type", channel="C0GENERAL", text="<script>alert(1)</script> @ben")

    assert not told["sent"]
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt; <@U0BEN|ben>"
        == ((await browser.state(BEN))["messages"]["C0GENERAL"][-1]["text"])
    )
    assert not list(slack.calls)


async def test_a_command_can_be_typed_to_the_app_directly(slack: StandIn, browser: Browser, api: Api) -> None:
    await browser.does("type", channel="D00ANNA", text="/pmi")

    assert "directmessage" == last(slack, "/pmi")["channel_name"]


async def test_what_the_app_answers_badly_is_told_with_slacks_word(browser: Browser, answers: dict[str, Any]) -> None:
    answers["/pmi"] = {"text": "x", "blocks": [{"type": "nonsense"}]}

    told = await browser.does("type", channel="C0GENERAL", text="/pmi")

    assert (False, "invalid_blocks") == (told["ok"], told["failure"])
    shown = (await browser.state())["messages"]["C0GENERAL"][-1]
    assert shown["slackbot"]
    assert '/pmi failed with the error "invalid_blocks"' == shown["text"]
    assert ['/pmi failed with the error "invalid_blocks"'] == (await browser.state())["troubles"]


async def test_a_button_is_pressed_with_what_is_on_it(
    slack: StandIn, browser: Browser, general: Channel, card: Json
) -> None:
    place = message_of(slack, general, *card["blocks"])
    block_id = general.messages[-1].blocks[1]["block_id"]

    await browser.does("press", place=place, block_id=block_id, action_id="edit", value="1")

    heard = last(slack, "block_actions")
    assert ("edit", "1", "button") == tuple(heard["actions"][0][name] for name in ("action_id", "value", "type"))
    assert place["ts"] == heard["container"]["message_ts"]


async def test_a_choice_of_a_more_menu_is_pressed(slack: StandIn, browser: Browser, general: Channel) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("history"), option("help")]}
    pressed: Json = {"place": message_of(slack, general, section(menu)), "block_id": "block", "action_id": "more"}

    await browser.does("press", **pressed, option="help")

    assert "help" == last(slack, "block_actions")["actions"][0]["selected_option"]["value"]
    assert (409, {"error": "this choice is no longer here"}) == await browser.act("press", **pressed, option="gone")


async def test_each_change_of_a_field_is_heard_and_enter_after_it(
    slack: StandIn, browser: Browser, anna_member: Member, modal: Json
) -> None:
    modal["blocks"][0]["element"]["dispatch_action_config"]["trigger_actions_on"].append("on_enter_pressed")
    field: Json = {"place": await opened(slack, anna_member, modal), "block_id": "number", "action_id": "typed"}

    await browser.does("fill", **field, text="12", enter=False)
    await browser.does("fill", **field, text="123", enter=True)
    await browser.does("fill", **field, text="123", enter=True)

    values = [call.arguments["actions"][0]["value"] for call in slack.calls.of("block_actions")]
    assert ["12", "123", "123", "123"] == values
    assert "123" == (await browser.state())["modals"][0]["values"]["number"]["typed"]["value"]


async def test_a_field_is_emptied(slack: StandIn, browser: Browser, anna_member: Member, modal: Json) -> None:
    field: Json = {"place": await opened(slack, anna_member, modal), "block_id": "number", "action_id": "typed"}

    await browser.does("fill", **field, text="", enter=False)

    assert last(slack, "block_actions")["actions"][0]["value"] is None


CHOICES: list[tuple[Json, Json, str, Any]] = [
    ({"type": "static_select", "options": [option("a")]}, {"option": "a"}, "selected_option", "a"),
    ({"type": "static_select", "options": [option("a")]}, {"option": None}, "selected_option", None),
    ({"type": "radio_buttons", "options": [option("a"), option("b")]}, {"option": "b"}, "selected_option", "b"),
    ({"type": "checkboxes", "options": [option("a"), option("b")]}, {"options": ["b"]}, "selected_options", ["b"]),
    ({"type": "checkboxes", "options": [option("a")]}, {"options": []}, "selected_options", []),
    ({"type": "multi_static_select", "options": [option("a")]}, {"options": ["a"]}, "selected_options", ["a"]),
    ({"type": "datepicker"}, {"date": "2026-11-24"}, "selected_date", "2026-11-24"),
    ({"type": "datepicker"}, {"date": None}, "selected_date", None),
    ({"type": "timepicker"}, {"time": "09:30"}, "selected_time", "09:30"),
    ({"type": "users_select"}, {"user": "U0BEN"}, "selected_user", "U0BEN"),
    ({"type": "multi_users_select"}, {"users": ["U0BEN", "U0ANNA"]}, "selected_users", ["U0BEN", "U0ANNA"]),
    ({"type": "conversations_select"}, {"conversation": "C0GENERAL"}, "selected_conversation", "C0GENERAL"),
    (
        {"type": "multi_conversations_select"},
        {"conversations": ["C0GENERAL"]},
        "selected_conversations",
        ["C0GENERAL"],
    ),
    ({"type": "channels_select"}, {"channel": "C0GENERAL"}, "selected_channel", "C0GENERAL"),
    ({"type": "multi_channels_select"}, {"channels": ["C0GENERAL"]}, "selected_channels", ["C0GENERAL"]),
]


def value_of(chosen: Any) -> Any:
    """An option as its value."""
    if isinstance(chosen, list):
        return [value_of(one) for one in chosen]
    return chosen["value"] if isinstance(chosen, dict) else chosen


@pytest.mark.parametrize("choice", CHOICES)
async def test_what_is_chosen_is_heard_and_held(
    slack: StandIn, browser: Browser, general: Channel, choice: tuple[Json, Json, str, Any]
) -> None:
    element, chosen, key, expected = choice
    place = message_of(slack, general, section(element | {"action_id": "chosen"}))

    await browser.does("choose", place=place, block_id="block", action_id="chosen", **chosen)

    assert expected == value_of(last(slack, "block_actions")["actions"][0][key])
    held = (await browser.state())["messages"]["C0GENERAL"][-1]["values"]["block"]["chosen"]
    assert expected == value_of(held[key])


async def test_a_moment_is_chosen(slack: StandIn, browser: Browser, anna_member: Member, modal: Json) -> None:
    modal["blocks"].append(
        {
            "type": "input",
            "block_id": "when",
            "label": text("When"),
            "element": {"type": "datetimepicker", "action_id": "at"},
        }
    )
    place = await opened(slack, anna_member, modal)

    await browser.does("choose", place=place, block_id="when", action_id="at", at=1_800_000_000)

    values = (await browser.state())["modals"][0]["values"]
    assert 1_800_000_000 == values["when"]["at"]["selected_date_time"]


@pytest.mark.parametrize(
    "wrong",
    [
        ({"type": "static_select", "options": [option("a")]}, {"option": "gone"}, 409),
        ({"type": "users_select"}, {"user": "U0NOBODY"}, 409),
        ({"type": "conversations_select"}, {"conversation": "C0NOWHERE"}, 409),
        ({"type": "multi_channels_select"}, {"channels": ["C0NOWHERE"]}, 409),
        ({"type": "static_select", "options": [option("a")]}, {"date": "2026-11-24"}, 400),
        ({"type": "static_select", "options": [option("a")]}, {"option": 7}, 400),
        ({"type": "datepicker"}, {"date": "tomorrow"}, 400),
        ({"type": "datepicker"}, {"date": "٢٠٢٦-١١-٢٤"}, 400),
        ({"type": "timepicker"}, {"time": "9:30"}, 400),
        ({"type": "checkboxes", "options": [option("a")]}, {"options": None}, 400),
        ({"type": "button", "text": text("Go")}, {"option": "a"}, 400),
    ],
)
async def test_what_cannot_be_chosen_is_told_and_not_sent(
    slack: StandIn, browser: Browser, general: Channel, wrong: tuple[Json, Json, int]
) -> None:
    element, choice, status = wrong
    place = message_of(slack, general, section(element | {"action_id": "chosen"}))

    found, answer = await browser.act("choose", place=place, block_id="block", action_id="chosen", **choice)

    assert status == found
    assert answer["error"]
    assert not list(slack.calls)


@pytest.mark.parametrize(
    "offered",
    [
        {"options": [option("red"), option("blue")]},
        {"option_groups": [{"label": text("Colours"), "options": [option("red"), option("blue")]}]},
    ],
)
async def test_the_app_is_asked_for_options_and_one_of_them_is_chosen(
    slack: StandIn, browser: Browser, general: Channel, answers: dict[str, Any], offered: Json
) -> None:
    answers["block_suggestion"] = offered
    menus = [
        section({"type": "external_select", "action_id": "menu"}, "one"),
        section({"type": "multi_external_select", "action_id": "menu"}, "many"),
    ]
    place = message_of(slack, general, *menus)

    for block_id in ("one", "many"):
        at: Json = {"place": place, "block_id": block_id, "action_id": "menu"}
        status, told = await browser.post("/api/suggest", {"as": ANNA, **at, "query": "colour"})
        assert (200, {"options": [], "option_groups": []} | offered) == (status, told)
        assert "colour" == last(slack, "block_suggestion")["value"]
    at = {"place": place, "action_id": "menu"}
    await browser.does("choose", **at, block_id="one", option="blue")
    await browser.does("choose", **at, block_id="many", options=["red"])
    answers["block_suggestion"] = {"options": [option("green")]}
    await browser.post("/api/suggest", {"as": ANNA, **at, "block_id": "many", "query": "green"})
    await browser.does("choose", **at, block_id="many", options=["red", "green"])

    values = (await browser.state())["messages"]["C0GENERAL"][-1]["values"]
    assert "blue" == value_of(values["one"]["menu"]["selected_option"])
    assert ["red", "green"] == value_of(values["many"]["menu"]["selected_options"])
    assert 409 == (await browser.act("choose", **at, block_id="one", option="yellow"))[0]


async def test_a_menu_whose_options_the_app_does_not_supply_is_empty(
    slack: StandIn, browser: Browser, general: Channel, answers: dict[str, Any]
) -> None:
    answers["block_suggestion"] = 500
    place = message_of(slack, general, section({"type": "external_select", "action_id": "menu"}))

    asked = {"as": ANNA, "place": place, "block_id": "block", "action_id": "menu", "query": "colour"}

    assert (200, {"options": [], "option_groups": []}) == await browser.post("/api/suggest", asked)
    assert ['block_suggestion failed with the error "dispatch_failed"'] == (await browser.state())["troubles"]


async def test_nothing_is_suggested_where_the_options_are_known(
    slack: StandIn, browser: Browser, general: Channel
) -> None:
    menu = {"type": "static_select", "action_id": "menu", "options": [option("a")]}
    place = message_of(slack, general, section(menu))

    status, answer = await browser.post(
        "/api/suggest", {"as": ANNA, "place": place, "block_id": "block", "action_id": "menu"}
    )

    assert (400, {"error": "the options of a static_select are in it"}) == (status, answer)


async def test_a_dialog_is_submitted_and_its_refusals_stand_under_its_fields(
    slack: StandIn, browser: Browser, anna_member: Member, modal: Json, answers: dict[str, Any]
) -> None:
    answers["view_submission"] = {"response_action": "errors", "errors": {"number": "It is taken."}}
    place = await opened(slack, anna_member, modal)

    told = await browser.does("submit", view=place["id"])

    assert told["sent"]
    (shown,) = (await browser.state())["modals"]
    assert {"number": "It is taken."} == shown["errors"]
    assert (None, True, "Number") == (shown["previous"], shown["notify_on_close"], shown["title"]["text"])


async def test_slack_itself_refuses_what_is_missing(
    slack: StandIn, browser: Browser, anna_member: Member, modal: Json
) -> None:
    place = await opened(slack, anna_member, modal)
    await browser.does("fill", place=place, block_id="number", action_id="typed", text="", enter=False)

    told = await browser.does("submit", view=place["id"])

    assert not told["sent"]
    assert {"number": "Please complete this required field."} == (await browser.state())["modals"][0]["errors"]


async def test_the_top_dialog_is_closed_or_all_of_them(
    slack: StandIn, browser: Browser, anna_member: Member, modal: Json
) -> None:
    lowest = slack.world.open_view(anna_member, modal)
    middle = slack.world.open_view(anna_member, modal, under=lowest)
    top = slack.world.open_view(anna_member, modal, under=middle)

    assert (409, {"error": "another dialog lies upon this one"}) == await browser.act("close", view=lowest.id)
    await browser.does("close", view=top.id)
    assert not last(slack, "view_closed")["is_cleared"]
    assert [lowest.id, middle.id] == [one["id"] for one in (await browser.state())["modals"]]
    assert lowest.id == (await browser.state())["modals"][1]["previous"]

    await browser.does("close_all", view=middle.id)
    assert last(slack, "view_closed")["is_cleared"]
    assert [] == (await browser.state())["modals"]


async def test_what_is_gone_is_told(slack: StandIn, browser: Browser, anna_member: Member, general: Channel) -> None:
    message = slack.world.post(general, {"text": "x", "blocks": [section({"type": "datepicker", "action_id": "day"})]})
    ephemeral = slack.world.post(general, {"text": "x"}, ephemeral_for=anna_member)
    general.workspace.add_channel("C0OPEN", "open")
    acts: list[tuple[str, Json]] = [
        ("submit", {"view": "V1"}),
        ("close", {"view": "V1"}),
        ("close_all", {"view": "V1"}),
        ("press", {"place": {"kind": "view", "id": "V1"}, "block_id": "b", "action_id": "a"}),
        ("press", {"place": {"kind": "home"}, "block_id": "b", "action_id": "a"}),
        (
            "press",
            {"place": {"kind": "message", "channel": general.id, "ts": "1.2"}, "block_id": "b", "action_id": "a"},
        ),
        (
            "press",
            {"place": {"kind": "message", "channel": general.id, "ts": message.ts}, "block_id": "b", "action_id": "a"},
        ),
        ("type", {"channel": "C0NOWHERE", "text": "hello"}),
        ("type", {"channel": "D00BEN", "text": "hello"}),
        ("type", {"channel": "C0OPEN", "text": "hello"}),
        ("message_shortcut", {"callback_id": "talk", "channel": general.id, "ts": "1.2"}),
        ("message_shortcut", {"callback_id": "talk", "channel": general.id, "ts": ephemeral.ts}),
    ]
    for do, fields in acts:
        status, answer = await browser.act(do, **fields)
        assert (409, True) == (status, bool(answer["error"])), (do, fields)
    assert 409 == (await browser.act("type", who="T0ACME/U0NOBODY", channel="C0GENERAL", text="hello"))[0]
    assert not list(slack.calls)


async def test_nobody_acts_on_what_another_person_sees(
    slack: StandIn, browser: Browser, general: Channel, modal: Json, card: Json
) -> None:
    ben = general.workspace.members["U0BEN"]
    message = slack.world.post(general, card, ephemeral_for=ben)
    view = slack.world.open_view(ben, modal)
    pressed: Json = {"block_id": message.blocks[1]["block_id"], "action_id": "edit"}
    place = {"kind": "message", "channel": general.id, "ts": message.ts}

    assert 409 == (await browser.act("press", place=place, **pressed))[0]
    assert 409 == (await browser.act("submit", view=view.id))[0]
    assert 200 == (await browser.act("press", who=BEN, place=place, **pressed))[0]


async def test_a_button_that_changed_under_the_pointer_is_not_pressed(
    slack: StandIn, browser: Browser, general: Channel, card: Json
) -> None:
    place = message_of(slack, general, *card["blocks"])
    pressed: Json = {"block_id": general.messages[-1].blocks[1]["block_id"], "action_id": "edit", "value": "0"}

    assert (409, {"error": "this button has just changed"}) == await browser.act("press", place=place, **pressed)


async def test_home_and_messages_are_opened(slack: StandIn, browser: Browser, api: Api) -> None:
    view = {"type": "home", "blocks": [section({"type": "button", "action_id": "go", "text": text("Go")})]}
    await browser.does("home")
    await api("views.publish", user_id="U0ANNA", view=view)
    await browser.does("messages_tab")
    await browser.does("press", place={"kind": "home"}, block_id="block", action_id="go")

    tabs = [call.arguments["event"]["tab"] for call in slack.calls.of("app_home_opened")]
    assert ["home", "messages"] == tabs
    assert "home" == (await browser.state())["home"]["type"]
    assert "go" == last(slack, "block_actions")["actions"][0]["action_id"]


async def test_shortcuts_are_used(slack: StandIn, browser: Browser, general: Channel) -> None:
    shortcuts = [
        {"name": "Start", "callback_id": "start", "type": "global"},
        {"name": "Discuss", "callback_id": "discuss", "type": "message"},
    ]
    slack.world.manifest = read_manifest({"features": {"shortcuts": shortcuts}})
    message = slack.world.post(general, {"text": "let us talk"}, user="U0BEN")

    await browser.does("shortcut", callback_id="start")
    await browser.does("message_shortcut", callback_id="discuss", channel=general.id, ts=message.ts)

    assert "start" == last(slack, "shortcut")["callback_id"]
    assert "let us talk" == last(slack, "message_action")["message"]["text"]
    assert 409 == (await browser.act("shortcut", callback_id="discuss"))[0]


@pytest.mark.parametrize(
    "content",
    [
        [],
        "hello",
        7,
        {},
        {"as": ANNA},
        {"as": ANNA, "do": "dance"},
        {"as": 7, "do": "home"},
        {"as": ANNA, "do": "type", "channel": "C0GENERAL"},
        {"as": ANNA, "do": "type", "channel": "C0GENERAL", "text": "  "},
        {"as": ANNA, "do": "type", "channel": ["C0GENERAL"], "text": "x"},
        {"as": ANNA, "do": "type", "channel": "C0GENERAL", "text": "x" * (MOST_CHARACTERS + 1)},
        {"as": ANNA, "do": "type", "channel": "C0GENERAL", "text": "\ud83d"},
        {"as": ANNA, "do": "press", "block_id": "b", "action_id": "a"},
        {"as": ANNA, "do": "press", "place": "home", "block_id": "b", "action_id": "a"},
        {"as": ANNA, "do": "press", "place": {"kind": "moon"}, "block_id": "b", "action_id": "a"},
        {"as": ANNA, "do": "press", "place": {"kind": "view"}, "block_id": "b", "action_id": "a"},
        {"as": ANNA, "do": "submit"},
        {"as": ANNA, "do": "submit", "view": {}},
    ],
)
async def test_what_cannot_be_read_is_told(slack: StandIn, browser: Browser, content: Any) -> None:
    status, answer = await browser.post("/api/act", content)

    assert 400 == status
    assert answer["error"]
    assert not list(slack.calls)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"as":', b"[" * 100_000, b"nul"])
async def test_what_is_no_json_is_told(browser: Browser, body: bytes) -> None:
    async with browser.session.post(
        f"{browser.address}/api/act", data=body, headers={"Content-Type": "application/json"}
    ) as response:
        assert 400 == response.status
        assert {"error": "this is no JSON"} == await response.json()


async def test_what_is_too_long_is_told(browser: Browser) -> None:
    status, answer = await browser.act("type", channel="C0GENERAL", text="x" * 300_000)

    assert 413 == status
    assert answer["error"]


@pytest.mark.parametrize("do", ["press", "fill"])
async def test_what_cannot_be_used_so_is_told(slack: StandIn, browser: Browser, general: Channel, do: str) -> None:
    place = message_of(slack, general, section({"type": "datepicker", "action_id": "day"}))

    status, answer = await browser.act(do, place=place, block_id="block", action_id="day", text="x")

    assert 400 == status
    assert "datepicker" in answer["error"]

"""What Slack refuses beyond its limits: what is unknown, misplaced, missing, or contradicts itself."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.playground.blocks import completed_blocks, initial_values
from bot.playground.validate import (
    Surface,
    message_problems,
    suggestion_problems,
    unfurl_problems,
    view_problems,
)
from tests.unit.playground.block_kit import (
    Json,
    actions,
    button,
    confirming,
    field,
    groups,
    image,
    line,
    menu,
    modal,
    mrkdwn,
    options,
    plain,
    rich,
    section,
    text_field,
    typed_number,
)

TOO_LITTLE = "must be more than 0 characters"
FIRST = "/view/blocks/0"
REFUSED: dict[str, tuple[Json, str, str]] = {
    "unknown block": (modal({"type": "sektion"}), "unsupported type: sektion", f"{FIRST}/type"),
    "a block of Slack's that nobody needs": (modal({"type": "video"}), "unsupported type: video", f"{FIRST}/type"),
    "a block without a type": (modal({"text": mrkdwn()}), "missing required field: type", FIRST),
    "misspelt key of a view": (modal(titel="x"), "invalid additional property: titel", "/view"),
    "misspelt key of a block": (modal(section(blok_id="x")), "invalid additional property: blok_id", FIRST),
    "misspelt key of an element": (
        modal(text_field(multi_line=True)), "invalid additional property: multi_line", f"{FIRST}/element",
    ),
    "misspelt key of a text": (
        modal(section(1) | {"text": mrkdwn() | {"emoji": True}}), "invalid additional property: emoji", f"{FIRST}/text",
    ),
    "text beside a divider": (
        modal({"type": "divider", "text": mrkdwn()}), "invalid additional property: text", FIRST,
    ),
    "no title": (modal(title=None), "missing required field: title", "/view"),
    "no blocks at all": (
        {"type": "modal", "title": plain()}, "missing required field: blocks", "/view",
    ),
    "mrkdwn in a title": (modal(title=mrkdwn()), "unsupported type: mrkdwn", "/view/title/type"),
    "a title that is a text": (modal(title="x"), "must provide an object", "/view/title"),
    "empty submit": (modal(submit=plain(0)), TOO_LITTLE, "/view/submit/text"),
    "a flag that is none": (modal(notify_on_close="yes"), "must be a boolean", "/view/notify_on_close"),
    "a callback_id that is a number": (modal(callback_id=5), "must provide a string", "/view/callback_id"),
    "submit_disabled": (modal(submit_disabled=True), "invalid additional property: submit_disabled", "/view"),
    "an input without submit": (
        modal(section(), text_field(), submit=None),
        "must define `submit` to use an `input` block in modals", "/view/blocks/1/input",
    ),
    "two blocks of one id": (
        modal(section(block_id="a"), section(block_id="a")), '`block_id` "a" already exists',
        "/view/blocks/1/block_id",
    ),
    "two elements of one id": (
        modal({"type": "actions", "elements": [button(), button()]}), '`action_id` "press" already exists',
        f"{FIRST}/elements/1/action_id",
    ),
    "a home view": ({"type": "home", "blocks": [section()]}, "unsupported type: home", "/view/type"),
    "no blocks": (modal() | {"blocks": []}, "must provide at least 1 items", "/view/blocks"),
    "blocks that are no list": (modal() | {"blocks": {}}, "must provide an array", "/view/blocks"),
    "a block that is no object": (modal() | {"blocks": ["x"]}, "must provide an object", FIRST),
    "markdown in a view": (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown", f"{FIRST}/type"),
    "a call in a view": (modal({"type": "call", "call_id": "R1"}), "unsupported type: call", f"{FIRST}/type"),
    "an alert of no level": (
        modal({"type": "alert", "text": plain(), "level": "loud"}), "must be a valid enum value", f"{FIRST}/level",
    ),
    "mrkdwn in a header": (
        modal({"type": "header", "text": mrkdwn()}), "unsupported type: mrkdwn", f"{FIRST}/text/type",
    ),
    "mrkdwn in a label": (
        modal(text_field() | {"label": mrkdwn()}), "unsupported type: mrkdwn", f"{FIRST}/label/type",
    ),
    "mrkdwn in a hint": (
        modal(text_field() | {"hint": mrkdwn()}), "unsupported type: mrkdwn", f"{FIRST}/hint/type",
    ),
    "empty text": (modal(section(0)), TOO_LITTLE, f"{FIRST}/text/text"),
    "empty header": (modal({"type": "header", "text": plain(0)}), TOO_LITTLE, f"{FIRST}/text/text"),
    "empty field": (
        modal({"type": "section", "fields": [mrkdwn(0)]}), TOO_LITTLE, f"{FIRST}/fields/0/text",
    ),
    "no fields": (modal({"type": "section", "fields": []}), "must provide at least 1 items", f"{FIRST}/fields"),
    "a section's text that is none": (
        modal({"type": "section", "text": {"type": "text", "text": "x"}}), "unsupported type: text",
        f"{FIRST}/text/type",
    ),
    "a section of nothing": (
        modal({"type": "section"}), "must define either `text` or `fields`", f"{FIRST}/type",
    ),
    "a button without words": (modal(actions(button(text=plain(0)))), TOO_LITTLE, f"{FIRST}/elements/0/text/text"),
    "a button with mrkdwn": (
        modal(actions(button(text=mrkdwn()))), "unsupported type: mrkdwn", f"{FIRST}/elements/0/text/type",
    ),
    "a button that leads nowhere": (
        modal(actions(button(url="here"))), "input must be a valid: uri", f"{FIRST}/elements/0/url",
    ),
    "an unknown style": (
        modal(actions(button(style="loud"))), "must be a valid enum value", f"{FIRST}/elements/0/style",
    ),
    "a style of nothing": (
        modal(actions(button(style=None))), "must provide a string", f"{FIRST}/elements/0/style",
    ),
    "a confirmation without deny": (
        modal(actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain()}))),
        "missing required field: deny", f"{FIRST}/elements/0/confirm",
    ),
    "mrkdwn in a placeholder": (
        modal(text_field(placeholder=mrkdwn())), "unsupported type: mrkdwn", f"{FIRST}/element/placeholder/type",
    ),
    "a menu without options": (
        modal(field(menu("static_select", options=[]))), "must provide at least 1 items", f"{FIRST}/element/options",
    ),
    "a menu of nothing": (
        modal(field(menu("static_select"))), "must define either `options` or `option_groups`", f"{FIRST}/element",
    ),
    "a menu of both": (
        modal(field(menu("static_select", options=options(), option_groups=groups()))),
        "must define only one of `options` or `option_groups`", f"{FIRST}/element",
    ),
    "an option that is no object": (
        modal(field(menu("radio_buttons", options=["x"]))), "must provide an object", f"{FIRST}/element/options/0",
    ),
    "an option without a value": (
        modal(field(menu("radio_buttons", options=[{"text": plain()}]))), "missing required field: value",
        f"{FIRST}/element/options/0",
    ),
    "an option of no words": (
        modal(field(menu("radio_buttons", options=options(text=0)))), TOO_LITTLE,
        f"{FIRST}/element/options/0/text/text",
    ),
    "mrkdwn in an option of a menu": (
        modal(field(menu("static_select", options=[{"text": mrkdwn(), "value": "x"}]))), "unsupported type: mrkdwn",
        f"{FIRST}/element/options/0/text/type",
    ),
    "an address in an option of a menu": (
        modal(field(menu("static_select", options=options(url="https://x.example")))),
        "invalid additional property: url", f"{FIRST}/element/options/0",
    ),
    "two options of one value": (
        modal(field(menu("static_select", options=[*options(), *options()]))), "Input contains duplicate items",
        f"{FIRST}/element/options",
    ),
    "an initial option of another menu": (
        modal(field(menu("radio_buttons", options=options(), initial_option=options(value=9)[0]))),
        "must be one of the provided options", f"{FIRST}/element/initial_option",
    ),
    "no initial option": (
        modal(field(menu("radio_buttons", options=options(), initial_option=None))), "must provide an object",
        f"{FIRST}/element/initial_option",
    ),
    "initial options of another menu": (
        modal(field(menu("checkboxes", options=options(), initial_options=options(value=9)))),
        "must be one of the provided options", f"{FIRST}/element/initial_options",
    ),
    "empty initial options": (
        modal(field(menu("checkboxes", options=options(), initial_options=[]))),
        "must be one of the provided options", f"{FIRST}/element/initial_options",
    ),
    "an element that nobody knows": (
        modal(actions(menu("knob"))), "unsupported type: knob", f"{FIRST}/elements/0/type",
    ),
    "a text input among buttons": (
        modal(actions(menu("plain_text_input"))), "unsupported type: plain_text_input", f"{FIRST}/elements/0/type",
    ),
    "a menu of several among buttons": (
        modal(actions(menu("multi_users_select"))), "unsupported type: multi_users_select",
        f"{FIRST}/elements/0/type",
    ),
    "a button in an input": (modal(field(button())), "unsupported type: button", f"{FIRST}/element/type"),
    "an overflow menu in an input": (
        modal(field(menu("overflow", options=options()))), "unsupported type: overflow", f"{FIRST}/element/type",
    ),
    "a picture in an input": (modal(field(image())), "unsupported type: image", f"{FIRST}/element/type"),
    "a text input beside a section": (
        modal(section(accessory=menu("plain_text_input"))), "unsupported type: plain_text_input",
        f"{FIRST}/accessory/type",
    ),
    "a button in a context": (
        modal({"type": "context", "elements": [button()]}), "unsupported type: button", f"{FIRST}/elements/0/type",
    ),
    "a moment beside a section": (
        modal(section(accessory=menu("datetimepicker"))), "unsupported type: datetimepicker",
        f"{FIRST}/accessory/type",
    ),
    "a placeholder of a moment": (
        modal(field(menu("datetimepicker", placeholder=plain()))), "invalid additional property: placeholder",
        f"{FIRST}/element",
    ),
    "a moment in milliseconds": (
        modal(field(menu("datetimepicker", initial_date_time=1.8e9))), "must provide an integer",
        f"{FIRST}/element/initial_date_time",
    ),
    "a moment long ago": (
        modal(field(menu("datetimepicker", initial_date_time=5))), "must be greater than 1000000000",
        f"{FIRST}/element/initial_date_time",
    ),
    "a date that is written another way": (
        modal(field(menu("datepicker", initial_date="24.11.2026"))), "input must be a valid: date",
        f"{FIRST}/element/initial_date",
    ),
    "a day that no calendar has": (
        modal(field(menu("datepicker", initial_date="2026-02-30"))), "input must be a valid: date",
        f"{FIRST}/element/initial_date",
    ),
    "a time that no clock shows": (
        modal(field(menu("timepicker", initial_time="24:00"))), "input must be a valid: time",
        f"{FIRST}/element/initial_time",
    ),
    "a number field that does not say of which": (
        modal(field(menu("number_input"))), "missing required field: is_decimal_allowed", f"{FIRST}/element",
    ),
    "a bound that is no text": (
        modal(typed_number(min_value=5)), "must provide a string", f"{FIRST}/element/min_value",
    ),
    "a bound that is no number": (
        modal(typed_number(max_value="five")), "must provide a number", f"{FIRST}/element/max_value",
    ),
    "a fraction among whole numbers": (
        modal(typed_number(initial_value="1.5")), "must provide a number", f"{FIRST}/element/initial_value",
    ),
    "a number under its bound": (
        modal(typed_number(initial_value="1", min_value="2")), "must be greater than 2",
        f"{FIRST}/element/initial_value",
    ),
    "a number over its bound": (
        modal(typed_number(initial_value="3", max_value="2")), "must be less than 2", f"{FIRST}/element/initial_value",
    ),
    "bounds the wrong way round": (
        modal(typed_number(min_value="3", max_value="2")), "must be less than or equal to `max_value`",
        f"{FIRST}/element/min_value",
    ),
    "lengths the wrong way round": (
        modal(text_field(min_length=3, max_length=2)), "must be less than or equal to `max_length`",
        f"{FIRST}/element/min_length",
    ),
    "a length of nothing": (modal(text_field(max_length=0)), "must be greater than 1", f"{FIRST}/element/max_length"),
    "a length that is true": (
        modal(text_field(max_length=True)), "must provide an integer", f"{FIRST}/element/max_length",
    ),
    "too little typed before": (
        modal(text_field(min_length=3, initial_value="xx")), "must be more than 2 characters",
        f"{FIRST}/element/initial_value",
    ),
    "an address that is none": (
        modal(field(menu("email_text_input", initial_value="anna"))), "input must be a valid: email",
        f"{FIRST}/element/initial_value",
    ),
    "a link that is none": (
        modal(field(menu("url_text_input", initial_value="room"))), "input must be a valid: uri",
        f"{FIRST}/element/initial_value",
    ),
    "a filter of nothing": (
        modal(field(menu("conversations_select", filter={"include": []}))), "must provide at least 1 items",
        f"{FIRST}/element/filter/include",
    ),
    "a filter for what there is not": (
        modal(field(menu("conversations_select", filter={"include": ["secret"]}))), "must be a valid enum value",
        f"{FIRST}/element/filter/include/0",
    ),
    "response_url_enabled for several": (
        modal(field(menu("multi_conversations_select", response_url_enabled=True))),
        "invalid additional property: response_url_enabled", f"{FIRST}/element",
    ),
    "a dispatch at no moment": (
        modal(text_field(dispatch_action_config={"trigger_actions_on": ["on_blur"]})), "must be a valid enum value",
        f"{FIRST}/element/dispatch_action_config/trigger_actions_on/0",
    ),
    "no elements": (
        modal({"type": "actions", "elements": []}), "must provide at least 1 items", f"{FIRST}/elements",
    ),
    "two things in focus": (
        modal(text_field(focus_on_load=True), text_field(focus_on_load=True)),
        "only one element can have `focus_on_load`", "/view/blocks/1/element/focus_on_load",
    ),
    "an image without alt_text": (
        modal({"type": "image", "image_url": "https://x.example"}), "missing required field: alt_text", FIRST,
    ),
    "an image of nothing": (
        modal({"type": "image", "alt_text": "x"}), "must define either `image_url` or `slack_file`", FIRST,
    ),
    "an accessory without alt_text": (
        modal(section(accessory={"type": "image", "image_url": "https://x.example"})),
        "missing required field: alt_text", f"{FIRST}/accessory",
    ),
    "rich text of an unknown part": (
        modal(rich({"type": "rich_text_poem", "elements": []})), "unsupported type: rich_text_poem",
        f"{FIRST}/elements/0/type",
    ),
    "rich text of an unknown word": (
        modal(rich(line({"type": "shout", "text": "x"}))), "unsupported type: shout",
        f"{FIRST}/elements/0/elements/0/type",
    ),
    "a list in a list": (
        modal(rich({"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_list"}]})),
        "unsupported type: rich_text_list", f"{FIRST}/elements/0/elements/0/type",
    ),
    "a link to nowhere": (
        modal(rich(line({"type": "link", "url": "x"}))), "input must be a valid: uri",
        f"{FIRST}/elements/0/elements/0/url",
    ),
    "workflow buttons in a view": (
        modal(actions(menu("workflow_button", text=plain(), workflow={"trigger": {"url": "https://x.example"}}))),
        "unsupported type: workflow_button", f"{FIRST}/elements/0/type",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_slack_refuses(name: str) -> None:
    view, words, pointer = REFUSED[name]
    problems = view_problems(view, Surface.MODAL)

    assert "invalid_arguments" == problems.error
    assert f"[ERROR] {words} [json-pointer:{pointer}]" in problems.messages


def test_a_whole_that_does_not_fit_is_named_before_its_parts() -> None:
    assert (
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] failed to match all allowed schemas [json-pointer:/view/blocks/0/text]",
        "[ERROR] must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]",
    ) == view_problems(modal(section(3001)), Surface.MODAL).messages
    content = {"text": "x", "blocks": [section(3001)]}
    problems = message_problems(content)
    assert "failed to match all allowed schemas [json-pointer:/blocks/0/text]" == problems.plainly[0]


def test_every_mistake_is_told_at_once() -> None:
    view = modal({"type": "sektion"}, section(0), blok=1, title=None)

    assert 4 <= len(view_problems(view, Surface.MODAL).messages)


EVERY_BLOCK: list[Json] = [
    section(expand=True, fields=[plain(), mrkdwn()], accessory=image()),
    section(accessory=button(value="1", style="danger", url="https://x.example")),
    section(accessory=menu("overflow", options=options(url="https://x.example"))),
    section(accessory=menu("multi_external_select", min_query_length=0)),
    {"type": "header", "text": plain() | {"emoji": False}},
    {"type": "context", "elements": [image(), plain(), mrkdwn() | {"verbatim": True}]},
    {"type": "divider", "block_id": "line"},
    image(title=plain()),
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"},
    rich(
        line({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "emoji", "name": "wave"}),
        line({"type": "user", "user_id": "U1"}, {"type": "channel", "channel_id": "C1"}),
        line({"type": "link", "url": "https://x.example", "text": "x"}, {"type": "broadcast", "range": "here"}),
        line({"type": "date", "timestamp": 1, "format": "{date}"}, {"type": "color", "value": "#a0b1c2"}),
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line()]},
        {"type": "rich_text_quote", "elements": []},
        {"type": "rich_text_preformatted", "elements": [], "border": 0},
    ),
    actions(menu("static_select", option_groups=groups(2, of=2), initial_option=groups(2, of=2)[1]["options"][1])),
    actions(menu("datepicker", initial_date="2028-02-29", placeholder=plain())),
    confirming(),
    actions(menu("timepicker", initial_time="23:59", timezone="Europe/Berlin")),
    actions(menu("conversations_select", filter={"include": ["im"]}, default_to_current_conversation=True)),
    actions(menu("channels_select", initial_channel="C1")),
    text_field(initial_value="x", multiline=False, min_length=0, focus_on_load=True),
    field(menu("checkboxes", options=[{"text": mrkdwn(), "value": "x", "description": mrkdwn()}])),
    field(menu("radio_buttons", options=options(2), initial_option=options(2)[1])),
    field(menu("external_select", initial_option=options()[0])),
    field(menu("multi_static_select", options=options(2), initial_options=options(2), max_selected_items=2)),
    field(menu("multi_conversations_select", initial_conversations=["C1"])),
    field(menu("multi_channels_select", initial_channels=["C1"])),
    field(menu("users_select", initial_user="U1"), optional=True, dispatch_action=True, hint=plain()),
]  # fmt: skip
ONLY_IN_DIALOGS: list[Json] = [
    field(menu("datetimepicker", initial_date_time=1_800_000_000)),
    actions(menu("datetimepicker")),
    typed_number(min_value="-1", max_value="2", initial_value="0"),
    field({"type": "number_input", "is_decimal_allowed": True, "initial_value": "1.5"}),
    field(menu("email_text_input", initial_value="anna@acme.example")),
    field(menu("url_text_input", initial_value="https://acme.example/x")),
    field(menu("rich_text_input", initial_value=rich(line()))),
    field(menu("file_input", filetypes=["pdf"])),
    {"type": "alert", "text": mrkdwn(), "level": "success"},
]  # fmt: skip


@pytest.mark.parametrize("block", [*EVERY_BLOCK, *ONLY_IN_DIALOGS], ids=str)
def test_every_block_that_slack_takes_is_taken(block: Json) -> None:
    assert () == view_problems(modal(block), Surface.MODAL).messages
    if block in EVERY_BLOCK:
        assert () == view_problems({"type": "home", "blocks": [block]}, Surface.HOME).messages
        assert () == message_problems({"text": "x", "blocks": [block]}).messages


@pytest.mark.parametrize("block", [*EVERY_BLOCK, *ONLY_IN_DIALOGS], ids=str)
def test_the_sdk_gives_back_every_block_that_is_taken(block: Json) -> None:
    view = modal(block)

    assert view == View(**deepcopy(view)).to_dict()


@pytest.mark.parametrize(
    ("kind", "more", "elsewhere"),
    [
        ("datetimepicker", {}, {Surface.MESSAGE}),
        ("number_input", {"is_decimal_allowed": True}, set()),
        ("email_text_input", {}, set()),
        ("url_text_input", {}, set()),
        ("file_input", {}, set()),
        ("rich_text_input", {}, {Surface.HOME}),
        ("plain_text_input", {}, {Surface.HOME, Surface.MESSAGE}),
    ],
)
def test_some_elements_do_not_stand_everywhere(kind: str, more: Json, elsewhere: set[Surface]) -> None:
    block = field({"type": kind, **more})

    assert (Surface.HOME in elsewhere) == (not view_problems({"type": "home", "blocks": [block]}, Surface.HOME))
    assert (Surface.MESSAGE in elsewhere) == (not message_problems({"text": "x", "blocks": [block]}))
    assert not view_problems(modal(block), Surface.MODAL)


def test_a_view_is_an_object() -> None:
    assert "invalid_arguments" == view_problems("view", Surface.MODAL).error
    assert "invalid_arguments" == view_problems(None, Surface.HOME).error


def test_home_has_its_own_rules() -> None:
    assert not view_problems({"type": "home", "blocks": [section()]}, Surface.HOME)
    assert not view_problems({"type": "home", "blocks": []}, Surface.HOME)
    assert not view_problems({"type": "home", "blocks": [text_field()]}, Surface.HOME)
    titled = {"type": "home", "blocks": [section()], "title": plain()}
    assert "invalid additional property: title" in str(view_problems(titled, Surface.HOME).messages)
    assert "unsupported type: modal" in str(view_problems(modal(), Surface.HOME).messages)
    alert = {"type": "home", "blocks": [{"type": "alert", "text": mrkdwn()}]}
    assert "unsupported type: alert" in str(view_problems(alert, Surface.HOME).messages)


def test_empty_values_and_flags_are_no_misspellings() -> None:
    view = modal(
        text_field(initial_value="", multiline=False, min_length=0),
        section(accessory=button(value="")),
        private_metadata="",
        callback_id="",
        clear_on_close=False,
    )

    assert () == view_problems(view, Surface.MODAL).messages


def test_suggestions_are_options_or_groups_of_them() -> None:
    assert not suggestion_problems({"options": options(100)})
    assert not suggestion_problems({"options": []})
    assert not suggestion_problems({"option_groups": groups(2)})
    refused: list[Any] = [
        None,
        {},
        {"options": options(101)},
        {"options": [{"text": plain(76), "value": "x"}]},
        {"options": [{"text": mrkdwn(), "value": "x"}]},
        {"options": options(), "option_groups": groups()},
        {"choices": []},
    ]
    assert {"invalid_options"} == {suggestion_problems(wrong).error for wrong in refused}


def test_what_a_link_shows_is_made_of_blocks() -> None:
    url = "https://x.example/1"

    assert not unfurl_problems({url: {"blocks": [section()]}})
    assert not unfurl_problems({url: {"title": "x", "text": "y"}})
    assert "invalid_unfurls_format" == unfurl_problems([url]).error
    assert "cannot_parse_attachment" == unfurl_problems({url: "x"}).error
    assert "cannot_parse_attachment" == unfurl_problems({url: {"blocks": {}}}).error
    refused = unfurl_problems({url: {"blocks": [{"type": "alert", "text": plain()}]}})
    assert f"unsupported type: alert [json-pointer:/unfurls/{url}/blocks/0/type]" in str(refused.messages)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"blocks": [section()]}, "no_text"),
        ({"text": 5}, "invalid_arguments"),
        ({"text": "x", "blocks": {}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "alert", "text": mrkdwn()}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section(blok_id="x")]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "image", "image_url": "x"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section(block_id="a"), section(block_id="a")]}, "invalid_blocks"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
    ],
)
def test_a_message_is_refused(content: Json, error: str) -> None:
    assert error == message_problems(content).error


def test_a_message_of_words_or_of_blocks_with_words_is_fine() -> None:
    assert not message_problems({"text": "x"})
    assert not message_problems({"text": "x", "blocks": []})
    assert not message_problems({"text": "x", "blocks": [section()]})
    assert not message_problems({"text": "x", "blocks": [{"type": "call", "call_id": "R1"}]})
    assert not message_problems({"text": "x", "attachments": [{}] * 100})
    assert "msg_too_long" == message_problems({"text": "x" * 4001}, most=4000).error


WORTHLESS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["section", "input", "mrkdwn"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "text", "elements", "element", "options", "fields", "block_id", "accessory"]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(WORTHLESS)
def test_nonsense_is_refused_and_never_crashes(nonsense: Any) -> None:
    before = deepcopy(nonsense)
    content = {"text": "x", "blocks": nonsense}

    view_problems({"type": "modal", "title": plain(), "blocks": nonsense}, Surface.MODAL)
    if not message_problems(content):
        initial_values(completed_blocks(nonsense or [], str))

    assert before == nonsense

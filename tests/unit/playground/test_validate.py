"""What Slack refuses: each limit at its edge and one over it, and whatever else nobody should send."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.blocks import completed_blocks, initial_values
from bot.playground.validate import Surface, message_problems, view_problems

Json = dict[str, Any]


def plain(length: int = 1) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def section(length: int = 1, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(length), **more}


def options(count: int = 1, text: int = 1, value: int = 3, **more: Any) -> list[Json]:
    return [{"text": plain(text), "value": f"{number:03d}".ljust(value, "v"), **more} for number in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "press", "text": plain(), **more}


def buttons(count: int) -> Json:
    return {"type": "actions", "elements": [button(action_id=f"press.{number}") for number in range(count)]}


def actions(element: Json) -> Json:
    return {"type": "actions", "elements": [element]}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": {"action_id": "act", **element}, **more}


def text_field(**more: Any) -> Json:
    return field({"type": "plain_text_input", **more})


def modal(*blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks) or [section()]}
    return {key: value for key, value in (view | more).items() if value is not None}


def confirming(title: int = 1, text: int = 1, confirm: int = 1, deny: int = 1) -> Json:
    words = {"title": plain(title), "text": plain(text), "confirm": plain(confirm), "deny": plain(deny)}
    return actions(button(confirm=words))


def image(alt: int) -> Json:
    return {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "x" * alt}


LIMITS: dict[str, tuple[Callable[[int], Json], int]] = {
    "title": (lambda n: modal(title=plain(n)), 24),
    "submit": (lambda n: modal(submit=plain(n)), 24),
    "close": (lambda n: modal(close=plain(n)), 24),
    "private_metadata": (lambda n: modal(private_metadata="x" * n), 3000),
    "callback_id": (lambda n: modal(callback_id="x" * n), 255),
    "external_id": (lambda n: modal(external_id="x" * n), 255),
    "modal blocks": (lambda n: modal(*[section()] * n), 100),
    "section text": (lambda n: modal(section(n)), 3000),
    "section fields": (lambda n: modal({"type": "section", "fields": [mrkdwn()] * n}), 10),
    "field text": (lambda n: modal({"type": "section", "fields": [mrkdwn(n)]}), 2000),
    "header": (lambda n: modal({"type": "header", "text": plain(n)}), 150),
    "placeholder": (lambda n: modal(text_field(placeholder=plain(n))), 150),
    "button text": (lambda n: modal(actions(button(text=plain(n)))), 75),
    "accessibility_label": (lambda n: modal(actions(button(accessibility_label="x" * n))), 75),
    "button value": (lambda n: modal(actions(button(value="x" * n))), 2000),
    "button url": (lambda n: modal(actions(button(url="https://x.example/".ljust(n, "x")))), 3000),
    "option text": (lambda n: modal(field({"type": "static_select", "options": options(text=n)})), 75),
    "option value": (lambda n: modal(field({"type": "static_select", "options": options(value=n)})), 150),
    "option description": (
        lambda n: modal(field({"type": "checkboxes", "options": options(description=plain(n))})),
        75,
    ),
    "select options": (lambda n: modal(field({"type": "static_select", "options": options(n)})), 100),
    "overflow options": (
        lambda n: modal(actions({"type": "overflow", "action_id": "more", "options": options(n)})),
        5,
    ),
    "checkboxes": (lambda n: modal(field({"type": "checkboxes", "options": options(n)})), 10),
    "radio buttons": (lambda n: modal(field({"type": "radio_buttons", "options": options(n)})), 10),
    "actions elements": (lambda n: modal(buttons(n)), 25),
    "context elements": (lambda n: modal({"type": "context", "elements": [mrkdwn()] * n}), 10),
    "label": (lambda n: modal(text_field() | {"label": plain(n)}), 2000),
    "hint": (lambda n: modal(text_field() | {"hint": plain(n)}), 2000),
    "alt_text": (lambda n: modal(image(n)), 2000),
    "action_id": (lambda n: modal(actions(button(action_id="x" * n))), 255),
    "block_id": (lambda n: modal(section(block_id="x" * n)), 255),
    "confirm title": (lambda n: modal(confirming(title=n)), 100),
    "confirm text": (lambda n: modal(confirming(text=n)), 300),
    "confirm button": (lambda n: modal(confirming(confirm=n)), 30),
    "deny button": (lambda n: modal(confirming(deny=n)), 30),
    "alert": (lambda n: modal({"type": "alert", "text": mrkdwn(n), "level": "warning"}), 200),
}
MESSAGE_LIMITS: dict[str, tuple[Callable[[int], Json], int]] = {
    "message blocks": (lambda n: {"text": "x", "blocks": [section()] * n}, 50),
    "text": (lambda n: {"text": "x" * n}, 40_000),
    "markdown": (lambda n: {"text": "x", "blocks": [{"type": "markdown", "text": "x" * n}]}, 12_000),
    "markdown in all": (
        lambda n: {"text": "x", "blocks": [{"type": "markdown", "text": "x" * length} for length in (1, n - 1)]},
        12_000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_a_view_may_reach_a_limit_and_not_pass_it(name: str) -> None:
    make, limit = LIMITS[name]

    assert () == view_problems(make(limit), Surface.MODAL).messages
    over = view_problems(make(limit + 1), Surface.MODAL)
    assert "invalid_arguments" == over.error
    assert all(message.startswith("[ERROR] ") and "[json-pointer:/view" in message for message in over.messages)


@pytest.mark.parametrize("name", MESSAGE_LIMITS)
def test_a_message_may_reach_a_limit_and_not_pass_it(name: str) -> None:
    make, limit = MESSAGE_LIMITS[name]

    assert () == message_problems(make(limit)).messages
    assert message_problems(make(limit + 1))


def test_a_view_weighs_at_most_250_kilobytes() -> None:
    blocks = [section(2900) for _ in range(84)]
    empty = modal(*blocks, private_metadata="")
    weight = len(json.dumps(empty, ensure_ascii=False).encode())
    fitting = modal(*blocks, private_metadata="x" * (250_000 - weight))

    assert () == view_problems(fitting, Surface.MODAL).messages
    assert "view_too_large" == view_problems(modal(*blocks, section(2900), section(2900)), Surface.MODAL).error


REFUSED = {
    "unknown block": (modal({"type": "sektion"}), "/view/blocks/0"),
    "misspelt key of a view": (modal(titel="x"), "titel"),
    "misspelt key of a block": (modal(section(blok_id="x")), "blok_id"),
    "misspelt key of an element": (modal(text_field(multi_line=True)), "multi_line"),
    "no title": (modal(title=None), "title"),
    "markdown in a title": (modal(title=mrkdwn()), "plain_text"),
    "empty submit": (modal(submit=plain(0)), "more than 0"),
    "an input without submit": (modal(text_field(), submit=None), "submit"),
    "two blocks of one id": (modal(section(block_id="a"), section(block_id="a")), "duplicate block_id a"),
    "two elements of one id": (modal({"type": "actions", "elements": [button(), button()]}), "already exists"),
    "a home view": ({"type": "home", "blocks": [section()]}, "modal"),
    "no blocks": (modal() | {"blocks": []}, "no less than 1"),
    "blocks that are no list": (modal() | {"blocks": {}}, "blocks"),
    "a block that is no object": (modal() | {"blocks": ["x"]}, "/view/blocks/0"),
    "markdown block": (modal({"type": "markdown", "text": "x"}), "message only"),
    "mrkdwn in a header": (modal({"type": "header", "text": mrkdwn()}), "plain_text"),
    "mrkdwn in a label": (modal(text_field() | {"label": mrkdwn()}), "plain_text"),
    "empty text": (modal(section(0)), "more than 0"),
    "a section's text that is none": (modal({"type": "section", "text": {"type": "text", "text": "x"}}), "text"),
    "a section of nothing": (modal({"type": "section"}), "text or fields"),
    "a button without words": (modal(actions(button(text=plain(0)))), "with text"),
    "an unknown style": (modal(actions(button(style="loud"))), "style"),
    "mrkdwn in a placeholder": (modal(text_field(placeholder=mrkdwn())), "plain_text"),
    "a menu without options": (modal(field({"type": "static_select", "options": []})), "options"),
    "an option that is no object": (modal(field({"type": "radio_buttons", "options": ["x"]})), "/view"),
    "an initial option of another menu": (
        modal(field({"type": "radio_buttons", "options": options(), "initial_option": options(value=9)[0]})),
        "one of the options",
    ),
    "a text input among buttons": (modal(actions({"type": "plain_text_input", "action_id": "a"})), "unsupported type"),
    "a button in an input": (modal(field(button())), "unsupported type"),
    "a button in a context": (modal({"type": "context", "elements": [button()]}), "unsupported type"),
    "a moment beside a section": (
        modal(section(accessory={"type": "datetimepicker", "action_id": "a"})),
        "unsupported type",
    ),
    "no elements": (modal({"type": "actions", "elements": []}), "no less than 1"),
    "two things in focus": (
        modal(text_field(focus_on_load=True), text_field(focus_on_load=True)),
        "only one element may have focus",
    ),
    "an image without alt_text": (modal({"type": "image", "image_url": "https://x.example"}), "/view/blocks/0"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_slack_refuses(name: str) -> None:
    view, reason = REFUSED[name]
    problems = view_problems(view, Surface.MODAL)

    assert "invalid_arguments" == problems.error
    assert reason in "\n".join(problems.messages)


def test_a_view_is_an_object() -> None:
    assert "invalid_arguments" == view_problems("view", Surface.MODAL).error
    assert "invalid_arguments" == view_problems(None, Surface.HOME).error


def test_home_has_its_own_rules() -> None:
    assert not view_problems({"type": "home", "blocks": [section()]}, Surface.HOME)
    assert "home view cannot have submit" in str(view_problems(modal(type="home"), Surface.HOME).messages)
    alert = {"type": "home", "blocks": [{"type": "alert", "text": mrkdwn()}]}
    assert "alert blocks are for a modal only" in str(view_problems(alert, Surface.HOME).messages)


def test_empty_values_and_flags_are_no_misspellings() -> None:
    view = modal(
        text_field(initial_value="", multiline=False, min_length=0),
        field({"type": "checkboxes", "options": options(2), "initial_options": []}),
        section(accessory=button(value="")),
        private_metadata="",
        clear_on_close=False,
    )

    assert () == view_problems(view, Surface.MODAL).messages


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
    ],
)
def test_a_message_is_refused(content: Json, error: str) -> None:
    assert error == message_problems(content).error


def test_a_message_of_words_or_of_blocks_with_words_is_fine() -> None:
    assert not message_problems({"text": "x"})
    assert not message_problems({"text": "x", "blocks": []})
    assert not message_problems({"text": "x", "blocks": [section()]})


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

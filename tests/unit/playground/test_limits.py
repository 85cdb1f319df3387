"""Each of Slack's limits: what reaches it is taken, what is one over it is refused."""

import json
from collections.abc import Callable

import pytest

from bot.playground.validate import (
    Surface,
    message_problems,
    view_problems,
)
from tests.unit.playground.block_kit import (
    Json,
    actions,
    button,
    buttons,
    confirming,
    field,
    groups,
    image,
    menu,
    modal,
    mrkdwn,
    options,
    plain,
    section,
    text_field,
)

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
    "option groups": (lambda n: modal(field(menu("static_select", option_groups=groups(n)))), 100),
    "options of a group": (lambda n: modal(field(menu("static_select", option_groups=groups(of=n)))), 100),
    "label of a group": (lambda n: modal(field(menu("multi_static_select", option_groups=groups(label=n)))), 75),
    "image url": (lambda n: modal(image(url=n)), 3000),
    "image title": (lambda n: modal(image(title=plain(n))), 2000),
    "url of an overflow option": (
        lambda n: modal(actions(menu("overflow", options=options(url="https://x.example/".ljust(n, "x"))))),
        3000,
    ),
    "min_length": (lambda n: modal(text_field(min_length=n)), 3000),
    "max_length": (lambda n: modal(text_field(max_length=n)), 3000),
    "initial_value": (lambda n: modal(text_field(initial_value="x" * n)), 3000),
    "initial_value by max_length": (lambda n: modal(text_field(initial_value="x" * n, max_length=5)), 5),
    "initial_options by max_selected_items": (
        lambda n: modal(
            field(menu("multi_static_select", options=options(5), initial_options=options(n), max_selected_items=2))
        ),
        2,
    ),
    "initial_users by max_selected_items": (
        lambda n: modal(field(menu("multi_users_select", initial_users=["U"] * n, max_selected_items=2))),
        2,
    ),
    "files": (lambda n: modal(field(menu("file_input", max_files=n))), 10),
    "moment": (lambda n: modal(field(menu("datetimepicker", initial_date_time=n))), 9_999_999_999),
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
    assert "[json-pointer:/view" in over.messages[-1]
    assert any(
        words in over.messages[-1]
        for words in (f"must be less than {limit + 1} characters", f"no more than {limit} items", f"less than {limit} ")
    )


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

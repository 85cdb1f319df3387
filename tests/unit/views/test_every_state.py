"""Every view and message in every state passes Slack's validator and what Slack asks for beside it."""

import json
from copy import deepcopy
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.handlers.answers import as_private
from bot.texts import load_texts
from bot.views.message import Message
from tests.unit.views import slack_limits
from tests.unit.views.states import dialogs, homes, messages

T = load_texts().for_locale(None)


@pytest.fixture(scope="module", name="every_message")
def make_every_message() -> dict[str, Message]:
    return messages(T)


@pytest.fixture(scope="module", name="every_dialog")
def make_every_dialog() -> dict[str, Any]:
    return dialogs(T)


@pytest.fixture(scope="module", name="every_home")
def make_every_home() -> dict[str, Any]:
    return homes(T)


def plainly(value: Any) -> Any:
    """As it goes over the wire: enums are their texts."""
    return json.loads(json.dumps(value))


def test_a_message_passes_slacks_own_validator_unchanged(every_message: dict[str, Message]) -> None:
    for name, message in every_message.items():
        blocks = plainly(message.blocks)

        assert blocks == [block.to_dict() for block in Block.parse_all(deepcopy(blocks))], name


def test_a_view_passes_slacks_own_validator_unchanged(every_dialog: dict[str, Any], every_home: dict[str, Any]) -> None:
    for name, shown in (every_dialog | every_home).items():
        view = plainly(shown)

        assert view == View(**deepcopy(view)).to_dict(), name


def test_a_message_keeps_what_no_validator_checks(every_message: dict[str, Message]) -> None:
    found = {
        name: slack_limits.of_message({"text": message.text, "blocks": list(message.blocks)})
        for name, message in every_message.items()
    }

    assert {} == {name: wrong for name, wrong in found.items() if wrong}


def test_a_dialog_keeps_what_no_validator_checks(every_dialog: dict[str, Any]) -> None:
    assert {} == {name: wrong for name, view in every_dialog.items() if (wrong := slack_limits.of_view(view))}


def test_a_home_keeps_what_no_validator_checks(every_home: dict[str, Any]) -> None:
    assert {} == {name: wrong for name, view in every_home.items() if (wrong := slack_limits.of_home(view))}


def test_the_text_beside_the_blocks_reads_as_a_sentence(every_message: dict[str, Message]) -> None:
    for name, message in every_message.items():
        text = message.text

        assert text == text.strip(), name
        assert "{" not in text, name
        assert not text.endswith(":"), name


@pytest.mark.parametrize("wish", ["<!channel>", "<https://evil.example|zoom.us>", "Q&A"])
def test_the_text_that_slack_gets_beside_the_blocks_is_escaped_since_slack_reads_it_as_mrkdwn(wish: str) -> None:
    assert [] == slack_limits.comes_alive(as_private(Message(wish, ()))["text"])


def test_the_limits_find_what_is_wrong() -> None:
    """The checks themselves can fail."""
    section: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> & co"}}
    lower = {"type": "plain_text", "text": "take back :tada:", "emoji": True}
    button = {"type": "button", "text": lower, "action_id": "a", "style": "primary"}
    row = {"type": "actions", "block_id": "x", "elements": [button, button]}
    message = {"text": "", "blocks": [section, row, row]}
    element = {"type": "plain_text_input", "action_id": "a", "placeholder": {"type": "plain_text", "text": "type"}}
    label = {"type": "plain_text", "text": "Number:", "emoji": False}
    view = {
        "type": "modal",
        "callback_id": "c",
        "title": {"type": "plain_text", "text": "A title that is far too long", "emoji": False},
        "blocks": [{"type": "input", "block_id": "b", "label": label, "element": element}],
    }

    found = " ".join([*slack_limits.of_message(message), *slack_limits.of_view(view)])
    for words in (
        "not escaped",
        "two blocks",
        "two elements",
        "Title Case",
        "emoji",
        "primary",
        "text beside",
        "title: 28",
        "nothing to save",
        "Ex.",
        "a label is a noun",
    ):
        assert words in found


def test_slacks_validator_finds_what_is_wrong(every_dialog: dict[str, Any]) -> None:
    broken = plainly(every_dialog["pmi_modal business-licensed-no-link-none"])
    broken["blocks"][0]["lable"] = broken["blocks"][0]["label"]

    assert broken != View(**deepcopy(broken)).to_dict()

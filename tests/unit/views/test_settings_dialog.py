"""The dialog "Room settings": its writer and its reader, held together."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import Block
from bot.rules import PREFERENCES, SWITCHES, Lock, Option, WaitingRoom
from bot.services.room_settings import Wish
from bot.services.settings_seen import Seen
from bot.texts import load_texts
from bot.views.settings_lines import guards_line, settings_lines
from bot.views.settings_modal import read_settings_modal, settings_modal, with_new_passcode
from tests.unit.views.states import settings_seen

T = load_texts().for_locale(None)
SEEN = dict(settings_seen())
ANY = st.sampled_from(list(SEEN.values()))
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
STATES: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
}


def submitted(view: Mapping[str, Any], **left: Any) -> dict[str, Any]:
    """The dialog as Slack sends it back: each field as it was shown, or (by the name of its action) as it was left."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            key, initial, empty = STATES[element["type"]]
            value = left.get(element["action_id"], element.get(initial, empty))
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], key: value}}
    sent: dict[str, Any] = json.loads(json.dumps({**view, "state": {"values": values}}))
    return sent


def fields(view: Mapping[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def boxes(*options: str) -> list[dict[str, str]]:
    return [{"value": option} for option in options]


@given(ANY)
def test_a_dialog_saved_as_it_was_shown_asks_for_nothing(seen: Seen) -> None:
    assert Wish(version=3) == read_settings_modal(submitted(settings_modal(seen, T)))


@given(ANY, st.text(max_size=20), st.text(max_size=20))
def test_what_is_typed_is_read_and_what_is_cleared_is_taken_away(seen: Seen, topic: str, passcode: str) -> None:
    view = settings_modal(seen, T)
    wish = read_settings_modal(submitted(view, topic=topic or None, passcode=passcode or None))

    assert (None if topic == seen.settings.topic else topic) == wish.topic
    offered = "passcode" in fields(view)
    assert (None if not offered or passcode == (seen.settings.passcode or "") else passcode) == wish.passcode


@given(ANY, st.sampled_from(WaitingRoom), st.sets(st.sampled_from(SWITCHES)), st.lists(st.sampled_from(["U1", "U2"])))
def test_what_is_chosen_is_read_unless_it_is_locked(
    seen: Seen, waiting: WaitingRoom, on: set[Option], users: list[str]
) -> None:
    view = submitted(
        settings_modal(seen, T),
        waiting_room={"value": waiting},
        options=boxes(*on),
        pmi_use=boxes(*on),
        hosts=users,
    )
    wish = read_settings_modal(view)

    free = [option for option in SWITCHES if option not in seen.locks]
    changed = {option: option in on for option in free if (option in on) is not bool(seen.settings.options[option])}
    same = waiting is seen.settings.waiting_room or Option.WAITING_ROOM in seen.locks
    assert changed == wish.options
    assert (None if same else waiting) is wish.waiting_room
    assert (None if users == list(seen.settings.hosts) else tuple(dict.fromkeys(users))) == wish.hosts


WHY = {
    Lock.SIGN_IN: "Sign in with Slack",
    Lock.POLICY: "administrators have set this",
    Lock.PMIS: "PMIs are turned off in this workspace by its administrators",
}


@given(ANY)
def test_what_is_locked_has_no_field_and_says_why(seen: Seen) -> None:
    view = settings_modal(seen, T)
    offered = {
        option["value"]
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "checkboxes"
        for option in block["element"]["options"]
    }
    said = str([block for block in view["blocks"] if block["type"] == "context"])

    assert not offered & seen.locks.keys()
    assert (Block.WAITING_ROOM in fields(view)) is (Option.WAITING_ROOM not in seen.locks)
    for option, lock in seen.locks.items():
        why = WHY[lock]
        assert f"*{T(f'settings.option.{option}')}:*" in said
        assert why in said


@given(ANY, st.integers(1, 3))
def test_a_passcode_by_chance_stands_in_a_new_field_and_is_asked_for_as_it_stands(seen: Seen, times: int) -> None:
    view = settings_modal(seen, T)
    if "passcode" not in fields(view):
        return
    before = [block for block in view["blocks"] if not str(block.get("block_id")).startswith("passcode")]
    for count in range(1, times + 1):
        view = with_new_passcode(view, f"2345678{count}ab", T)

    assert f"passcode:{times}" in fields(view)
    assert before == [block for block in view["blocks"] if not str(block.get("block_id")).startswith("passcode")]
    assert Wish(passcode=f"2345678{times}ab", version=3) == read_settings_modal(submitted(view))
    assert Wish(passcode="", version=3) == read_settings_modal(submitted(view, passcode=None))


@given(JSON, JSON, ANY)
def test_a_dialog_of_any_shape_is_read_without_a_failure_and_takes_nothing_away(
    values: Any, shown: Any, seen: Seen
) -> None:
    blocks = settings_modal(seen, T)["blocks"]

    for view in (
        {"state": {"values": values}, "blocks": shown, "private_metadata": json.dumps(shown)},
        {"state": values, "blocks": [shown, {"type": "input", "block_id": "topic", "element": shown}]},
        {"state": {"values": {"topic": values, "passcode": {"passcode": values}}}, "blocks": blocks},
        {"state": {"values": {"hosts": {"hosts": values}, "options": {"options": {"selected_options": shown}}}}},
        {"blocks": blocks},
    ):
        wish = read_settings_modal(view)
        assert (None, None, None) == (wish.waiting_room, wish.topic or None, wish.passcode or None)


def test_without_its_state_a_dialog_asks_for_nothing() -> None:
    view = settings_modal(SEEN["full-sign-in"], T)

    assert Wish(version=3) == read_settings_modal(view)
    assert Wish(version=3) == read_settings_modal({**view, "state": {"values": {}}})


@pytest.mark.parametrize("name", SEEN)
def test_a_line_on_a_card_holds_no_passcode_and_the_dialog_does(name: str) -> None:
    seen = SEEN[name]
    secret = seen.settings.passcode

    assert not secret or secret not in guards_line(seen.settings, T)
    assert not secret or secret in settings_lines(seen, T)


def test_preferences_nobody_has_spoken_of_stand_unticked_and_say_so() -> None:
    seen = SEEN["new-product"]

    assert dict.fromkeys(PREFERENCES) == {option: seen.settings.options[option] for option in PREFERENCES}
    assert "*PMI for instant meetings:* Not chosen yet" in settings_lines(seen, T)

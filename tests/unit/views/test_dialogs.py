"""The dialogs' writers and readers, held together: what is shown and left alone says nothing, what is typed is read."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import Action, Block, Callback
from bot.rules import group_digits
from bot.services.room import Room
from bot.texts import load_texts
from bot.views.form import metadata, with_replaced
from bot.views.link_modal import LinkForm, link_modal, read_link_modal
from bot.views.pmi_modal import PmiForm, pmi_modal, read_pmi_modal
from tests.unit.views.states import rooms

T = load_texts().for_locale(None)
ROOMS = st.sampled_from([room for _, room in rooms()])
OPEN = st.sampled_from([room for _, room in rooms() if not room.missing_for_pmi and not room.missing_for_link])
TYPED = st.text(st.characters(exclude_categories=()), max_size=60)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def submitted(view: Mapping[str, Any], *, typed: str | None = None, ticked: bool | None = None) -> dict[str, Any]:
    """The dialog as Slack sends it back: each input with its value, as shown or as somebody left it."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        if element["type"] == "plain_text_input":
            value = element.get("initial_value") if typed is None else typed
            answer: dict[str, Any] = {"type": "plain_text_input", "value": value}
        else:
            chosen = element.get("initial_options", []) if ticked is None else element["options"] * ticked
            answer = {"type": "checkboxes", "selected_options": chosen}
        values[block["block_id"]] = {element["action_id"]: answer}
    sent: dict[str, Any] = json.loads(json.dumps({**view, "state": {"values": values}}))
    return sent


@given(ROOMS)
def test_a_dialog_saved_as_it_was_shown_asks_for_nothing(room: Room) -> None:
    assert PmiForm(None, None) == read_pmi_modal(submitted(pmi_modal(room, T)))
    assert LinkForm(None) == read_link_modal(submitted(link_modal(room, T)))


@given(OPEN, TYPED, st.booleans())
def test_what_is_typed_and_ticked_is_read(room: Room, text: str, ticked: bool) -> None:  # noqa: FBT001
    number = read_pmi_modal(submitted(pmi_modal(room, T), typed=text, ticked=ticked))
    link = read_link_modal(submitted(link_modal(room, T), typed=text))

    assert (None if text.strip() == group_digits(room.pmi) else text) == number.number
    assert (None if ticked is bool(room.pmi_for_instant) else ticked) is number.for_instant
    assert (None if text.strip() == room.link else text) == link.link


@given(ROOMS, st.booleans())
def test_who_may_not_choose_can_still_tick_the_box(room: Room, ticked: bool) -> None:  # noqa: FBT001
    form = read_pmi_modal(submitted(pmi_modal(room, T), ticked=ticked))
    says_nothing = room.instant_is_locked or ticked is bool(room.pmi_for_instant)

    assert form.number is None
    assert (None if says_nothing else ticked) is form.for_instant


@given(ROOMS)
def test_who_may_not_choose_is_shown_no_field_and_why(room: Room) -> None:
    for view, missing, block_id in (
        (pmi_modal(room, T), room.missing_for_pmi, Block.PMI),
        (link_modal(room, T), room.missing_for_link, Block.LINK),
    ):
        fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
        shown = " ".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")

        assert bool(missing) is (block_id not in fields)
        assert all(T(code) in shown for code in missing)


def test_dialogs_have_their_callbacks_and_live_fields_their_actions() -> None:
    room = next(room for _, room in rooms() if not room.missing_for_link)

    for view, callback, action in (
        (pmi_modal(room, T), Callback.PMI, Action.TYPED_PMI),
        (link_modal(room, T), Callback.LINK, Action.TYPED_LINK),
    ):
        field = view["blocks"][0]
        assert callback == view["callback_id"]
        assert action == field["element"]["action_id"]
        assert field["dispatch_action"] is True
        assert ["on_character_entered"] == field["element"]["dispatch_action_config"]["trigger_actions_on"]


@given(JSON, JSON)
def test_a_dialog_of_any_shape_is_read_without_a_failure(values: object, shown: object) -> None:
    view = {"state": {"values": values}, "private_metadata": json.dumps(shown)}

    assert isinstance(read_pmi_modal(view), PmiForm)
    assert isinstance(read_link_modal(view), LinkForm)
    assert isinstance(read_pmi_modal({"state": values, "private_metadata": shown}), PmiForm)


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "null", "{", "[" * 5000, "7", '"x"'])
def test_metadata_that_is_none_of_ours_reads_as_none(text: str) -> None:
    assert {} == metadata({"private_metadata": text})


@given(OPEN, TYPED)
def test_metadata_of_another_room_changes_only_what_counts_as_unchanged(room: Room, text: str) -> None:
    """Identity and rights come from what Slack signed; a forged dialog can at most ask for what one may ask anyway."""
    view = submitted(link_modal(room, T), typed=text)
    forged = {**view, "private_metadata": json.dumps({"link": "somebody.elses", "user": "U0EVIL", "number": "1"})}

    assert read_link_modal(forged) in (LinkForm(text), LinkForm(None))


def test_a_verdict_takes_the_place_of_the_last_one_under_its_field() -> None:
    room = next(room for _, room in rooms() if not room.missing_for_pmi)
    view = pmi_modal(room, T)
    first = with_replaced(view, Block.PMI, Block.VERDICT, [{"type": "divider", "block_id": Block.VERDICT}])
    choices = [{"type": "divider", "block_id": f"{Block.VERDICT}_choices"}]
    second = with_replaced(first, Block.PMI, Block.VERDICT, choices)

    assert [Block.PMI, Block.VERDICT, Block.INSTANT] == [block["block_id"] for block in first["blocks"]]
    assert [Block.PMI, "verdict_choices", Block.INSTANT] == [block["block_id"] for block in second["blocks"]]


def test_an_update_sends_what_slack_takes_and_nothing_that_it_only_gives() -> None:
    room = next(room for _, room in rooms() if not room.missing_for_pmi)
    shown = pmi_modal(room, T)
    given_back = {**deepcopy(shown), "id": "V1", "hash": "1.a", "team_id": "T1", "state": {}, "clear_on_close": False}

    updated = with_replaced(given_back, Block.PMI, Block.VERDICT, [])
    assert {**shown, "clear_on_close": False} == updated

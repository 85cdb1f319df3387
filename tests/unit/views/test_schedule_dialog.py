"""The dialog of a scheduled meeting: its writer and its reader, held together."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import Action, Block
from bot.rules import Repeats
from bot.services.drafts import Draft
from bot.texts import load_texts
from bot.views.schedule_modal import before, length, read_schedule_modal, repeats_of, schedule_modal, with_repeats
from tests.unit.views.planned import drafts

T = load_texts().for_locale(None)
DRAFTS = dict(drafts())
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
STATES: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "static_select": ("selected_option", "initial_option", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "datepicker": ("selected_date", "initial_date", None),
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


@pytest.mark.parametrize("name", DRAFTS)
def test_a_dialog_sent_as_it_was_shown_asks_for_what_it_showed(name: str) -> None:
    draft = DRAFTS[name]
    if draft.occurrence is not None:
        # What one of a series can have for itself is all that stands in its dialog.
        alone = replace(
            draft.wish,
            invitees=(),
            channel=None,
            on_pmi=None,
            repeats=Repeats.NONE,
            count=None,
            until="",
            remind_minutes=None,
        )
        draft = replace(draft, wish=alone)

    assert draft == read_schedule_modal(submitted(schedule_modal(DRAFTS[name], T)), draft.wish.zone)


def test_a_meeting_that_is_changed_keeps_its_zone_wherever_its_holder_is_now() -> None:
    draft = DRAFTS["all-weekly-10"]

    read = read_schedule_modal(submitted(schedule_modal(draft, T)), "Asia/Kolkata")

    assert draft.wish.zone == read.wish.zone != "Asia/Kolkata"


def test_what_is_chosen_is_read() -> None:
    view = with_repeats(schedule_modal(DRAFTS["new--None"], T), Repeats.WEEKLY, T)
    left = {
        Action.TOPIC: "Team A+B",
        Action.STARTS: 1_800_000_000,
        Action.MINUTES: {"value": "60"},
        Action.INVITEES: ["U0BEN", "U0BEN", "U0CARLA"],
        Action.CHANNEL: "C0GENERAL",
        Action.WHERE: {"value": "pmi"},
        Action.REPEATS: {"value": "weekly"},
        Action.ENDS_COUNT: "12",
        Action.ENDS_UNTIL: "2027-05-01",
        Action.REMINDER: {"value": "never"},
    }

    wish = read_schedule_modal(submitted(view, **left), "Asia/Kolkata").wish

    assert ("Team A+B", 1_800_000_000, 60, "Asia/Kolkata") == (wish.topic, wish.at, wish.minutes, wish.zone)
    assert (("U0BEN", "U0CARLA"), "C0GENERAL", True) == (wish.invitees, wish.channel, wish.on_pmi)
    assert (Repeats.WEEKLY, 12, "2027-05-01", None) == (wish.repeats, wish.count, wish.until, wish.remind_minutes)


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "1e9", "\u0665", "9" * 40, "x"])
def test_a_count_that_is_none_is_read_as_one_that_no_series_can_have(typed: str) -> None:
    view = with_repeats(schedule_modal(DRAFTS["new--None"], T), Repeats.DAILY, T)

    wish = read_schedule_modal(submitted(view, **{Action.ENDS_COUNT: typed}), "UTC").wish

    assert 0 == wish.count


def test_the_fields_of_a_series_come_and_go_with_the_choice() -> None:
    view = schedule_modal(DRAFTS["new--None"], T)

    assert [] == ends(view)
    assert 2 == len(ends(with_repeats(view, Repeats.MONTHLY, T)))
    assert [] == ends(with_repeats(with_repeats(view, Repeats.MONTHLY, T), Repeats.NONE, T))


def ends(view: Mapping[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block.get("block_id", "").startswith(Block.ENDS)]


@given(JSON)
def test_whatever_comes_back_is_read(values: Any) -> None:
    view = {**schedule_modal(DRAFTS["all-weekly-10"], T), "state": {"values": values}}

    assert isinstance(read_schedule_modal(view, "UTC"), Draft)
    assert repeats_of(view) in Repeats


@given(st.sampled_from(sorted(Block)), JSON, JSON)
def test_whatever_stands_in_a_field_is_read(block: str, value: Any, metadata: Any) -> None:
    keys = {key: value for key, _, _ in STATES.values()}
    values = {name: dict.fromkeys(Action, keys) for name in (block, f"{block}_count", f"{block}_until")}
    view = {"state": {"values": values}, "private_metadata": json.dumps(metadata)}

    assert isinstance(read_schedule_modal(view, "UTC"), Draft)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(5, "5 minutes"), (1, "1 minute"), (60, "1 hour"), (150, "2 hours 30 minutes"), (1440, "24 hours")],
)
def test_a_length_is_said_in_words(minutes: int, words: str) -> None:
    assert words == length(minutes, T)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "When it begins"), (10, "10 minutes before"), (1440, "1 day before"), (1500, "25 hours before")],
)
def test_a_reminder_is_said_in_words(minutes: int, words: str) -> None:
    assert words == before(minutes, T)

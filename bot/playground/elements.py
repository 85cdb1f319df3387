"""The shape of every element, and where each may stand: in which blocks, on which surfaces."""

from collections.abc import Mapping
from enum import StrEnum

from bot.playground.objects import (
    ACTION_ID,
    OPTION,
    STYLES,
    address,
    confirmation,
    conversation_filter,
    dispatch,
    option,
    option_groups,
    plain,
    rich_text,
    slack_file,
    words,
    workflow,
)
from bot.playground.schema import (
    TIME,
    Rule,
    array,
    boolean,
    both,
    day,
    exactly_one,
    integer,
    one_of,
    shape,
    string,
    written,
)

OPTIONS = 100
TICKABLE = 10
OVERFLOW = 5
TYPED = 3000


class Surface(StrEnum):
    """Where blocks stand; the value is a view's type."""

    MODAL = "modal"
    HOME = "home"
    MESSAGE = "message"


def _element(required: Mapping[str, Rule] | None = None, optional: Mapping[str, Rule] | None = None) -> Rule:
    return shape({"type": string(), **(required or {})}, {"action_id": string(ACTION_ID), **(optional or {})})


_FIELD: Mapping[str, Rule] = {"focus_on_load": boolean}
_MENU: Mapping[str, Rule] = {**_FIELD, "confirm": confirmation, "placeholder": plain(150)}
_TEXT: Mapping[str, Rule] = {**_FIELD, "placeholder": plain(150), "dispatch_action_config": dispatch}
_SEVERAL: Mapping[str, Rule] = {**_MENU, "max_selected_items": integer(1)}
_OPTION = option(plain(OPTION))
_RICH_OPTION = option(words(OPTION))
_LISTS: Mapping[str, Rule] = {"options": array(_OPTION, OPTIONS), "option_groups": option_groups(OPTIONS)}
_one_list = exactly_one("options", "option_groups")
_IDS = array(string(least=1), least=0)
_BUTTON: Mapping[str, Rule] = {"style": one_of(*STYLES), "accessibility_label": string(75)}
_CONVERSATION: Mapping[str, Rule] = {"default_to_current_conversation": boolean, "filter": conversation_filter}

SHAPES: Mapping[str, Rule] = {
    "button": _element(
        {"text": plain(75)}, {**_BUTTON, "url": address, "value": string(2000), "confirm": confirmation}
    ),
    "workflow_button": _element({"text": plain(75), "workflow": workflow}, _BUTTON),
    "overflow": _element({"options": array(option(plain(OPTION), with_url=True), OVERFLOW)}, {"confirm": confirmation}),
    "image": both(
        shape(
            {"type": string(), "alt_text": string(2000, 1)},
            {"image_url": both(string(3000, 1), address), "slack_file": slack_file},
        ),
        exactly_one("image_url", "slack_file"),
    ),
    "plain_text_input": _element(
        {},
        {
            **_TEXT,
            "initial_value": string(TYPED),
            "multiline": boolean,
            "min_length": integer(0, TYPED),
            "max_length": integer(1, TYPED),
        },
    ),
    "number_input": _element(
        {"is_decimal_allowed": boolean},
        {**_TEXT, "initial_value": string(), "min_value": string(), "max_value": string()},
    ),
    "email_text_input": _element({}, {**_TEXT, "initial_value": string()}),
    "url_text_input": _element({}, {**_TEXT, "initial_value": string()}),
    "rich_text_input": _element({}, {**_TEXT, "initial_value": rich_text}),
    "file_input": _element({}, {"filetypes": array(string(least=1)), "max_files": integer(1, 10)}),
    "checkboxes": _element(
        {"options": array(_RICH_OPTION, TICKABLE)},
        {**_FIELD, "confirm": confirmation, "initial_options": array(_RICH_OPTION, TICKABLE, 0)},
    ),
    "radio_buttons": _element(
        {"options": array(_RICH_OPTION, TICKABLE)},
        {**_FIELD, "confirm": confirmation, "initial_option": _RICH_OPTION},
    ),
    "static_select": both(_element({}, {**_MENU, **_LISTS, "initial_option": _OPTION}), _one_list),
    "multi_static_select": both(
        _element({}, {**_SEVERAL, **_LISTS, "initial_options": array(_OPTION, OPTIONS, 0)}), _one_list
    ),
    "external_select": _element({}, {**_MENU, "initial_option": _OPTION, "min_query_length": integer(0)}),
    "multi_external_select": _element(
        {}, {**_SEVERAL, "initial_options": array(_OPTION, OPTIONS, 0), "min_query_length": integer(0)}
    ),
    "users_select": _element({}, {**_MENU, "initial_user": string(least=1)}),
    "multi_users_select": _element({}, {**_SEVERAL, "initial_users": _IDS}),
    "conversations_select": _element(
        {},
        {**_MENU, **_CONVERSATION, "initial_conversation": string(least=1), "response_url_enabled": boolean},
    ),
    "multi_conversations_select": _element({}, {**_SEVERAL, **_CONVERSATION, "initial_conversations": _IDS}),
    "channels_select": _element({}, {**_MENU, "initial_channel": string(least=1), "response_url_enabled": boolean}),
    "multi_channels_select": _element({}, {**_SEVERAL, "initial_channels": _IDS}),
    "datepicker": _element({}, {**_MENU, "initial_date": day}),
    "timepicker": _element({}, {**_MENU, "initial_time": written(TIME, "time"), "timezone": string(least=1)}),
    "datetimepicker": _element(
        {}, {**_FIELD, "confirm": confirmation, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
}

_SELECTS = {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
_MULTI = {f"multi_{name}" for name in _SELECTS}
_TICKED = {"checkboxes", "radio_buttons"}
_PICKERS = {"datepicker", "timepicker"}
_PRESSED = {"button", "overflow", "workflow_button"}

IN_BLOCK: Mapping[str, frozenset[str]] = {
    "actions": frozenset(_PRESSED | _SELECTS | _TICKED | _PICKERS | {"datetimepicker"}),
    "section": frozenset(_PRESSED | _SELECTS | _MULTI | _TICKED | _PICKERS | {"image"}),
    "input": frozenset(
        _SELECTS | _MULTI | _TICKED | _PICKERS
        | {"datetimepicker", "plain_text_input", "number_input", "email_text_input", "url_text_input"}
        | {"rich_text_input", "file_input"}
    ),
}  # fmt: skip
"""Which elements stand in which block."""

NOT_ON: Mapping[Surface, frozenset[str]] = {
    Surface.MODAL: frozenset({"workflow_button"}),
    Surface.HOME: frozenset(
        {"workflow_button", "datetimepicker", "number_input", "email_text_input", "url_text_input", "file_input"}
    ),
    Surface.MESSAGE: frozenset({"number_input", "email_text_input", "url_text_input", "file_input", "rich_text_input"}),
}
"""Which elements do not stand on which surface."""

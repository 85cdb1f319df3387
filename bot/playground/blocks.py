"""Reading Block Kit: texts, interactive elements, what they hold. Knows dictionaries, not where they came from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# The key under which an element's state is kept, by element type, with what an untouched one holds.
STATE_KEYS: Mapping[str, tuple[str, Any]] = {
    "plain_text_input": ("value", None),
    "number_input": ("value", None),
    "email_text_input": ("value", None),
    "url_text_input": ("value", None),
    "rich_text_input": ("rich_text_value", None),
    "static_select": ("selected_option", None),
    "external_select": ("selected_option", None),
    "radio_buttons": ("selected_option", None),
    "users_select": ("selected_user", None),
    "conversations_select": ("selected_conversation", None),
    "channels_select": ("selected_channel", None),
    "datepicker": ("selected_date", None),
    "timepicker": ("selected_time", None),
    "datetimepicker": ("selected_date_time", None),
    "checkboxes": ("selected_options", []),
    "multi_static_select": ("selected_options", []),
    "multi_external_select": ("selected_options", []),
    "multi_users_select": ("selected_users", []),
    "multi_conversations_select": ("selected_conversations", []),
    "multi_channels_select": ("selected_channels", []),
    "file_input": ("files", []),
}
INITIAL_KEYS: Mapping[str, str] = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_user": "initial_user",
    "selected_conversation": "initial_conversation",
    "selected_channel": "initial_channel",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_options": "initial_options",
    "selected_users": "initial_users",
    "selected_conversations": "initial_conversations",
    "selected_channels": "initial_channels",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An interactive element and the block that it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The block's id."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The element's action id."""
        return str(self.element.get("action_id", ""))

    @property
    def label(self) -> str:
        """What a person calls it: the button's text, the input's label, or the section's text beside it."""
        if self.element["type"] == "button":
            return text_of(self.element.get("text"))
        if self.block["type"] == "input":
            return text_of(self.block.get("label"))
        return text_of(self.block.get("text")) or text_of(self.element.get("placeholder"))

    @property
    def is_input(self) -> bool:
        """Whether it holds a value that a person sets."""
        return self.element["type"] in STATE_KEYS


def text_of(text: Any) -> str:
    """The words of a text object, empty for anything else."""
    if isinstance(text, Mapping):
        return str(text.get("text", ""))
    return text if isinstance(text, str) else ""


def listed(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def elements_of(block: Json) -> list[Json]:
    """The elements of one block that may be interactive."""
    kind = str(block.get("type"))
    if kind == "input":
        found: Any = [block.get("element")]
    elif kind == "section":
        found = [block.get("accessory")]
    elif kind in {"actions", "context_actions"}:
        found = listed(block.get("elements"))
    else:
        found = []
    return [one for one in found if isinstance(one, dict) and isinstance(one.get("type"), str)]


def placed(blocks: Sequence[Json]) -> Iterator[Placed]:
    """Every element that a person can use, in reading order."""
    for block in blocks:
        for element in elements_of(block):
            if element["type"] != "image":
                yield Placed(block, element)


def initial_state(element: Json) -> Json:
    """What an element holds before anybody touches it, as `state.values` shows it."""
    key, empty = STATE_KEYS[element["type"]]
    value = element.get(INITIAL_KEYS.get(key, ""), empty)
    return {"type": element["type"], key: list(value) if isinstance(value, list) else value}


def initial_values(blocks: Sequence[Json], kept: Mapping[str, Any] | None = None) -> Json:
    """`state.values` of these blocks; what `kept` holds for the same block id, action id and type stays.

    A choice stays only as long as it is offered.
    """
    values: Json = {}
    for one in placed(blocks):
        if one.is_input:
            before = (kept or {}).get(one.block_id, {}).get(one.action_id)
            same = before is not None and before["type"] == one.element["type"] and _still_offered(one.element, before)
            values.setdefault(one.block_id, {})[one.action_id] = before if same else initial_state(one.element)
    return values


def _still_offered(element: Json, state: Json) -> bool:
    """Whether the app's own options have what was chosen; menus that look elsewhere always do."""
    offered = options_of(element)
    if not offered:
        return True
    chosen = [*listed(state.get("selected_options")), state.get("selected_option")]
    return all(one in offered for one in chosen if one is not None)


def options_of(element: Json) -> list[Json]:
    """Every option of an element, those in groups included."""
    groups = [group for group in listed(element.get("option_groups")) if isinstance(group, dict)]
    return [*listed(element.get("options")), *(option for group in groups for option in listed(group.get("options")))]


def shown_texts(blocks: Sequence[Json]) -> Iterator[str]:
    """Every text that a person reads in these blocks, in reading order, buttons and labels included."""
    for block in blocks:
        for key in ("text", "title", "label"):
            if block.get(key):
                yield text_of(block[key])
        for one in block.get("fields", []):
            yield text_of(one)
        for element in [*elements_of(block), *(block.get("elements", []) if block.get("type") == "context" else [])]:
            yield from _texts_in_element(element)
        if block.get("hint"):
            yield text_of(block["hint"])


def _texts_in_element(element: Json) -> Iterator[str]:
    if element.get("text"):
        yield text_of(element["text"])
    if element.get("alt_text"):
        yield element["alt_text"]
    for option in options_of(element):
        yield text_of(option.get("text"))


def shown_text(blocks: Sequence[Json]) -> str:
    """The same as one text, a line for each."""
    return "\n".join(shown_texts(blocks))


def _with_flags(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_flags(one) for one in value]
    if not isinstance(value, dict):
        return value
    done = {key: _with_flags(one) for key, one in value.items()}
    if done.get("type") == "plain_text":
        done.setdefault("emoji", True)
    elif done.get("type") == "mrkdwn":
        done.setdefault("verbatim", False)
    return done


def completed_blocks(blocks: Sequence[Json], mint_id: Callable[[str], str]) -> list[Json]:
    """Blocks as Slack hands them back: every block has a block id, every element an action id, all have their flags."""
    done: list[Json] = _with_flags(list(blocks))
    for block in done:
        if not block.get("block_id"):
            block["block_id"] = mint_id("b")
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for element in elements_of(block):
            if element["type"] != "image" and not element.get("action_id"):
                element["action_id"] = mint_id("a")
    return done

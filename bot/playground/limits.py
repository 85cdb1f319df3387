"""Slack's limits on blocks that its SDK lets through, one by one. Pure, used by `validate` alone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from bot.playground.blocks import elements_of, listed, options_of

BLOCKS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
CHECKBOXES = 10
ALERT_TEXT = 200
FIELD_TEXT = 2000
MARKDOWN_TOTAL = 12_000

PLAIN_ONLY = {"header": ("text",), "input": ("label", "hint"), "image": ("title",)}
INPUT_ELEMENTS = {
    "plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input",
}  # fmt: skip
MENUS = {
    "static_select", "external_select", "users_select", "conversations_select", "channels_select",
    "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
    "multi_channels_select", "checkboxes", "radio_buttons", "datepicker", "timepicker",
}  # fmt: skip
ALLOWED_ELEMENTS: Mapping[str, set[str]] = {
    "input": INPUT_ELEMENTS | MENUS | {"datetimepicker"},
    "actions": (MENUS - {one for one in MENUS if one.startswith("multi_")})
    | {"button", "overflow", "datetimepicker", "workflow_button"}
    | {one for one in MENUS if one.startswith("multi_")},
    "section": MENUS | {"button", "overflow", "image", "workflow_button"},
    "context": {"image", "mrkdwn", "plain_text"},
}
STYLES = ("primary", "danger")
NEEDS_OPTIONS = {"static_select", "multi_static_select", "checkboxes", "radio_buttons", "overflow"}


class Surface(StrEnum):
    """Where blocks stand; the value is a view's type."""

    MODAL = "modal"
    HOME = "home"
    MESSAGE = "message"


ONLY_ON: Mapping[str, Surface] = {
    "alert": Surface.MODAL,
    "markdown": Surface.MESSAGE,
    "file": Surface.MESSAGE,
}


def block_problems(blocks: Sequence[Any], surface: Surface, pointer: str) -> list[str]:
    """What Slack would refuse in these blocks, each with the JSON pointer to it."""
    messages: list[str] = []
    if not blocks and surface is not Surface.HOME:
        messages.append(f"[ERROR] no less than 1 items allowed [json-pointer:{pointer}]")
    if surface is not Surface.MESSAGE and len(blocks) > BLOCKS:
        messages.append(f"[ERROR] no more than {BLOCKS} items allowed [json-pointer:{pointer}]")
    messages += _repeated(blocks, pointer)
    for index, block in enumerate(blocks):
        if isinstance(block, dict):
            messages += _one_block(block, surface, f"{pointer}/{index}")
        else:
            messages.append(f"[ERROR] must provide an object [json-pointer:{pointer}/{index}]")
    markdown = sum(len(str(block.get("text"))) for block in blocks if _type_of(block) == "markdown")
    if markdown > MARKDOWN_TOTAL:
        messages.append(f"[ERROR] no more than {MARKDOWN_TOTAL} characters of markdown [json-pointer:{pointer}]")
    return messages


def _type_of(value: Any) -> str:
    return str(value.get("type", "")) if isinstance(value, dict) else ""


def _repeated(blocks: Sequence[Any], pointer: str) -> Iterator[str]:
    ids = Counter(str(block["block_id"]) for block in blocks if isinstance(block, dict) and block.get("block_id"))
    for block_id, times in ids.items():
        if times > 1:
            yield f"[ERROR] duplicate block_id {block_id} [json-pointer:{pointer}]"
    focused = [
        element
        for block in blocks
        if isinstance(block, dict)
        for element in elements_of(block)
        if element.get("focus_on_load")
    ]
    if len(focused) > 1:
        yield f"[ERROR] only one element may have focus_on_load [json-pointer:{pointer}]"


def _one_block(block: dict[str, Any], surface: Surface, pointer: str) -> Iterator[str]:
    kind = _type_of(block)
    if kind in ONLY_ON and surface is not ONLY_ON[kind]:
        yield f"[ERROR] {kind} blocks are for a {ONLY_ON[kind].value} only [json-pointer:{pointer}]"
    if kind == "alert" and len(_words(block.get("text"))) > ALERT_TEXT:
        yield f"[ERROR] must be less than {ALERT_TEXT + 1} characters [json-pointer:{pointer}/text]"
    for key in PLAIN_ONLY.get(kind, ()):
        if block.get(key) is not None and _type_of(block[key]) != "plain_text":
            yield f"[ERROR] must be a plain_text object [json-pointer:{pointer}/{key}]"
    for key in ("text", "label", "hint"):
        if isinstance(block.get(key), dict) and not block[key].get("text"):
            yield f"[ERROR] must be more than 0 characters [json-pointer:{pointer}/{key}/text]"
    if kind == "section":
        yield from _section(block, pointer)
    if kind in {"actions", "context"} and not block.get("elements"):
        yield f"[ERROR] no less than 1 items allowed [json-pointer:{pointer}/elements]"
    yield from _elements(block, kind, pointer)


def _section(block: dict[str, Any], pointer: str) -> Iterator[str]:
    if block.get("text") is not None and _type_of(block["text"]) not in {"plain_text", "mrkdwn"}:
        yield f"[ERROR] must be a text object [json-pointer:{pointer}/text]"
    for index, one in enumerate(listed(block.get("fields"))):
        if not 1 <= len(_words(one)) <= FIELD_TEXT:
            yield f"[ERROR] must be 1 to {FIELD_TEXT} characters [json-pointer:{pointer}/fields/{index}/text]"


def _elements(block: dict[str, Any], kind: str, pointer: str) -> Iterator[str]:
    elements = listed(block.get("elements")) if kind == "context" else elements_of(block)
    where = {"input": "element", "section": "accessory"}
    action_ids = Counter(str(one["action_id"]) for one in elements if isinstance(one, dict) and one.get("action_id"))
    for action_id, times in action_ids.items():
        if times > 1:
            yield f"[ERROR] `action_id` {action_id} already exists in this block [json-pointer:{pointer}/elements]"
    for index, element in enumerate(elements):
        place = f"{pointer}/{where[kind]}" if kind in where else f"{pointer}/elements/{index}"
        if kind in ALLOWED_ELEMENTS and _type_of(element) not in ALLOWED_ELEMENTS[kind]:
            yield f"[ERROR] unsupported type: {_type_of(element)} [json-pointer:{place}/type]"
        if isinstance(element, dict):
            yield from _one_element(element, place)


def _one_element(element: dict[str, Any], pointer: str) -> Iterator[str]:
    kind = _type_of(element)
    if kind == "button":
        if _type_of(element.get("text")) != "plain_text" or not _words(element.get("text")):
            yield f"[ERROR] must be a plain_text object with text [json-pointer:{pointer}/text]"
        if element.get("style", "primary") not in STYLES:
            yield f"[ERROR] unsupported style [json-pointer:{pointer}/style]"
    if element.get("placeholder") is not None and _type_of(element["placeholder"]) != "plain_text":
        yield f"[ERROR] must be a plain_text object [json-pointer:{pointer}/placeholder]"
    options = options_of(element)
    if kind in NEEDS_OPTIONS and not options:
        yield f"[ERROR] no less than 1 items allowed [json-pointer:{pointer}/options]"
    most = CHECKBOXES if kind in {"checkboxes", "radio_buttons"} else OPTIONS
    if len(options) > most:
        yield f"[ERROR] no more than {most} items allowed [json-pointer:{pointer}/options]"
    for index, option in enumerate(options):
        yield from _option(option, f"{pointer}/options/{index}")
    chosen = [
        *listed(element.get("initial_options")),
        *([element["initial_option"]] if "initial_option" in element else []),
    ]
    if kind in NEEDS_OPTIONS and any(one not in options for one in chosen):
        yield f"[ERROR] must be one of the options exactly [json-pointer:{pointer}/initial_options]"


def _option(option: Any, pointer: str) -> Iterator[str]:
    if not isinstance(option, dict):
        yield f"[ERROR] must provide an object [json-pointer:{pointer}]"
        return
    if not 1 <= len(_words(option.get("text"))) <= OPTION_TEXT:
        yield f"[ERROR] must be 1 to {OPTION_TEXT} characters [json-pointer:{pointer}/text/text]"
    if len(_words(option.get("description"))) > OPTION_TEXT:
        yield f"[ERROR] must be less than {OPTION_TEXT + 1} characters [json-pointer:{pointer}/description/text]"
    if not 1 <= len(str(option.get("value", ""))) <= OPTION_VALUE:
        yield f"[ERROR] must be 1 to {OPTION_VALUE} characters [json-pointer:{pointer}/value]"


def _words(text: Any) -> str:
    return str(text.get("text") or "") if isinstance(text, dict) else ""

"""What Slack and its guides ask of a view and no validator checks: each problem in words. Nothing of ours decides here.

The numbers are Slack's documented limits.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.rules import group_digits

BASE = "https://room.example"
OURS = re.compile(
    rf"<{re.escape(BASE)}/(?:j/[0-9]{{10,11}}|my/[A-Za-z0-9.]{{5,40}}|s/[A-Za-z0-9_.-]+)>"
    r"|<@U0[A-Z]+>|<#C0[A-Z]+>"
    r"|<!date\^[0-9]+\^\{date_long\}\|[0-9]{4}-[0-9]{2}-[0-9]{2}>"
    r"|<!date\^[0-9]+\^(?:\{date_(?:long|short)_pretty\}, )?\{time\}"
    r"\|(?:[0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2} UTC>"
)
"""What may come alive in our mrkdwn: our own addresses, a mention of who was asked for, a channel, a date, a time."""
MOST_INPUTS = {"schedule_modal": 10, "admin_options_modal": 9}
"""Fields of a dialog, where they are more than six: so much is said of a meeting once, and of nine options at once."""
QUESTIONS = frozenset({"cancel_modal"})
"""Dialogs that ask one thing, answered by the button alone."""
ENTITY = re.compile(r"&(?:amp|lt|gt);")
EMOJI = re.compile(r":[a-z0-9_+-]+:|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
SMALL_WORDS = {"a", "an", "and", "as", "by", "for", "in", "of", "on", "or", "the", "to", "with"}
BLOCKS_OF_MESSAGES = frozenset({"section", "context", "actions", "divider", "header"})
BLOCKS_OF_DIALOGS = BLOCKS_OF_MESSAGES | {"input"}


def comes_alive(text: str) -> list[str]:
    """What in mrkdwn is neither escaped nor ours."""
    return re.findall(r"[<>&]", ENTITY.sub("", OURS.sub("", text)))


def of_message(message: Mapping[str, Any]) -> list[str]:
    blocks = message["blocks"]
    found = list(of_blocks(blocks, BLOCKS_OF_MESSAGES))
    found += between(1, len(message["text"]), 4000, "text beside blocks")
    found += between(1, len(blocks), 50, "blocks")
    if sum(each.get("style") == "primary" for each in buttons(blocks)) > 1:
        found.append("more than one primary button")
    return found


def of_view(view: Mapping[str, Any]) -> list[str]:
    blocks = view["blocks"]
    inputs = [block for block in blocks if block["type"] == "input"]
    found = list(of_blocks(blocks, BLOCKS_OF_DIALOGS))
    found += between(1, len(blocks), 100, "blocks")
    for part in ("title", "submit", "close"):
        if part in view:
            found += [*between(1, len(view[part]["text"]), 24, part), *of_plain(view[part], part)]
    found += between(0, len(view.get("private_metadata", "")), 3000, "private_metadata")
    found += between(1, len(view["callback_id"]), 255, "callback_id")
    found += between(0, len(json.dumps(view)), 250_000, "the whole view")
    if inputs and "submit" not in view:
        found.append("an input and nothing to save it")
    if "submit" in view and not inputs and view["callback_id"] not in QUESTIONS:
        found.append("something to save and no input")
    if sum(bool(block["element"].get("focus_on_load")) for block in inputs) > 1:
        found.append("the focus in two places")
    if any("style" in each for each in buttons(blocks)):
        found.append("a styled button in a dialog")
    if EMOJI.search(view["title"]["text"]) or len(inputs) > MOST_INPUTS.get(view["callback_id"], 6):
        found.append("emoji in the title, or too many inputs")
    return found


def of_home(view: Mapping[str, Any]) -> list[str]:
    blocks = view["blocks"]
    found = list(of_blocks(blocks, BLOCKS_OF_MESSAGES))
    found += between(1, len(blocks), 100, "blocks")
    found += between(0, len(json.dumps(view)), 250_000, "the whole view")
    if sum(each.get("style") == "primary" for each in buttons(blocks)) > 1:
        found.append("more than one primary button")
    return found


def of_blocks(blocks: list[dict[str, Any]], allowed: frozenset[str]) -> Iterator[str]:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"two blocks are called {name}" for name, times in ids.items() if times > 1)
    for block in blocks:
        yield from between(1, len(block.get("block_id", "x")), 255, "block_id")
        if block["type"] not in allowed:
            yield f"a block of type {block['type']}"
        yield from _OF_BLOCK[block["type"]](block)
        names = Counter(element["action_id"] for element in elements(block))
        yield from (f"two elements of a block are called {name}" for name, times in names.items() if times > 1)


def of_section(block: Mapping[str, Any]) -> Iterator[str]:
    yield from of_mrkdwn(block["text"])
    if "accessory" in block:
        yield from of_button(block["accessory"])


def of_context(block: Mapping[str, Any]) -> Iterator[str]:
    yield from between(1, len(block["elements"]), 10, "elements of a context")
    for element in block["elements"]:
        yield from of_mrkdwn(element)


def of_actions(block: Mapping[str, Any]) -> Iterator[str]:
    yield from between(1, len(block["elements"]), 25, "elements of a row")
    for element in block["elements"]:
        yield from of_menu(element) if element["type"] == "overflow" else of_button(element)


def of_menu(menu: Mapping[str, Any]) -> Iterator[str]:
    yield from between(1, len(menu["options"]), 5, "options of a menu")
    for option in menu["options"]:
        yield from of_plain(option["text"], "option")
        yield from between(1, len(option["text"]["text"]), 75, "text of an option")
        yield from between(1, len(option["value"]), 150, "value of an option")


def of_button(button: Mapping[str, Any]) -> Iterator[str]:
    text, value = button["text"]["text"], button.get("value", "")
    yield from of_plain(button["text"], "button")
    yield from between(1, len(text), 75, "button")
    yield from between(1, len(button["action_id"]), 255, "action_id")
    yield from between(1, len(button.get("accessibility_label", "x")), 75, "accessibility_label")
    if "value" in button:
        yield from between(1, len(value), 2000, "value")
    for part, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if "confirm" in button:
            yield from of_plain(button["confirm"][part], f"{part} of a question")
            yield from between(1, len(button["confirm"][part]["text"]), most, f"{part} of a question")
    if button.get("style") == "danger" and "confirm" not in button:
        yield "danger without a question"
    names_a_choice = value and text in (value, group_digits(value))
    if not names_a_choice and not is_title_case(text):
        yield f"button not in Title Case: {text}"


def of_header(block: Mapping[str, Any]) -> Iterator[str]:
    text = block["text"]["text"]
    yield from of_plain(block["text"], "header")
    yield from between(1, len(text), 150, "header")
    if text[-1:] in {".", ":", "!", "?"}:
        yield "a heading with an end"


def of_divider(_block: Mapping[str, Any]) -> Iterator[str]:
    yield from ()


def of_input(block: Mapping[str, Any]) -> Iterator[str]:
    yield from of_plain(block["label"], "label")
    yield from between(1, len(block["label"]["text"]), 2000, "label")
    yield from of_plain(block.get("hint", block["label"]), "hint")
    if block["label"]["text"][-1] in ".:!?" or "(optional)" in block["label"]["text"].lower():
        yield "a label is a noun"
    if not block.get("block_id") or not block["element"].get("action_id"):
        yield "an input that cannot be read back"
    element = block["element"]
    if element["type"] == "plain_text_input":
        placeholder = element["placeholder"]["text"]
        yield from between(1, len(placeholder), 150, "placeholder")
        yield from between(0, len(element.get("initial_value", "")), 3000, "initial_value")
        if not placeholder.startswith("Ex. "):
            yield f"a placeholder that does not begin with Ex.: {placeholder}"
    elif element["type"] in ("datetimepicker", "datepicker", "number_input"):
        if "" in element.values() or None in element.values():
            yield "nothing chosen must be said by silence"
    elif element["type"] in ("conversations_select", "users_select"):
        yield from between(1, len(element["placeholder"]["text"]), 150, "placeholder")
    elif element["type"] == "multi_users_select":
        yield from between(1, len(element["placeholder"]["text"]), 150, "placeholder")
        yield from between(0, len(element.get("initial_users", ())), element["max_selected_items"], "users")
        if element.get("initial_users") == []:
            yield "nobody chosen must be said by silence"
    else:
        yield from of_options(element)


def of_options(element: Mapping[str, Any]) -> Iterator[str]:
    if element["type"] not in ("checkboxes", "radio_buttons", "static_select"):
        yield f"an input of type {element['type']}"
    yield from between(1, len(element["options"]), 100 if element["type"] == "static_select" else 10, "options")
    for option in element["options"]:
        yield from of_plain(option["text"], "option")
        yield from between(1, len(option["text"]["text"]), 75, "text of an option")
        yield from between(1, len(option["value"]), 75, "value of an option")
    ticked = element.get("initial_options", [])
    if any(
        option not in element["options"] for option in (*ticked, element.get("initial_option", element["options"][0]))
    ):
        yield "a box ticked that is not there"
    if element.get("initial_options") == []:
        yield "no box ticked must be said by silence"


def of_mrkdwn(text: Mapping[str, Any]) -> Iterator[str]:
    if text["type"] != "mrkdwn":
        yield "plain text where mrkdwn belongs"
    yield from between(1, len(text["text"]), 3000, "mrkdwn")
    if comes_alive(text["text"]):
        yield f"not escaped: {text['text'][:200]}"
    if not text["text"].strip():
        yield "nothing but blanks"


def of_plain(text: Mapping[str, Any], what: str) -> Iterator[str]:
    if text["type"] != "plain_text" or text.get("emoji") is not False:
        yield f"{what} is not plain text without emoji"
    if EMOJI.search(text["text"]):
        yield f"emoji in {what}"


def between(least: int, size: int, most: int, what: str) -> list[str]:
    return [] if least <= size <= most else [f"{what}: {size}, not {least} to {most}"]


def is_title_case(text: str) -> bool:
    return all(word in SMALL_WORDS or not word[0].islower() for word in text.split())


def elements(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if block["type"] == "actions":
        return list(block["elements"])
    return [block[part] for part in ("accessory", "element") if part in block]


def buttons(blocks: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    return [element for block in blocks for element in elements(block) if element["type"] == "button"]


_OF_BLOCK = {
    "section": of_section,
    "context": of_context,
    "actions": of_actions,
    "input": of_input,
    "header": of_header,
    "divider": of_divider,
}

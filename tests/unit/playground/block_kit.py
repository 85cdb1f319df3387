"""Blocks, elements and views for tests, of any size."""

from typing import Any

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


def image(alt: int = 1, url: int = 30, **more: Any) -> Json:
    return {"type": "image", "image_url": "https://x.example/".ljust(url, "i"), "alt_text": "x" * alt, **more}


def menu(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "act", **more}


def groups(count: int = 1, label: int = 1, of: int = 1) -> list[Json]:
    return [
        {"label": plain(label), "options": [{"text": plain(), "value": f"{group}.{one}"} for one in range(of)]}
        for group in range(count)
    ]


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def typed_number(**more: Any) -> Json:
    return field({"type": "number_input", "is_decimal_allowed": False, **more})

"""Reads fields of a submitted dialog. What is missing or of another type reads as not there: it came from outside."""

import json
from collections.abc import Mapping
from typing import Any


def typed(view: Mapping[str, Any], block_id: str, action_id: str) -> str | None:
    """What was typed into a text field."""
    value = _element(view, block_id, action_id).get("value")
    return value if isinstance(value, str) else None


def ticked(view: Mapping[str, Any], block_id: str, action_id: str) -> frozenset[str]:
    """The values of the boxes that are ticked."""
    options = _element(view, block_id, action_id).get("selected_options")
    listed = options if isinstance(options, list) else []
    values = [option.get("value") for option in listed if isinstance(option, dict)]
    return frozenset(value for value in values if isinstance(value, str))


def shown_input(view: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]] | None:
    """The id and the element of the field whose id is this name, or begins with it; None where it was not shown."""
    blocks = view.get("blocks")
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, dict) and block.get("type") == "input" and str(block.get("block_id", "")).startswith(name):
            element = block.get("element")
            return str(block.get("block_id")), element if isinstance(element, dict) else {}
    return None


def held(view: Mapping[str, Any], block_id: str, action_id: str, key: str) -> tuple[Any] | None:
    """What a field holds under this key of its state: a tuple, since it may hold nothing; None without a state."""
    element = _element(view, block_id, action_id)
    return (element[key],) if key in element else None


def _element(view: Mapping[str, Any], block_id: str, action_id: str) -> dict[str, Any]:
    found: Any = view
    for name in ("state", "values", block_id, action_id):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    """What the dialog's writer put beside it. It must decide nothing but what was shown."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except (TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def with_replaced(view: Mapping[str, Any], after: str, name: str, new: list[dict[str, Any]]) -> dict[str, Any]:
    """The same dialog for `views.update`, with the blocks whose id begins with `name` replaced by new ones.

    They stand after the block with the id `after`, or first where there is none. What people typed stays, since
    no other block changes.
    """
    kept = [block for block in view.get("blocks") or [] if not str(block.get("block_id", "")).startswith(name)]
    place = next((at + 1 for at, block in enumerate(kept) if block.get("block_id") == after), 0)
    same = {key: view[key] for key in _SENT if view.get(key) not in (None, "")}
    return same | {"blocks": [*kept[:place], *new, *kept[place:]]}


_SENT = (
    "type",
    "callback_id",
    "title",
    "submit",
    "close",
    "private_metadata",
    "clear_on_close",
    "notify_on_close",
    "external_id",
)

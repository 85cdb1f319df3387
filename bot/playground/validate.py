"""What Slack refuses in views and messages, as it says it. Pure: knows no member, no channel, no time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.playground.blocks import Json
from bot.playground.limits import Surface, block_problems

VIEW_BYTES = 250_000
TEXT_LENGTH = 40_000
MESSAGE_BLOCKS = 50

__all__ = ["Problems", "Surface", "message_problems", "view_problems"]


@dataclass(frozen=True, slots=True)
class Problems:
    """Slack's error and its messages; false where there is nothing to refuse."""

    error: str = ""
    messages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.error)


def view_problems(view: Any, surface: Surface) -> Problems:
    """Why Slack would refuse this view on this surface."""
    if not isinstance(view, dict):
        return Problems("invalid_arguments", ("[ERROR] must provide an object [json-pointer:/view]",))
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        return Problems("view_too_large", (f"[ERROR] must be less than {VIEW_BYTES} bytes [json-pointer:/view]",))
    messages = [*_sdk_view_problems(view), *_own_view_problems(view, surface)]
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        messages += block_problems(blocks, surface, "/view/blocks")
    return Problems("invalid_arguments", tuple(dict.fromkeys(messages))) if messages else Problems()


def message_problems(content: Mapping[str, Any]) -> Problems:
    """Why Slack would refuse this message. Stricter in one thing: `text` must stand beside blocks."""
    text, blocks = content.get("text"), content.get("blocks")
    if blocks is not None and not isinstance(blocks, list):
        return Problems("invalid_blocks_format", ("[ERROR] must be an array [json-pointer:/blocks]",))
    if text is not None and not isinstance(text, str):
        return Problems("invalid_arguments", ("[ERROR] must be a string [json-pointer:/text]",))
    if not (text or "").strip():
        reason = "[ERROR] text is what notifications and screen readers tell; blocks need it too [json-pointer:/text]"
        return Problems("no_text", (reason,))
    if len(text or "") > TEXT_LENGTH:
        return Problems("msg_too_long", (f"[ERROR] must be at most {TEXT_LENGTH} characters [json-pointer:/text]",))
    if not blocks:
        return Problems()
    messages: list[str] = []
    if len(blocks) > MESSAGE_BLOCKS:
        messages.append(f"[ERROR] no more than {MESSAGE_BLOCKS} items allowed [json-pointer:/blocks]")
    for index, block in enumerate(blocks):
        messages += _sdk_block_problems(block, f"/blocks/{index}")
    messages += block_problems(blocks, Surface.MESSAGE, "/blocks")
    return Problems("invalid_blocks", tuple(dict.fromkeys(messages))) if messages else Problems()


def _own_view_problems(view: Json, surface: Surface) -> Iterator[str]:
    if view.get("type") != surface.value:
        yield f'[ERROR] must be "{surface.value}" [json-pointer:/view/type]'
    if not isinstance(view.get("blocks"), list):
        yield "[ERROR] missing required field: blocks [json-pointer:/view]"
    if surface is Surface.MODAL and not view.get("title"):
        yield "[ERROR] missing required field: title [json-pointer:/view]"
    for key in ("title", "submit", "close"):
        text = view.get(key)
        if text is not None and (not isinstance(text, dict) or text.get("type") != "plain_text"):
            yield f"[ERROR] must be a plain_text object [json-pointer:/view/{key}]"
        elif isinstance(text, dict) and not text.get("text"):
            yield f"[ERROR] must be more than 0 characters [json-pointer:/view/{key}/text]"
    external_id = view.get("external_id")
    if isinstance(external_id, str) and len(external_id) > 255:  # noqa: PLR2004 - Slack's limit, used once
        yield "[ERROR] must be less than 256 characters [json-pointer:/view/external_id]"
    blocks = view.get("blocks")
    if surface is Surface.MODAL and isinstance(blocks, list) and not view.get("submit"):
        kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
        if "input" in kinds:
            yield "[ERROR] missing required field: submit, as there is an input block [json-pointer:/view]"


def _sdk_view_problems(view: Json) -> Iterator[str]:
    """The SDK's own objects: what they cannot be made of, what they raise on, what they drop."""
    try:
        again = View(**deepcopy(view)).to_dict()
    except SlackObjectFormationError as error:
        yield f"[ERROR] {error} [json-pointer:/view]"
    except (TypeError, ValueError, AttributeError, KeyError):
        yield "[ERROR] failed to match all allowed schemas [json-pointer:/view]"
    else:
        yield from _differences(view, again, "/view")
        return
    blocks = view.get("blocks")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        yield from _sdk_block_problems(block, f"/view/blocks/{index}")


def _sdk_block_problems(block: Any, pointer: str) -> Iterator[str]:
    try:
        parsed: list[Block | None] = [*Block.parse_all([deepcopy(block)])]
        again = parsed[0].to_dict() if parsed[0] is not None else None
    except SlackObjectFormationError as error:
        yield f"[ERROR] {error} [json-pointer:{pointer}]"
    except (TypeError, ValueError, AttributeError, KeyError):
        yield f"[ERROR] failed to match all allowed schemas [json-pointer:{pointer}]"
    else:
        yield from _differences(block, again, pointer)


def _differences(sent: Any, kept: Any, pointer: str) -> Iterator[str]:
    """Where the SDK's copy lacks what was sent: an unknown block or a misspelt key. Empty values do not count."""
    if isinstance(sent, Mapping) and isinstance(kept, Mapping):
        for key, value in sent.items():
            if key in kept:
                yield from _differences(value, kept[key], f"{pointer}/{key}")
            elif value not in (None, "", [], {}):
                yield f"[ERROR] no more properties allowed: {key} [json-pointer:{pointer}]"
    elif _is_list(sent) and _is_list(kept):
        for index, (one, other) in enumerate(zip(sent, kept, strict=False)):
            yield from _differences(one, other, f"{pointer}/{index}")
    elif sent != kept:
        yield f"[ERROR] unsupported or malformed [json-pointer:{pointer}]"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)

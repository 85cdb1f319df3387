"""The blocks that our views are made of. Plain dictionaries: what Slack reads."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.views.mrkdwn import Mrkdwn

BlockDict: TypeAlias = dict[str, Any]
View: TypeAlias = dict[str, Any]

SECTION = 3000
LABEL = 75
VALUE = 2000


def plain(text: str) -> BlockDict:
    """A plain text object: nothing in it comes alive."""
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> BlockDict:
    """A heading."""
    return {"type": "header", "text": plain(text)}


def section(text: Mrkdwn, *, block_id: str = "", accessory: BlockDict | None = None) -> BlockDict:
    """A section of mrkdwn, cut at Slack's limit."""
    block: BlockDict = {"type": "section", "text": {"type": "mrkdwn", "text": text[:SECTION], "verbatim": True}}
    if block_id:
        block["block_id"] = block_id
    if accessory is not None:
        block["accessory"] = accessory
    return block


def context(text: Mrkdwn, *, block_id: str = "") -> BlockDict:
    """Small print."""
    block: BlockDict = {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:SECTION], "verbatim": True}]}
    if block_id:
        block["block_id"] = block_id
    return block


def actions(buttons: Sequence[BlockDict], *, block_id: str = "") -> BlockDict:
    """A row of buttons."""
    block: BlockDict = {"type": "actions", "elements": list(buttons)}
    if block_id:
        block["block_id"] = block_id
    return block


def button(text: str, action_id: str, *, value: str = "", label: str = "") -> BlockDict:
    """A button; the label is for screen readers, where the text alone would not say enough."""
    element: BlockDict = {"type": "button", "text": plain(text[:LABEL]), "action_id": action_id}
    if value:
        element["value"] = value
    if label:
        element["accessibility_label"] = label[:LABEL]
    return element


def link_button(
    text: str, action_id: str, url: str, *, value: str = "", label: str = "", primary: bool = False
) -> BlockDict:
    """A button that leads to an address. Slack tells of the click as well."""
    element = button(text, action_id, value=value, label=label) | {"url": url}
    return element | ({"style": "primary"} if primary else {})


def home(blocks: Sequence[BlockDict]) -> View:
    """What the Home tab shows."""
    return {"type": "home", "blocks": list(blocks)}


def modal(callback_id: str, *, title: str, close: str, blocks: Sequence[BlockDict], **more: str | BlockDict) -> View:
    """A dialog; `more` holds `submit` (a plain text object) and `private_metadata` where there are any."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "close": plain(close),
        "blocks": list(blocks),
        **more,
    }

"""The shape of every block and view that this stand-in shows; Slack's others are refused as if they were unknown."""

from collections.abc import Mapping
from typing import Any

from bot.playground.elements import IN_BLOCK, NOT_ON, SHAPES, Surface
from bot.playground.objects import ACTION_ID, address, plain, rich_text, slack_file, words
from bot.playground.schema import (
    Rule,
    array,
    boolean,
    both,
    exactly_one,
    one_of,
    said,
    shape,
    string,
    typed,
    whole,
)

VIEW_BLOCKS = 100
MESSAGE_BLOCKS = 50
ID = 255
TITLE = 24
METADATA = 3000
LEVELS = ("default", "info", "warning", "error", "success")

ONLY_ON: Mapping[str, frozenset[Surface]] = {
    "alert": frozenset({Surface.MODAL}),
    "markdown": frozenset({Surface.MESSAGE}),
    "call": frozenset({Surface.MESSAGE}),
}
"""Blocks that do not stand everywhere."""


def blocks(surface: Surface) -> Rule:
    """The blocks of a surface. Home may be empty."""
    shapes = _blocks_on(surface)
    names = [name for name in shapes if surface in ONLY_ON.get(name, set(Surface))]
    most = MESSAGE_BLOCKS if surface is Surface.MESSAGE else VIEW_BLOCKS
    return array(typed(shapes, names), most, 0 if surface is Surface.HOME else 1)


def _block(required: Mapping[str, Rule] | None = None, optional: Mapping[str, Rule] | None = None) -> Rule:
    return shape({"type": string(), **(required or {})}, {"block_id": string(ACTION_ID), **(optional or {})})


def _text_or_fields(block: Any, pointer: str) -> list[str]:
    if "text" in block or "fields" in block:
        return []
    return said("must define either `text` or `fields`", f"{pointer}/type")


def _blocks_on(surface: Surface) -> Mapping[str, Rule]:
    element = {name: typed(SHAPES, allowed - NOT_ON[surface]) for name, allowed in IN_BLOCK.items()}
    in_context = typed({"image": SHAPES["image"], "plain_text": words(3000), "mrkdwn": words(3000)})
    return {
        "section": both(
            _block(
                {},
                {
                    "text": words(3000),
                    "fields": array(words(2000), 10),
                    "accessory": element["section"],
                    "expand": boolean,
                },
            ),
            _text_or_fields,
        ),
        "header": _block({"text": plain(150)}),
        "context": _block({"elements": array(in_context, 10)}),
        "divider": _block(),
        "image": both(
            _block(
                {"alt_text": string(2000, 1)},
                {"image_url": both(string(3000, 1), address), "slack_file": slack_file, "title": plain(2000)},
            ),
            exactly_one("image_url", "slack_file"),
        ),
        "actions": _block({"elements": array(element["actions"], 25)}),
        "input": _block(
            {"label": plain(2000), "element": element["input"]},
            {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        ),
        "rich_text": rich_text,
        "alert": _block({"text": words(200)}, {"level": one_of(*LEVELS)}),
        "markdown": _block({"text": string(12_000, 1)}),
        "call": _block({"call_id": string(least=1)}, {"api_decoration_available": boolean}),
    }


_IDS: Mapping[str, Rule] = {
    "private_metadata": string(METADATA),
    "callback_id": string(ID),
    "external_id": string(ID),
}
VIEWS: Mapping[Surface, Rule] = {
    Surface.MODAL: whole(
        typed(
            {
                "modal": shape(
                    {"type": string(), "title": plain(TITLE), "blocks": blocks(Surface.MODAL)},
                    {
                        **_IDS,
                        "submit": plain(TITLE),
                        "close": plain(TITLE),
                        "clear_on_close": boolean,
                        "notify_on_close": boolean,
                    },
                )
            }
        )
    ),
    Surface.HOME: whole(
        typed({"home": shape({"type": string(), "blocks": blocks(Surface.HOME)}, _IDS)}),
    ),
}
MESSAGE = blocks(Surface.MESSAGE)

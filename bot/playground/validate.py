"""What Slack refuses in views, messages and suggested options, as it says it. Knows no member, no channel, no time."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.elements import OPTIONS, Surface
from bot.playground.layouts import MESSAGE, VIEWS
from bot.playground.limits import contradictions
from bot.playground.objects import OPTION, option, option_groups, plain
from bot.playground.schema import array, both, exactly_one, shape

VIEW_BYTES = 250_000
TEXT_LENGTH = 40_000
EDITED_TEXT_LENGTH = 4_000
ATTACHMENTS = 100

__all__ = ["Problems", "Surface", "message_problems", "suggestion_problems", "unfurl_problems", "view_problems"]

_suggestions = both(
    shape({}, {"options": array(option(plain(OPTION)), OPTIONS, 0), "option_groups": option_groups(OPTIONS)}),
    exactly_one("options", "option_groups"),
)


@dataclass(frozen=True, slots=True)
class Problems:
    """Slack's error and its messages; false where there is nothing to refuse."""

    error: str = ""
    messages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.error)

    @property
    def beside(self) -> dict[str, Any]:
        """What an answer says beside the error."""
        return {"response_metadata": {"messages": list(self.messages)}} if self.messages else {}

    @property
    def plainly(self) -> list[str]:
        """The messages without the word before them, as methods that post put them into `errors`."""
        return [message.removeprefix("[ERROR] ") for message in self.messages]


def view_problems(view: Any, surface: Surface) -> Problems:
    """Why Slack would refuse this view on this surface."""
    if len(json.dumps(view, ensure_ascii=False).encode(errors="surrogatepass")) > VIEW_BYTES:
        return Problems("view_too_large")
    found = VIEWS[surface](view, "/view")
    if not found:
        found = contradictions(view["blocks"], surface, "/view/blocks", submits="submit" in view)
    return _problems("invalid_arguments", found)


def message_problems(content: Mapping[str, Any], most: int = TEXT_LENGTH) -> Problems:
    """Why Slack would refuse this message. Stricter in one thing: `text` must stand beside blocks.

    `most` is how long the text may be.
    """
    text, blocks, attachments = content.get("text"), content.get("blocks"), content.get("attachments")
    if blocks is not None and not isinstance(blocks, list):
        return _problems("invalid_blocks_format", ["must provide an array [json-pointer:/blocks]"])
    if text is not None and not isinstance(text, str):
        return _problems("invalid_arguments", ["must provide a string [json-pointer:/text]"])
    if isinstance(attachments, list) and len(attachments) > ATTACHMENTS:
        return Problems("too_many_attachments")
    if not (text or "").strip():
        reason = "text is what notifications and screen readers tell; blocks need it too [json-pointer:/text]"
        return _problems("no_text", [reason])
    if len(text or "") > most:
        return _problems("msg_too_long", [f"must be less than {most + 1} characters [json-pointer:/text]"])
    return _block_problems("invalid_blocks", blocks, "/blocks")


def unfurl_problems(unfurls: Any) -> Problems:
    """Why Slack would refuse this map of addresses to what they show."""
    if not isinstance(unfurls, dict):
        return _problems("invalid_unfurls_format", ["must provide an object [json-pointer:/unfurls]"])
    for url, shown in unfurls.items():
        if not isinstance(shown, dict) or not isinstance(shown.get("blocks", []), list):
            return _problems("cannot_parse_attachment", [f"must provide an object [json-pointer:/unfurls/{url}]"])
        problems = _block_problems("cannot_parse_attachment", shown.get("blocks"), f"/unfurls/{url}/blocks")
        if problems:
            return problems
    return Problems()


def suggestion_problems(answer: Any) -> Problems:
    """Why Slack would not show these suggestions in a menu."""
    return _problems("invalid_options", _suggestions(answer, ""))


def _block_problems(error: str, blocks: Any, pointer: str) -> Problems:
    if not blocks:
        return Problems()
    found = MESSAGE(blocks, pointer) or contradictions(blocks, Surface.MESSAGE, pointer)
    return _problems(error, found)


def _problems(error: str, found: Iterable[str]) -> Problems:
    messages = tuple(dict.fromkeys(f"[ERROR] {message}" for message in found))
    return Problems(error, messages) if messages else Problems()

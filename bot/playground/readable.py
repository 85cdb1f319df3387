"""Slack's marked-up text as text for a terminal. Nothing that a person typed is trusted to be printable."""

import re
import textwrap
import unicodedata
from collections.abc import Mapping
from typing import Any

from bot.playground.escaping import plain

# Stand for bold on and off while text is wrapped. No text holds them: `visible` has replaced every control character.
BOLD, REGULAR = "\x01", "\x02"
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])")
_STRUCK = re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])")
_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
# The few emoji that apps use as marks; others stay as Slack writes them.
_EMOJI: Mapping[str, str] = {
    "white_check_mark": "\N{HEAVY CHECK MARK}",
    "heavy_check_mark": "\N{HEAVY CHECK MARK}",
    "x": "\N{HEAVY BALLOT X}",
    "no_entry": "\N{HEAVY BALLOT X}",
    "warning": "!",
    "lock": "(locked)",
}
_EMOJI_NAME = re.compile(r":([a-z0-9_+-]+):")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_DELETE = 0x7F
_PICTURES = 0x2400


def visible(text: str) -> str:
    """The text with every control and invisible character but the newline drawn as something that can be seen."""
    return "".join(one if one == "\n" or unicodedata.category(one) not in _HIDDEN else _drawn(one) for one in text)


def _drawn(character: str) -> str:
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES + code)
    return (
        "\N{SYMBOL FOR DELETE}"
        if code == _DELETE
        else f"\N{MATHEMATICAL LEFT ANGLE BRACKET}U+{code:04X}\N{MATHEMATICAL RIGHT ANGLE BRACKET}"
    )


def readable(text: Any, names: Mapping[str, str]) -> str:
    """The words of a text object or of marked-up text, bold between `BOLD` and `REGULAR`; `names` by user id."""
    if isinstance(text, Mapping):
        words = visible(str(text.get("text", "")))
        return words if text.get("type") == "plain_text" else _unmarked(words, names)
    return _unmarked(visible(str(text)), names)


def _unmarked(text: str, names: Mapping[str, str]) -> str:
    parts: list[str] = []
    position = 0
    for match in _CODE.finditer(text):
        parts.append(_styled(text[position : match.start()], names))
        parts.append(plain((match[1] or match[2]).strip("\n")))
        position = match.end()
    parts.append(_styled(text[position:], names))
    return "".join(parts)


def _styled(text: str, names: Mapping[str, str]) -> str:
    """Marks away, then links and mentions as words, so that an underscore in an address marks nothing."""
    pieces: list[str] = []
    links: list[str] = []

    def aside(match: re.Match[str]) -> str:
        links.append(_link(match[1], match[2] or "", names))
        return f"\x03{len(links) - 1}\x04"

    kept = _LINK.sub(aside, text)
    kept = _STRUCK.sub(r"\1", _ITALIC.sub(r"\1", _BOLD.sub(rf"{BOLD}\1{REGULAR}", kept)))
    for index, piece in enumerate(re.split("\x03(\\d+)\x04", kept)):
        pieces.append(links[int(piece)] if index % 2 else plain(_EMOJI_NAME.sub(_emoji, piece)))
    return "".join(pieces)


def _emoji(match: re.Match[str]) -> str:
    return _EMOJI.get(match[1], match[0])


def _link(target: str, label: str, names: Mapping[str, str]) -> str:
    target, label = plain(target), plain(label)
    if target.startswith("@"):
        return "@" + names.get(target[1:], label or target[1:])
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    address = target.removeprefix("mailto:")
    return address if not label or label == address else f"{label} ({address})"


def wrapped(text: str, width: int, indent: str = "", hanging: str | None = None) -> list[str]:
    """Lines of at most `width` characters, where words allow; `hanging` indents all but the first."""
    rest = indent if hanging is None else hanging
    lines: list[str] = []
    for paragraph in text.split("\n"):
        start = rest if lines else indent
        made = textwrap.wrap(
            paragraph,
            width,
            initial_indent=start,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += made or [""]
    return lines


def finished(line: str, *, colour: bool) -> str:
    """A line as it is printed: bold in a terminal with colours, plain elsewhere."""
    on, off = ("\x1b[1m", "\x1b[22m") if colour else ("", "")
    return line.replace(BOLD, on).replace(REGULAR, off).rstrip(" ")

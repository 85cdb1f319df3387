"""Reading what people type: from their text to the number or link they mean. What cannot be read is left for rules."""

import re

_WHITE_SPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_QUOTES = "\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f"
_BLANKS = _WHITE_SPACE + _INVISIBLE
_EDGES = _BLANKS + _QUOTES

_SEPARATORS = dict.fromkeys(map(ord, " \xa0\u202f-\u2010\u2011\u2012\u2013"))
"""Spaces and hyphens that may stand inside a number, for `str.translate`, which removes them."""

_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""What turns the text around it about, for `str.translate`, which removes it: letters have their own direction."""

_REFERENCE = re.compile(r"<([@#!])([^<>|]*)(?:\|([^<>]*))?>|<mailto:([^<>|]*)(?:\|([^<>]*))?>")
"""What Slack makes of a person, a channel, a group or a mail address, with or without the label that people saw."""

_NUMBER_URL = re.compile(r"\A(?i:https?)://[^\s/?#<>|]+(?:/[^\s?#<>|]*?)?/j/([^/?#]*)/?(?:[?#]\S*)?\Z", re.ASCII)
_LINK_URL = re.compile(r"\A(?i:https?)://[^\s/?#<>|]+(?:/[^\s?#<>|]*?)?/my/([^/?#]*)/?(?:[?#]\S*)?\Z", re.ASCII)


def read_plainly(text: str) -> str:
    """What was typed without what nobody sees at its ends. Quotes and all else are part of it."""
    return text.strip(_BLANKS)


def read_free_text(text: str) -> str:
    """Free text in any script, without what turns the text around it about, or is not seen at its ends."""
    return read_plainly(text.translate(_TURNS))


def read_number(text: str) -> str:
    """The meeting number in what was typed, without separators. Other characters are left in."""
    if text.isdigit() and text.isascii():
        return text
    return _read(text, _NUMBER_URL).translate(_SEPARATORS)


def read_link(text: str) -> str:
    """The personal link in what was typed, in the spelling that was typed."""
    return _read(text, _LINK_URL)


def _read(text: str, url: re.Pattern[str]) -> str:
    typed = (_REFERENCE.sub(_as_typed, text) if "<" in text else text).strip(_EDGES)
    inside, closed, periods = typed.rpartition(">")
    if not (inside.startswith("<") and closed) or periods.strip("."):
        address = url.match(typed)
        return address[1] if address else typed
    # Slack wraps an address, and leaves a period behind it outside: it ended the sentence.
    target, _, label = inside[1:].partition("|")
    target = target.strip(_EDGES).removeprefix("tel:")
    if address := url.match(target):
        return address[1]
    if label and target.removesuffix("/") == f"http://{label}":
        return label + periods  # Slack makes an address of any "jane.do" whose ending is a domain's: all was typed
    return target


def _as_typed(reference: re.Match[str]) -> str:
    """The reference as whoever typed it sees it; without a label its sign alone, for nobody types an id."""
    sign, target, label, address, shown_address = reference.groups()
    if sign is None:
        return shown_address or address
    if sign == "!":
        return label or "@" + ("" if "^" in target else target)
    return sign + (label or "").removeprefix(sign)

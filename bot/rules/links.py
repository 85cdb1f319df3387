"""The rules for a personal link, one function each, and the one door to the type `PersonalLink`.

Only ASCII is ever folded: a letter of another script is refused as a character, however much it looks like ours.
"""

import re
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from bot.rules.codes import Code
from bot.rules.common_names import CommonNames
from bot.rules.reading import read_link
from bot.rules.refusals import Refusal, Spans, Violation, places, shown, violation_of

SHORTEST = 5
LONGEST = 40

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_LETTERS = tuple(ascii_lowercase + ascii_uppercase)
_KEY = re.compile(r"\A[a-z](?:[a-z0-9.]{0,38}[a-z0-9])?\Z")
_OTHER_CHARACTERS = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """A personal link that passes every rule: as its holder spells it, and as it is found. Made by `parse_link`."""

    spelling: str
    key: str


def link_key(spelling: str) -> str:
    """What a link is unique and found by: lower-cased (ASCII alone), trailing periods dropped."""
    return spelling.translate(_LOWER).rstrip(".")


def is_a_link_key(text: str) -> bool:
    """Whether some link may be found by it."""
    return _KEY.match(text) is not None


def is_too_short(link: str) -> bool:
    """Under 5 characters, as typed."""
    return len(link) < SHORTEST


def is_too_long(link: str) -> bool:
    """Over 40 characters, as typed."""
    return len(link) > LONGEST


def starts_without_a_letter(link: str) -> Spans:
    """The first character is not an ASCII letter."""
    return () if link.startswith(_LETTERS) else ((0, 1),)


def has_other_characters(link: str) -> Spans:
    """Anything but ASCII letters, digits and periods."""
    return places(_OTHER_CHARACTERS, link)


def is_a_common_name(link: str, names: CommonNames) -> bool:
    """The whole link, lower-cased and without periods, is a common name or a reserved word."""
    return names.refuses(link_key(link).replace(".", ""))


def parse_link(text: str, names: CommonNames) -> PersonalLink | Refusal:
    """The personal link that somebody typed, or a refusal with every rule it breaks. No text makes it raise."""
    wish = read_link(text)
    violations = tuple(_violations(wish, names))
    return Refusal(shown(wish), violations) if violations else PersonalLink(wish, link_key(wish))


def _violations(wish: str, names: CommonNames) -> list[Violation]:
    if not wish:
        return [Violation(Code.LINK_TOO_SHORT)]
    broken: list[tuple[Code, Spans]] = []
    if is_too_short(wish):
        broken.append((Code.LINK_TOO_SHORT, ()))
    if is_too_long(wish):
        broken.append((Code.LINK_TOO_LONG, ()))
    if spans := starts_without_a_letter(wish):
        broken.append((Code.LINK_FIRST_CHARACTER, spans))
    if spans := has_other_characters(wish):
        broken.append((Code.LINK_CHARACTERS, spans))
    if is_a_common_name(wish, names):
        broken.append((Code.LINK_COMMON_NAME, ((0, len(wish)),)))
    return [violation_of(code, wish, spans) for code, spans in broken]

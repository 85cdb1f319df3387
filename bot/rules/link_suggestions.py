"""Personal links near a wish and a person's name. Whether a link is free is not known here."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules.common_names import CommonNames
from bot.rules.drawing import Below, in_random_order
from bot.rules.links import LONGEST, PersonalLink, link_key, parse_link
from bot.rules.reading import read_link
from bot.rules.refusals import shown

_NUMBERS = range(10, 1000)
"""Endings of two and three digits."""

_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t"}
)
_KEPT = re.compile(r"[a-z0-9.]")
_BETWEEN_WORDS = re.compile(r"[ -/:-@\[-`{-~]")
_APOSTROPHES = ("'", "`", "\u2019")


@dataclass(frozen=True, slots=True)
class _Name:
    first: str
    last: str
    all: str


def links_near(wish: str, name: str, names: CommonNames, below: Below) -> Iterator[PersonalLink]:
    """Links that pass every rule, none twice, never the wish's own: from the wish, from the name, then with numbers.

    The name is the person's own as they write it; either may be empty or in any script. Ends after some hundreds.
    """
    seen = {link_key(read_link(wish))}
    start = _in_our_letters(read_link(wish))[:LONGEST].rstrip(".")
    for spelling in _spellings(start, _name(name), below):
        link = parse_link(spelling, names)
        if isinstance(link, PersonalLink) and link.key not in seen:
            seen.add(link.key)
            yield link


def _spellings(wish: str, name: _Name, below: Below) -> Iterator[str]:
    if wish:
        yield from _from_wish(wish, name)
    if name.all:
        yield from _from_name(name)
    stems = [stem for stem in (wish, name.all, name.last) if stem] or ["room", "my.room"]
    for at, index in enumerate(in_random_order(len(_NUMBERS), below)):
        ending = f".{_NUMBERS[index]}"
        yield stems[at % len(stems)][: LONGEST - len(ending)].rstrip(".") + ending


def _from_wish(wish: str, name: _Name) -> Iterator[str]:
    yield wish
    own = [part for part in (name.last, name.first) if part not in {"", wish}]
    yield from (f"{wish}.{ending}" for ending in (*own, "room", "meet"))
    yield from (f"{beginning}.{wish}" for beginning in (*own, "my", "meet"))


def _from_name(name: _Name) -> Iterator[str]:
    first, last = name.first, name.last
    if last:
        yield from (
            f"{first}.{last}",
            f"{first[:1]}.{last}",
            f"{last}.{first}",
            f"{first}.{last[:1]}",
            f"{first}{last}",
        )
        yield from (name.all, f"{first[:1]}{last}", f"{first}.{last}.room", f"{first[:1]}.{last}.room")
    yield from (f"{name.all}.room", f"{first}.room", f"{first}.meet", f"meet.{first}", f"room.{first}")


def _name(name: str) -> _Name:
    before_remark, _, _ = name.partition("(")  # "Anna Larsson (she/her)"
    whole = _in_our_letters(before_remark)
    first, *others = whole.split(".")
    return _Name(first, others[-1] if others else "", whole)


def _in_our_letters(text: str) -> str:
    """The text in ASCII letters, digits and single periods, beginning with a letter; empty where nothing is left."""
    reduced = unicodedata.normalize("NFKD", shown(text)).lower().translate(_WITHOUT_DECOMPOSITION)
    for apostrophe in _APOSTROPHES:
        reduced = reduced.replace(apostrophe, "")
    worded = _BETWEEN_WORDS.sub(".", reduced)
    ours = "".join(_KEPT.findall(worded))
    return re.sub(r"\.+", ".", ours).strip(".").lstrip("0123456789.")

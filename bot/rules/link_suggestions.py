"""Personal links made of a wish, or of a person's name. Whether a link is free is not known here."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from bot.rules.common_names import CommonNames
from bot.rules.drawing import Below, in_random_order
from bot.rules.links import LONGEST, PersonalLink, parse_link
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


def links_from_wish(wish: str, name: str, names: CommonNames, below: Below) -> Iterator[PersonalLink]:
    """Links made of the wish: itself, then with words and parts of the name, then with numbers.

    They pass every rule, none comes twice, and the first is the wish itself if it passes. Nothing where the wish has
    nothing that a link can be made of; else they end after some hundreds.
    """
    typed = read_link(wish)
    stem = _in_our_letters(typed)[:LONGEST].rstrip(".")
    spellings = chain([typed], _around(stem, _name(name)), _numbered([stem], below)) if stem else ()
    return _passing(spellings, names)


def links_from_name(name: str, names: CommonNames, below: Below) -> Iterator[PersonalLink]:
    """Links made of a person's own name as they write it: of its parts, then with numbers.

    They pass every rule, and none comes twice. The name may be empty or in any script: then they are made of plain
    words. They end after some hundreds.
    """
    known = _name(name)
    stems = [stem for stem in (known.all, known.last) if stem] or ["room", "my.room"]
    return _passing(chain(_from_name(known) if known.all else (), _numbered(stems, below)), names)


def _passing(spellings: Iterable[str], names: CommonNames) -> Iterator[PersonalLink]:
    seen = set()
    for spelling in spellings:
        link = parse_link(spelling, names)
        if isinstance(link, PersonalLink) and link.key not in seen:
            seen.add(link.key)
            yield link


def _numbered(stems: list[str], below: Below) -> Iterator[str]:
    for at, index in enumerate(in_random_order(len(_NUMBERS), below)):
        ending = f".{_NUMBERS[index]}"
        yield stems[at % len(stems)][: LONGEST - len(ending)].rstrip(".") + ending


def _around(wish: str, name: _Name) -> Iterator[str]:
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

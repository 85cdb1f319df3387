"""The rules for the name by which a guest goes: free text in any script, on one line, with something to see in it."""

import unicodedata
from dataclasses import dataclass

from bot.rules.codes import Code
from bot.rules.reading import read_free_text
from bot.rules.refusals import Refusal, Violation
from bot.rules.topics import has_control_characters

LONGEST = 80

_SEEN = frozenset("LNPS")
"""Letters, numbers, punctuation and symbols, by the first letter of their categories."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by category that no screen shows."""


@dataclass(frozen=True, slots=True)
class GuestName:
    """A name that passes every rule. Made by `parse_guest_name` alone."""

    text: str


def shows_nothing(name: str) -> bool:
    """Nothing in it can be seen."""
    return not any(
        unicodedata.category(character)[0] in _SEEN and character not in _BLANK_LETTERS for character in name
    )


def is_too_long(name: str) -> bool:
    """Over 80 characters."""
    return len(name) > LONGEST


def parse_guest_name(text: str) -> GuestName | Refusal:
    """The name that somebody typed, or a refusal with every rule it breaks. No text makes it raise."""
    name = read_free_text(text)
    broken = [
        Violation(code)
        for code, rule in (
            (Code.NAME_EMPTY, shows_nothing),
            (Code.NAME_LONG, is_too_long),
            (Code.NAME_CHARACTERS, has_control_characters),
        )
        if rule(name)
    ]
    return Refusal("", tuple(broken)) if broken else GuestName(name)

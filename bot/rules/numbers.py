"""The rules for a customised Personal Meeting ID, one function each, and the one door to the type `PMI`.

Each rule answers with the places that break it, so an empty answer is "no". Quotes are from Zoom's help article
"What is Personal Meeting ID (PMI) and Personal Link?".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.rules.codes import Code
from bot.rules.reading import read_number
from bot.rules.refusals import Refusal, Spans, places, shown, violation_of

LENGTHS = (10, 11)
"""Digits that a meeting number may have."""

TOLL_FREE_PREFIXES = frozenset(
    "200 300 400 500 508 600 660 700 800 803 804 807 808 809 850 855 866 877 887 888 900".split()  # noqa: SIM905 (one line)
)

_OTHER_THAN_DIGITS = re.compile(r"[^0-9]+")
_GROUP_THREE_TIMES = re.compile(r"([0-9]{3})\1\1")
_THREE_GROUPS_OF_ONE_DIGIT = re.compile(r"([0-9])\1\1([0-9])\2\2([0-9])\3\3")
_FIVE_RUNNING = re.compile(r"([0-9])\1{4,}")
_SEQUENCE = re.compile(r"123456")


@dataclass(frozen=True, slots=True)
class PMI:
    """A Personal Meeting ID that passes every rule. Made by `parse_pmi` alone."""

    digits: str


def is_a_number(text: str) -> bool:
    """Whether somebody may have it as a number, customised or not, or might have had: its length and first digit."""
    return text.isascii() and text.isdigit() and len(text) in LENGTHS and not text.startswith(("0", "1"))


def has_other_characters(text: str) -> Spans:
    """Anything but ASCII digits, once separators are read away."""
    return places(_OTHER_THAN_DIGITS, text)


def has_another_length(digits: str) -> bool:
    """Other than 10 or 11 digits."""
    return len(digits) not in LENGTHS


def starts_with_0_or_1(digits: str) -> Spans:
    """First digit 0 or 1."""
    return ((0, 1),) if digits.startswith(("0", "1")) else ()


def starts_like_a_toll_free_number(digits: str) -> Spans:
    """First three digits in the toll-free list: 800, 888, 900 and so on."""
    return ((0, 3),) if digits[:3] in TOLL_FREE_PREFIXES else ()


def repeats_a_group(digits: str) -> Spans:
    """One three-digit group three times running, at any offset: "247 247 247 x", "x 247 247 247"."""
    return places(_GROUP_THREE_TIMES, digits)


def has_three_groups_of_one_digit(digits: str) -> Spans:
    """Three groups running, each of one digit, at any offset: "222 444 777 x", "x 222 444 777"."""
    return places(_THREE_GROUPS_OF_ONE_DIGIT, digits)


def has_one_digit_8_times(digits: str) -> Spans:
    """Any one digit 8 times or more in all: "222 x22 222 x"."""
    frequent = "".join(digit for digit in sorted(set(digits)) if digits.count(digit) >= 8)  # noqa: PLR2004 (the rule's)
    return places(re.compile(rf"([{frequent}])\1*"), digits) if frequent else ()


def has_one_digit_5_times_running(digits: str) -> Spans:
    """Any one digit 5 times or more running: "99999 22222"."""
    return places(_FIVE_RUNNING, digits)


def has_the_sequence_123456(digits: str) -> Spans:
    """The sequence 123456 anywhere: "123456xxx"."""
    return places(_SEQUENCE, digits)


_RULES: tuple[tuple[Code, Callable[[str], Spans], int], ...] = (
    (Code.PMI_FIRST_DIGIT, starts_with_0_or_1, 0),
    (Code.PMI_PREFIX, starts_like_a_toll_free_number, 0),
    (Code.PMI_REPEATED_GROUP, repeats_a_group, 6),
    (Code.PMI_SAME_DIGIT_GROUPS, has_three_groups_of_one_digit, 6),
    (Code.PMI_SAME_DIGIT, has_one_digit_8_times, 7),
    (Code.PMI_RUN, has_one_digit_5_times_running, 4),
    (Code.PMI_SEQUENCE, has_the_sequence_123456, 0),
)
"""Each rule, and how many digits of a number must have occurred before for the rule to have a chance of being broken.

Three groups of three digits, say, hold three different digits at most, so six of the nine repeat another. Counting
first spares most numbers most of the search.
"""


def parse_pmi(text: str) -> PMI | Refusal:
    """The PMI that somebody typed, or a refusal with every rule it breaks. No text makes it raise."""
    wish = read_number(text)
    if spans := has_other_characters(wish):
        return Refusal(shown(wish), (violation_of(Code.PMI_CHARACTERS, wish, spans),))
    violations = [violation_of(code, wish, spans) for code, spans in _broken(wish)]
    return Refusal(shown(wish), tuple(violations)) if violations else PMI(wish)


def passes_every_rule(digits: str) -> bool:
    """Whether these ASCII digits are a number that anybody may have."""
    return next(_broken(digits), None) is None


def _broken(digits: str) -> Iterator[tuple[Code, Spans]]:
    if has_another_length(digits):
        yield Code.PMI_LENGTH, ()
    repeats = len(digits) - len(set(digits))
    for code, rule, least in _RULES:
        if repeats >= least and (spans := rule(digits)):
            yield code, spans

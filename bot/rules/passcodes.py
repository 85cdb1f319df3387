"""The rules for a passcode, the one door to the type `Passcode`, and how one is drawn.

No refusal here repeats what was typed: it may be a passcode but for a character.
"""

import re
from dataclasses import dataclass, field
from string import digits as ten_digits

from bot.rules.codes import Code
from bot.rules.drawing import Below
from bot.rules.reading import read_plainly
from bot.rules.refusals import Refusal, Violation

SHORTEST = 6
LONGEST = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""31 characters that nobody takes for another: ten of them hold 49.5 bits."""
DRAWN = 10
MOST_DRAWS = 100
"""Draws until chance itself must be broken: far fewer than one in a million is refused."""

_ALLOWED = re.compile(r"[A-Za-z0-9@\-_*]*\Z")


@dataclass(frozen=True, slots=True)
class Passcode:
    """A passcode that passes every rule. Made by `parse_passcode` and `draw_passcode` alone."""

    text: str = field(repr=False)


def has_another_length(passcode: str) -> bool:
    """Other than 6 to 10 characters."""
    return not SHORTEST <= len(passcode) <= LONGEST


def has_other_characters(passcode: str) -> bool:
    """Anything but ASCII letters, digits and `@ - _ *`."""
    return _ALLOWED.match(passcode) is None


def repeats_one_digit(passcode: str) -> bool:
    """One digit repeated: 111111."""
    return any(passcode == digit * len(passcode) for digit in ten_digits)


def is_a_straight_run(passcode: str) -> bool:
    """Digits that go up or down one by one: 123456, 987654."""
    return passcode in ten_digits or passcode in ten_digits[::-1]


def parse_passcode(text: str, pmi: str) -> Passcode | Refusal:
    """The passcode that somebody typed for the room with this PMI, or a refusal. No text makes it raise."""
    passcode = read_plainly(text)
    if has_another_length(passcode) or has_other_characters(passcode):
        return Refusal("", (Violation(Code.ROOM_PASSCODE),))
    if is_weak(passcode, pmi):
        return Refusal("", (Violation(Code.ROOM_WEAK_PASSCODE),))
    return Passcode(passcode)


def is_weak(passcode: str, pmi: str) -> bool:
    """One digit repeated, a straight run, or the PMI itself."""
    return passcode == pmi or repeats_one_digit(passcode) or is_a_straight_run(passcode)


def draw_passcode(below: Below, pmi: str) -> Passcode:
    """Ten characters by chance, each as likely as the others, for the room with this PMI.

    Raises:
        RuntimeError: chance gave nothing but passcodes that are refused.
    """
    for _ in range(MOST_DRAWS):
        drawn = parse_passcode("".join(ALPHABET[below(len(ALPHABET))] for _ in range(DRAWN)), pmi)
        if isinstance(drawn, Passcode):
            return drawn
    raise RuntimeError(f"{MOST_DRAWS} draws in a row were refused: this is not chance")


def is_soon_guessed(passcode: str) -> bool:
    """Six digits: half of all such passcodes are found by 480 tries a day in less than three years."""
    return len(passcode) == SHORTEST and not passcode.strip(ten_digits)

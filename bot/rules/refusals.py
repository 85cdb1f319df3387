"""What a refusal is made of: the wish, and every rule it breaks with the places that break it. No rule lives here."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from bot.rules.codes import Code

Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Half-open positions in a text, from left to right, none inside another."""

LONGEST_SHOWN = 100
"""Characters of a wish that are kept for showing. Rules judge the whole; places further on are not marked."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule, with the digits or the link as read, and the places in it that break the rule."""

    code: Code
    text: str = ""
    spans: Spans = ()

    @property
    def pieces(self) -> tuple[str, ...]:
        """The parts of the text that break the rule."""
        return tuple(self.text[start:end] for start, end in self.spans)

    @property
    def joiner(self) -> str:
        """What stands between the runs when this is shown: a space where digits are grouped, else nothing."""
        return " " if self.code.startswith("pmi.") and self.code is not Code.PMI_CHARACTERS else ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A wish that cannot be granted, with every reason, in the order of the rules."""

    wish: str
    violations: tuple[Violation, ...]

    @property
    def codes(self) -> tuple[Code, ...]:
        """The code of each broken rule."""
        return tuple(violation.code for violation in self.violations)


def shown(text: str) -> str:
    """The text, or its first `LONGEST_SHOWN` characters."""
    return text[:LONGEST_SHOWN]


def violation_of(code: Code, text: str, spans: Spans) -> Violation:
    """A violation fit for showing: the text cut to what is shown, and the spans with it."""
    kept = shown(text)
    return Violation(code, kept, tuple((start, min(end, len(kept))) for start, end in spans if start < len(kept)))


def places(pattern: re.Pattern[str], text: str) -> Spans:
    """Where the pattern matches, from left to right, without overlaps."""
    if pattern.search(text) is None:  # what nearly every rule finds in nearly every text, at half the cost
        return ()
    return tuple(match.span() for match in pattern.finditer(text))

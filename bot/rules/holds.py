"""For how many days a personal link that was given up is held."""

from bot.rules.codes import Code
from bot.rules.reading import read_plainly
from bot.rules.refusals import Refusal, Violation

LONGEST_HOLD = 3650
"""Ten years."""
_MOST_DIGITS = 4


def parse_hold_days(text: str) -> int | Refusal | None:
    """The days that somebody typed; None where the field is empty, which leaves it to the operator."""
    typed = read_plainly(text).strip()
    if not typed:
        return None
    if typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS and int(typed) <= LONGEST_HOLD:
        return int(typed)
    return Refusal(text, (Violation(Code.POLICY_HOLD, text),))

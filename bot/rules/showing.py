"""How numbers and broken rules are cut up for showing. Which marks are drawn around the pieces is for views to say."""

from bot.rules.refusals import Violation

_THREE_THREE_FOUR = 10
_THREE_FOUR_FOUR = 11
_LAST_GROUP = 4


def group_digits(digits: str) -> str:
    """The digits in groups: 3-3-4 for ten, 3-4-4 for eleven, else threes with a last group of up to four."""
    if len(digits) == _THREE_THREE_FOUR:
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    if len(digits) == _THREE_FOUR_FOUR:
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    groups = []
    while len(digits) > _LAST_GROUP:
        groups.append(digits[:3])
        digits = digits[3:]
    return " ".join([*groups, digits])


def marked(violation: Violation) -> tuple[tuple[str, bool], ...]:
    """The text cut into (piece, whether it breaks the rule) runs, to be shown with `violation.joiner` between them."""
    runs = []
    at = 0
    for start, end in violation.spans:
        runs += [(violation.text[at:start], False), (violation.text[start:end], True)]
        at = end
    runs.append((violation.text[at:], False))
    grouped = violation.joiner == " "
    return tuple((group_digits(piece) if grouped else piece, broken) for piece, broken in runs if piece)

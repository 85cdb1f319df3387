"""What is wrong with a wish, in sentences, with the digits or characters that break each rule marked."""

import unicodedata
from collections.abc import Sequence

from bot.rules import Code, Violation, group_digits, marked
from bot.rules.refusals import LONGEST_SHOWN
from bot.texts import Translator
from bot.views.mrkdwn import Mrkdwn, escape, say

_SHOWN_LENGTH = 60


def visible(text: str) -> str:
    """The text with everything that has no shape of its own written as its code point, such as `U+200B`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _has_a_shape(character) else f"U+{ord(character):04X}" for character in text)


def _has_a_shape(character: str) -> bool:
    return character == " " or unicodedata.category(character)[0] not in "CZM"


def in_brackets(violation: Violation) -> str:
    """For plain text: what breaks the rule stands in square brackets."""
    runs = [f"[{visible(piece)}]" if broken else visible(piece) for piece, broken in marked(violation)]
    return violation.joiner.join(runs)


def in_bold(violation: Violation) -> Mrkdwn:
    """For mrkdwn: what breaks the rule is bold; in brackets where no space could set the bold apart."""
    if not violation.joiner:
        return escape(in_brackets(violation))
    runs = [f"*{piece}*" if broken else piece for piece, broken in marked(violation)]
    return Mrkdwn(violation.joiner.join(runs))


def shown_number(text: str) -> str:
    """A wish for a number as it is shown: grouped where it is digits, cut where it is long."""
    digits = text.isascii() and text.isdigit()
    return _cut(group_digits(text) if digits else visible(text))


def shown_link(text: str) -> str:
    """A wish for a link as it is shown: nothing invisible in it, cut where it is long."""
    return _cut(visible(text))


def shown_wish(violations: Sequence[Violation], text: str) -> str:
    """The wish as its kind is shown."""
    number = any(
        violation.code.endswith(".pmi") or violation.code.startswith(("pmi.", "policy.pmi")) for violation in violations
    )
    return shown_number(text) if number else shown_link(text)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"


def sentences(violations: Sequence[Violation], t: Translator) -> list[Mrkdwn]:
    """A sentence of mrkdwn for each violation."""
    return [_sentence(violation, t) for violation in violations]


def plain_sentences(violations: Sequence[Violation], t: Translator) -> list[str]:
    """A sentence of plain text for each violation."""
    return [_plain(violation, t) for violation in violations]


def _sentence(violation: Violation, t: Translator) -> Mrkdwn:
    code, params = _code_and_params(violation)
    if code is None:
        return Mrkdwn(t.many(violation.code, len(violation.text)))
    return say(t, code, marked=in_bold(violation), **params)


def _plain(violation: Violation, t: Translator) -> str:
    code, params = _code_and_params(violation)
    if code is None:
        return t.many(violation.code, len(violation.text))
    return t(code, marked=in_brackets(violation), **params)


def _code_and_params(violation: Violation) -> tuple[str | None, dict[str, str]]:
    """The code of the text and what it needs; no code where the text is one of counted things."""
    if violation.code in (Code.PMI_LENGTH, Code.LINK_TOO_SHORT, Code.LINK_TOO_LONG):
        if not violation.text:
            return f"{violation.code}.none", {}
        return (None, {}) if len(violation.text) < LONGEST_SHOWN else (f"{violation.code}.far", {})
    return violation.code, {"piece": visible(violation.pieces[0]) if violation.pieces else ""}

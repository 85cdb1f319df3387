"""What Slack takes for a number, an email address and a URL where somebody types one."""

import re
from decimal import Decimal

from bot.playground.blocks import Json

DIGITS = 16
_DECIMAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>\",;]+@[^\s@<>\",;.]+(?:\.[^\s@<>\",;.]+)+")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+\S*|mailto:\S+@\S+|tel:\S+")


def number_in(typed: str, *, decimal: bool) -> Decimal | None:
    """The number that this text is; None where it is none, or has a fraction where none may be."""
    pattern = _DECIMAL if decimal else _WHOLE
    return Decimal(typed) if pattern.fullmatch(typed) else None


def fits_the_field(element: Json, typed: str) -> bool:
    """Whether this text is an email address or a URL, where the element asks for one."""
    if element["type"] == "email_text_input":
        return bool(_EMAIL.fullmatch(typed))
    if element["type"] == "url_text_input":
        return bool(_ADDRESS.fullmatch(typed))
    return True

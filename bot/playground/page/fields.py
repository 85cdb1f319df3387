"""Reading the JSON that the page sends. What does not fit is told in words that name the field."""

import re
from collections.abc import Mapping
from typing import Any

MOST_CHARACTERS = 40_000
"""In one text, as in one message of Slack's."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"[0-2]\d:[0-5]\d", re.ASCII)


class Unfit(ValueError):  # noqa: N818 - says what the request is
    """The request cannot be read; the message names the field."""


class Fields:
    """The fields of one JSON object."""

    def __init__(self, content: object) -> None:
        if not isinstance(content, dict):
            raise Unfit("a JSON object is wanted")
        self._content: Mapping[str, Any] = content

    def __contains__(self, name: str) -> bool:
        return name in self._content

    def given(self, name: str) -> Any:
        """What stands under this name, None where nothing does."""
        return self._content.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; missing only where there is a default."""
        value = self._content.get(name)
        return default if value is None and default is not None else _text(name, value)

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        value = self._content.get(name)
        if not isinstance(value, list):
            raise Unfit(f"{name} must be a list of texts")
        return [_text(name, one) for one in value]

    def text_or_none(self, name: str) -> str | None:
        """A text, or null where nothing is chosen."""
        value = self._content.get(name)
        return None if value is None else _text(name, value)

    def date(self, name: str) -> str | None:
        """A day as `2026-11-24`, or null."""
        return self._like(_DATE, name, "YYYY-MM-DD")

    def time(self, name: str) -> str | None:
        """A time of the day as `09:30`, or null."""
        return self._like(_TIME, name, "HH:MM")

    def flag(self, name: str) -> bool:
        """A boolean; false where it is missing."""
        value = self._content.get(name, False)
        if not isinstance(value, bool):
            raise Unfit(f"{name} must be true or false")
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number between these two."""
        value = self._content.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Unfit(f"{name} must be a whole number from {least} to {most}")
        return value

    def within(self, name: str) -> "Fields":
        """The object under this name."""
        value = self._content.get(name)
        if not isinstance(value, dict):
            raise Unfit(f"{name} must be a JSON object")
        return Fields(value)

    def _like(self, shape: re.Pattern[str], name: str, shown: str) -> str | None:
        value = self.text_or_none(name)
        if value is not None and not shape.fullmatch(value):
            raise Unfit(f"{name} must look like {shown}")
        return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Unfit(f"{name} must be a text")
    if len(value) > MOST_CHARACTERS:
        raise Unfit(f"{name} is longer than {MOST_CHARACTERS} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unfit(f"{name} holds half a character") from None
    return value

"""Common names and reserved words: what a whole personal link may not be. The words are data, in the files beside."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CommonNames:
    """The words, lower-case and without periods, that nobody can have as their whole link."""

    words: frozenset[str]

    def refuses(self, key_without_periods: str) -> bool:
        """Whether the whole link, lower-cased and without periods, is a common name or a reserved word."""
        return key_without_periods in self.words


def load_common_names() -> CommonNames:
    """Read the names and the words that come with the rules."""
    return CommonNames(frozenset((*_words("common_names.txt"), *_words("reserved_words.txt"))))


def _words(file: str) -> Iterator[str]:
    lines = files("bot.rules").joinpath("data", file).read_text(encoding="utf-8").splitlines()
    return (line for line in lines if not line.startswith("#"))

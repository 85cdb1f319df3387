"""Words that a workspace keeps from being chosen: as a whole link, or (`acme*`) as its beginning.

As with common names, periods do not count: a word refuses every link that reads the same without them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.rules.links import LONGEST, has_other_characters, link_key, starts_without_a_letter
from bot.rules.reading import read_plainly

SHORTEST_PREFIX = 2
_PREFIX = "*"


class BadWord(StrEnum):
    """Why a line is no word that can be reserved."""

    CHARACTERS = "names.characters"
    FIRST_CHARACTER = "names.first_character"
    LONG = "names.long"
    SHORT = "names.short"


@dataclass(frozen=True, slots=True, order=True)
class ReservedWord:
    """A word, as links are found: lower-case, without periods at its end. Made by `parse_word`."""

    key: str
    is_prefix: bool

    @property
    def text(self) -> str:
        """As it is typed."""
        return f"{self.key}{_PREFIX if self.is_prefix else ''}"


@dataclass(frozen=True, slots=True)
class ReservedWords:
    """The words of a workspace, ready to judge many links."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def refuse(self, key: str) -> bool:
        """Whether a link with this key cannot be chosen."""
        plain = key.replace(".", "")
        return plain in self.whole or plain.startswith(self.beginnings)


def words_of(words: Iterable[ReservedWord]) -> ReservedWords:
    """The words, ready to judge."""
    kept = [(word.key.replace(".", ""), word.is_prefix) for word in words]
    return ReservedWords(
        frozenset(key for key, is_prefix in kept if not is_prefix), tuple(key for key, is_prefix in kept if is_prefix)
    )


def parse_word(line: str) -> ReservedWord | BadWord:
    """The word on a line, or why it is none. No text makes it raise."""
    typed = read_plainly(line)
    is_prefix = typed.endswith(_PREFIX)
    stem = typed.removesuffix(_PREFIX)
    key = link_key(stem)
    if not key or has_other_characters(stem):
        return BadWord.CHARACTERS
    if starts_without_a_letter(stem):
        return BadWord.FIRST_CHARACTER
    if len(key) + is_prefix > LONGEST:
        return BadWord.LONG
    if is_prefix and len(key.replace(".", "")) < SHORTEST_PREFIX:
        return BadWord.SHORT
    return ReservedWord(key, is_prefix)

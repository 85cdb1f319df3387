"""The rules for a topic: free text in any script, on one line, without what no screen shows as a character."""

import unicodedata
from dataclasses import dataclass

from bot.rules.codes import Code
from bot.rules.reading import read_free_text
from bot.rules.refusals import Refusal, Violation

LONGEST = 200

_NO_CHARACTERS = frozenset(("Cc", "Cs", "Zl", "Zp"))
"""Controls, halves of surrogate pairs, and what ends a line or a paragraph."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that passes every rule; empty where there is none. Made by `parse_topic` alone."""

    text: str


def is_too_long(topic: str) -> bool:
    """Over 200 characters."""
    return len(topic) > LONGEST


def has_control_characters(topic: str) -> bool:
    """Control characters, or more than one line."""
    return any(unicodedata.category(character) in _NO_CHARACTERS for character in topic)


def parse_topic(text: str) -> Topic | Refusal:
    """The topic that somebody typed, or a refusal with every rule it breaks. No text makes it raise."""
    topic = read_free_text(text)
    broken = [Violation(Code.ROOM_TOPIC_LONG)] if is_too_long(topic) else []
    if has_control_characters(topic):
        broken.append(Violation(Code.ROOM_TOPIC_CHARACTERS))
    return Refusal("", tuple(broken)) if broken else Topic(topic)

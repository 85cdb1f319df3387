"""A small language for shapes of JSON, which says what does not fit in the words of Slack's own validator."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

Rule = Callable[[Any, str], list[str]]
"""Looks at a value and the JSON pointer to it; returns what Slack would say, nothing where it fits."""

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def said(words: str, pointer: str) -> list[str]:
    """One message about the value at this pointer."""
    return [f"{words} [json-pointer:{pointer}]"]


def string(most: int | None = None, least: int = 0) -> Rule:
    """A text of so many characters."""

    def rule(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, str):
            return said("must provide a string", pointer)
        if len(value) < least:
            return said(f"must be more than {least - 1} characters", pointer)
        if most is not None and len(value) > most:
            return said(f"must be less than {most + 1} characters", pointer)
        return []

    return rule


def written(pattern: re.Pattern[str], name: str, most: int | None = None) -> Rule:
    """A text that reads as this pattern says, called `name` where it does not."""
    words = string(most)

    def rule(value: Any, pointer: str) -> list[str]:
        found = words(value, pointer)
        return found or ([] if pattern.fullmatch(value) else said(f"input must be a valid: {name}", pointer))

    return rule


def day(value: Any, pointer: str) -> list[str]:
    """A day that the calendar has, such as 2026-11-24."""
    found = written(DATE, "date")(value, pointer)
    if found:
        return found
    try:
        date.fromisoformat(value)
    except ValueError:
        return said("input must be a valid: date", pointer)
    return []


def one_of(*allowed: str) -> Rule:
    """One of these words."""

    def rule(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, str):
            return said("must provide a string", pointer)
        return [] if value in allowed else said("must be a valid enum value", pointer)

    return rule


def integer(least: int | None = None, most: int | None = None) -> Rule:
    """A whole number within these bounds."""

    def rule(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            return said("must provide an integer", pointer)
        if least is not None and value < least:
            return said(f"must be greater than {least}", pointer)
        if most is not None and value > most:
            return said(f"must be less than {most}", pointer)
        return []

    return rule


def boolean(value: Any, pointer: str) -> list[str]:
    """True or false."""
    return [] if isinstance(value, bool) else said("must be a boolean", pointer)


def array(item: Rule, most: int | None = None, least: int = 1) -> Rule:
    """A list of so many things of one shape."""

    def rule(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, list):
            return said("must provide an array", pointer)
        if len(value) < least:
            return said(f"must provide at least {least} items", pointer)
        if most is not None and len(value) > most:
            return said(f"no more than {most} items allowed", pointer)
        return [message for index, one in enumerate(value) for message in item(one, f"{pointer}/{index}")]

    return rule


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these keys and no others."""
    known = {**required, **(optional or {})}

    def rule(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, dict):
            return said("must provide an object", pointer)
        found = [message for key in required if key not in value for message in said(_missing(key), pointer)]
        for key, one in value.items():
            if key in known:
                found += known[key](one, f"{pointer}/{key}")
            else:
                found += said(f"invalid additional property: {key}", pointer)
        return found

    return rule


def typed(shapes: Mapping[str, Rule], names: Iterable[str] | None = None) -> Rule:
    """An object whose `type` says which of these shapes it has; `names` are the types that may stand here."""
    allowed = set(shapes) if names is None else set(names)

    def rule(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, dict):
            return said("must provide an object", pointer)
        if "type" not in value:
            return said(_missing("type"), pointer)
        kind = value["type"]
        if not isinstance(kind, str) or kind not in allowed:
            return said(f"unsupported type: {kind}", f"{pointer}/type")
        return shapes[kind](value, pointer)

    return rule


def whole(rule: Rule) -> Rule:
    """The same, and where something in it does not fit, the whole is named first."""

    def with_heading(value: Any, pointer: str) -> list[str]:
        found = rule(value, pointer)
        return [*said("failed to match all allowed schemas", pointer), *found] if found else []

    return with_heading


def both(*rules: Rule) -> Rule:
    """Every one of these; the later ones are asked only where the earlier ones are content."""

    def rule(value: Any, pointer: str) -> list[str]:
        for one in rules:
            found = one(value, pointer)
            if found:
                return found
        return []

    return rule


def exactly_one(*keys: str) -> Rule:
    """An object with one of these keys and not two."""
    names = " or ".join(f"`{key}`" for key in keys)

    def rule(value: Any, pointer: str) -> list[str]:
        given = sum(1 for key in keys if key in value)
        if given == 1:
            return []
        return said(f"must define {'only one of' if given else 'either'} {names}", pointer)

    return rule


def _missing(key: str) -> str:
    return f"missing required field: {key}"

"""Finding what a person means: a button by its words, a field by its label. Says what there is when it is not there."""

import re
from collections.abc import Iterable, Sequence

from bot.playground.blocks import Json, Placed, options_of, placed, text_of

PRESSABLE = {"button", "workflow_button", "overflow"}


class NotThere(LookupError):  # noqa: N818 - read aloud, it says what is wrong
    """A person cannot press or fill what is not on the screen, or what two things are called."""


def pressable(
    blocks: Sequence[Json], label: str | None, action_id: str | None, value: str | None
) -> list[tuple[Placed, Json | None]]:
    """The buttons and overflow options that answer this description; an option comes with its element."""
    found: list[tuple[Placed, Json | None]] = []
    for one in placed(blocks):
        if one.element["type"] not in PRESSABLE or action_id not in {None, one.action_id}:
            continue
        if one.element["type"] == "overflow":
            found += [
                (one, option)
                for option in options_of(one.element)
                if label in {None, text_of(option["text"])} and value in {None, option["value"]}
            ]
        elif label in {None, one.label, one.element.get("accessibility_label")} and value in {
            None,
            one.element.get("value"),
        }:
            found.append((one, None))
    return found


def the_one(found: Sequence[tuple[Placed, Json | None]], wanted: str) -> tuple[Placed, Json | None]:
    """The only match.

    Raises:
        NotThere: there are several.
    """
    if len(found) > 1:
        values = ", ".join(repr((option or one.element).get("value")) for one, option in found)
        raise NotThere(f"{len(found)} buttons are {wanted}; say which by value=: {values}")
    return found[0]


def labels(blocks: Iterable[Json]) -> list[str]:
    """What every button of these blocks says."""
    return [one.label for one in placed(list(blocks)) if one.element["type"] in PRESSABLE]


def field_called(blocks: Sequence[Json], wanted: str) -> Placed:
    """The field of this block id, label or action id; failing that, of a block id that begins so (`pmi` for `pmi.2`).

    Raises:
        NotThere: there is none, or more than one.
    """
    fields = [one for one in placed(blocks) if one.is_input]
    for matches in (
        [one for one in fields if one.block_id == wanted],
        [one for one in fields if one.label.casefold() == wanted.casefold()],
        [one for one in fields if one.action_id == wanted],
        [one for one in fields if re.match(re.escape(wanted) + r"[^0-9A-Za-z]", one.block_id)],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise NotThere(f"{len(matches)} fields are {wanted!r}")
    there = ", ".join(f"{one.label!r} ({one.block_id})" for one in fields)
    raise NotThere(f"no field {wanted!r} here; there are: {there or 'none'}")


def option_called(options: Sequence[Json], wanted: str) -> Json:
    """The option of this value or text.

    Raises:
        NotThere: there is none.
    """
    for option in options:
        if wanted in {option["value"], text_of(option["text"])}:
            return option
    there = ", ".join(repr(text_of(option["text"])) for option in options)
    raise NotThere(f"no option {wanted!r} here; there are: {there or 'none'}")

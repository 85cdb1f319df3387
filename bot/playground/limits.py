"""What Slack finds wrong in blocks of the right shape: repeated ids, values out of bounds, what contradicts itself."""

from collections.abc import Iterator, Sequence

from bot.playground.blocks import Json, Placed, listed, options_of, placed
from bot.playground.elements import Surface
from bot.playground.schema import said
from bot.playground.typed_values import fits_the_field, number_in

MARKDOWN_TOTAL = 12_000


def contradictions(blocks: Sequence[Json], surface: Surface, pointer: str, *, submits: bool = True) -> list[str]:
    """What cannot stand together in these blocks, each with the JSON pointer to it."""
    elements = [
        (one.element, place)
        for index, block in enumerate(blocks)
        for one, place in _with_places(block, f"{pointer}/{index}")
    ]
    found = [*_repeated(blocks, pointer), *_focused_twice(elements)]
    for element, place in elements:
        found += _one_element(element, place)
    if surface is Surface.MODAL and not submits:
        for index, block in enumerate(blocks):
            if block["type"] == "input":
                found += said("must define `submit` to use an `input` block in modals", f"{pointer}/{index}/input")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_TOTAL:
        found += said(f"must be less than {MARKDOWN_TOTAL + 1} characters", pointer)
    return found


def _with_places(block: Json, pointer: str) -> Iterator[tuple[Placed, str]]:
    """Every element of this block that a person can use, with the pointer to it."""
    inside = {"input": "element", "section": "accessory"}.get(block["type"], "elements")
    for number, one in enumerate(placed([block])):
        yield one, f"{pointer}/{inside}" + (f"/{number}" if inside == "elements" else "")


def _repeated(blocks: Sequence[Json], pointer: str) -> Iterator[str]:
    block_ids: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in block_ids:
            yield from said(f'`block_id` "{block_id}" already exists', f"{pointer}/{index}/block_id")
        if block_id:
            block_ids.add(block_id)
        yield from _repeated_actions(block, f"{pointer}/{index}")


def _repeated_actions(block: Json, pointer: str) -> Iterator[str]:
    action_ids: set[str] = set()
    for one, place in _with_places(block, pointer):
        if one.action_id in action_ids:
            yield from said(f'`action_id` "{one.action_id}" already exists', f"{place}/action_id")
        if one.action_id:
            action_ids.add(one.action_id)


def _focused_twice(elements: Sequence[tuple[Json, str]]) -> Iterator[str]:
    for place in [place for element, place in elements if element.get("focus_on_load")][1:]:
        yield from said("only one element can have `focus_on_load`", f"{place}/focus_on_load")


def _one_element(element: Json, pointer: str) -> Iterator[str]:
    yield from _options(element, pointer)
    most = element.get("max_selected_items")
    for key in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        if most is not None and len(listed(element.get(key))) > most:
            yield from said(f"no more than {most} items allowed", f"{pointer}/{key}")
    if element["type"] == "plain_text_input":
        yield from _lengths(element, pointer)
    elif element["type"] == "number_input":
        yield from _numbers(element, pointer)
    elif isinstance(element.get("initial_value"), str) and not fits_the_field(element, element["initial_value"]):
        name = "email" if element["type"] == "email_text_input" else "uri"
        yield from said(f"input must be a valid: {name}", f"{pointer}/initial_value")


def _options(element: Json, pointer: str) -> Iterator[str]:
    options = options_of(element)
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        yield from said("Input contains duplicate items", f"{pointer}/options")
    if not options and element["type"] in {"external_select", "multi_external_select"}:
        return
    if "initial_option" in element and element["initial_option"] not in options:
        yield from said("must be one of the provided options", f"{pointer}/initial_option")
    if "initial_options" in element:
        chosen = element["initial_options"]
        if not chosen or any(one not in options for one in chosen):
            yield from said("must be one of the provided options", f"{pointer}/initial_options")


def _lengths(element: Json, pointer: str) -> Iterator[str]:
    least, most = element.get("min_length", 0), element.get("max_length")
    if most is not None and least > most:
        yield from said("must be less than or equal to `max_length`", f"{pointer}/min_length")
    typed = element.get("initial_value")
    if typed and len(typed) < least:
        yield from said(f"must be more than {least - 1} characters", f"{pointer}/initial_value")
    if typed and most is not None and len(typed) > most:
        yield from said(f"must be less than {most + 1} characters", f"{pointer}/initial_value")


def _numbers(element: Json, pointer: str) -> Iterator[str]:
    decimal = element["is_decimal_allowed"]
    numbers = {
        key: number_in(element[key], decimal=decimal)
        for key in ("min_value", "max_value", "initial_value")
        if element.get(key)
    }
    for key, number in numbers.items():
        if number is None:
            yield from said("must provide a number", f"{pointer}/{key}")
    least, most, initial = (numbers.get(key) for key in ("min_value", "max_value", "initial_value"))
    if least is not None and most is not None and least > most:
        yield from said("must be less than or equal to `max_value`", f"{pointer}/min_value")
    if initial is not None and least is not None and initial < least:
        yield from said(f"must be greater than {least}", f"{pointer}/initial_value")
    if initial is not None and most is not None and initial > most:
        yield from said(f"must be less than {most}", f"{pointer}/initial_value")

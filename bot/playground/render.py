"""Messages and dialogs as lines of text, whatever can be pressed or filled with a number before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.playground.blocks import Json, Placed, elements_of, listed, options_of, text_of
from bot.playground.modals import OpenView
from bot.playground.readable import BOLD, REGULAR, readable, visible, wrapped
from bot.playground.state import Message

WIDTH = 78
INDENT = "  "
CHOICES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Handle:
    """What a number on the screen stands for: an element, or one option of it."""

    placed: Placed
    place: Message | OpenView
    option: Json | None = None

    @property
    def kind(self) -> str:
        """The element's type."""
        return str(self.placed.element["type"])


@dataclass(slots=True)
class Page:
    """Lines, and what the numbers in them stand for, the first being number 1."""

    names: Mapping[str, str]
    lines: list[str] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)

    def number(self, handle: Handle) -> str:
        """Give the next number to this; returns it as it is shown."""
        self.handles.append(handle)
        return f"[{len(self.handles)}]"

    def say(self, text: str, indent: str = INDENT, hanging: str | None = None) -> None:
        """Add text, wrapped."""
        self.lines += wrapped(text, WIDTH, indent, hanging)

    def read(self, text: object) -> str:
        """The words of a text object."""
        return readable(text, self.names)


def add_message(page: Page, message: Message, heading: str) -> None:
    """Put a message on the page under a heading such as who sees it."""
    page.say(f"{BOLD}{heading}{REGULAR}", indent="")
    if not message.blocks:
        page.say(page.read(message.text))
    add_blocks(page, message.blocks, message)


def add_view(page: Page, view: OpenView) -> None:
    """Put a dialog on the page, from its title to what saves and cancels."""
    page.lines.append(_rule(page.read(view.title_object) if view.title_object else "Home"))
    add_blocks(page, view.blocks, view)
    if view.failure:
        page.say(f"! {view.failure}")
    ways = []
    if view.submit is not None:
        ways.append(f"save = {visible(text_of(view.submit))}")
    if view.type == "modal":
        ways.append(f"cancel = {visible(text_of(view.close)) or 'Close'}")
    page.lines.append(_rule("  ".join(ways)) if ways else "-" * WIDTH)


def add_blocks(page: Page, blocks: Sequence[Json], place: Message | OpenView) -> None:
    """Put blocks on the page, one after another."""
    errors = place.errors if isinstance(place, OpenView) else {}
    for block in blocks:
        _add_block(page, block, place)
        if block["block_id"] in errors:
            page.say(f"! {visible(errors[block['block_id']])}", indent="      ", hanging="        ")


def _add_block(page: Page, block: Json, place: Message | OpenView) -> None:
    match block["type"]:
        case "divider":
            page.lines.append(INDENT + "-" * (WIDTH - len(INDENT)))
        case "input":
            _add_field(page, Placed(block, block["element"]), place)
            if block.get("hint"):
                page.say(page.read(block["hint"]), indent=" " * 6)
        case "section" | "actions":
            for text in [block.get("text"), *listed(block.get("fields"))]:
                if text:
                    page.say(page.read(text))
            _add_elements(page, block, place)
        case "context":
            page.say("  ".join(_in_context(page, element) for element in block["elements"]), indent=INDENT * 2)
        case _:
            page.say(_words_of(page, block), hanging=INDENT * 2)


def _words_of(page: Page, block: Json) -> str:
    """A block of nothing but words."""
    match block["type"]:
        case "header":
            return f"{BOLD}{page.read(block['text'])}{REGULAR}"
        case "alert":
            return f"! {page.read(block['text'])}"
        case "image":
            return f"(picture: {visible(str(block['alt_text']))})"
        case "markdown":
            return visible(block["text"])
        case other:
            return f"({other})"


def _in_context(page: Page, element: Json) -> str:
    return f"({visible(str(element['alt_text']))})" if element["type"] == "image" else page.read(element)


def _add_elements(page: Page, block: Json, place: Message | OpenView) -> None:
    """Buttons side by side, fields one below the other."""
    row = ""
    for element in elements_of(block):
        placed = Placed(block, element)
        if element["type"] == "image":
            page.say(f"(picture: {visible(str(element['alt_text']))})")
        elif placed.is_input:
            _add_field(page, placed, place)
        else:
            options: list[Json | None] = [*options_of(element)]
            for option in options or [None]:
                words = text_of(option["text"]) if option else placed.label
                shown = f"{page.number(Handle(placed, place, option))} {visible(words)}"
                if row and len(row) + len(shown) + 3 > WIDTH:
                    page.lines.append(row)
                    row = ""
                row = f"{row}   {shown}" if row else INDENT + shown
    if row:
        page.lines.append(row)


def _add_field(page: Page, placed: Placed, place: Message | OpenView) -> None:
    label = visible(placed.label) or "Choose"
    state = place.values[placed.block_id][placed.action_id]
    held = next(value for key, value in state.items() if key != "type")
    if placed.element["type"] in {"checkboxes", "radio_buttons"}:
        page.say(label)
        for option in options_of(placed.element):
            mark = "x" if option in (held if isinstance(held, list) else [held]) else " "
            box = f"[{mark}]" if isinstance(held, list) else f"({mark})"
            number = page.number(Handle(placed, place, option))
            page.say(f"{number} {box} {page.read(option['text'])}", indent=INDENT * 2, hanging=" " * 12)
            if option.get("description"):
                page.say(page.read(option["description"]), indent=" " * 12)
        return
    number = page.number(Handle(placed, place))
    words = _held(held, page.names) or _placeholder(placed)
    optional = " (optional)" if placed.block.get("optional") else ""
    page.say(f"{number} {label}{optional}: {BOLD}{words}{REGULAR}", hanging="      ")
    choices = [text_of(option["text"]) for option in options_of(placed.element)]
    if choices:
        more = ["..."] if len(choices) > CHOICES_SHOWN else []
        page.say("choices: " + ", ".join(map(visible, choices[:CHOICES_SHOWN] + more)), indent="      ")


def _held(held: object, names: Mapping[str, str]) -> str:
    if isinstance(held, list):
        return ", ".join(_held(one, names) for one in held)
    if isinstance(held, dict):
        return visible(text_of(held["text"]))
    words = "" if held is None else str(held)
    return visible(names.get(words, words))


def _placeholder(placed: Placed) -> str:
    hint = visible(text_of(placed.element.get("placeholder")))
    return f"({hint})" if hint else "(empty)"


def _rule(words: str) -> str:
    return f"--- {words} ".ljust(WIDTH, "-")

"""The dialog of reserved names in every state."""

from collections.abc import Iterator

from bot.rules.reserved import BadWord
from bot.services.reserved_names import SHOWN, BadLine, Broken, NamesChange, NamesRefused
from bot.texts import Translator
from bot.views.admin_names import names_modal, names_not_tried, names_saved, names_tried
from bot.views.blocks import View

WORDS = tuple(f"{'w' * 36}{number:03}" for number in range(500))


def names_dialogs(t: Translator) -> Iterator[tuple[str, View]]:
    for words in ((), ("acme*",), WORDS):
        yield f"names_modal {len(words)}", names_modal(words, t)
    links = tuple(Broken("U0ANNA", f"Acme.{number}") for number in range(SHOWN))
    for name, change in {
        "nothing": NamesChange((), ()),
        "one": NamesChange(("acme*",), ()),
        "removed": NamesChange((), ("acme*",)),
        "many": NamesChange(WORDS, WORDS, links, 1000),
    }.items():
        yield f"names_tried {name}", names_tried(change, t)
        yield f"names_saved {name}", names_saved(change, t)
    bad = tuple(BadLine(number, [*BadWord][number % len(BadWord)]) for number in range(1, 1500))
    missing = tuple(BadLine(number, ("names.unknown", "names.both")[number % 2]) for number in range(1, 1500))
    yield "names_not_tried", names_not_tried(NamesRefused(bad, missing, crowded=True), t)

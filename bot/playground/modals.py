"""One member's dialogs: the stack of at most three, what is typed in them, what an update keeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playground.blocks import Json, completed_blocks, initial_values, shown_texts, text_of

STACK_LIMIT = 3


@dataclass(slots=True, eq=False)
class OpenView:
    """A dialog or Home tab as a person has it before them.

    `errors` is what stands under the fields, by block id; `failure` is Slack's own line when the app answered badly.
    """

    id: str
    hash: str
    type: str
    title_object: Json | None
    submit: Json | None
    close: Json | None
    blocks: list[Json]
    callback_id: str
    private_metadata: str
    external_id: str
    clear_on_close: bool
    notify_on_close: bool
    team_id: str
    root_view_id: str
    previous_view_id: str | None = None
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    failure: str = ""
    closed: bool = False

    @property
    def title(self) -> str:
        """The words at the top."""
        return text_of(self.title_object)

    def texts(self) -> list[str]:
        """Every text that a person reads, in reading order, errors under their fields included."""
        found: list[str] = []
        for block in self.blocks:
            found.extend(shown_texts([block]))
            if block["block_id"] in self.errors:
                found.append(self.errors[block["block_id"]])
        return found

    @property
    def shown(self) -> str:
        """The same as one text, a line for each."""
        return "\n".join(self.texts())

    def value(self, block_id: str) -> Any:
        """What the input of this block holds: a text, an option, a list of options, a date."""
        states = list(self.values[block_id].values())
        return next(value for key, value in states[0].items() if key != "type")


class Views:
    """Makes views and changes them in place, with a new hash at each change."""

    def __init__(self, mint_id: Callable[[str], str], mint_hash: Callable[[], str]) -> None:
        self._mint_id = mint_id
        self._mint_hash = mint_hash

    def make(self, view: Json, team_id: str, under: OpenView | None = None) -> OpenView:
        """A new view from what the app sent, `under` being the one that it covers."""
        view_id = self._mint_id("V")
        made = OpenView(
            id=view_id,
            hash="",
            type=view["type"],
            title_object=None,
            submit=None,
            close=None,
            blocks=[],
            callback_id="",
            private_metadata="",
            external_id="",
            clear_on_close=False,
            notify_on_close=False,
            team_id=team_id,
            root_view_id=under.root_view_id if under else view_id,
            previous_view_id=under.id if under else None,
        )
        self.replace(made, view)
        return made

    def replace(self, old: OpenView, view: Json) -> None:
        """Put the app's new view in the place of the old one; what was typed stays where block and action stay."""
        blocks = completed_blocks(view["blocks"], self._mint_id)
        old.title_object, old.submit, old.close = (
            {"emoji": True, **view[key]} if view.get(key) else None for key in ("title", "submit", "close")
        )
        old.values = initial_values(blocks, kept=old.values)
        old.blocks = blocks
        old.callback_id = view.get("callback_id") or ""
        old.private_metadata = view.get("private_metadata") or ""
        old.external_id = view.get("external_id") or ""
        old.clear_on_close = bool(view.get("clear_on_close"))
        old.notify_on_close = bool(view.get("notify_on_close"))
        old.errors = {}
        old.failure = ""
        old.hash = self._mint_hash()


def close_all(modals: list[OpenView]) -> list[OpenView]:
    """Close a whole stack, top first; returns what was closed."""
    gone = list(reversed(modals))
    for view in gone:
        view.closed = True
    modals.clear()
    return gone


def close_top(modals: list[OpenView]) -> OpenView:
    """Close the top of a stack; returns it."""
    view = modals.pop()
    view.closed = True
    return view


def refused_errors(view: OpenView, errors: Any) -> str:
    """Why Slack would not show these field errors, empty if it would."""
    if not isinstance(errors, dict) or not errors:
        return "errors must name at least one block"
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    strangers = [block_id for block_id in errors if block_id not in inputs]
    if strangers:
        return f"no input has the block_id {strangers[0]!r}"
    if not all(isinstance(text, str) and text for text in errors.values()):
        return "each error is a text"
    return ""


def find_view(modals: Sequence[OpenView], *, view_id: str = "", external_id: str = "") -> OpenView | None:
    """The view of this id or external id in a stack."""
    return next(
        (one for one in modals if (view_id and one.id == view_id) or (external_id and one.external_id == external_id)),
        None,
    )

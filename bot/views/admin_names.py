"""The dialog of reserved names: what there is, what is added and removed, and what that would break."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Action, AdminField, Callback
from bot.services.reserved_names import SHOWN, BadLine, NamesChange, NamesRefused, NamesWish
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict, View
from bot.views.form import typed
from bot.views.mrkdwn import Mrkdwn, code, escape, mention, say
from bot.views.notice import notice_modal

_LINES = 60
"""Numbers of bad lines that are listed for one reason."""
_LISTED = 2_000
"""Characters of the list of words."""


def names_modal(words: Sequence[str], t: Translator) -> View:
    """The words that there are, with fields for more and for fewer."""
    return blocks.modal(
        Callback.ADMIN_NAMES,
        title=t("admin.names.title"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        blocks=[
            blocks.section(say(t, "names.about")),
            *_listed(words, t),
            _field(AdminField.NAMES_ADD, "names.add", t),
            _field(AdminField.NAMES_REMOVE, "names.remove", t),
            blocks.actions([blocks.button(t("names.try"), Action.ADMIN_NAMES_TRY)]),
        ],
    )


def read_names_modal(view: Mapping[str, Any]) -> NamesWish:
    """What was typed."""
    add = typed(view, AdminField.NAMES_ADD, AdminField.NAMES_ADD)
    return NamesWish(add or "", typed(view, AdminField.NAMES_REMOVE, AdminField.NAMES_REMOVE) or "")


def names_tried(change: NamesChange, t: Translator) -> View:
    """What saving would do. Nothing can be submitted here: Save is in the dialog below."""
    lines = [*_done("names.would", change, t), *_broken("names.would.break", change, t)]
    lines.append(say(t, "names.would.save"))
    return _said(Callback.NOTICE, lines, t)


def names_not_tried(refused: NamesRefused, t: Translator) -> View:
    """Why it cannot be saved so."""
    return notice_modal("\n".join(refused_names(refused, t).values()), t)


def names_saved(change: NamesChange, t: Translator) -> View:
    """What was saved."""
    return _said(Callback.ADMIN_NAMES, [*_done("names.saved", change, t), *_broken("names.saved.stay", change, t)], t)


def refused_names(refused: NamesRefused, t: Translator) -> dict[str, str]:
    """Every bad line, by its number, under the field where it stands."""
    added = [*_reasons(refused.added, t), *([t("names.many")] if refused.crowded else [])]
    removed = _reasons(refused.removed, t)
    found = {AdminField.NAMES_ADD.value: " ".join(added), AdminField.NAMES_REMOVE.value: " ".join(removed)}
    return {field: text for field, text in found.items() if text}


def _said(callback: Callback, lines: Sequence[Mrkdwn], t: Translator) -> View:
    shown = [blocks.section(line) for line in lines]
    return blocks.modal(callback, title=t("admin.names.title"), close=t("modal.done"), blocks=shown)


def _listed(words: Sequence[str], t: Translator) -> list[BlockDict]:
    if not words:
        return [blocks.section(say(t, "names.none"))]
    return [blocks.section(Mrkdwn(f"{t.many('names.listed', len(words))}\n{_codes(words)}"))]


def _codes(words: Sequence[str]) -> Mrkdwn:
    """The words, as many as fit."""
    shown, size = [], 0
    for word in words:
        size += len(word) + 4
        if size > _LISTED:
            shown.append(Mrkdwn("…"))
            break
        shown.append(code(word))
    return Mrkdwn(", ".join(shown))


def _done(beginning: str, change: NamesChange, t: Translator) -> list[Mrkdwn]:
    lines = [
        Mrkdwn(f"{say(t, f'{beginning}.{what}')} {_codes(words)}")
        for what, words in (("added", change.added), ("removed", change.removed))
        if words
    ]
    return lines or [say(t, f"{beginning}.nothing")]


def _broken(beginning: str, change: NamesChange, t: Translator) -> list[Mrkdwn]:
    if not change.count:
        return [say(t, "names.breaks.none")] if change.added else []
    links = [f"{mention(each.user)}: {escape(each.spelling)}" for each in change.broken]
    more = change.count - len(links)
    rest = [t.many("names.breaks.more", more)] if more else []
    return [Mrkdwn("\n".join([say(t, beginning), *links[:SHOWN], *rest]))]


def _reasons(bad: Sequence[BadLine], t: Translator) -> list[str]:
    by_reason: dict[str, list[int]] = {}
    for line in bad:
        by_reason.setdefault(line.why, []).append(line.number)
    return [t("names.line", lines=_numbers(numbers), why=t(why)) for why, numbers in by_reason.items()]


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_LINES])) + (", …" if len(numbers) > _LINES else "")


def _field(field: AdminField, label: str, t: Translator) -> BlockDict:
    return {
        "type": "input",
        "block_id": field,
        "optional": True,
        "label": blocks.plain(t(label)),
        "hint": blocks.plain(t(f"{label}.hint")),
        "element": {
            "type": "plain_text_input",
            "action_id": field,
            "multiline": True,
            "placeholder": blocks.plain(t("names.placeholder")),
        },
    }

"""The dialogs of administrators about their workspace's data: what a deletion takes and leaves, and that it is done."""

from collections.abc import Mapping
from typing import Any

from bot.ids import AdminField, Callback
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import View
from bot.views.form import typed
from bot.views.mrkdwn import say


def purge_modal(t: Translator) -> View:
    """What goes, what stays, and the field where it is confirmed."""
    word = t("admin.data.word")
    return blocks.modal(
        Callback.ADMIN_PURGE,
        title=t("admin.data.title"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("admin.data.submit")),
        blocks=[
            blocks.section(say(t, "admin.data.goes")),
            blocks.section(say(t, "admin.data.stays")),
            blocks.section(say(t, "admin.data.after")),
            {
                "type": "input",
                "block_id": AdminField.PURGE_WORD,
                "label": blocks.plain(t("admin.data.confirm", word=word)),
                "element": {
                    "type": "plain_text_input",
                    "action_id": AdminField.PURGE_WORD,
                    "max_length": 40,
                    "placeholder": blocks.plain(t("admin.data.placeholder")),
                },
            },
        ],
    )


def is_confirmed(view: Mapping[str, Any], t: Translator) -> bool:
    """Whether the words were typed, however large and with whatever space around."""
    said = typed(view, AdminField.PURGE_WORD, AdminField.PURGE_WORD) or ""
    return " ".join(said.split()).casefold() == t("admin.data.word").casefold()


def purge_begun(t: Translator) -> View:
    """That it has begun."""
    return blocks.modal(
        Callback.NOTICE,
        title=t("admin.data.title"),
        close=t("modal.done"),
        blocks=[blocks.section(say(t, "admin.data.begun"))],
    )

"""A dialog that has something to say and nothing to ask."""

from bot.ids import Callback
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import View
from bot.views.mrkdwn import escape


def notice_modal(text: str, t: Translator) -> View:
    """The words, and a button that closes."""
    return blocks.modal(
        Callback.NOTICE, title=t("notice.title"), close=t("modal.done"), blocks=[blocks.section(escape(text))]
    )

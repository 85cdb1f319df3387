"""The first dialog of `/room admin`: what administrators can do, each with the button that leads there."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ids import Action, Callback
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import View
from bot.views.mrkdwn import Mrkdwn, escape, say


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: the button's action, and the codes of its title and of the line that says what is there."""

    action: Action
    title: str
    about: str


def admin_modal(ways: Sequence[Way], t: Translator) -> View:
    """A line and a button for each way on."""
    return blocks.modal(
        Callback.ADMIN,
        title=t("admin.title"),
        close=t("modal.done"),
        blocks=[blocks.section(say(t, "admin.about")), *(_line(each, t) for each in ways)],
    )


def _line(way: Way, t: Translator) -> blocks.BlockDict:
    title = t(way.title)
    words = Mrkdwn(f"*{escape(title)}*\n{escape(t(way.about))}")
    return blocks.section(words, accessory=blocks.button(t("admin.open"), way.action, label=title))

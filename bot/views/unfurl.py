"""What a pasted address of ours shows: the address again, in words, and Join. Nothing that the address does not say."""

from bot.ids import Action
from bot.rules import group_digits
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses, as_link
from bot.views.blocks import BlockDict
from bot.views.mrkdwn import Mrkdwn, say


def number_unfurled(digits: str, t: Translator, addresses: Addresses) -> BlockDict:
    """Under the address of a meeting number."""
    return _card(say(t, "unfurl.number", number=group_digits(digits)), addresses.number(digits), t)


def link_unfurled(spelling: str, t: Translator, addresses: Addresses) -> BlockDict:
    """Under the address of a personal link."""
    return _card(say(t, "unfurl.link", link=spelling), addresses.link(spelling), t)


def _card(head: Mrkdwn, url: str, t: Translator) -> BlockDict:
    join = blocks.link_button(t("join.button"), Action.JOIN, url, label=t("join.label"))
    return {"blocks": [blocks.section(Mrkdwn(f"{head}\n{as_link(url)}"), accessory=join)]}

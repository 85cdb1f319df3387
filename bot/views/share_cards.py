"""The card of a shared room, for everybody in a channel, and the question before it."""

from collections.abc import Sequence

from bot.ids import Action
from bot.rules import group_digits
from bot.services.sharing import Shared, SharedRoom
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses, as_link
from bot.views.cards import pmi_lines, shown_link_lines
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape, mention, say
from bot.views.settings_lines import ISOLATED


def shared_card(shared: SharedRoom, t: Translator, addresses: Addresses) -> Message:
    """What everybody in a channel sees of a shared room. No passcode is in it."""
    room = shared.room
    head = say(t, "share.card", who=mention(room.user))
    titled = Mrkdwn(f"{head}\n{escape(ISOLATED.format(shared.topic))}") if shared.topic else head
    url = addresses.number(room.pmi)
    invitation = addresses.invitation(shared.key)
    link = () if room.link is None else (blocks.section(shown_link_lines(room.link, t, addresses)),)
    join = blocks.link_button(t("join.button"), Action.JOIN, invitation, label=t("join.label"), primary=True)
    return Message(
        Mrkdwn(f"{head} {escape(group_digits(room.pmi))} {as_link(url)}"),
        (blocks.section(titled), blocks.section(pmi_lines(room, t, addresses)), *link, blocks.actions([join])),
    )


def share_question(reasons: Sequence[str], members: int, t: Translator) -> Message:
    """Asks before a room is shared where many may see it, and says why."""
    lines = [f"*{say(t, 'share.question')}*", *(f"• {_why(reason, members, t)}" for reason in reasons)]
    share = blocks.button(t("share.button"), Action.SHARE_HERE, label=t("share.label"))
    cancel = blocks.button(t("modal.cancel"), Action.SHARE_NOT, label=t("share.cancel.label"))
    return Message(t("share.question"), (blocks.section(Mrkdwn("\n".join(lines))), blocks.actions([share, cancel])))


def share_answer(shared: Shared, t: Translator) -> Message:
    """What whoever shared their room reads."""
    return _words(t("share.done" if shared.changed else "share.before"))


def share_cancelled(t: Translator) -> Message:
    """What whoever thought better of it reads."""
    return _words(t("share.cancelled"))


def _why(reason: str, members: int, t: Translator) -> Mrkdwn:
    if reason == "large":
        return escape(t.many("share.why.large", members))
    return say(t, f"share.why.{reason}")


def _words(text: str) -> Message:
    return Message(text, (blocks.section(escape(text)),))

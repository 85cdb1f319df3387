"""What runs in a room, for those who may host it, and the button that starts it."""

from bot.ids import Action
from bot.rules import group_digits
from bot.services.meeting_results import Running, Startable
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses
from bot.views.blocks import BlockDict
from bot.views.meeting_cards import end_button
from bot.views.mrkdwn import Mrkdwn, escape, mention, moment, say
from bot.views.settings_lines import ISOLATED

MOST = 5
"""Meetings that are shown, the newest of them: nobody hosts more at once."""


def start_button(key: str, t: Translator, addresses: Addresses, holder: str = "") -> BlockDict:
    """The link that starts a room with one click; with a Slack id, a room whose alternative host reads this."""
    label = t("start.label.other" if holder else "start.label")
    url = addresses.start(key)
    return blocks.link_button(t("start.button"), Action.START_ROOM, url, value=holder, label=label, primary=True)


def running_blocks(start: Startable, reader: str, t: Translator, addresses: Addresses) -> list[BlockDict]:
    """A line for each meeting that runs, with the host's way in and the end of it."""
    found: list[BlockDict] = []
    for place, running in enumerate(start.running[-MOST:]):
        enter = blocks.link_button(
            t("meeting.enter"),
            f"{Action.HOST_MEETING}:{place}",
            addresses.start(running.start_key),
            label=t("meeting.host.label"),
        )
        found.append(blocks.section(_line(running, reader, t)))
        found.append(blocks.actions([enter, end_button(running.session, t, f":{place}")]))
    return found


def start_buttons(
    start: Startable | None, holder: str, t: Translator, addresses: Addresses, *, other: bool = False
) -> list[BlockDict]:
    """The Start button of a holder's room, where it may be started and no meeting in it has taken its place."""
    if start is None or any(each.session.in_room and each.holder == holder for each in start.running):
        return []
    return [start_button(start.start_key, t, addresses, holder if other else "")]


def _line(running: Running, reader: str, t: Translator) -> Mrkdwn:
    session = running.session
    since = moment(int(session.started_at.timestamp()), f"{session.started_at:%Y-%m-%d %H:%M} UTC")
    number = group_digits(session.number)
    if running.holder == reader:
        head = say(t, "running.own", number=number, since=since)
    else:
        head = say(t, "running.other", number=number, since=since, holder=mention(running.holder))
    return Mrkdwn(f"{head}\n{escape(ISOLATED.format(session.topic))}") if session.topic else head

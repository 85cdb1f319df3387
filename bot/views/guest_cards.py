"""What hosts see of those who wait: the message that lists them, and what comes of a press of its buttons."""

from bot.ids import Action
from bot.rules import group_digits
from bot.services.guest_messages import Door
from bot.services.guest_records import Guest, GuestState
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape, mention, moment, say
from bot.views.settings_lines import ISOLATED

NAMED = 7
"""Guests in one line: as long as names may be, it fits."""
_BECAME = (GuestState.ADMITTED, GuestState.DENIED, GuestState.GONE)


def guests_message(door: Door, t: Translator) -> Message:
    """Who waits at a place, with buttons, and what became of those who did."""
    if not door.waiting:
        text = t("guests.none")
        return Message(text, (blocks.section(_head(door, escape(text), t)), *_became(door, t)))
    text = t.many("guests.waiting", door.how_many)
    shown: list[BlockDict] = [blocks.section(_head(door, escape(text), t))]
    for place, guest in enumerate(door.waiting):
        shown += [blocks.section(_asks(guest, t)), _buttons(guest, place, t)]
    if door.more:
        shown.append(blocks.context(escape(t.many("guests.more", door.more))))
    if door.how_many > 1:
        everybody = t.many("guests.admit_all", door.how_many)
        shown.append(blocks.actions([blocks.button(everybody, Action.ADMIT_GUESTS, value=door.place_id)]))
    notes = [t("guests.names")] if door.runs else [t("guests.names"), t("guests.early")]
    shown.append(blocks.context(escape(" ".join(notes))))
    # A notification shows this alone.
    return Message(_said(door, t), (*shown, *_became(door, t)))


def more_guests_message(door: Door, t: Translator) -> Message:
    """That somebody else waits: a short word, since a changed message makes no sound."""
    text = _said(door, t)
    return Message(text, (blocks.section(say(t, "guests.above", guests=text)),))


def older_guests_message(t: Translator) -> Message:
    """In the place of a message that a newer one has taken over from."""
    text = t("guests.moved")
    return Message(text, (blocks.context(escape(text)),))


def started_for_guests(url: str, t: Translator) -> Message:
    """To the host who let somebody in before any host was there: the way in, for them alone."""
    text = t("guests.started")
    button = blocks.link_button(t("guests.enter"), Action.HOST_MEETING, url, primary=True)
    return Message(text, (blocks.section(escape(text)), blocks.actions([button])))


def _head(door: Door, text: Mrkdwn, t: Translator) -> Mrkdwn:
    topic = ISOLATED.format(door.topic) if door.topic else group_digits(door.number)
    return say(t, "guests.head", topic=topic, text=text)


def _said(door: Door, t: Translator) -> Mrkdwn:
    first = _name(door.waiting[0], t)
    if door.how_many == 1:
        return say(t, "guests.said", name=first)
    return say(t, "guests.said.others", name=first, others=t.many("guests.others", door.how_many - 1))


def _asks(guest: Guest, t: Translator) -> Mrkdwn:
    since = moment(int(guest.asked_at.timestamp()), f"{guest.asked_at:%Y-%m-%d %H:%M} UTC")
    name = Mrkdwn(f"*{_name(guest, t)}*") if guest.name else _name(guest, t)
    if guest.slack_user is None or (guest.signed_in and not guest.name):
        return say(t, "guests.asks", name=name, since=since)
    code = "guests.asks.signed_in" if guest.signed_in else "guests.asks.invited"
    return say(t, code, name=name, user=mention(guest.slack_user), since=since)


def _buttons(guest: Guest, place: int, t: Translator) -> BlockDict:
    name = guest.name or t("guests.somebody")
    return blocks.actions(
        [
            blocks.button(
                t("guests.admit"),
                f"{Action.ADMIT_GUEST}:{place}",
                value=guest.id,
                label=t("guests.admit.who", name=name),
            ),
            blocks.button(
                t("guests.deny"), f"{Action.DENY_GUEST}:{place}", value=guest.id, label=t("guests.deny.who", name=name)
            ),
        ]
    )


def _became(door: Door, t: Translator) -> tuple[BlockDict, ...]:
    """A line for each thing that became of guests, with those of whom it did last."""
    lines = []
    for state in _BECAME:
        those = [_name(guest, t) for guest in door.decided if guest.state is state][-NAMED:]
        if those:
            lines.append(blocks.context(say(t, f"guests.became.{state}", guests=Mrkdwn(", ".join(those)))))
    return tuple(lines)


def _name(guest: Guest, t: Translator) -> Mrkdwn:
    """What a guest is called. Whatever they call themselves, nothing of it comes alive."""
    if guest.name:
        return escape(ISOLATED.format(guest.name))
    # Whose invitation it is does not say who has come with it.
    signed_in = guest.signed_in and guest.slack_user is not None
    return mention(guest.slack_user or "") if signed_in else escape(t("guests.somebody"))

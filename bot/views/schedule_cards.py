"""What people see of a scheduled meeting in channels and direct messages: the invitation and the reminder."""

from bot.ids import Action
from bot.rules import Answer, group_digits
from bot.services.timetable import Occurrence, Reminded, Shown
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses, as_link
from bot.views.blocks import BlockDict
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape, mention, say
from bot.views.schedule_words import counts_line, repeats_line, span, topic_of

_CHANGES = 4
"""Changed or cancelled ones of a series that are listed."""


def invitation_card(shown: Shown, t: Translator, addresses: Addresses) -> Message:
    """The invitation, as it is now. In a channel, and for each invitee with a key of their own."""
    if shown.cancelled:
        return _over(shown, t, "schedule.card.cancelled")
    occurrence = shown.next
    if occurrence is None:
        return _over(shown, t, "schedule.card.over")
    head = say(t, "schedule.card", who=mention(shown.holder), topic=topic_of(shown, None, t))
    small = [counts_line(shown, t)]
    if shown.answer is not None:
        small.append(say(t, f"schedule.said.{shown.answer}"))
    return Message(
        t("schedule.card.text", topic=topic_of(shown, None, t)),
        (
            blocks.section(head),
            blocks.section(Mrkdwn("\n".join(when_lines(shown, occurrence, t)))),
            blocks.section(where_lines(shown, t, addresses)),
            *(blocks.context(line) for line in exceptions(shown, t)),
            blocks.actions(
                [
                    join_button(shown, t, addresses),
                    *_answers(shown, t),
                    blocks.link_button(
                        t("schedule.calendar.button"),
                        Action.CALENDAR,
                        addresses.calendar(shown.key),
                        label=t("schedule.calendar.label"),
                    ),
                ]
            ),
            blocks.context(Mrkdwn(" · ".join(small))),
        ),
    )


def withdrawn_card(t: Translator) -> Message:
    """What stands where somebody was invited who is not any more. Of the meeting it says nothing."""
    text = t("schedule.card.withdrawn")
    return Message(text, (blocks.section(escape(text)),))


def reminder_card(reminded: Reminded, t: Translator, addresses: Addresses) -> Message:
    """That a meeting begins soon, or has begun."""
    shown, occurrence = reminded.shown, reminded.occurrence
    topic = topic_of(shown, occurrence, t)
    code = "schedule.begun" if reminded.begun else "schedule.begins"
    return Message(
        t(f"{code}.text", topic=topic),
        (
            blocks.section(say(t, code, topic=topic, when=span(occurrence))),
            blocks.section(where_lines(shown, t, addresses)),
            blocks.actions([join_button(shown, t, addresses)]),
        ),
    )


def when_lines(shown: Shown, occurrence: Occurrence, t: Translator) -> list[Mrkdwn]:
    """When it is, and how it repeats."""
    repeats = repeats_line(shown, t)
    first = span(occurrence) if repeats is None else say(t, "schedule.next", when=span(occurrence))
    return [first] if repeats is None else [first, repeats]


def where_lines(shown: Shown, t: Translator, addresses: Addresses) -> Mrkdwn:
    """The number and the whole address, which holds no key."""
    number = say(t, "schedule.number", number=group_digits(shown.number))
    return Mrkdwn(f"{number}\n{as_link(addresses.number(shown.number))}")


def exceptions(shown: Shown, t: Translator) -> list[Mrkdwn]:
    """Those of a series that do not take place, or have a time of their own."""
    odd = [one for one in shown.coming if one.cancelled or one.changed]
    lines = [say(t, "schedule.off" if one.cancelled else "schedule.moved", when=span(one)) for one in odd[:_CHANGES]]
    return lines if len(odd) <= _CHANGES else [*lines, Mrkdwn(t.many("schedule.odd.more", len(odd) - _CHANGES))]


def join_button(shown: Shown, t: Translator, addresses: Addresses, *, primary: bool = True) -> BlockDict:
    """Leads in without a passcode, by the key of whoever the card is for."""
    url = addresses.invitation(shown.key)
    return blocks.link_button(t("join.button"), Action.JOIN, url, label=t("join.label"), primary=primary)


def _answers(shown: Shown, t: Translator) -> list[BlockDict]:
    if shown.is_holder:
        return []
    return [
        blocks.button(
            t(f"schedule.answer.{answer}"),
            f"{Action.ANSWER}:{place}",
            value=f"{shown.meeting_id} {answer}",
            label=t(f"schedule.answer.{answer}.label"),
        )
        for place, answer in enumerate(Answer)
    ]


def _over(shown: Shown, t: Translator, code: str) -> Message:
    topic = topic_of(shown, None, t)
    head = say(t, code, who=mention(shown.holder), topic=topic)
    when = Mrkdwn(f"~{span(shown.last if shown.next is None else shown.first)}~")
    return Message(escape(t(f"{code}.text", topic=topic)), (blocks.section(Mrkdwn(f"{head}\n{when}")),))

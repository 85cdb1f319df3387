"""What is said of meetings: in channels, to the host alone, and where it is asked on which number they take place."""

import json
from datetime import datetime

from bot.ids import Action, Callback
from bot.rules import group_digits
from bot.services.meeting_results import Ended, JoinCard, Started
from bot.services.session_records import Session
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses, as_link
from bot.views.blocks import BlockDict, View
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, code, escape, mention, moment, say
from bot.views.settings_lines import ISOLATED

HOUR = 60


def join_card(card: JoinCard, t: Translator, addresses: Addresses, thread: str = "") -> Message:
    """What everybody in a channel sees of a meeting. No passcode is in it."""
    session, who = card.session, mention(card.session.started_by or card.holder)
    if not session.runs:
        head = say(t, "meeting.card.ended", who=who, length=length(session, t))
        return Message(head, (blocks.section(_with_topic(head, session)),), thread)
    head = say(t, "meeting.card.discuss" if thread else "meeting.card", who=who)
    if card.session.started_by not in (None, card.holder):
        head = say(t, "meeting.card.for", who=who, holder=mention(card.holder))
    url = addresses.number(session.number)
    invitation = addresses.invitation(card.key)
    join = blocks.link_button(t("join.button"), Action.JOIN, invitation, label=t("join.label"), primary=True)
    return Message(
        Mrkdwn(f"{head} {as_link(url)}"),
        (
            blocks.section(_with_topic(head, session)),
            blocks.section(Mrkdwn(f"{say(t, 'meeting.number', number=group_digits(session.number))}\n{as_link(url)}")),
            blocks.context(say(t, "meeting.since", time=_time(session.started_at))),
            blocks.actions([join]),
        ),
        thread,
    )


def started_message(started: Started, t: Translator, addresses: Addresses) -> Message:
    """What the host who started a meeting sees of it, and nobody else."""
    return Message(
        t("meeting.started.text" if started.fresh else "meeting.offered.text"), tuple(_started(started, t, addresses))
    )


def started_modal(started: Started, t: Translator, addresses: Addresses) -> View:
    """The same as a dialog."""
    return _modal(_started(started, t, addresses), t)


def ended_message(ended: Ended, t: Translator) -> Message:
    """What the host who ended a meeting sees."""
    said = _ended(ended, t)
    return Message(said, (blocks.section(_with_topic(Mrkdwn(f"*{said}*"), ended.session)),))


def ended_modal(ended: Ended, t: Translator) -> View:
    """The same as a dialog."""
    return _modal(list(ended_message(ended, t).blocks), t)


def question_message(topic: str, thread: str, t: Translator) -> Message:
    """Asks once on which number instant meetings take place; the answer starts the meeting."""
    return Message(t("meeting.question.text"), tuple(_question(topic, thread, t)))


def question_modal(topic: str, t: Translator) -> View:
    """The same as a dialog."""
    return _modal(_question(topic, "", t), t)


def read_question(value: str) -> tuple[str, str]:
    """The topic and the thread that a button of the question carries; nothing of what is none of ours."""
    try:
        found = json.loads(value)
    except ValueError:
        return "", ""
    topic, thread = (found.get(name) for name in ("topic", "thread")) if isinstance(found, dict) else ("", "")
    return (topic if isinstance(topic, str) else "", thread if isinstance(thread, str) else "")


def end_button(session: Session, t: Translator, place: str = "") -> BlockDict:
    """The button that ends a meeting, after a question."""
    confirm = {
        "title": blocks.plain(t("meeting.end.title")),
        "text": blocks.plain(t("meeting.end.text")),
        "confirm": blocks.plain(t("meeting.end.confirm")),
        "deny": blocks.plain(t("modal.cancel")),
        "style": "danger",
    }
    found = blocks.button(t("meeting.end"), f"{Action.END_MEETING}{place}", value=session.id)
    return found | {"style": "danger", "confirm": confirm}


def length(session: Session, t: Translator) -> str:
    """How long a meeting that is over ran, in words."""
    until = session.ended_at or session.started_at
    minutes = max(1, round((until - session.started_at).total_seconds() / 60))
    hours, rest = divmod(minutes, HOUR)
    return t("length.hours", hours=str(hours), minutes=str(rest)) if hours else t.many("length.minutes", minutes)


def _started(started: Started, t: Translator, addresses: Addresses) -> list[BlockDict]:
    session = started.session
    url, start = addresses.number(session.number), addresses.start(started.start_key)
    head = escape(t("meeting.started" if started.fresh else "meeting.offered"))
    lines = [say(t, "meeting.number", number=group_digits(session.number)), as_link(url)]
    if started.passcode is not None:
        lines.append(say(t, "meeting.passcode", passcode=code(started.passcode)))
    enter = blocks.link_button(
        t("meeting.host"), Action.HOST_MEETING, start, label=t("meeting.host.label"), primary=True
    )
    return [
        blocks.section(_with_topic(Mrkdwn(f"*{head}*"), session)),
        blocks.section(Mrkdwn("\n".join(lines))),
        *([blocks.context(say(t, "meeting.pmis_off"))] if started.pmis_off else []),
        blocks.context(say(t, "meeting.start_link", url=as_link(start))),
        blocks.actions([enter, end_button(session, t)]),
    ]


def _ended(ended: Ended, t: Translator) -> str:
    return t("meeting.ended" if ended.changed else "meeting.ended.before", length=length(ended.session, t))


def _question(topic: str, thread: str, t: Translator) -> list[BlockDict]:
    carried = json.dumps({"topic": topic, "thread": thread}, ensure_ascii=False)
    return [
        blocks.section(say(t, "meeting.question", command=code("/pmi edit"))),
        blocks.actions(
            [
                blocks.button(t("meeting.question.pmi"), Action.START_ON_PMI, value=carried),
                blocks.button(t("meeting.question.one_off"), Action.START_ONE_OFF, value=carried),
            ]
        ),
    ]


def _modal(found: list[BlockDict], t: Translator) -> View:
    return blocks.modal(Callback.NOTICE, title=t("meeting.title"), close=t("modal.done"), blocks=_plain(found))


def _plain(found: list[BlockDict]) -> list[BlockDict]:
    """The blocks as dialogs have them: no button in them is coloured."""
    rows = [(block, block.get("elements") if block["type"] == "actions" else None) for block in found]
    return [
        block
        if row is None
        else block | {"elements": [{k: v for k, v in each.items() if k != "style"} for each in row]}
        for block, row in rows
    ]


def _with_topic(head: Mrkdwn, session: Session) -> Mrkdwn:
    return Mrkdwn(f"{head}\n{escape(ISOLATED.format(session.topic))}") if session.topic else head


def _time(at: datetime) -> Mrkdwn:
    return moment(int(at.timestamp()), f"{at:%Y-%m-%d %H:%M} UTC")

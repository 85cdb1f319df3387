"""What is coming: `/room meetings`, the same on Home, and the dialogs around a scheduled meeting."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.ids import Action, Callback
from bot.rules import Repeats
from bot.services.timetable import Cancelled, Changed, Coming, Scheduled, Shown
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses, as_link
from bot.views.blocks import BlockDict, View
from bot.views.form import metadata
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, code, mention, say
from bot.views.schedule_cards import exceptions, join_button, when_lines, where_lines
from bot.views.schedule_words import counts_line, repeats_line, span, topic_of

EDIT, EDIT_ONE, CANCEL_ONE, CANCEL = "edit", "edit_one", "cancel_one", "cancel"
"""What the "more" menu of a meeting does."""
MOST = 15
"""Meetings in one list: each takes up to three blocks of fifty."""


def meetings_list(
    coming: Sequence[Coming], starts: Mapping[str, str], t: Translator, addresses: Addresses, now: datetime
) -> Message:
    """What `/room meetings` shows. `starts` are the start links of those that one may host, by the meeting's id."""
    if not coming:
        return Message(
            t("meetings.none.text"), (blocks.section(say(t, "meetings.none", command=code("/room schedule"))),)
        )
    rows = [row for one in coming[:MOST] for row in coming_rows(one, starts, t, addresses, now)]
    more = [blocks.context(say(t, "meetings.more", count=str(MOST)))] if len(coming) > MOST else []
    head = blocks.section(Mrkdwn(f"*{say(t, 'meetings.head')}*"))
    return Message(t("meetings.text"), (head, *rows, *more))


def coming_rows(
    one: Coming, starts: Mapping[str, str], t: Translator, addresses: Addresses, now: datetime
) -> list[BlockDict]:
    """One meeting of a list, with what can be done about it."""
    shown, occurrence = one.shown, one.occurrence
    whose = [] if shown.is_holder else [say(t, "meetings.by", who=mention(shown.holder))]
    repeats = repeats_line(shown, t)
    lines = [
        Mrkdwn(f"*{say(t, 'meetings.topic', topic=topic_of(shown, occurrence, t))}*"),
        Mrkdwn(" ".join([span(occurrence), *([say(t, "meetings.now")] if occurrence.start <= now else [])])),
        *([] if repeats is None else [repeats]),
        where_lines(shown, t, addresses),
    ]
    small = Mrkdwn(" · ".join([*whose, counts_line(shown, t)]))
    return [
        blocks.section(Mrkdwn("\n".join(lines))),
        blocks.context(small),
        blocks.actions(_buttons(one, starts, t, addresses)),
    ]


def _buttons(one: Coming, starts: Mapping[str, str], t: Translator, addresses: Addresses) -> list[BlockDict]:
    shown = one.shown
    start = starts.get(shown.meeting_id)
    found = []
    if start is not None:
        found.append(blocks.link_button(t("start.button"), Action.HOST_MEETING, start, label=t("schedule.start.label")))
    if shown.is_holder:
        return [*found, _more(one, t)]
    return [*found, join_button(shown, t, addresses, primary=False)] if shown.key else found


def _more(one: Coming, t: Translator) -> BlockDict:
    """The menu of one's own meeting: of a series, one or all."""
    alone = one.shown.repeats is Repeats.NONE
    acts = (EDIT, CANCEL) if alone else (EDIT, EDIT_ONE, CANCEL_ONE, CANCEL)
    return {
        "type": "overflow",
        "action_id": Action.MEETING_MORE,
        "options": [
            {
                "text": blocks.plain(t(f"meetings.{act}" if alone else f"meetings.series.{act}")),
                "value": f"{act} {one.shown.meeting_id} {one.occurrence.key}",
            }
            for act in acts
        ],
    }


def cancel_modal(shown: Shown, occurrence: str | None, t: Translator) -> View:
    """Whether a meeting, or one of a series, is really not to take place."""
    found = next((one for one in shown.coming if one.key == occurrence), None)
    alone = shown.repeats is Repeats.NONE
    question = "cancel.one" if found is not None and not alone else "cancel.only" if alone else "cancel.all"
    when = found or shown.next or shown.last
    kept = {"meeting": shown.meeting_id} | ({} if found is None or alone else {"occurrence": found.key})
    return blocks.modal(
        Callback.CANCEL_MEETING,
        title=t("cancel.title"),
        close=t("cancel.keep"),
        submit=blocks.plain(t("cancel.submit")),
        private_metadata=json.dumps(kept),
        blocks=[
            blocks.section(say(t, question, topic=topic_of(shown, found, t), when=span(when))),
            blocks.context(say(t, "cancel.told")),
        ],
    )


def read_cancel_modal(view: Mapping[str, Any]) -> tuple[str, str | None]:
    """The meeting's id, and which one of a series; None for all."""
    known = metadata(view)
    meeting_id, occurrence = known.get("meeting"), known.get("occurrence")
    return (
        meeting_id if isinstance(meeting_id, str) else "",
        occurrence if isinstance(occurrence, str) else None,
    )


def meeting_cancelled(cancelled: Cancelled, t: Translator) -> View:
    """The dialog after a cancellation."""
    key = "cancel.done" if cancelled.changed else "cancel.same"
    said = say(t, key, topic=topic_of(cancelled.shown, cancelled.occurrence, t))
    when = [] if cancelled.occurrence is None else [blocks.section(Mrkdwn(f"~{span(cancelled.occurrence)}~"))]
    return blocks.modal(
        Callback.CANCEL_MEETING, title=t("cancel.title"), close=t("modal.done"), blocks=[blocks.section(said), *when]
    )


def meeting_saved(saved: Scheduled | Changed, t: Translator, addresses: Addresses) -> View:
    """The dialog after Schedule or Save: what holds now, for its holder alone: the start link and the passcode."""
    shown = saved.shown
    if isinstance(saved, Scheduled):
        head = say(t, "schedule.saved", topic=topic_of(shown, None, t))
    else:
        head = say(t, "schedule.changed" if saved.changed else "schedule.same", topic=topic_of(shown, None, t))
    occurrence = shown.next or shown.last
    own = [say(t, "schedule.saved.passcode", passcode=code(shown.passcode))] if shown.passcode else []
    return blocks.modal(
        Callback.SCHEDULE,
        title=t("schedule.modal.title.new" if isinstance(saved, Scheduled) else "schedule.modal.title.change"),
        close=t("modal.done"),
        blocks=[
            blocks.section(head),
            blocks.section(Mrkdwn("\n".join(when_lines(shown, occurrence, t)))),
            *(blocks.context(line) for line in exceptions(shown, t)),
            blocks.section(Mrkdwn("\n".join([where_lines(shown, t, addresses), *own]))),
            blocks.section(Mrkdwn(f"{say(t, 'schedule.saved.start')}\n{as_link(addresses.start(saved.start_key))}")),
            *(blocks.context(line) for line in _notes(saved, t)),
            *([blocks.context(told)] if (told := _told(shown, t)) is not None else []),
        ],
    )


def _told(shown: Shown, t: Translator) -> Mrkdwn | None:
    """Who is told of it."""
    invited = sum(1 for each in shown.invitees if each.invited)
    if shown.channel is not None and invited:
        return say(
            t, "schedule.told.both", channel=Mrkdwn(f"<#{shown.channel}>"), people=t.many("schedule.people", invited)
        )
    if shown.channel is not None:
        return say(t, "schedule.told.channel", channel=Mrkdwn(f"<#{shown.channel}>"))
    return say(t, "schedule.told.people", people=t.many("schedule.people", invited)) if invited else None


def _notes(saved: Scheduled | Changed, t: Translator) -> list[Mrkdwn]:
    """What is not quite as it was asked for, or as it was shown."""
    time = f"{saved.shown.first.start.astimezone(ZoneInfo(saved.shown.zone)):%H:%M}"
    notes = [say(t, adjusted.value, time=time) for adjusted in saved.adjusted]
    if saved.place_is_set:
        notes.append(say(t, "schedule.place_is_set"))
    if isinstance(saved, Changed):
        notes += [Mrkdwn(t.many("schedule.reset", saved.reset))] if saved.reset else []
        notes += [say(t, "schedule.elsewhere")] if saved.elsewhere else []
    return notes

"""The dialog of the change log: its filter, a page of lines, and the ways on from there."""

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from bot.ids import Action, AdminField, Callback
from bot.rules import Customisers, Option, Stance, group_digits
from bot.services.change_log import LogFilter, LogKind, LogLine, LogPage, one_line
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict, View
from bot.views.form import held
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape, mention, moment, say
from bot.views.mrkdwn import date as day_of

_OPTIONS = frozenset(Option)
_RENAMED = {"instant": Option.PMI_FOR_INSTANT, "scheduled": Option.PMI_FOR_SCHEDULED}
_POLICIES = {str(option): f"settings.option.{option}" for option in Option} | {
    "pmis_enabled": "admin.pmis",
    "who_may_customise": "admin.customisers",
    "link_hold_days": "admin.hold",
    "old_addresses_lead_on": "admin.leads_on",
}
"""What is said of each policy, by its name in the log."""
_PEOPLE = frozenset(("host.added", "host.removed", "invitee.added", "invitee.removed"))
_NUMBERS = frozenset(("meeting.started", "meeting.ended"))


def log_modal(page: LogPage, file_url: str, t: Translator) -> View:
    """A page of the log below its filter, which Show applies. The address of the file is for this reader alone."""
    lines = [blocks.section(_line(each, t)) for each in page.lines]
    buttons = [
        *([] if page.newer is None else [blocks.button(t("log.newer"), Action.ADMIN_LOG_NEWER, value=page.newer)]),
        *([] if page.older is None else [blocks.button(t("log.older"), Action.ADMIN_LOG_OLDER, value=page.older)]),
        blocks.link_button(t("log.csv"), Action.ADMIN_LOG_CSV, file_url),
    ]
    return blocks.modal(
        Callback.ADMIN_LOG,
        title=t("admin.log.title"),
        close=t("modal.done"),
        submit=blocks.plain(t("log.show")),
        blocks=[
            *_filter(page.asked, t),
            *(lines or [blocks.section(say(t, "log.none"))]),
            blocks.actions(buttons),
            blocks.context(say(t, "log.csv.about")),
        ],
    )


def log_not_shown(t: Translator) -> Message:
    """That Slack did not show another page."""
    text = t("failure.slack")
    return Message(text, (blocks.section(escape(text)),))


def read_log_modal(view: Mapping[str, Any], zone: str) -> LogFilter:
    """What the filter says. What is not there, or is none of what can be chosen, is no filter."""
    user = _held(view, AdminField.LOG_MEMBER, "selected_user")
    option = _held(view, AdminField.LOG_KIND, "selected_option")
    kind = option.get("value") if isinstance(option, dict) else None
    day = _held(view, AdminField.LOG_DAY, "selected_date")
    return LogFilter(
        user=user if isinstance(user, str) and user else None,
        kind=LogKind(kind) if kind in list(LogKind) else None,
        day=_day(day),
        zone=zone,
    )


def _held(view: Mapping[str, Any], field: AdminField, key: str) -> Any:
    found = held(view, field, field, key)
    return None if found is None else found[0]


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _filter(asked: LogFilter, t: Translator) -> list[BlockDict]:
    options = {kind: {"text": blocks.plain(t(f"log.kind.{kind}")), "value": str(kind)} for kind in LogKind}
    member: BlockDict = {"type": "users_select", "placeholder": blocks.plain(t("log.member.any"))}
    kind: BlockDict = {
        "type": "static_select",
        "placeholder": blocks.plain(t("log.kind.any")),
        "options": list(options.values()),
    }
    day: BlockDict = {"type": "datepicker", "placeholder": blocks.plain(t("log.day.any"))}
    if asked.user is not None:
        member["initial_user"] = asked.user
    if asked.kind is not None:
        kind["initial_option"] = options[asked.kind]
    if asked.day is not None:
        day["initial_date"] = asked.day.isoformat()
    return [
        _input(AdminField.LOG_MEMBER, "log.member", member, t),
        _input(AdminField.LOG_KIND, "log.kind", kind, t),
        _input(AdminField.LOG_DAY, "log.day", day, t),
    ]


def _input(field: AdminField, label: str, element: BlockDict, t: Translator) -> BlockDict:
    return {
        "type": "input",
        "block_id": field,
        "optional": True,
        "label": blocks.plain(t(label)),
        "element": element | {"action_id": field},
    }


def _line(line: LogLine, t: Translator) -> Mrkdwn:
    at = line.at.astimezone(UTC)
    epoch = int(at.timestamp())
    when = Mrkdwn(f"{day_of(epoch, f'{at:%Y-%m-%d}')}, {moment(epoch, f'{at:%H:%M} UTC')}")
    who = _person(line.actor, line.actor_id, "log.operator", t)
    if line.member_id == line.actor_id and line.member_id is not None:
        return say(t, "log.line.own", what=_what(line, t), when=when, who=who)
    whose = _person(line.member, line.member_id, "log.workspace", t)
    return say(t, "log.line", what=_what(line, t), when=when, who=who, whose=whose)


def _person(user: str | None, member_id: str | None, nobody: str, t: Translator) -> Mrkdwn:
    if user is not None:
        return mention(user)
    return say(t, nobody) if member_id is None else say(t, "log.gone", id=member_id[-6:])


def _what(line: LogLine, t: Translator) -> Mrkdwn:
    """What was changed, from what, to what; of an action that has no words of its own, its code."""
    old, new = _value(line.action, line.old, t), _value(line.action, line.new, t)
    name, _, rest = line.action.partition(".")
    option = _RENAMED.get(name, name)
    if rest == "changed" and option in _OPTIONS - {Option.PASSCODE}:
        return say(t, "log.option", option=t(f"settings.option.{option}"), old=old, new=new)
    if name == "policy" and rest in _POLICIES:
        said = (_of_policy(value, t) for value in (line.old, line.new))
        return say(t, "log.option", option=t(_POLICIES[rest]), **dict(zip(("old", "new"), said, strict=True)))
    try:
        return say(t, f"log.{line.action}", old=old, new=new)
    except LookupError:
        return say(t, "log.other", code=line.action, old=old, new=new)


def _of_policy(value: str | None, t: Translator) -> Mrkdwn:
    if value is None:
        return say(t, "log.usual")
    words = {"yes": "log.yes", "no": "log.no"} | {each: f"admin.stance.{each}" for each in Stance}
    words |= {each: f"admin.customisers.{each}" for each in Customisers}
    return say(t, words[value]) if value in words else escape(one_line(value))


def _value(action: str, value: str | None, t: Translator) -> Mrkdwn:
    if value is None:
        return say(t, "log.nothing")
    if action.startswith("pmi.") or action in _NUMBERS:
        return escape(group_digits(value) if value.isdigit() else value)
    if action in _PEOPLE:
        return mention(value) if value.isalnum() else escape(value)
    words = {"yes": "log.yes", "no": "log.no"}
    if action == "waiting_room.changed":
        words = {each: f"settings.waiting.{each}" for each in ("nobody", "everybody", "outside")}
    return say(t, words[value]) if value in words else escape(one_line(value))

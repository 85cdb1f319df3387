"""The dialog in which a meeting is scheduled or changed: its writer and its reader."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Action, Block, Callback
from bot.rules import MOST_INVITEES, MOST_TIMES, Repeats, ScheduleWish
from bot.services.drafts import Draft
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict, View
from bot.views.form import held, metadata, with_replaced
from bot.views.mrkdwn import Mrkdwn, say

MINUTES = (15, 30, 45, 60, 90, 120, 180, 240, 480)
"""Lengths to choose from."""
REMINDERS = (0, 5, 10, 15, 30, 60, 24 * 60)
"""Minutes before a meeting to choose from."""
NEVER = "never"
ON_PMI, ONE_OFF = "pmi", "one_off"


def schedule_modal(draft: Draft, t: Translator) -> View:
    """The dialog, prefilled."""
    new = draft.meeting_id is None
    return blocks.modal(
        Callback.SCHEDULE,
        title=t("schedule.modal.title.new" if new else "schedule.modal.title.change"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("schedule.modal.submit" if new else "modal.save")),
        blocks=_series(draft, t) if draft.occurrence is None else _once(draft, t),
        **_metadata(draft),
    )


def with_repeats(view: Mapping[str, Any], repeats: Repeats, t: Translator) -> View:
    """The same dialog with the fields that a series needs, or without them. What people typed elsewhere stays."""
    return with_replaced(view, Block.REPEATS, Block.ENDS, _ends(repeats, None, "", t))


def read_schedule_modal(view: Mapping[str, Any], zone: str) -> Draft:
    """What was asked for in a submitted dialog; a meeting that is changed keeps its time in the zone that was shown."""
    known = metadata(view)
    shown_zone = known.get("zone")
    repeats = _chosen(view, Block.REPEATS, Action.REPEATS)
    remind = _chosen(view, Block.REMINDER, Action.REMINDER)
    where = _chosen(view, Block.WHERE, Action.WHERE)
    wish = ScheduleWish(
        topic=_held(view, Block.TOPIC, Action.TOPIC, "value", str) or "",
        zone=shown_zone if isinstance(shown_zone, str) else zone,
        minutes=_number(_chosen(view, Block.MINUTES, Action.MINUTES)) or 0,
        at=_held(view, Block.STARTS, Action.STARTS, "selected_date_time", int),
        invitees=_people(view),
        channel=_held(view, Block.CHANNEL, Action.CHANNEL, "selected_conversation", str),
        on_pmi=None if where is None else where == ON_PMI,
        repeats=Repeats(repeats) if repeats in list(Repeats) else Repeats.NONE,
        count=_count(_held(view, f"{Block.ENDS}_count", Action.ENDS_COUNT, "value", str)),
        until=_held(view, f"{Block.ENDS}_until", Action.ENDS_UNTIL, "selected_date", str) or "",
        remind_minutes=_number(remind) if remind not in (None, NEVER) else None,
        sequence=_whole(known.get("sequence")),
    )
    meeting_id, occurrence = known.get("meeting"), known.get("occurrence")
    return Draft(
        wish,
        meeting_id=meeting_id if isinstance(meeting_id, str) else None,
        occurrence=occurrence if isinstance(occurrence, str) else None,
    )


def repeats_of(view: Mapping[str, Any]) -> Repeats:
    """How often, as it is chosen in the dialog at this moment."""
    found = _chosen(view, Block.REPEATS, Action.REPEATS)
    return Repeats(found) if found in list(Repeats) else Repeats.NONE


def _series(draft: Draft, t: Translator) -> list[BlockDict]:
    wish = draft.wish
    return [
        *_once(draft, t),
        _invitees(wish.invitees, t),
        _channel(wish.channel, t),
        _where(draft, t),
        _repeats(wish.repeats, t),
        *_ends(wish.repeats, wish.count, wish.until, t),
        _reminder(wish.remind_minutes, t),
    ]


def _once(draft: Draft, t: Translator) -> list[BlockDict]:
    """What each meeting of a series can have for itself."""
    wish = draft.wish
    topic = {
        "type": "plain_text_input",
        "action_id": Action.TOPIC,
        "placeholder": blocks.plain(t("schedule.modal.topic.placeholder")),
    }
    starts: BlockDict = {"type": "datetimepicker", "action_id": Action.STARTS}
    starts |= {} if wish.at is None else {"initial_date_time": wish.at}
    key = "schedule.modal.zone" if draft.meeting_id is None else "schedule.modal.zone.of_meeting"
    zone = say(t, key, zone=wish.zone.replace("_", " "))
    return [
        _input(Block.TOPIC, "schedule.modal.topic", topic | ({"initial_value": wish.topic} if wish.topic else {}), t)
        | {"optional": True},
        _input(Block.STARTS, "schedule.modal.starts", starts, t),
        blocks.context(Mrkdwn(zone)),
        _input(
            Block.MINUTES,
            "schedule.modal.minutes",
            _menu(Action.MINUTES, _lengths(wish.minutes, t), str(wish.minutes)),
            t,
        ),
    ]


def _lengths(minutes: int, t: Translator) -> dict[str, str]:
    offered = sorted({*MINUTES, *([minutes] if minutes > 0 else [])})
    return {str(each): length(each, t) for each in offered}


def length(minutes: int, t: Translator) -> str:
    """A length of time in words: 45 minutes, 1 hour, 2 hours 30 minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [t.many("schedule.hours", hours)] if hours else []
    parts += [t.many("schedule.minutes.length", rest)] if rest or not hours else []
    return " ".join(parts)


def before(minutes: int, t: Translator) -> str:
    """How long before a meeting, in words."""
    if minutes == 0:
        return t("schedule.modal.reminder.at_start")
    days, rest = divmod(minutes, 24 * 60)
    span = t.many("schedule.days", days) if days and not rest else length(minutes, t)
    return t("schedule.modal.reminder.before", span=span)


def _invitees(users: Sequence[str], t: Translator) -> BlockDict:
    element: BlockDict = {
        "type": "multi_users_select",
        "action_id": Action.INVITEES,
        "placeholder": blocks.plain(t("schedule.modal.invitees.placeholder")),
        "max_selected_items": MOST_INVITEES,
    }
    shown = element | ({"initial_users": list(users)} if users else {})
    return _input(Block.INVITEES, "schedule.modal.invitees", shown, t) | {"optional": True}


def _channel(channel: str | None, t: Translator) -> BlockDict:
    element: BlockDict = {
        "type": "conversations_select",
        "action_id": Action.CHANNEL,
        "placeholder": blocks.plain(t("schedule.modal.channel.placeholder")),
        "filter": {"include": ["public", "private"]},
        # Where the app is no member, this alone lets it post.
        "response_url_enabled": True,
    }
    shown = element | ({"initial_conversation": channel} if channel else {})
    hint = {"hint": blocks.plain(t("schedule.modal.channel.hint"))}
    return _input(Block.CHANNEL, "schedule.modal.channel", shown, t) | {"optional": True} | hint


def _where(draft: Draft, t: Translator) -> BlockDict:
    options = {ON_PMI: t("schedule.modal.where.pmi"), ONE_OFF: t("schedule.modal.where.one_off")}
    element: BlockDict = {
        "type": "radio_buttons",
        "action_id": Action.WHERE,
        "options": [_option(text, value) for value, text in options.items()],
    }
    if draft.wish.on_pmi is not None:
        chosen = ON_PMI if draft.wish.on_pmi else ONE_OFF
        element["initial_option"] = _option(options[chosen], chosen)
    return _input(Block.WHERE, "schedule.modal.where", element, t)


def _repeats(repeats: Repeats, t: Translator) -> BlockDict:
    options = {each.value: t(f"schedule.repeats.{each}") for each in Repeats}
    return _input(Block.REPEATS, "schedule.modal.repeats", _menu(Action.REPEATS, options, repeats), t) | {
        "dispatch_action": True
    }


def _ends(repeats: Repeats, count: int | None, until: str, t: Translator) -> list[BlockDict]:
    """Fields that only a series has; with both, the earlier end counts."""
    if repeats is Repeats.NONE:
        return []
    times: BlockDict = {
        "type": "number_input",
        "action_id": Action.ENDS_COUNT,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(MOST_TIMES),
    }
    last: BlockDict = {"type": "datepicker", "action_id": Action.ENDS_UNTIL}
    times |= {} if count is None else {"initial_value": str(count)}
    last |= {"initial_date": until} if until else {}
    hint = {"hint": blocks.plain(t("schedule.modal.ends.hint"))}
    return [
        _input(f"{Block.ENDS}_count", "schedule.modal.ends.count", times, t) | {"optional": True},
        _input(f"{Block.ENDS}_until", "schedule.modal.ends.until", last, t) | {"optional": True} | hint,
    ]


def _reminder(minutes: int | None, t: Translator) -> BlockDict:
    offered = sorted({*REMINDERS, *([] if minutes is None else [minutes])})
    options = {NEVER: t("schedule.modal.reminder.never")} | {str(each): before(each, t) for each in offered}
    chosen = NEVER if minutes is None else str(minutes)
    return _input(Block.REMINDER, "schedule.modal.reminder", _menu(Action.REMINDER, options, chosen), t)


def _metadata(draft: Draft) -> dict[str, str]:
    zone = None if draft.meeting_id is None else draft.wish.zone
    known = {
        "meeting": draft.meeting_id,
        "occurrence": draft.occurrence,
        "sequence": draft.wish.sequence,
        "zone": zone,
    }
    shown = {name: value for name, value in known.items() if value is not None}
    return {"private_metadata": json.dumps(shown)} if shown else {}


def _menu(action_id: Action, options: Mapping[str, str], chosen: str) -> BlockDict:
    element: BlockDict = {
        "type": "static_select",
        "action_id": action_id,
        "options": [_option(text, value) for value, text in options.items()],
    }
    return element | ({"initial_option": _option(options[chosen], chosen)} if chosen in options else {})


def _input(block_id: str, label: str, element: BlockDict, t: Translator) -> BlockDict:
    return {"type": "input", "block_id": block_id, "label": blocks.plain(t(label)), "element": element}


def _option(text: str, value: str) -> BlockDict:
    return {"text": blocks.plain(text), "value": value}


def _held(view: Mapping[str, Any], block_id: str, action_id: str, key: str, kind: type) -> Any:
    """What a field holds, if it is of the kind that it must be."""
    found = held(view, block_id, action_id, key)
    return found[0] if found is not None and isinstance(found[0], kind) and not isinstance(found[0], bool) else None


def _chosen(view: Mapping[str, Any], block_id: str, action_id: str) -> str | None:
    option = _held(view, block_id, action_id, "selected_option", dict)
    value = option.get("value") if option is not None else None
    return value if isinstance(value, str) else None


def _people(view: Mapping[str, Any]) -> tuple[str, ...]:
    users = _held(view, Block.INVITEES, Action.INVITEES, "selected_users", list)
    return tuple(dict.fromkeys(user for user in users or [] if isinstance(user, str)))


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _count(text: str | None) -> int | None:
    """How many times; what was typed and is no number is none that a series can have, and so refused."""
    typed = (text or "").strip()
    if not typed:
        return None
    number = _number(typed)
    return 0 if number is None else number


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_DIGITS = 6

"""The dialog "Room settings": its writer and its reader, and what stands in it after Save."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Action, Block, Callback
from bot.rules import MOST_HOSTS, PREFERENCES, SWITCHES, Option, WaitingRoom
from bot.services.room_settings import Wish
from bot.services.settings_seen import Seen, SettingsSaved
from bot.texts import Translator
from bot.views import blocks
from bot.views.blocks import BlockDict, View
from bot.views.form import held, metadata, shown_input, ticked, with_replaced
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, code, escape, say
from bot.views.settings_lines import guards_line, locked_lines, settings_lines, warning

_BOXES = tuple(option for option in SWITCHES if option not in PREFERENCES)


def settings_modal(seen: Seen, t: Translator) -> View:
    """The dialog, prefilled. What cannot be chosen stands beneath, with the reason."""
    settings, locks = seen.settings, seen.locks
    passcode_is_off = Option.PASSCODE in locks and settings.passcode is None
    locked = locked_lines(seen, t)
    return blocks.modal(
        Callback.SETTINGS,
        title=t("settings.modal.title"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        private_metadata=json.dumps({"version": seen.version}),
        blocks=[
            _topic(settings.topic, t),
            *([] if passcode_is_off else _passcode(settings.passcode, t)),
            *([] if Option.WAITING_ROOM in locks else [_waiting_room(settings.waiting_room, t)]),
            *_boxes(Block.OPTIONS, Action.OPTIONS, _BOXES, seen, t),
            _hosts(settings.hosts, t),
            *_boxes(Block.PMI_USE, Action.PMI_USE, PREFERENCES, seen, t),
            *([] if locked is None else [blocks.context(locked)]),
            blocks.actions([_reset(t)]),
        ],
    )


def read_settings_modal(view: Mapping[str, Any]) -> Wish:
    """What was asked for in a submitted dialog. A field that was left as it was shown says nothing."""
    version = metadata(view).get("version")
    return Wish(
        topic=_typed(view, Block.TOPIC, Action.TOPIC),
        passcode=_typed(view, Block.PASSCODE, Action.PASSCODE),
        waiting_room=_chosen(view),
        options={
            **_ticked(view, Block.OPTIONS, Action.OPTIONS, _BOXES),
            **_ticked(view, Block.PMI_USE, Action.PMI_USE, PREFERENCES),
        },
        hosts=_picked(view),
        version=version if isinstance(version, int) else None,
    )


def with_new_passcode(view: Mapping[str, Any], passcode: str, t: Translator) -> View:
    """The same dialog with this passcode in its field; saved only by Save. What people typed elsewhere stays."""
    shown = shown_input(view, Block.PASSCODE)
    number = "" if shown is None else shown[0].removeprefix(f"{Block.PASSCODE}:")
    count = int(number) + 1 if number.isascii() and number.isdigit() else 1
    return with_replaced(
        view, Block.TOPIC, Block.PASSCODE, _passcode(passcode, t, block_id=f"{Block.PASSCODE}:{count}")
    )


def passcode_not_shown(t: Translator) -> Message:
    """That the dialog could not be given another passcode."""
    text = t("settings.modal.passcode.again")
    return Message(text, (blocks.section(escape(text)),))


def settings_modal_saved(saved: SettingsSaved, t: Translator) -> View:
    """The dialog after Save or Reset: what holds now."""
    head = [say(t, "saved.settings" if saved.changed else "saved.settings.same")]
    if saved.elsewhere:
        head.append(say(t, "saved.settings.elsewhere"))
    notes = (warning(saved.seen.settings, t), locked_lines(saved.seen, t))
    return blocks.modal(
        Callback.SETTINGS,
        title=t("settings.modal.title"),
        close=t("modal.done"),
        blocks=[
            blocks.section(Mrkdwn("\n".join(head))),
            blocks.section(settings_lines(saved.seen, t)),
            *(blocks.context(note) for note in notes if note is not None),
        ],
    )


def settings_reset(saved: SettingsSaved, t: Translator) -> Message:
    """That the settings are those of a new room, where no dialog can say it. The passcode is in no message."""
    line = guards_line(saved.seen.settings, t)
    again = say(t, "saved.settings.look", command=code("/room settings"))
    head = say(t, "saved.settings.reset")
    return Message(t("saved.settings.reset.text"), (blocks.section(Mrkdwn(f"{head}\n{line}")), blocks.context(again)))


def _topic(topic: str, t: Translator) -> BlockDict:
    element = {
        "type": "plain_text_input",
        "action_id": Action.TOPIC,
        "placeholder": blocks.plain(t("settings.modal.topic.placeholder")),
    }
    return _input(Block.TOPIC, "settings.modal.topic", element | ({"initial_value": topic} if topic else {}), t)


def _passcode(passcode: str | None, t: Translator, *, block_id: str = Block.PASSCODE) -> list[BlockDict]:
    element = {
        "type": "plain_text_input",
        "action_id": Action.PASSCODE,
        "placeholder": blocks.plain(t("settings.modal.passcode.placeholder")),
    }
    field = _input(block_id, "settings.modal.passcode", element | ({"initial_value": passcode} if passcode else {}), t)
    hint = {"hint": blocks.plain(t("settings.modal.passcode.hint"))}
    button = blocks.button(t("settings.modal.passcode.new"), Action.NEW_PASSCODE)
    return [field | hint, blocks.actions([button], block_id=f"{Block.PASSCODE}_new")]


def _waiting_room(waiting_room: WaitingRoom, t: Translator) -> BlockDict:
    options = {each: _option(t(f"settings.waiting.{each}"), each) for each in WaitingRoom}
    element = {
        "type": "radio_buttons",
        "action_id": Action.WAITING_ROOM,
        "options": list(options.values()),
        "initial_option": options[waiting_room],
    }
    return {
        "type": "input",
        "block_id": Block.WAITING_ROOM,
        "label": blocks.plain(t("settings.modal.waiting")),
        "element": element,
    }


def _boxes(block_id: Block, action_id: Action, among: Sequence[Option], seen: Seen, t: Translator) -> list[BlockDict]:
    options = {each: _option(t(f"settings.option.{each}"), each) for each in among if each not in seen.locks}
    if not options:
        return []
    element: BlockDict = {"type": "checkboxes", "action_id": action_id, "options": list(options.values())}
    on = [option for each, option in options.items() if seen.settings.options[each]]
    return [_input(block_id, f"settings.modal.{block_id}", element | ({"initial_options": on} if on else {}), t)]


def _hosts(hosts: tuple[str, ...], t: Translator) -> BlockDict:
    element: BlockDict = {
        "type": "multi_users_select",
        "action_id": Action.HOSTS,
        "placeholder": blocks.plain(t("settings.modal.hosts.placeholder")),
        "max_selected_items": MOST_HOSTS,
    }
    return _input(Block.HOSTS, "settings.modal.hosts", element | ({"initial_users": list(hosts)} if hosts else {}), t)


def _reset(t: Translator) -> BlockDict:
    confirm = {
        "title": blocks.plain(t("settings.reset.title")),
        "text": blocks.plain(t("settings.reset.text")),
        "confirm": blocks.plain(t("settings.reset.confirm")),
        "deny": blocks.plain(t("modal.cancel")),
    }
    return blocks.button(t("settings.reset.button"), Action.RESET_SETTINGS) | {"confirm": confirm}


def _input(block_id: str, label: str, element: BlockDict, t: Translator) -> BlockDict:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": blocks.plain(t(label)),
        "element": element,
    }


def _option(text: str, value: str) -> BlockDict:
    return {"text": blocks.plain(text), "value": value}


def _typed(view: Mapping[str, Any], name: Block, action: Action) -> str | None:
    shown = shown_input(view, name)
    state = None if shown is None else held(view, shown[0], action, "value")
    if shown is None or state is None or not isinstance(state[0] or "", str):
        return None
    typed = state[0] or ""
    # A passcode by chance stands in a field of another name: it is asked for as it was shown.
    return None if shown[0] == name and typed == (shown[1].get("initial_value") or "") else typed


def _chosen(view: Mapping[str, Any]) -> WaitingRoom | None:
    shown = shown_input(view, Block.WAITING_ROOM)
    state = held(view, Block.WAITING_ROOM, Action.WAITING_ROOM, "selected_option")
    if shown is None or state is None:
        return None
    before, now = (_value(option) for option in (shown[1].get("initial_option"), state[0]))
    return WaitingRoom(now) if now != before and now in list(WaitingRoom) else None


def _ticked(view: Mapping[str, Any], block: Block, action: Action, among: Sequence[Option]) -> dict[Option, bool]:
    shown = shown_input(view, block)
    if shown is None or held(view, block, action, "selected_options") is None:
        return {}
    now = ticked(view, block, action)
    offered, before = (_values(shown[1].get(key)) for key in ("options", "initial_options"))
    return {each: each in now for each in among if each in offered and (each in now) is not (each in before)}


def _picked(view: Mapping[str, Any]) -> tuple[str, ...] | None:
    shown = shown_input(view, Block.HOSTS)
    state = held(view, Block.HOSTS, Action.HOSTS, "selected_users")
    if shown is None or state is None or not isinstance(state[0], list):
        return None
    users = [user for user in state[0] if isinstance(user, str)]
    return None if users == (shown[1].get("initial_users") or []) else tuple(dict.fromkeys(users))


def _values(options: Any) -> list[str]:
    return [_value(option) for option in options] if isinstance(options, list) else []


def _value(option: Any) -> str:
    value = option.get("value") if isinstance(option, dict) else None
    return value if isinstance(value, str) else ""

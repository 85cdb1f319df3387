"""What administrators say of room options, numbers and addresses: two dialogs, their readers, and what Save came to."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Action, AdminField, Callback
from bot.rules import Code, Customisers, Option, Stance, Violation
from bot.services.policies import AddressWish, PolicySaved, PolicySeen
from bot.texts import Translator
from bot.views import blocks
from bot.views.admin_modal import Way
from bot.views.blocks import BlockDict, View
from bot.views.form import held
from bot.views.mrkdwn import Mrkdwn, say

OPTIONS = Way(Action.ADMIN_OPTIONS, "admin.options", "admin.options.about")
ADDRESSES = Way(Action.ADMIN_ADDRESSES, "admin.addresses", "admin.addresses.about")
_DEFAULT = "default"
_YES, _NO = "yes", "no"
_FIELDS = {option: AdminField(f"policy_{option}") for option in Option}
_UNDER = {Code.ROOM_OPEN: AdminField.POLICY_PASSCODE, Code.POLICY_HOLD: AdminField.POLICY_HOLD}
_WORDS = {Code.ROOM_OPEN: "admin.options.open", Code.POLICY_HOLD: Code.POLICY_HOLD}


def options_modal(seen: PolicySeen, t: Translator) -> View:
    """The dialog of room options, prefilled: a menu of five for each."""
    notes = [] if seen.sign_in else [blocks.context(say(t, "admin.options.sign_in"))]
    return blocks.modal(
        Callback.ADMIN_OPTIONS,
        title=t("admin.options"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        blocks=[
            blocks.section(say(t, "admin.options.intro")),
            *(_menu(option, seen, t) for option in Option),
            *notes,
        ],
    )


def read_options_modal(view: Mapping[str, Any]) -> dict[Option, Stance | None]:
    """What is asked of each option that was shown. None means the product's default."""
    found: dict[Option, Stance | None] = {}
    for option, field in _FIELDS.items():
        value = _chosen(view, field)
        if value == _DEFAULT:
            found[option] = None
        elif value in list(Stance):
            found[option] = Stance(value)
    return found


def addresses_modal(seen: PolicySeen, t: Translator) -> View:
    """The dialog of numbers and addresses, prefilled, with what follows where PMIs are turned off."""
    customisers = {each.value: t(f"admin.customisers.{each}") for each in Customisers}
    hold: BlockDict = {
        "type": "plain_text_input",
        "action_id": AdminField.POLICY_HOLD,
        "placeholder": blocks.plain(t("admin.hold.placeholder")),
    }
    hint = f"{t('admin.hold.hint')} {t.many('admin.hold.empty', seen.operators_hold_days)}"
    if seen.hold_days is not None:
        hold["initial_value"] = str(seen.hold_days)
    return blocks.modal(
        Callback.ADMIN_ADDRESSES,
        title=t("admin.addresses"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        blocks=[
            _yes_or_no(AdminField.POLICY_PMIS, "admin.pmis", t, is_on=seen.pmis_enabled),
            blocks.context(_what_happens(seen, t)),
            _radio(AdminField.POLICY_CUSTOMISERS, t("admin.customisers"), customisers, seen.customisers),
            _input(AdminField.POLICY_HOLD, t("admin.hold"), hold) | {"optional": True, "hint": blocks.plain(hint)},
            _yes_or_no(AdminField.POLICY_LEADS_ON, "admin.leads_on", t, is_on=seen.leads_on),
        ],
    )


def read_addresses_modal(view: Mapping[str, Any]) -> AddressWish:
    """What is asked for. A field that was not shown says nothing."""
    customisers = _chosen(view, AdminField.POLICY_CUSTOMISERS)
    hold = held(view, AdminField.POLICY_HOLD, AdminField.POLICY_HOLD, "value")
    return AddressWish(
        pmis_enabled=_answer(view, AdminField.POLICY_PMIS),
        customisers=Customisers(customisers) if customisers in list(Customisers) else None,
        hold_days=None if hold is None else hold[0] if isinstance(hold[0], str) else "",
        leads_on=_answer(view, AdminField.POLICY_LEADS_ON),
    )


def options_saved(saved: PolicySaved, t: Translator) -> View:
    """The dialog of room options after Save: what holds now."""
    seen = saved.seen
    lines = [_line(t(f"settings.option.{option}"), _stance(option, seen, t), t) for option in Option]
    return _saved(Callback.ADMIN_OPTIONS, "admin.options", saved, [Mrkdwn("\n".join(lines))], t)


def addresses_saved(saved: PolicySaved, t: Translator) -> View:
    """The dialog of numbers and addresses after Save: what holds now."""
    seen = saved.seen
    operators = t.many("admin.hold.operator", seen.operators_hold_days)
    days = operators if seen.hold_days is None else t.many("admin.hold.days", seen.hold_days)
    lines = [
        _line(t("admin.pmis"), t(f"admin.pmis.{_YES if seen.pmis_enabled else _NO}"), t),
        _line(t("admin.customisers"), t(f"admin.customisers.{seen.customisers}"), t),
        _line(t("admin.hold"), days, t),
        _line(t("admin.leads_on"), t(f"admin.leads_on.{_YES if seen.leads_on else _NO}"), t),
    ]
    happens = [] if seen.pmis_enabled else [_what_happens(seen, t)]
    return _saved(Callback.ADMIN_ADDRESSES, "admin.addresses", saved, [Mrkdwn("\n".join(lines)), *happens], t)


def policy_refused(violations: Sequence[Violation], t: Translator) -> dict[str, str]:
    """Every reason in plain text, by the field that it is about."""
    return {_UNDER[violation.code]: t(_WORDS[violation.code]) for violation in violations}


def _what_happens(seen: PolicySeen, t: Translator) -> Mrkdwn:
    """What becomes of what is there where PMIs are turned off, or has become of it where they are."""
    code = "admin.pmis.if_off" if seen.pmis_enabled else "admin.pmis.off"
    return say(t, code, running=str(seen.running), scheduled=str(seen.scheduled))


def _saved(callback: Callback, title: str, saved: PolicySaved, said: Sequence[Mrkdwn], t: Translator) -> View:
    head = say(t, "admin.saved" if saved.changed else "admin.same")
    return blocks.modal(
        callback, title=t(title), close=t("modal.done"), blocks=[blocks.section(each) for each in (head, *said)]
    )


def _line(what: str, how: str, t: Translator) -> Mrkdwn:
    return say(t, "settings.show.option", what=what, how=how)


def _stance(option: Option, seen: PolicySeen, t: Translator) -> str:
    stance = seen.stances.get(option)
    return _default(option, seen, t) if stance is None else t(f"admin.stance.{stance}")


def _default(option: Option, seen: PolicySeen, t: Translator) -> str:
    return t("admin.stance.default", stance=t(f"admin.stance.{seen.defaults[option]}"))


def _menu(option: Option, seen: PolicySeen, t: Translator) -> BlockDict:
    texts = {_DEFAULT: _default(option, seen, t)} | {each.value: t(f"admin.stance.{each}") for each in Stance}
    options = {value: _option(text, value) for value, text in texts.items()}
    stance = seen.stances.get(option)
    element = {
        "type": "static_select",
        "action_id": _FIELDS[option],
        "options": list(options.values()),
        "initial_option": options[_DEFAULT if stance is None else stance.value],
    }
    return _input(_FIELDS[option], t(f"settings.option.{option}"), element)


def _yes_or_no(field: AdminField, code: str, t: Translator, *, is_on: bool) -> BlockDict:
    return _radio(field, t(code), {each: t(f"{code}.{each}") for each in (_YES, _NO)}, _YES if is_on else _NO)


def _radio(field: AdminField, label: str, texts: Mapping[str, str], chosen: str) -> BlockDict:
    options = {value: _option(text, value) for value, text in texts.items()}
    element = {
        "type": "radio_buttons",
        "action_id": field,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return _input(field, label, element)


def _input(field: AdminField, label: str, element: BlockDict) -> BlockDict:
    return {"type": "input", "block_id": field, "label": blocks.plain(label), "element": element}


def _option(text: str, value: str) -> BlockDict:
    return {"text": blocks.plain(text), "value": value}


def _answer(view: Mapping[str, Any], field: AdminField) -> bool | None:
    return {_YES: True, _NO: False}.get(_chosen(view, field) or "")


def _chosen(view: Mapping[str, Any], field: AdminField) -> str | None:
    option = held(view, field, field, "selected_option")
    value = option[0].get("value") if option is not None and isinstance(option[0], dict) else None
    return value if isinstance(value, str) else None

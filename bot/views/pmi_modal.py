"""The dialog "Personal Meeting ID": its writer and its reader."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.ids import Action, Block, Callback
from bot.rules import group_digits
from bot.services.room import Room
from bot.services.verdicts import Saved, refusal_of
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses
from bot.views.blocks import BlockDict, View
from bot.views.cards import answer_to, pmi_saved
from bot.views.form import held, metadata, ticked, typed
from bot.views.mrkdwn import Mrkdwn, escape, say
from bot.views.refusals import sentences

_YES = "yes"


@dataclass(frozen=True, slots=True)
class PmiForm:
    """What was asked for: None where a field was left as it was shown, since that says nothing."""

    number: str | None
    for_instant: bool | None


def pmi_modal(room: Room, t: Translator) -> View:
    """The dialog, prefilled. Who may not choose a PMI sees why, and still has the checkbox."""
    if room.missing_for_pmi and room.instant_is_locked:
        locked = [*_locked(room, t), _instant_is_set(room, t)]
        return blocks.modal(Callback.PMI, title=t("pmi.modal.title"), close=t("modal.done"), blocks=locked)
    shown = {"number": group_digits(room.pmi), "for_instant": bool(room.pmi_for_instant)}
    return blocks.modal(
        Callback.PMI,
        title=t("pmi.modal.title"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        private_metadata=json.dumps(shown),
        blocks=[
            *(_locked(room, t) if room.missing_for_pmi else _field(room, t)),
            _instant_is_set(room, t)
            if room.instant_is_locked
            else _checkbox(t, ticked_already=bool(room.pmi_for_instant)),
        ],
    )


def _field(room: Room, t: Translator) -> list[BlockDict]:
    element = {
        "type": "plain_text_input",
        "action_id": Action.TYPED_PMI,
        "initial_value": group_digits(room.pmi),
        "placeholder": blocks.plain(t("pmi.modal.placeholder")),
        "focus_on_load": True,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    return [
        {
            "type": "input",
            "block_id": Block.PMI,
            "label": blocks.plain(t("pmi.modal.label")),
            "hint": blocks.plain(t("pmi.modal.hint")),
            "dispatch_action": True,
            "element": element,
        }
    ]


def _locked(room: Room, t: Translator) -> list[BlockDict]:
    reasons = sentences(refusal_of(room.pmi, room.missing_for_pmi).violations, t)
    head = say(t, "card.pmi", pmi=group_digits(room.pmi))
    return [blocks.section(Mrkdwn("\n".join([head, *reasons])))]


def _checkbox(t: Translator, *, ticked_already: bool) -> BlockDict:
    option = {"text": blocks.plain(t("pmi.modal.instant.option")), "value": _YES}
    element: BlockDict = {"type": "checkboxes", "action_id": Action.INSTANT, "options": [option]}
    if ticked_already:
        element["initial_options"] = [option]
    return {
        "type": "input",
        "block_id": Block.INSTANT,
        "optional": True,
        "label": blocks.plain(t("pmi.modal.instant")),
        "element": element,
    }


def _instant_is_set(room: Room, t: Translator) -> BlockDict:
    use = t(f"card.instant.{answer_to(room.pmi_for_instant)}")
    return blocks.context(Mrkdwn(f"{escape(use)}. {say(t, 'policy.instant')}"))


def read_pmi_modal(view: Mapping[str, Any]) -> PmiForm:
    """What was asked for in a submitted dialog, whatever has become of the room since it was opened."""
    shown = metadata(view)
    number = typed(view, Block.PMI, Action.TYPED_PMI)
    asked = held(view, Block.INSTANT, Action.INSTANT, "selected_options") is not None
    wanted = _YES in ticked(view, Block.INSTANT, Action.INSTANT)
    return PmiForm(
        number=None if number is None or number.strip() == shown.get("number") else number,
        for_instant=None if not asked or wanted is bool(shown.get("for_instant")) else wanted,
    )


def pmi_modal_saved(saved: Saved, t: Translator, addresses: Addresses) -> View:
    """The dialog after Save or after a choice: what is so now."""
    message = pmi_saved(saved, t, addresses)
    only_the_box = saved.changed and saved.before is None
    use = [] if only_the_box else [blocks.context(escape(t(f"card.instant.{answer_to(saved.room.pmi_for_instant)}")))]
    return blocks.modal(Callback.PMI, title=t("pmi.modal.title"), close=t("modal.done"), blocks=[*message.blocks, *use])

"""The dialog "Personal link": its writer and its reader."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.ids import Action, Block, Callback
from bot.services.room import Room
from bot.services.verdicts import Saved, refusal_of
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses
from bot.views.blocks import BlockDict, View
from bot.views.cards import link_saved
from bot.views.form import metadata, typed
from bot.views.mrkdwn import Mrkdwn, escape, say
from bot.views.refusals import sentences


@dataclass(frozen=True, slots=True)
class LinkForm:
    """What was asked for: None where the field was left as it was shown, since that says nothing."""

    link: str | None


def link_modal(room: Room, t: Translator) -> View:
    """The dialog, prefilled. Who may not choose a personal link sees why."""
    if room.missing_for_link:
        return blocks.modal(
            Callback.LINK, title=t("link.modal.title"), close=t("modal.done"), blocks=[_locked(room, t)]
        )
    return blocks.modal(
        Callback.LINK,
        title=t("link.modal.title"),
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        private_metadata=json.dumps({"link": room.link}),
        blocks=[_field(room, t)],
    )


def _field(room: Room, t: Translator) -> BlockDict:
    element = {
        "type": "plain_text_input",
        "action_id": Action.TYPED_LINK,
        "placeholder": blocks.plain(t("link.modal.placeholder")),
        "focus_on_load": True,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if room.link is not None:
        element["initial_value"] = room.link
    return {
        "type": "input",
        "block_id": Block.LINK,
        "label": blocks.plain(t("link.modal.label")),
        "hint": blocks.plain(t("link.modal.hint")),
        "dispatch_action": True,
        "element": element,
    }


def _locked(room: Room, t: Translator) -> BlockDict:
    head = say(t, "card.link", link=room.link) if room.link is not None else escape(t("card.link.none.text"))
    reasons = sentences(refusal_of(room.link or "", room.missing_for_link).violations, t)
    return blocks.section(Mrkdwn("\n".join([head, *reasons])))


def read_link_modal(view: Mapping[str, Any]) -> LinkForm:
    """What was asked for in a submitted dialog, whatever has become of the room since it was opened."""
    link = typed(view, Block.LINK, Action.TYPED_LINK)
    return LinkForm(None if link is None or link.strip() == metadata(view).get("link") else link)


def link_modal_saved(saved: Saved, t: Translator, addresses: Addresses) -> View:
    """The dialog after Save or after a choice: what is so now."""
    message = link_saved(saved, t, addresses)
    return blocks.modal(Callback.LINK, title=t("link.modal.title"), close=t("modal.done"), blocks=message.blocks)

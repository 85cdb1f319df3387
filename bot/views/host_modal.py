"""The dialog "Address": the host in the addresses of a workspace. Its writer, its reader, and why one is refused."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import AdminField, Callback
from bot.rules import LONGEST_HOST, Violation
from bot.services.hosts import HostSaved, HostSeen
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses
from bot.views.blocks import BlockDict, View
from bot.views.form import metadata, typed
from bot.views.mrkdwn import Mrkdwn, code, say

MOST_EARLIER = 10
"""Hosts of before that are named."""

MOST_DOMAINS = 20
"""Of those offered that are named."""


def host_modal(seen: HostSeen, t: Translator, addresses: Addresses) -> View:
    """What addresses show, and a field for another host; none where the operator offers none.

    `addresses` are those of this service.
    """
    shown = addresses.at(seen.host if seen.is_shown else None)
    lines = [say(t, "admin.host.shown", url=shown.base)]
    if seen.host is not None and not seen.is_shown:
        lines.append(say(t, "admin.host.withdrawn", host=seen.host))
    if seen.earlier:
        lines.append(say(t, "admin.host.earlier", hosts=", ".join(seen.earlier[:MOST_EARLIER])))
    said = blocks.section(Mrkdwn("\n".join(lines)))
    if not seen.domains:
        none = blocks.section(say(t, "admin.host.none", setting=code("VANITY_HOSTS")))
        return _modal([said, none], t, close=t("modal.done"))
    return _modal(
        [said, _field(seen, t)],
        t,
        close=t("modal.cancel"),
        submit=blocks.plain(t("modal.save")),
        private_metadata=json.dumps({"host": seen.host or ""}),
    )


def read_host_modal(view: Mapping[str, Any]) -> str | None:
    """What was typed; None where the field was left as it was shown, since that says nothing."""
    text = typed(view, AdminField.HOST, AdminField.HOST) or ""
    return None if text.strip() == metadata(view).get("host") else text


def host_saved_modal(saved: HostSaved, t: Translator, addresses: Addresses) -> View:
    """What addresses show from now on. `addresses` are those of this service."""
    now, before = addresses.at(saved.host).base, addresses.at(saved.before).base
    lines = [say(t, "admin.host.saved" if saved.changed else "admin.host.same", url=now)]
    if saved.changed:
        lines.append(say(t, "admin.host.leads", url=before))
    return _modal([blocks.section(Mrkdwn("\n".join(lines)))], t, close=t("modal.done"))


def host_refused(violations: Sequence[Violation], t: Translator) -> dict[str, str]:
    """Why, under the field."""
    return {AdminField.HOST: " ".join(t(each.code, piece=each.text) for each in violations)}


def _modal(shown: Sequence[BlockDict], t: Translator, **more: Any) -> View:
    return blocks.modal(Callback.ADMIN_HOST, title=t("admin.host.title"), blocks=shown, **more)


def _field(seen: HostSeen, t: Translator) -> BlockDict:
    element = {
        "type": "plain_text_input",
        "action_id": AdminField.HOST,
        "placeholder": blocks.plain(t("admin.host.placeholder")),
        "max_length": 2 * LONGEST_HOST,
        "focus_on_load": True,
    }
    if seen.host is not None:
        element["initial_value"] = seen.host
    return {
        "type": "input",
        "block_id": AdminField.HOST,
        "optional": True,
        "label": blocks.plain(t("admin.host.label")),
        "hint": blocks.plain(t("admin.host.hint", domains=", ".join(seen.domains[:MOST_DOMAINS]))),
        "element": element,
    }

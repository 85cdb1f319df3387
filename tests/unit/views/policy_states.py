"""The dialogs in which administrators say what holds, in every state."""

from bot.rules import PRODUCT_POLICY, Code, Customisers, Option, Stance, Violation
from bot.services.policies import PolicySaved, PolicySeen
from bot.texts import Translator
from bot.views.admin_modal import admin_modal
from bot.views.admin_policy import (
    ADDRESSES,
    OPTIONS,
    addresses_modal,
    addresses_saved,
    options_modal,
    options_saved,
    policy_refused,
)
from bot.views.blocks import View
from bot.views.notice import notice_modal


def policy_seen(stance: Stance | None = None, days: int | None = None, *, yes: bool = True) -> PolicySeen:
    """A policy that says the same of each option."""
    return PolicySeen(
        stances={} if stance is None else dict.fromkeys(Option, stance),
        defaults={option: PRODUCT_POLICY.said(option) for option in Option},
        sign_in=yes,
        pmis_enabled=yes,
        customisers=Customisers.LICENSED if yes else Customisers.NOBODY,
        hold_days=days,
        operators_hold_days=180,
        leads_on=yes,
        running=3,
        scheduled=1_000_000,
    )


def policy_dialogs(t: Translator) -> dict[str, View]:
    """Each dialog, before Save and after it."""
    found: dict[str, View] = {}
    for stance in (None, *Stance):
        for yes, days in ((True, None), (False, 3650)):
            seen = policy_seen(stance, days, yes=yes)
            name = f"{stance} {yes}"
            found |= {
                f"admin_options {name}": options_modal(seen, t),
                f"admin_addresses {name}": addresses_modal(seen, t),
            }
            saved = PolicySaved(seen, changed=yes)
            found[f"admin_options_saved {name}"] = options_saved(saved, t)
            found[f"admin_addresses_saved {name}"] = addresses_saved(saved, t)
    found["admin_modal policy"] = admin_modal([OPTIONS, ADDRESSES], t)
    refused = policy_refused([Violation(code) for code in (Code.ROOM_OPEN, Code.POLICY_HOLD)], t)
    found["notice policy refused"] = notice_modal(" ".join(refused.values()), t)
    return found

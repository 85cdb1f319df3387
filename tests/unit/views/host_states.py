"""The dialog "Address" in every state."""

from itertools import product

from bot.rules import LONGEST_HOST
from bot.services.hosts import HostSaved, HostSeen
from bot.texts import Translator
from bot.views.addresses import Addresses
from bot.views.blocks import View
from bot.views.host_modal import host_modal, host_saved_modal

SERVICE = Addresses("https://room.example:8443/below")
LONG = f"{'a' * (LONGEST_HOST - 8)}.example"


def host_dialogs(t: Translator) -> dict[str, View]:
    found: dict[str, View] = {}
    for host, earlier, domains in product((None, LONG), ((), (LONG,) * 30), ((), ("*.example",) * 30)):
        seen = HostSeen(host, host is not None and bool(domains), earlier, domains)
        found[f"host {host is None} {len(earlier)} {len(domains)}"] = host_modal(seen, t, SERVICE)
    for host, changed in product((None, LONG), (True, False)):
        found[f"host saved {host is None} {changed}"] = host_saved_modal(HostSaved(host, LONG, changed), t, SERVICE)
    return found

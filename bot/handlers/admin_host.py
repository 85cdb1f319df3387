"""Administrators choose the host in the addresses of their workspace."""

from dataclasses import dataclass

from bot.handlers.admin import AdminPart, push
from bot.handlers.answers import Answer, errors, update
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.ids import Action, Callback
from bot.services.hosts import Hosts, HostSaved
from bot.services.refusals import HostRefused
from bot.texts import Translator
from bot.views.addresses import Addresses
from bot.views.admin_modal import Way
from bot.views.host_modal import host_modal, host_refused, host_saved_modal, read_host_modal


@dataclass(frozen=True, slots=True)
class HostHandlers:
    """The handlers of the dialog. `addresses` are those of this service."""

    hosts: Hosts
    front: Front
    addresses: Addresses

    async def open(self, ask: Ask, t: Translator) -> Answer:
        """Its button on the first dialog."""
        return await push(self.front, ask, host_modal(await self.hosts.see(ask.actor), t, self.addresses))

    async def submitted(self, ask: Ask, t: Translator) -> Answer:
        """Save in it."""
        wish = read_host_modal(ask.view)
        if wish is None:
            host = (await self.hosts.see(ask.actor)).host
            return update(host_saved_modal(HostSaved(host, host, changed=False), t, self.addresses))
        try:
            saved = await self.hosts.save(ask.call, wish)
        except HostRefused as refused:
            return errors(host_refused(refused.violations, t))
        return update(host_saved_modal(saved, t, self.addresses))


def host_part(handlers: HostHandlers) -> AdminPart:
    """The area, for administrators."""
    return AdminPart(
        way=Way(Action.ADMIN_HOST, "admin.host.title", "admin.host.about"),
        actions={Action.ADMIN_HOST: handlers.open},
        views={Callback.ADMIN_HOST: handlers.submitted},
    )

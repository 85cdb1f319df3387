"""Which addresses are shown to whom: those of a workspace, on the host that it has chosen."""

from dataclasses import dataclass

from bot.services.hosts import Hosts
from bot.views.addresses import Addresses


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The addresses of every workspace. `addresses` are those of this service."""

    addresses: Addresses
    hosts: Hosts

    async def of(self, workspace: str) -> Addresses:
        """The addresses of a workspace. It never fails: where its host is not known, those of this service do."""
        return self.addresses.at(await self.hosts.of(workspace))

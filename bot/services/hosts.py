"""The host in the addresses of a workspace: which it is, and choosing one of one's own.

It only shows: numbers, links and keys are unique over all workspaces, and lead to the same place on every host.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.rules import Code, HostName, Refusal, Violation, is_offered, parse_host
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.once import once
from bot.services.people import Actor, Call
from bot.services.refusals import HostRefused
from storage import changes, hosts
from storage.changes import Change
from storage.errors import StorageError
from storage.transactions import Transaction

_LOGGED = 40
"""Characters that a value in the change log may have."""


@dataclass(frozen=True, slots=True)
class HostSeen:
    """The host that a workspace has chosen, and what it can choose from."""

    host: str | None
    """None for the one of this service."""
    is_shown: bool
    """Whether it is still offered: otherwise the one of this service is shown."""
    earlier: tuple[str, ...]
    """Those before, which lead on."""
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostSaved:
    """What addresses show after a choice."""

    host: str | None
    before: str | None
    """The one that they showed; None for the one of this service."""
    changed: bool


HOST_SAVED = TypeAdapter(HostSaved)


class Hosts:
    """The use cases of hosts, for one process."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def of(self, workspace: str) -> str | None:
        """The host that addresses of a workspace show; None for the one of this service.

        What was read within the last minute is not read again. Where the database does not answer, addresses show
        the host of this service, which leads to the same place.
        """
        book = self._house.hosts
        if not book.domains:
            return None
        kept = book.kept(workspace)
        if kept is None:
            try:
                kept = (await self._house.store.read(lambda tx: hosts.of(tx, workspace)),)
            except StorageError:
                return None
            book.note(workspace, kept[0])
        host = kept[0]
        return host if host is not None and book.is_ours(host) else None

    async def see(self, actor: Actor) -> HostSeen:
        """What a workspace has, and what it can choose from.

        Raises:
            StorageError: the database did not answer as it should.
        """
        book = self._house.hosts

        def look(tx: Transaction) -> HostSeen:
            host = hosts.of(tx, actor.workspace)
            is_shown = host is not None and book.is_ours(host)
            return HostSeen(host, is_shown, hosts.earlier(tx, actor.workspace), book.domains)

        return await self._house.store.read(look)

    async def save(self, call: Call, typed: str) -> HostSaved:
        """Have the addresses of the actor's workspace show this host; where nothing is typed, the one of this service.

        Raises:
            HostRefused: it is no host name, not offered, or another's. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        workspace, at = call.actor.workspace, self._house.now()
        wish = self._read(typed)

        def work(tx: Transaction) -> HostSaved | Refusal:
            person = arrive(tx, self._house, call.actor)
            before = hosts.lock(tx, workspace)
            if wish == before:
                return HostSaved(before, before, changed=False)
            if wish is not None and not hosts.claim(tx, wish, workspace, at):
                return Refusal(wish, (Violation(Code.HOST_TAKEN, wish),))
            hosts.show(tx, workspace, wish, before, at)
            change = Change("address.changed", _logged(before), _logged(wish))
            changes.record(tx, workspace, [change], at, member_id=None, actor_id=person.id)
            return HostSaved(wish, before, changed=True)

        work_once = once(self._house, call, work, HOST_SAVED)
        result = await self._house.store.write(work_once)
        if isinstance(result, Refusal):
            raise HostRefused(result.violations)
        self._house.hosts.note(workspace, result.host)
        return result

    def _read(self, typed: str) -> str | None:
        if not typed.strip():
            return None
        parsed = parse_host(typed)
        if not isinstance(parsed, HostName):
            raise HostRefused(parsed.violations)
        book = self._house.hosts
        if parsed.text == book.own:
            raise HostRefused((Violation(Code.HOST_TAKEN, parsed.text),))
        if not is_offered(parsed.text, book.domains):
            raise HostRefused((Violation(Code.HOST_NOT_OFFERED, parsed.text),))
        return parsed.text


def _logged(host: str | None) -> str | None:
    return host if host is None or len(host) <= _LOGGED else f"{host[: _LOGGED - 1]}…"

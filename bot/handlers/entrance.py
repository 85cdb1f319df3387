"""Who comes in: members of this organisation. Slack is asked at a first contact, and where there is doubt."""

from collections import OrderedDict
from contextlib import suppress

import structlog

from bot.handlers.asks import Ask
from bot.handlers.authorisation import Authority
from bot.handlers.directory import Directory
from bot.handlers.slack import SlackSilent
from bot.services.people import Actor, Standing
from bot.services.refusals import Declined
from bot.services.rooms import Rooms
from storage.errors import StorageError

MOST_MET = 10_000
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Entrance:
    """Lets requests in, each person's first one after a look at who they are."""

    def __init__(self, rooms: Rooms, directory: Directory, authority: Authority, install_url: str = "") -> None:
        self._rooms = rooms
        self._directory = directory
        self._authority = authority
        self._install_url = install_url
        self._met: OrderedDict[Actor, None] = OrderedDict()

    async def admit(self, ask: Ask) -> None:
        """Let a request in.

        Raises:
            Declined: it comes from an app, from somebody deactivated, from a member of another organisation, or from
                where the app is not installed.
            SlackSilent: Slack does not say who it is, and there is doubt.
        """
        try:
            await self._admit(ask)
        except Declined:
            if ask.administers:
                _log.warning("admin_denied", user=ask.actor.user)
            raise

    async def _admit(self, ask: Ask) -> None:
        with suppress(StorageError):  # the handler meets the same trouble, and says so
            if not await self._authority.is_installed(ask.actor.workspace, ask.team):
                raise Declined("workspace.not_installed", url=self._install_url)
        if ask.foreign:
            await self._look_closely(ask)
        elif not ask.passes_by and ask.actor not in self._met:
            await self._meet(ask.actor)

    async def meet(self, actor: Actor) -> None:
        """Let somebody in of whom nothing that was signed says that they belong here.

        Raises:
            Declined: Slack does not know them as a member of this organisation.
            SlackSilent: Slack does not say who they are.
            StorageError: the database did not answer as it should.
        """
        if actor in self._met:
            return
        if not await self._rooms.knows(actor):
            person = await self._directory.person(actor.workspace, actor.user)
            if person.standing is Standing.UNKNOWN:
                raise SlackSilent("users.info")
            if person.standing is not Standing.MEMBER:
                raise Declined(f"person.{person.standing}", user=person.user)
            await self._rooms.return_to(actor)
        self._note(actor)

    def forget(self, actor: Actor) -> None:
        """Look at them again when they come: something about them has changed."""
        self._met.pop(actor, None)

    async def _look_closely(self, ask: Ask) -> None:
        person = await self._directory.person(ask.actor.workspace, ask.actor.user)
        if person.standing is Standing.UNKNOWN:
            raise SlackSilent("users.info")
        if person.standing is not Standing.MEMBER:
            raise Declined("person.elsewhere")

    async def _meet(self, actor: Actor) -> None:
        known = True
        with suppress(StorageError):  # the handler meets the same trouble, and says so
            known = await self._rooms.knows(actor)
        if not known:
            person = await self._directory.person(actor.workspace, actor.user)
            # Only Slack's word against somebody keeps them out: that they belong here is what it signed already.
            if person.standing is Standing.OUTSIDE:
                raise Declined("person.elsewhere")
            if person.standing in (Standing.BOT, Standing.DEACTIVATED):
                raise Declined(f"person.{person.standing}", user=person.user)
            with suppress(StorageError):
                await self._rooms.return_to(actor)
        self._note(actor)

    def _note(self, actor: Actor) -> None:
        self._met[actor] = None
        if len(self._met) > MOST_MET:
            self._met.popitem(last=False)

"""Plan and licences: the first area of what administrators do."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.handlers.admin import AdminPart, push
from bot.handlers.answers import Answer, update
from bot.handlers.answers import errors as under_fields
from bot.handlers.asks import Ask
from bot.handlers.directory import Directory
from bot.handlers.front import Front
from bot.ids import Action, AdminField, Callback
from bot.services.admin_files import AdminFile, FileKind, file_key
from bot.services.administration import Administration, LicencesSaved, WorkspaceSeen
from bot.services.house import House
from bot.services.licence_lists import read_list
from bot.services.people import Actor
from bot.texts import Translator
from bot.views.addresses import Addresses
from bot.views.admin_members import (
    licence_list_modal,
    licences_modal,
    licences_saved,
    lines_wrong,
    members_modal,
    members_modal_saved,
    people_away,
    read_licence_list_modal,
    read_licences_modal,
    read_members_modal,
)
from bot.views.admin_modal import Way

MOST_NAMED = 5
"""People who are named where they have no room."""
HOME_SECONDS = 1.0
"""For Slack's word on who somebody is, before their Home is shown without it."""


@dataclass(frozen=True, slots=True)
class MembersPart:
    """The handlers of plan and licences. `told` is called with those whose Home may show another thing."""

    house: House
    administration: Administration
    front: Front
    directory: Directory
    addresses: Addresses
    told: Callable[[Iterable[Actor]], None]

    @property
    def part(self) -> AdminPart:
        """What is registered."""
        return AdminPart(
            way=Way(Action.ADMIN_MEMBERS, "admin.members.title", "admin.members.about"),
            actions={
                Action.ADMIN_MEMBERS: self.open,
                Action.ADMIN_LICENCES: self.people,
                Action.ADMIN_LICENCE_LIST: self.paste,
                Action.ADMIN_MEMBERS_FILE: self.taken,
            },
            views={
                Callback.ADMIN_MEMBERS: self.save_terms,
                Callback.ADMIN_LICENCES: self.save_licences,
                Callback.ADMIN_LICENCE_LIST: self.save_list,
            },
        )

    async def open(self, ask: Ask, t: Translator) -> Answer:
        """The button on the first dialog."""
        seen = await self.administration.seen(ask.actor.workspace)
        return await push(self.front, ask, members_modal(seen, self._file(ask), t))

    async def people(self, ask: Ask, t: Translator) -> Answer:
        """The button to the licences of people."""
        seen = await self.administration.seen(ask.actor.workspace)
        return await push(self.front, ask, licences_modal(seen, t))

    async def paste(self, ask: Ask, t: Translator) -> Answer:
        """The button to the field for a list."""
        return await push(self.front, ask, licence_list_modal(t))

    async def taken(self, ask: Ask, t: Translator) -> Answer:  # noqa: ARG002  as every handler
        """The button that leads to the file."""
        return Answer()

    async def save_terms(self, ask: Ask, t: Translator) -> Answer:
        """Save of plan and default licence."""
        saved = await self.administration.set_terms(ask.call, read_members_modal(ask.view))
        if saved.changed:
            self.told((ask.actor,))
        return update(members_modal_saved(saved, t))

    async def save_licences(self, ask: Ask, t: Translator) -> Answer:
        """Save of the licences of some people."""
        wanted = read_licences_modal(ask.view)
        saved = await self.administration.set_licences(ask.call, wanted)
        if saved.away:
            names = await asyncio.gather(*(self._name(ask, user) for user in saved.away[:MOST_NAMED]))
            return under_fields({AdminField.LICENCE_PEOPLE: people_away(names, len(saved.away), t)})
        return self._saved(ask, saved, Callback.ADMIN_LICENCES, t)

    async def save_list(self, ask: Ask, t: Translator) -> Answer:
        """Save of a list: whole, or not at all."""
        pasted = read_list(read_licence_list_modal(ask.view))
        if pasted.bad or not pasted.wanted:
            away = await self.administration.away(ask.actor.workspace, list(pasted.wanted))
            return under_fields({AdminField.LICENCE_LIST: lines_wrong(pasted.without(away), t)})
        saved = await self.administration.set_licences(ask.call, pasted.wanted)
        if saved.away:
            return under_fields({AdminField.LICENCE_LIST: lines_wrong(pasted.without(saved.away), t)})
        return self._saved(ask, saved, Callback.ADMIN_LICENCE_LIST, t)

    async def at_home(self, actor: Actor) -> WorkspaceSeen | None:
        """What an administrator's Home shows of the workspace; None for others, and where Slack does not say.

        Raises:
            StorageError: the database did not answer as it should.
        """
        try:
            async with asyncio.timeout(HOME_SECONDS):
                person = await self.directory.person(actor.workspace, actor.user)
        except TimeoutError:
            return None
        return await self.administration.seen(actor.workspace) if person.administers else None

    def _saved(self, ask: Ask, saved: LicencesSaved, callback: Callback, t: Translator) -> Answer:
        self.told([Actor(ask.actor.workspace, user) for user in saved.changed])
        return update(licences_saved(callback, saved, t))

    def _file(self, ask: Ask) -> str:
        file = AdminFile(ask.actor.workspace, ask.actor.user, FileKind.MEMBERS)
        return self.addresses.admin_file(file_key(self.house.keys, file, self.house.now()))

    async def _name(self, ask: Ask, user: str) -> str:
        return (await self.directory.person(ask.actor.workspace, user)).name or user

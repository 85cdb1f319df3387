"""Administration: words that nobody here can choose as their personal link."""

from dataclasses import dataclass

from bot.handlers.admin import AdminPart, push
from bot.handlers.answers import Answer, errors, update
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.ids import Action, Callback
from bot.services.reserved_names import NamesRefused, ReservedNames
from bot.texts import Translator
from bot.views.admin_modal import Way
from bot.views.admin_names import (
    names_modal,
    names_not_tried,
    names_saved,
    names_tried,
    read_names_modal,
    refused_names,
)


@dataclass(frozen=True, slots=True)
class NamesHandlers:
    """The handlers of reserved names."""

    names: ReservedNames
    front: Front

    def part(self) -> AdminPart:
        """The area, for the first dialog."""
        return AdminPart(
            way=Way(Action.ADMIN_NAMES, "admin.names.title", "admin.names.about"),
            actions={Action.ADMIN_NAMES: self.open, Action.ADMIN_NAMES_TRY: self.tried},
            views={Callback.ADMIN_NAMES: self.submitted},
        )

    async def open(self, ask: Ask, t: Translator) -> Answer:
        """The words that there are."""
        return await push(self.front, ask, names_modal(await self.names.see(ask.actor.workspace), t))

    async def tried(self, ask: Ask, t: Translator) -> Answer:
        """What would come of what was typed, in a dialog above."""
        try:
            view = names_tried(await self.names.try_out(ask.actor.workspace, read_names_modal(ask.view)), t)
        except NamesRefused as refused:
            view = names_not_tried(refused, t)
        return await push(self.front, ask, view)

    async def submitted(self, ask: Ask, t: Translator) -> Answer:
        """Save."""
        try:
            return update(names_saved(await self.names.save(ask.call, read_names_modal(ask.view)), t))
        except NamesRefused as refused:
            return errors(refused_names(refused, t))

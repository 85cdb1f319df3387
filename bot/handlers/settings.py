"""`/room`, the dialog of its settings and its buttons."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.grammar import Bare, Mention
from bot.handlers.answers import Answer, private, update
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.handlers.homes import Homes
from bot.handlers.relay import Relay
from bot.handlers.rooms import GRAMMAR, RoomHandlers, Subcommand
from bot.ids import Action, Command
from bot.services.people import Actor, NoticeKind
from bot.services.room_settings import SettingsOfRooms
from bot.services.settings_seen import SettingsSaved
from bot.texts import Translator
from bot.views.cards import colleague_card, room_card
from bot.views.settings_modal import (
    passcode_not_shown,
    read_settings_modal,
    settings_modal,
    settings_modal_saved,
    with_new_passcode,
)


@dataclass(frozen=True, slots=True)
class SettingsHandlers:
    """The handlers of one's own room and its settings."""

    settings: SettingsOfRooms
    rooms: RoomHandlers
    front: Front
    relay: Relay
    homes: Homes
    words: Mapping[str, Subcommand]
    """What else is done with a room: `start`, `share`, `schedule`, `meetings`."""

    async def room(self, ask: Ask, t: Translator) -> Answer:
        """`/room` and its subcommands."""
        match ask.typed:
            case Bare():
                return await self._own(ask, t)
            case Mention(user) if user == ask.actor.user:
                return await self._own(ask, t)
            case Mention(user):
                room = await self.rooms.colleague(ask, user)
                start = await self.rooms.glances.startable(ask.actor, user)
                addresses = await self.rooms.where.of(ask.actor.workspace)
                return private(colleague_card(room, t, addresses, start, ask.actor.user))
            case _:
                words = {**self.words, "settings": self._open}
                return await self.rooms.words(GRAMMAR[Command.ROOM], words, ask, t)

    async def _own(self, ask: Ask, t: Translator) -> Answer:
        glance = await self.settings.glance(ask.actor)
        start = await self.rooms.glances.startable(ask.actor, ask.actor.user)
        return private(room_card(glance, t, await self.rooms.where.of(ask.actor.workspace), start))

    async def _open(self, ask: Ask, _rest: str, t: Translator) -> Answer:
        seen = await self.settings.see(ask.actor)
        return await self.rooms.open(ask, settings_modal(seen, t), Action.SETTINGS, t)

    async def edit(self, ask: Ask, t: Translator) -> Answer:
        """The Settings button."""
        return self.front.shown(ask, await self._open(ask, "", t), in_place=False)

    async def new_passcode(self, ask: Ask, t: Translator) -> Answer:
        """Another passcode by chance into its field, to be saved or not."""
        passcode = await self.settings.new_passcode(ask.actor)
        return self.front.updating(ask, with_new_passcode(ask.view, passcode, t), passcode_not_shown(t))

    async def reset(self, ask: Ask, t: Translator) -> Answer:  # noqa: ARG002  as every handler
        """Reset to Default, after its question."""
        promised = self.relay.promise(ask, NoticeKind.SETTINGS_RESET)
        return self.relay.answer(promised, await self._followed(ask.actor, self.settings.reset(promised.call)))

    async def submitted(self, ask: Ask, t: Translator) -> Answer:
        """Save in the dialog."""
        look_up = partial(self.rooms.directory.person, ask.actor.workspace)
        wish = read_settings_modal(ask.view)
        saved = await self._followed(ask.actor, self.settings.save(ask.call, wish, look_up))
        return update(settings_modal_saved(saved, t))

    async def _followed(self, actor: Actor, change: Awaitable[SettingsSaved]) -> SettingsSaved:
        """What a change comes to; the member's Home follows, and those of whoever may host there now, or no more."""
        saved = await self.homes.after(actor, change)
        for user in saved.hosts:
            self.homes.changed(Actor(actor.workspace, user))
        return saved

"""What the commands have in common: help, colleagues, dialogs that open or say why not."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.grammar import GRAMMARS, AskedForHelp, Bare, Grammar, Mention, PlainName, Subcall
from bot.handlers.answers import Answer, private
from bot.handlers.asks import Ask
from bot.handlers.directory import Directory
from bot.handlers.slack import Slack, SlackSilent
from bot.handlers.whereabouts import Whereabouts
from bot.ids import Action, Command
from bot.metrics import Outcome
from bot.services.meeting_glances import MeetingGlances
from bot.services.refusals import Declined
from bot.services.room import Room
from bot.services.rooms import Rooms
from bot.texts import Translator
from bot.views import blocks
from bot.views.addresses import Addresses
from bot.views.cards import colleague_card
from bot.views.help import help_message
from bot.views.message import Message
from bot.views.mrkdwn import escape
from bot.views.refusals import shown_link

Subcommand = Callable[[Ask, str, Translator], Awaitable[Answer]]
Card = Callable[[Room, Translator, Addresses, str], Message]
"""A card of one's own room; the last is the key of its start link."""
GRAMMAR: dict[Command, Grammar] = {grammar.command: grammar for grammar in GRAMMARS}
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RoomHandlers:
    """Handlers that show rooms and open dialogs."""

    rooms: Rooms
    glances: MeetingGlances
    slack: Slack
    directory: Directory
    where: Whereabouts

    async def command(
        self, grammar: Grammar, card: Card, subcommands: Mapping[str, Subcommand], ask: Ask, t: Translator
    ) -> Answer:
        """A command with a card of one's own: the card, a colleague, help, or one of its subcommands."""
        match ask.typed:
            case Bare():
                return await self._own(card, ask, t)
            case Mention(user) if user == ask.actor.user:
                return await self._own(card, ask, t)
            case Mention(user):
                room = await self.colleague(ask, user)
                return private(colleague_card(room, t, await self.where.of(ask.actor.workspace)))
            case _:
                return await self.words(grammar, subcommands, ask, t)

    async def words(self, grammar: Grammar, subcommands: Mapping[str, Subcommand], ask: Ask, t: Translator) -> Answer:
        """Any command where neither nothing nor a mention was typed: help, or one of its subcommands."""
        match ask.typed:
            case PlainName(name):
                # A name that Slack does not know is a contact too: only help and check are none.
                await self.rooms.own(ask.actor)
                raise Declined("person.mention", name=shown_link(name))
            case Subcall(word, rest):
                return await subcommands[word](ask, rest, t)
            case AskedForHelp(unknown, line):
                return private(help_message(grammar, t, unknown=unknown, line=line))
            case _:
                return private(help_message(grammar, t))

    async def colleague(self, ask: Ask, user: str) -> Room:
        """A colleague's room."""
        person = await self.directory.person(ask.actor.workspace, user)
        return await self.rooms.of_colleague(ask.actor, person)

    async def _own(self, card: Card, ask: Ask, t: Translator) -> Answer:
        room = await self.rooms.own(ask.actor)
        addresses = await self.where.of(ask.actor.workspace)
        return private(card(room, t, addresses, self.glances.start_key(ask.actor, room)))

    async def open(self, ask: Ask, view: Mapping[str, Any], again: Action, t: Translator) -> Answer:
        """Open a dialog; where Slack does not let it open, a button that tries again."""
        try:
            await self.slack.of(ask.actor.workspace, ask.team).open_dialog(ask.trigger, view)
        except SlackSilent as silent:
            _log.warning("dialog_not_opened", reason=silent.reason)
            message = _not_opened(again, t)
            return private(message, Outcome.BUSY)
        return Answer()

    async def name(self, ask: Ask) -> str:
        """The real name of whoever asks; the name they go by where Slack does not say."""
        person = await self.directory.person(ask.actor.workspace, ask.actor.user)
        return person.name or ask.user_name


def _not_opened(again: Action, t: Translator) -> Message:
    text = t("failure.dialog")
    button = blocks.button(t("failure.dialog.button"), again)
    return Message(text, (blocks.section(escape(text)), blocks.actions([button])))

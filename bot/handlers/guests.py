"""Hosts let guests in or turn them away, by the buttons of the message that tells who waits."""

from dataclasses import dataclass

from bot.handlers.answers import Answer, as_private
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.handlers.poster import Posted
from bot.handlers.whereabouts import Whereabouts
from bot.services.guest_decisions import Decided, GuestDecisions
from bot.services.guest_messages import GuestMessages
from bot.services.house import House
from bot.texts import Translator
from bot.views.guest_cards import guests_message, more_guests_message, older_guests_message, started_for_guests
from bot.views.message import Message
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class GuestHandlers:
    """The handlers of the buttons."""

    decisions: GuestDecisions
    front: Front
    where: Whereabouts

    async def admit(self, ask: Ask, t: Translator) -> Answer:
        """Admit, beside a guest."""
        return await self._done(ask, await self.decisions.admit(ask.actor, ask.value), t)

    async def admit_all(self, ask: Ask, t: Translator) -> Answer:
        """Admit All."""
        return await self._done(ask, await self.decisions.admit_all(ask.actor, ask.value), t)

    async def deny(self, ask: Ask, t: Translator) -> Answer:
        """Deny, beside a guest."""
        return await self._done(ask, await self.decisions.deny(ask.actor, ask.value), t)

    async def _done(self, ask: Ask, decided: Decided, t: Translator) -> Answer:
        """What was decided shows in the message itself; a host who is not there yet is told how to come in."""
        if not decided.start_key:
            return Answer()
        addresses = await self.where.of(ask.actor.workspace)
        message = as_private(started_for_guests(addresses.start(decided.start_key), t))
        return Answer(later=lambda: self.front.reply(ask, message, in_place=False))


@dataclass(frozen=True, slots=True)
class GuestRenderer:
    """Shows who waits, as it is by then."""

    house: House
    messages: GuestMessages

    async def waiting(self, posted: Posted) -> Message | None:
        """The message with the buttons; once a newer one is there, this one leads to it."""

        def look(tx: Transaction) -> Message | None:
            if not self.messages.is_newest(tx, posted.subject, posted.detail):
                return None if posted.is_new else older_guests_message(posted.t)
            door = self.messages.door(tx, posted.subject, posted.detail)
            if door is None or (posted.is_new and not door.waiting):
                return None
            return guests_message(door, posted.t)

        return await self.house.store.read(look)

    async def more(self, posted: Posted) -> Message | None:
        """The short word about somebody else; it stays as it was."""
        if not posted.is_new:
            return None

        def look(tx: Transaction) -> Message | None:
            door = self.messages.door(tx, posted.subject)
            return None if door is None or not door.waiting else more_guests_message(door, posted.t)

        return await self.house.store.read(look)

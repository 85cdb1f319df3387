"""`/room share` and its buttons: at once among few, after a question where many may see it."""

from dataclasses import dataclass

from bot.handlers.answers import Answer, private
from bot.handlers.asks import Ask
from bot.handlers.audience import audience
from bot.handlers.front import Front
from bot.handlers.poster import Posted
from bot.handlers.slack import Slack
from bot.handlers.whereabouts import Whereabouts
from bot.services.postings import Target
from bot.services.refusals import Declined
from bot.services.sharing import Sharing
from bot.texts import Translator
from bot.views.message import Message
from bot.views.share_cards import share_answer, share_cancelled, share_question, shared_card


@dataclass(frozen=True, slots=True)
class SharingHandlers:
    """The handlers of sharing."""

    sharing: Sharing
    slack: Slack
    front: Front
    where: Whereabouts
    most: int
    """Members of a channel that are not many yet."""

    async def share(self, ask: Ask, _rest: str, t: Translator) -> Answer:
        """`/room share`."""
        found = await audience(self.slack.of(ask.actor.workspace, ask.team), ask.channel, self.most)
        if found.reasons:
            return private(share_question(found.reasons, found.members, t))
        return await self._shared(ask, t)

    async def pressed(self, ask: Ask, t: Translator) -> Answer:
        """Share on a card."""
        return self.front.shown(ask, await self.share(ask, "", t), in_place=False)

    async def here(self, ask: Ask, t: Translator) -> Answer:
        """Share, after the question, in whose place the answer stands."""
        return self.front.shown(ask, await self._shared(ask, t), in_place=True)

    async def cancelled(self, ask: Ask, t: Translator) -> Answer:
        """Cancel, after the question."""
        return self.front.shown(ask, private(share_cancelled(t)), in_place=True)

    async def card(self, posted: Posted) -> Message | None:
        """The card of a shared room as the room is now."""
        shared = await self.sharing.shown(posted.subject)
        return None if shared is None else shared_card(shared, posted.t, await self.where.of(posted.workspace))

    async def _shared(self, ask: Ask, t: Translator) -> Answer:
        if not ask.channel:
            raise Declined("failure.stale")
        target = Target(channel=ask.channel, response_url=ask.response_url)
        return private(share_answer(await self.sharing.share(ask.call, target), t))

"""Starting and ending meetings: `/room start`, the shortcuts, the question, and the buttons that lead there."""

from dataclasses import dataclass

import structlog

from bot.handlers.answers import Answer, as_private, private
from bot.handlers.asks import Ask, Kind
from bot.handlers.front import Front
from bot.handlers.poster import Posted
from bot.handlers.relay import Relay
from bot.handlers.slack import Slack, SlackSilent
from bot.handlers.whereabouts import Whereabouts
from bot.services.meeting_glances import MeetingGlances
from bot.services.meeting_results import Started, StartWish, Unsaid
from bot.services.meetings import Meetings
from bot.services.people import NoticeKind
from bot.services.postings import Target
from bot.texts import Translator
from bot.views.meeting_cards import join_card, question_message, question_modal, read_question, started_message
from bot.views.message import Message

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MeetingHandlers:
    """The handlers of meetings that run."""

    meetings: Meetings
    glances: MeetingGlances
    slack: Slack
    front: Front
    relay: Relay
    where: Whereabouts

    async def start(self, ask: Ask, topic: str, t: Translator) -> Answer:
        """`/room start`."""
        started = await self.meetings.start(ask.call, StartWish(topic=topic, target=_here(ask)))
        if isinstance(started, Unsaid):
            return private(question_message(started.topic, "", t))
        return private(started_message(started, t, await self.where.of(ask.actor.workspace)))

    async def start_mine(self, ask: Ask, t: Translator) -> Answer:
        """The global shortcut: one click starts, and a dialog shows the way in."""
        started, promised = await self._promising(ask, StartWish())
        if isinstance(started, Unsaid):
            return Answer(later=lambda: self._ask_in_a_dialog(ask, t))
        return self.relay.answer(promised, started)

    async def discuss(self, ask: Ask, t: Translator) -> Answer:
        """The shortcut on a message: the card goes into its thread. Nothing of the message is repeated there."""
        started, promised = await self._promising(ask, StartWish(target=_here(ask), thread=ask.thread))
        if isinstance(started, Unsaid):
            return self.front.shown(ask, private(question_message("", ask.thread, t)), in_place=False)
        return self.relay.answer(promised, started)

    async def on_pmi(self, ask: Ask, t: Translator) -> Answer:  # noqa: ARG002  as every handler
        """The question, answered: on the PMI."""
        return await self._chosen(ask, on_pmi=True)

    async def one_off(self, ask: Ask, t: Translator) -> Answer:  # noqa: ARG002  as every handler
        """The question, answered: on a one-off number."""
        return await self._chosen(ask, on_pmi=False)

    async def _chosen(self, ask: Ask, *, on_pmi: bool) -> Answer:
        topic, thread = read_question(ask.value)
        # In a dialog there is no channel to post in.
        wish = StartWish(topic=topic, on_pmi=on_pmi, target=_here(ask), thread=thread)
        started, promised = await self._promising(ask, wish)
        return Answer() if isinstance(started, Unsaid) else self.relay.answer(promised, started)

    async def start_room(self, ask: Ask, t: Translator) -> Answer:  # noqa: ARG002  as every handler
        """A Start button was pressed: its link starts the room, and so does this, whichever comes first."""
        await self.meetings.start_room(ask.actor, ask.value or ask.actor.user)
        return Answer()

    async def end(self, ask: Ask, t: Translator) -> Answer:  # noqa: ARG002  as every handler
        """End, after its question."""
        if ask.kind is Kind.HOME_ACTION:
            # Home itself shows what came of it.
            await self.meetings.end(ask.call, ask.value)
            return Answer()
        promised = self.relay.promise(ask, NoticeKind.MEETING_ENDED)
        return self.relay.answer(promised, await self.meetings.end(promised.call, ask.value))

    async def card(self, posted: Posted) -> Message | None:
        """The join card as it is now; none of a meeting that was over before there was one."""
        card = await self.glances.join_card(posted.subject)
        if card is None or (posted.is_new and not card.session.runs):
            return None
        return join_card(card, posted.t, await self.where.of(posted.workspace), posted.detail)

    async def _ask_in_a_dialog(self, ask: Ask, t: Translator) -> None:
        try:
            await self.slack.of(ask.actor.workspace, ask.team).open_dialog(ask.trigger, question_modal("", t))
        except SlackSilent as silent:
            _log.warning("dialog_not_opened", reason=silent.reason)
            await self.front.reply(ask, as_private(question_message("", "", t)), in_place=False)

    async def _promising(self, ask: Ask, wish: StartWish) -> tuple[Started | Unsaid, Ask]:
        promised = self.relay.promise(ask, NoticeKind.MEETING_STARTED)
        return await self.meetings.start(promised.call, wish), promised


def _here(ask: Ask) -> Target | None:
    """The channel where it was asked; by the response URL where the app is no member of it."""
    return Target(channel=ask.channel, response_url=ask.response_url) if ask.channel else None

"""What invitations and reminders show, read afresh whenever they are posted or changed."""

from collections.abc import Mapping

from bot.handlers.poster import Posted, Renderer
from bot.handlers.whereabouts import Whereabouts
from bot.services.postings import PostingKind
from bot.services.schedules import Schedules
from bot.views.message import Message
from bot.views.schedule_cards import invitation_card, reminder_card, withdrawn_card


def planned_messages(schedules: Schedules, where: Whereabouts) -> Mapping[PostingKind, Renderer]:
    """Who shows which kind of message about scheduled meetings."""

    async def invitation(posted: Posted) -> Message | None:
        shown = await schedules.card(posted.workspace, posted.subject, posted.target)
        if shown is not None:
            return invitation_card(shown, posted.t, await where.of(posted.workspace))
        # Not left as it is: whoever is invited again finds their invitation here.
        return None if posted.is_new else withdrawn_card(posted.t)

    async def reminder(posted: Posted) -> Message | None:
        reminded = await schedules.reminded(posted.workspace, posted.subject, posted.target, posted.detail)
        if reminded is None or (posted.is_new and not reminded.is_due):
            return None
        return reminder_card(reminded, posted.t, await where.of(posted.workspace))

    return {PostingKind.INVITATION: invitation, PostingKind.REMINDER: reminder}

"""`/room schedule`, `/room meetings`, and what is done to meetings that are scheduled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.handlers.answers import Answer, private, update
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.handlers.rooms import RoomHandlers
from bot.ids import Action
from bot.rules import Answer as Said
from bot.rules import Option
from bot.services.drafts import draft_of, new_draft
from bot.services.people import Actor
from bot.services.refusals import Declined
from bot.services.room_settings import SettingsOfRooms
from bot.services.schedules import Schedules
from bot.services.timetable import Changed, Scheduled, Shown
from bot.texts import Translator
from bot.views.meetings_list import (
    CANCEL,
    CANCEL_ONE,
    EDIT,
    EDIT_ONE,
    MOST,
    cancel_modal,
    meeting_cancelled,
    meeting_saved,
    meetings_list,
    read_cancel_modal,
)
from bot.views.message import Message
from bot.views.schedule_modal import read_schedule_modal, repeats_of, schedule_modal, with_repeats

UTC = "UTC"
"""The zone of somebody of whom Slack does not say one."""


@dataclass(frozen=True, slots=True)
class PlannerHandlers:
    """The handlers of scheduled meetings."""

    schedules: Schedules
    settings: SettingsOfRooms
    rooms: RoomHandlers
    front: Front
    now: Callable[[], datetime]
    told: Callable[[Iterable[Actor]], None]
    """Has what was planned posted at once, and the Homes of these people follow."""

    async def open(self, ask: Ask, _rest: str, t: Translator) -> Answer:
        """`/room schedule`, the shortcut and the button: the dialog of a new meeting."""
        glance = await self.settings.glance(ask.actor)
        settings = glance.settings
        on_pmi = bool(settings.options[Option.PMI_FOR_SCHEDULED])
        draft = new_draft(await self._zone(ask.actor), self.now(), settings.topic, on_pmi=on_pmi)
        return await self.rooms.open(ask, schedule_modal(draft, t), Action.SCHEDULE, t)

    async def opened(self, ask: Ask, t: Translator) -> Answer:
        """The button and the shortcut."""
        return self.front.shown(ask, await self.open(ask, "", t), in_place=False)

    async def listed(self, ask: Ask, _rest: str, t: Translator) -> Answer:
        """`/room meetings`."""
        return private(await self._list(ask.actor, t))

    async def repeats(self, ask: Ask, t: Translator) -> Answer:
        """Another repetition was chosen: the fields that it needs, or that it does not need any more."""
        view = with_repeats(ask.view, repeats_of(ask.view), t)
        return Answer(later=partial(self._shown_quietly, ask, view))

    async def submitted(self, ask: Ask, t: Translator) -> Answer:
        """Schedule, or Save in the dialog of a meeting that is there."""
        draft = read_schedule_modal(ask.view, await self._zone(ask.actor))
        wish = replace(draft.wish, response_url=ask.posts.get(draft.wish.channel or "", ""))
        saved: Scheduled | Changed
        if draft.meeting_id is None:
            saved = await self.schedules.schedule(ask.call, wish)
        else:
            saved = await self.schedules.change(ask.call, draft.meeting_id, wish, draft.occurrence)
        left_out = saved.left_out if isinstance(saved, Changed) else ()
        self.told([*concerned(saved.shown), *(Actor(saved.shown.workspace, user) for user in left_out)])
        return update(meeting_saved(saved, t, await self.rooms.where.of(ask.actor.workspace)))

    async def more(self, ask: Ask, t: Translator) -> Answer:
        """The "more" menu of one's own meeting."""
        act, meeting_id, occurrence = [*ask.value.split(" "), "", ""][:3]
        one = occurrence if act in (EDIT_ONE, CANCEL_ONE) else None
        seen = await self.schedules.see(ask.actor, meeting_id, one)
        if act in (EDIT, EDIT_ONE):
            draft = draft_of(seen, one)
            if draft is None:
                raise Declined("schedule.gone")
            view = schedule_modal(draft, t)
        elif act in (CANCEL, CANCEL_ONE):
            view = cancel_modal(seen.shown, one, t)
        else:
            raise Declined("failure.stale")
        answer = await self.rooms.open(ask, view, Action.MEETING_MORE, t)
        return self.front.shown(ask, answer, in_place=False)

    async def cancelled(self, ask: Ask, t: Translator) -> Answer:
        """Cancel Meeting in its dialog."""
        meeting_id, occurrence = read_cancel_modal(ask.view)
        cancelled = await self.schedules.cancel(ask.call, meeting_id, occurrence)
        self.told(concerned(cancelled.shown))
        return update(meeting_cancelled(cancelled, t))

    async def answered(self, ask: Ask, t: Translator) -> Answer:  # noqa: ARG002  as every handler
        """Accept, Decline or Maybe on an invitation: the card shows the new count, to everybody."""
        meeting_id, _, said = ask.value.partition(" ")
        if said not in list(Said):
            raise Declined("failure.stale")
        counted = await self.schedules.answer(ask.call, meeting_id, Said(said))
        self.told(concerned(counted.shown))
        return Answer()

    async def _shown_quietly(self, ask: Ask, view: dict[str, object]) -> None:
        await self.rooms.slack.of(ask.actor.workspace, ask.team).update_dialog(ask.view_id, view, ask.view_hash)

    async def _list(self, actor: Actor, t: Translator) -> Message:
        coming = await self.schedules.coming(actor, MOST + 1)
        addresses = await self.rooms.where.of(actor.workspace)
        starts = {
            one.shown.meeting_id: addresses.start(self.schedules.start_key(one.shown))
            for one in coming
            if one.may_start
        }
        return meetings_list(coming, starts, t, addresses, self.now())

    async def _zone(self, actor: Actor) -> str:
        return (await self.rooms.directory.person(actor.workspace, actor.user)).zone or UTC


def concerned(shown: Shown) -> list[Actor]:
    """Whose Home shows a meeting."""
    users = [shown.holder, *(each.user for each in shown.invitees)]
    return [Actor(shown.workspace, user) for user in dict.fromkeys(users)]

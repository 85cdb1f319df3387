"""Tells people the result of a change where the acknowledgement cannot hold it: at once, or as soon as Slack lets us.

The process that made the change tells it. What it could not tell, and what a dead process left behind, is found in the
outbox by whoever looks there next.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import structlog
from pydantic import TypeAdapter

from bot.handlers.answers import Answer, as_private
from bot.handlers.asks import Ask, Kind
from bot.handlers.authorisation import Authority
from bot.handlers.late import LateWork
from bot.handlers.rounds import Rounds
from bot.handlers.slack import Line, Slack, SlackNotAsked, SlackSilent
from bot.handlers.whereabouts import Whereabouts
from bot.metrics import Metrics, NoticeOutcome
from bot.services.meeting_results import Ended, Started
from bot.services.outbox import Fate, Outbox, Result, Told, Unreadable
from bot.services.people import Notice, NoticeKind
from bot.services.settings_seen import SettingsSaved
from bot.services.verdicts import Saved
from bot.texts import Translator
from bot.views.addresses import Addresses
from bot.views.blocks import View
from bot.views.cards import link_saved, pmi_saved
from bot.views.link_modal import link_modal_saved
from bot.views.meeting_cards import ended_message, ended_modal, started_message, started_modal
from bot.views.message import Message
from bot.views.pmi_modal import pmi_modal_saved
from bot.views.settings_modal import settings_modal_saved, settings_reset
from storage.errors import StorageError
from storage.outbox import Waiting

LOOK_SECONDS = 5.0
"""Between two looks at the outbox, where nothing in it is due earlier. With the lease, a notice that a dead process
left behind is told within a minute."""
PATIENT_TRIES = 2
"""So often a response URL that does not answer is asked again; then a direct message is better than none."""
AT_ONCE = 10
"""Notices that are told side by side."""
FOR_GOOD = frozenset(
    (
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_blocks",
        "is_archived",
        "messages_tab_disabled",
        "msg_too_long",
        "restricted_action",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    )
)
"""Refusals of a direct message that no waiting mends."""

Words = Callable[[Saved, Translator, Addresses], Message]
Dialog = Callable[[Saved, Translator, Addresses], View]
_SAID: Mapping[NoticeKind, tuple[Words, Dialog]] = {
    NoticeKind.PMI_SAVED: (pmi_saved, pmi_modal_saved),
    NoticeKind.LINK_SAVED: (link_saved, link_modal_saved),
}


def _said(told: Told, t: Translator, addresses: Addresses) -> tuple[Message, View]:
    """A result in words, and as a dialog."""
    match told.saved:
        case SettingsSaved() as saved:
            return settings_reset(saved, t), settings_modal_saved(saved, t)
        case Started() as started:
            return started_message(started, t, addresses), started_modal(started, t, addresses)
        case Ended() as ended:
            return ended_message(ended, t), ended_modal(ended, t)
        case Saved() as saved:
            words, dialog = _SAID[told.notice.kind]
            return words(saved, t, addresses), dialog(saved, t, addresses)


_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is told: in the place of the message or the dialog with the button, else by a direct message."""

    user: str
    response_url: str = ""
    view_id: str = ""
    view_hash: str = ""
    """The dialog as it was when the button was pressed: later it is not covered if it has changed since."""
    is_own: bool = True
    """Whether the message where it was asked is one of ours, so that it can be replaced."""
    trigger: str = field(default="", repr=False)
    """Where nothing is shown yet, what a dialog can be opened with, at once and no later."""
    workspace: str = ""
    team: str = ""


_PLACE = TypeAdapter(Place)


@dataclass(slots=True)
class Relay:
    """The teller of one process."""

    outbox: Outbox
    slack: Slack
    authorisation: Authority
    late: LateWork
    metrics: Metrics
    t: Translator
    where: Whereabouts
    stopping: asyncio.Event
    """Once it is set, nothing more is taken; what was begun is finished with the other late work."""
    look_seconds: float = LOOK_SECONDS
    _rounds: Rounds = field(init=False)

    def promise(self, ask: Ask, kind: NoticeKind) -> Ask:
        """The request with the promise that its result will be told, which the change itself writes down."""
        place = Place(
            ask.actor.user,
            ask.response_url,
            ask.view_id,
            ask.view_hash,
            workspace=ask.actor.workspace,
            team=ask.team,
            is_own=ask.kind is not Kind.MESSAGE_SHORTCUT,
            trigger=ask.trigger if ask.kind is Kind.SHORTCUT else "",
        )
        return replace(ask, notice=Notice(kind, _PLACE.dump_json(place).decode()))

    def answer(self, ask: Ask, saved: Result) -> Answer:
        """What was promised, kept right after an empty acknowledgement."""
        notice = ask.notice
        return Answer() if notice is None else Answer(later=lambda: self.tell(Told(ask.once, notice, saved)))

    def __post_init__(self) -> None:
        self._rounds = Rounds(
            label="outbox",
            look=self.look,
            rest=self.look_seconds,
            put_off="outbox_unread",
            failed="outbox_look_failed",
            late=self.late,
            stopping=self.stopping,
        )

    def start(self) -> None:
        """Begin to look at the outbox, now and then from here on."""
        self._rounds.start()

    def wake(self) -> None:
        """Let the pause between two looks be over."""
        self._rounds.wake()

    async def look(self) -> float:
        """Tell what is due; in how many seconds to look again.

        Raises:
            StorageError: the database did not answer as it should.
        """
        found = await self.outbox.look()
        self.metrics.outbox(found.waiting, found.oldest)
        for row in found.given_up:
            self._given_up(row.request, "too old, or tried too often")
        # With a dead token nobody can be told: the notices wait for a process with a new one.
        due = () if self.authorisation.dead else found.due
        for first in range(0, len(due), AT_ONCE):
            if self.stopping.is_set():
                break
            taking = [asyncio.ensure_future(self._take(row)) for row in due[first : first + AT_ONCE]]
            for task in taking:
                self.late.adopt(task, "notice")
            await asyncio.wait(taking)
        return min(self.look_seconds, found.next_in or self.look_seconds)

    async def _take(self, row: Waiting) -> None:
        try:
            told = await self.outbox.take(row)
        except (StorageError, Unreadable) as error:
            _log.warning("notice_not_taken", notice=row.request[:12], error=type(error).__name__)
            return
        if told is not None:
            await self.tell(told)

    async def tell(self, told: Told) -> None:
        """Tell a result; where Slack does not let us, put it off."""
        try:
            try:
                await self._deliver(told)
            except SlackSilent as silent:
                await self._put_off(told, silent)
            else:
                self.metrics.notice(NoticeOutcome.TOLD)
                await self.outbox.told(told.request)
        except StorageError as error:
            # The lease runs out, and then somebody looks again.
            _log.warning("outbox_unwritten", error=type(error).__name__)

    async def _deliver(self, told: Told) -> None:
        place = _PLACE.validate_json(told.notice.address)
        words, dialog = _said(told, self.t, await self.where.of(place.workspace))
        message = as_private(words)
        line = self.slack.of(place.workspace, place.team)
        if place.trigger and told.tries == 1 and await self._opens(line, place.trigger, dialog):
            return
        if place.view_id:
            # At once, only a verdict can have come between; later, the person may have gone on in the dialog.
            known = place.view_hash if told.tries > 1 else None
            await line.show(place.user, place.view_id, dialog, message, known)
        else:
            # To answer once more in the same place shows nothing twice, a direct message would.
            patient = told.tries <= PATIENT_TRIES
            await line.answer(place.user, place.response_url, message, in_place=place.is_own, patient=patient)

    async def _opens(self, line: Line, trigger: str, dialog: View) -> bool:
        try:
            await line.open_dialog(trigger, dialog)
        except SlackSilent as silent:
            _log.warning("dialog_not_opened", reason=silent.reason)
            return False
        return True

    async def _put_off(self, told: Told, silent: SlackSilent) -> None:
        if silent.reason in FOR_GOOD:
            ended = await self.outbox.end(told.request, told.generation)
            fate = Fate.ENDED if ended else Fate.ELSEWHERE
        else:
            fate = await self.outbox.put_off(told, silent.retry_after, tried=not isinstance(silent, SlackNotAsked))
        # Each is counted by the process that did it, and by no other.
        match fate:
            case Fate.RESTS:
                self.metrics.notice(NoticeOutcome.PUT_OFF)
                _log.warning("notice_put_off", notice=told.request[:12], reason=silent.reason, tries=told.tries)
            case Fate.ENDED:
                self._given_up(told.request, silent.reason)
        self.wake()

    def _given_up(self, request: str, reason: str) -> None:
        self.metrics.notice(NoticeOutcome.GIVEN_UP)
        _log.error("notice_given_up", notice=request[:12], reason=reason)

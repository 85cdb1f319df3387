"""Around every handler: identity, deadline, errors, one line of log, one count, and the acknowledgement, last.

A handler reads, calls one service and gives back an `Answer`; whatever it raises becomes words here. Nothing escapes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from time import perf_counter
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot import errors
from bot.errors import Explanation
from bot.handlers.answers import Answer, as_private, private, update
from bot.handlers.answers import errors as under_fields
from bot.handlers.asks import Ask, Kind, read_action, read_shortcut, read_submission
from bot.handlers.entrance import Entrance
from bot.handlers.late import LateWork, done_or_late
from bot.handlers.slack import Slack, SlackSilent
from bot.ids import Action, Block
from bot.logs import ABOUT
from bot.metrics import Metrics, Outcome, RequestKind
from bot.services import progress
from bot.services.refusals import Declined, Refused
from bot.texts import Texts, Translator
from bot.views import blocks
from bot.views.form import with_replaced
from bot.views.message import Message
from bot.views.mrkdwn import escape
from bot.views.notice import notice_modal
from storage.errors import Busy, StorageError

DEADLINE = 2.0
"""Seconds for a handler. Slack gives up after three; half a second is left for the way there and back."""

Handler = Callable[[Ask, Translator], Awaitable[Answer]]
Listener = Callable[[dict[str, Any]], Awaitable[BoltResponse]]
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_TYPES = {
    "view_submission": RequestKind.SUBMISSION,
    "view_closed": RequestKind.CLOSED,
    "block_actions": RequestKind.ACTION,
    "shortcut": RequestKind.SHORTCUT,
    "message_action": RequestKind.SHORTCUT,
    "event_callback": RequestKind.EVENT,
}
_TYPING = frozenset((Action.TYPED_PMI, Action.TYPED_LINK))
"""What is only to be judged while somebody types: nobody misses one verdict."""
_KINDS = {
    Kind.COMMAND: RequestKind.COMMAND,
    Kind.SUBMISSION: RequestKind.SUBMISSION,
    Kind.MESSAGE_ACTION: RequestKind.ACTION,
    Kind.DIALOG_ACTION: RequestKind.ACTION,
    Kind.HOME_ACTION: RequestKind.ACTION,
    Kind.SHORTCUT: RequestKind.SHORTCUT,
    Kind.MESSAGE_SHORTCUT: RequestKind.SHORTCUT,
}


@dataclass(frozen=True, slots=True)
class Front:
    """What stands around the handlers of one process."""

    texts: Texts
    slack: Slack
    entrance: Entrance
    late: LateWork
    metrics: Metrics
    deadline: float = DEADLINE

    def listener(self, read: Callable[[Mapping[str, Any]], Ask], handle: Handler) -> Listener:
        """The Bolt listener around a handler."""

        async def listen(body: dict[str, Any]) -> BoltResponse:
            started = perf_counter()
            ask = read(body)
            about = ABOUT.set({"request": token_hex(6), "workspace": ask.actor.workspace, "command": ask.label})
            try:
                answer = await self._answer(ask, handle)
                if answer.later is not None:
                    self.late.begin(self._follow(ask, answer.later), ask.label)
                seconds = perf_counter() - started
                self.metrics.request(_KINDS[ask.kind], ask.label, answer.outcome, seconds)
                _log.info("request", outcome=answer.outcome.value, ms=round(seconds * 1000, 1))
            finally:
                ABOUT.reset(about)
            # What `ack` would make of it, without its reading every block once more.
            return BoltResponse(status=200, body=dict(answer.ack) if answer.ack else "")

        return listen

    async def escaped(self, error: Exception, ack: AsyncAck, body: dict[str, Any]) -> BoltResponse:
        """What no listener took, or what got past one: counted, logged, and answered in words where that can be."""
        t = self.texts.for_locale(None)
        if isinstance(error, BoltUnhandledRequestError):
            kind = _kind_of(body)
            self.metrics.request(kind, "", Outcome.REFUSED, 0.0)
            _log.info("request", command=kind.value, outcome="unhandled")
            if kind in (RequestKind.CLOSED, RequestKind.EVENT):
                return await ack()
            said = errors.explain(Declined("failure.stale"), t)
        else:
            said = errors.explain(error, t)
        if "command" in body:
            return await ack(**as_private(said.message))
        if body.get("type") == "view_submission":
            return await ack(response_action="update", view=notice_modal(said.plain, t))
        return await ack()

    def turned_away(self, body: dict[str, Any]) -> BoltResponse:
        """The answer to a request that comes while too many others are being answered: nothing was done, try again."""
        kind = _kind_of(body)
        said = errors.explain(Busy("Too many requests at once."), self.texts.for_locale(None))
        answer = Answer()
        match kind:
            case RequestKind.COMMAND:
                answer = private(said.message, said.outcome)
            case RequestKind.SUBMISSION:
                answer = self._explained(read_submission(body), said)
            case RequestKind.ACTION | RequestKind.SHORTCUT:
                ask = read_action(body) if kind is RequestKind.ACTION else read_shortcut(body)
                if ask.label not in _TYPING:
                    answer = self._explained(ask, said, known=ask.view_hash)
                if answer.later is not None:
                    self.late.begin(self._follow(ask, answer.later), ask.label)
        self.metrics.request(kind, "", Outcome.BUSY, 0.0)
        _log.info("request", command=kind.value, outcome="turned_away")
        # Slack sends an event again that was not taken; nobody else has a second try without being told.
        status = 503 if kind is RequestKind.EVENT else 200
        return BoltResponse(status=status, body=dict(answer.ack) if answer.ack else "")

    async def _answer(self, ask: Ask, handle: Handler) -> Answer:
        t = self.texts.for_locale(None)
        followed = progress.begin()
        task = asyncio.ensure_future(self._handled(ask, t, handle))
        await done_or_late(task, self.deadline)
        if not task.done():
            self.late.adopt(asyncio.ensure_future(self._finish(ask, task)), ask.label)
            unknown = followed.may_have_written
            followed.over = not unknown
            late = errors.unknown_outcome(t, _look_again(ask)) if unknown else errors.too_late(t)
            return self._explained(ask, late)
        error = task.exception()
        return task.result() if error is None else self._explained(ask, self._explain(error, ask, t))

    async def _handled(self, ask: Ask, t: Translator, handle: Handler) -> Answer:
        await self.entrance.admit(ask)
        return await handle(ask, t)

    async def _finish(self, ask: Ask, task: "asyncio.Task[Answer]") -> None:
        # The answer is long given. What the work leads to still happens, where it can.
        try:
            answer = await task
        except (Refused, Declined, StorageError, SlackSilent) as error:
            _log.warning("ended_after_the_answer", error=type(error).__name__)
            return
        if answer.later is not None:
            await self._follow(ask, answer.later)

    async def _follow(self, ask: Ask, later: Callable[[], Awaitable[None]]) -> None:
        try:
            await later()
        except SlackSilent as silent:
            _log.warning("slack_silent", reason=silent.reason, command=ask.label)

    def _explain(self, error: BaseException, ask: Ask, t: Translator) -> Explanation:
        if isinstance(error, SlackSilent):
            _log.warning("slack_silent", reason=error.reason)
            return errors.slack_silent(t)
        return errors.explain(error, t, _look_again(ask))

    def _explained(self, ask: Ask, said: Explanation, known: str | None = None) -> Answer:
        match ask.kind:
            case Kind.COMMAND:
                return private(said.message, said.outcome)
            case Kind.SUBMISSION:
                field = _field(ask, said.field)
                if field is None:
                    return replace(update(_with_notice(ask, said)), outcome=said.outcome)
                alone = {field: said.reasons if _offers_choices(ask) else said.plain}
                return under_fields(_by_field(ask, said, field) if said.under else alone, said.outcome)
            case Kind.MESSAGE_ACTION | Kind.MESSAGE_SHORTCUT:
                return Answer(
                    later=lambda: self.reply(ask, as_private(said.message), in_place=False), outcome=said.outcome
                )
            case Kind.HOME_ACTION | Kind.SHORTCUT:
                return Answer(later=lambda: self._say_in_a_dialog(ask, said), outcome=said.outcome)
            case Kind.DIALOG_ACTION:
                told = self.updating(ask, _with_notice(ask, said), said.message, known)
                return replace(told, outcome=said.outcome)

    async def _say_in_a_dialog(self, ask: Ask, said: Explanation) -> None:
        """Words in a dialog over what is shown, and where it cannot open any more, a direct message."""
        try:
            await self.slack.of(ask.actor.workspace, ask.team).open_dialog(
                ask.trigger, notice_modal(said.plain, self.texts.for_locale(None))
            )
        except SlackSilent as silent:
            _log.warning("slack_silent", reason=silent.reason, next="direct message")
            await self.reply(ask, as_private(said.message), in_place=False)

    def shown(self, ask: Ask, answer: Answer, *, in_place: bool) -> Answer:
        """The answer of a command, for a button on a message: after an empty acknowledgement."""
        if not answer.ack:
            return answer
        message = dict(answer.ack)
        return Answer(later=lambda: self.reply(ask, message, in_place=in_place), outcome=answer.outcome)

    def updating(self, ask: Ask, view: Mapping[str, Any], instead: Message, known: str | None = None) -> Answer:
        """Another dialog in the place of the one where a button was pressed; where that fails, a direct message.

        With `known`, only while the dialog is still the one with that hash.
        """
        user, words, line = ask.actor.user, as_private(instead), self.slack.of(ask.actor.workspace, ask.team)
        return Answer(later=lambda: line.show(user, ask.view_id, view, words, known))

    def passing(self, action: Action) -> Listener:
        """The Bolt listener for a button that leads to a page: it was pressed, and that is all."""

        async def listen(_body: dict[str, Any]) -> BoltResponse:
            self.metrics.request(RequestKind.ACTION, action, Outcome.DONE, 0.0)
            return BoltResponse(status=200, body="")

        return listen

    async def stale(self, _ask: Ask, _t: Translator) -> Answer:
        """A button or a dialog that this version does not know."""
        raise Declined("failure.stale")

    async def reply(self, ask: Ask, message: Mapping[str, Any], *, in_place: bool) -> None:
        """Answer a button on a message: at its response URL, else by a direct message."""
        line = self.slack.of(ask.actor.workspace, ask.team)
        await line.answer(ask.actor.user, ask.response_url, message, in_place=in_place)


def _kind_of(body: dict[str, Any]) -> RequestKind:
    """The kind of a request that nobody took."""
    if "command" in body:
        return RequestKind.COMMAND
    return _TYPES.get(str(body.get("type")), RequestKind.OTHER)


def _offers_choices(ask: Ask) -> bool:
    """Whether free ones stand in the dialog already, to be chosen by a click."""
    return any(block.get("block_id") == f"{Block.VERDICT}_choices" for block in ask.view.get("blocks") or [])


def _look_again(ask: Ask) -> str:
    if "admin" in ask.label:
        return "/room admin"
    if any(word in ask.label for word in ("schedule", "meeting_more", "meetings", "answer", "cancel")):
        return "/room meetings"
    if any(word in ask.label for word in ("start", "meeting", "discuss", "guest")):
        return "/room"
    if any(word in ask.label for word in ("room", "settings", "passcode")):
        return "/room settings"
    return "/personal-link" if "link" in ask.label else "/pmi"


def _with_notice(ask: Ask, said: Explanation) -> dict[str, Any]:
    """The dialog as it is, with words at its top."""
    return with_replaced(ask.view, "", Block.NOTICE, [blocks.section(escape(said.plain), block_id=Block.NOTICE)])


def _field(ask: Ask, wanted: Block | None) -> str | None:
    """The block under which words can stand: the one that they are about, else the first field, if there is any."""
    inputs = [block.get("block_id") for block in ask.view.get("blocks") or [] if block.get("type") == "input"]
    fields = [block_id for block_id in inputs if isinstance(block_id, str)]
    # The name of a field that was filled from outside goes on behind a colon.
    return next((each for each in fields if each.partition(":")[0] == wanted), next(iter(fields), None))


def _by_field(ask: Ask, said: Explanation, otherwise: str) -> dict[str, str]:
    """What stands under each field; what is about none that is shown, under another."""
    found: dict[str, str] = {}
    for wanted, text in said.under.items():
        field = _field(ask, wanted) or otherwise
        found[field] = f"{found.get(field, '')} {text}".lstrip()
    return found

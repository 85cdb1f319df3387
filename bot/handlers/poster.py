"""Posts the messages that were planned, and keeps them as what they are about is: at once, or as soon as Slack lets us.

Whoever plans or changes something wakes the poster of their process after the commit. What is due later, what could not
be posted, and what a dead process left behind, is found by whoever looks next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import TypeAlias

import structlog

from bot.handlers.authorisation import Authority
from bot.handlers.deliveries import Deliveries, Unchangeable
from bot.handlers.late import LateWork
from bot.handlers.relay import FOR_GOOD, LOOK_SECONDS
from bot.handlers.rounds import Rounds
from bot.handlers.slack import SlackNotAsked, SlackSilent, SlackUnheard
from bot.metrics import Metrics, PostingOutcome
from bot.services.due_postings import Fate, Over, Rest, Taken
from bot.services.lanes import SOON_SECONDS, Lanes
from bot.services.postings import PostingKind, Target
from bot.texts import Translator
from bot.views.message import Message
from storage.errors import StorageError

LANES = 400
"""Channels that are written into by turns. Each message takes a second of its channel."""
FILLED_UP = 300
"""Where there were more, the next are looked for once so many are left."""
AT_ONCE = 40
"""Messages that are on their way at once: people who wait for a dialog need connections too."""
POST_FOR_GOOD = FOR_GOOD | {"not_in_channel", "user_not_in_channel", "no_text", "too_many_attachments"}
"""Refusals to post that no waiting mends."""
UNCHANGEABLE = frozenset(("cant_update_message", "edit_window_closed", "is_inactive", "message_not_found"))
"""Refusals to change a message that is gone, or must stay as it is."""
_REFUSED_URL = "response_url_4"
_NOT_FOR_GOOD = frozenset(("response_url_408", "response_url_429"))

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is to be posted or changed, for whoever knows what it shows."""

    workspace: str
    kind: PostingKind
    subject: str
    detail: str
    target: Target
    t: Translator
    is_new: bool = True
    """Whether it is to be posted, and not there yet."""


Renderer: TypeAlias = Callable[[Posted], Awaitable[Message | None]]
"""What a message shows, read afresh; None where there is nothing to show any more, so that it is left as it is."""


@dataclass(slots=True)
class Poster:
    """The poster of one process."""

    lanes: Lanes
    deliveries: Deliveries
    renderers: Mapping[PostingKind, Renderer]
    authorisation: Authority
    late: LateWork
    metrics: Metrics
    t: Translator
    stopping: asyncio.Event
    """Once it is set, nothing more is taken; what was begun is finished with the other late work."""
    sleep: Callable[[float], Awaitable[None]]
    look_seconds: float = LOOK_SECONDS
    _rounds: Rounds = field(init=False)
    _at_work: set[str] = field(default_factory=set)
    _more: bool = False
    """Whether there were more channels than are written into at once."""
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def __post_init__(self) -> None:
        self._rounds = Rounds(
            label="postings",
            look=self.look,
            rest=self.look_seconds,
            put_off="postings_unread",
            failed="postings_look_failed",
            late=self.late,
            stopping=self.stopping,
        )

    def start(self) -> None:
        """Begin to look for what is due, now and then from here on."""
        self._rounds.start()

    def wake(self) -> None:
        """Look at once: something was planned or has changed, or the process ends."""
        self._rounds.wake()

    async def look(self) -> float:
        """Begin to post what is due; in how many seconds to look again.

        Raises:
            StorageError: the database did not answer as it should.
        """
        found = await self.lanes.look()
        self.metrics.postings(found.waiting, found.oldest)
        # With a dead token nothing can be posted: it waits for a process with a new one.
        ready = () if self.authorisation.dead or self.stopping.is_set() else found.ready
        for lane in ready:
            if len(self._at_work) >= LANES:
                self._more = True
                break
            if lane not in self._at_work:
                self._at_work.add(lane)
                # In a context of its own: what it logs is not about the request that happened to wake us.
                task = asyncio.get_running_loop().create_task(self._write_into(lane), context=Context())
                self.late.adopt(task, "posting")
        return self.look_seconds if found.next_in is None else min(self.look_seconds, found.next_in)

    async def _write_into(self, lane: str) -> None:
        """Post what is due in one channel, until nothing is, or it rests for long."""
        try:
            while (rest := await self._next(lane)) is not None:
                await self._rest(rest)
        except StorageError as error:
            # The lease runs out, and then somebody looks again.
            _log.warning("postings_unwritten", error=type(error).__name__)
        finally:
            self._at_work.discard(lane)
            if self._more and len(self._at_work) <= FILLED_UP:
                self._more = False
                self.wake()

    async def _next(self, lane: str) -> Rest | None:
        """Post what is next in a channel; for how long to wait then, or None where that is all for now."""
        async with self._free:
            if self.stopping.is_set() or self.authorisation.dead:
                return None
            match found := await self.lanes.next(lane):
                case Rest():
                    return found if found.seconds <= SOON_SECONDS else None
                case Over():
                    self._given_up(found.posting, found.reason)
                case Taken():
                    await self._post(found)
            return None if found is None else Rest(0.0, lane)

    async def _rest(self, rest: Rest) -> None:
        if rest.seconds <= 0:
            return
        began = self.lanes.monotonic()
        sleeping = asyncio.ensure_future(self.sleep(rest.seconds))
        ending = asyncio.ensure_future(self.stopping.wait())
        await asyncio.wait((sleeping, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not sleeping.cancel():
            self.lanes.waited(rest, began)

    async def _post(self, taken: Taken) -> None:
        posting = taken.posting
        try:
            message = await self._rendered(taken)
        except StorageError as error:
            await self._put_off(taken, SlackNotAsked(type(error).__name__))
            return
        except SlackSilent as silent:
            await self._put_off(taken, silent)
            return
        except Exception:  # noqa: BLE001 - one defect must not keep the other messages back
            _log.exception("posting_not_rendered", posting=posting.id, kind=posting.kind)
            await self._put_off(taken, SlackSilent("not_rendered"))
            return
        if message is None:
            await self._leave(taken, "nothing to show", asked=False)
            return
        try:
            stands = await self.deliveries.deliver(taken, message)
        except Unchangeable:
            await self._leave(taken, "no way to change it", asked=False)
        except SlackSilent as silent:
            await self._put_off(taken, silent)
        else:
            self.metrics.posting(PostingOutcome.POSTED if taken.is_new else PostingOutcome.UPDATED)
            if not await self.lanes.posted(taken, stands):
                _log.warning("posting_lost", posting=posting.id, kind=posting.kind)

    async def _rendered(self, taken: Taken) -> Message | None:
        """What a message shows now.

        Raises:
            SlackSilent: this process does not know; a later version's may.
        """
        posting = taken.posting
        kind = next((each for each in self.renderers if each == posting.kind), None)
        if kind is None:
            raise SlackSilent("kind_not_known")
        target = Target(posting.channel, posting.slack_user)
        posted = Posted(posting.workspace, kind, posting.subject, posting.detail, target, self.t, taken.is_new)
        return await self.renderers[kind](posted)

    async def _put_off(self, taken: Taken, silent: SlackSilent) -> None:
        if not taken.is_new and silent.reason in UNCHANGEABLE:
            await self._leave(taken, silent.reason)
            return
        if _is_for_good(silent.reason):
            fate = await self.lanes.end(taken)
        else:
            tried, doubt = not isinstance(silent, SlackNotAsked), isinstance(silent, SlackUnheard)
            fate = await self.lanes.put_off(taken, silent.retry_after, tried=tried, doubt=doubt)
        # Each is counted by the process that did it, and by no other.
        match fate:
            case Fate.RESTS:
                self.metrics.posting(PostingOutcome.PUT_OFF)
                tries = taken.posting.tries
                _log.warning("posting_put_off", posting=taken.posting.id, reason=silent.reason, tries=tries)
            case Fate.ENDED:
                self._given_up(taken.posting.id, silent.reason)

    async def _leave(self, taken: Taken, reason: str, *, asked: bool = True) -> None:
        if await self.lanes.end(taken, asked=asked) is Fate.ENDED:
            self.metrics.posting(PostingOutcome.LEFT)
            _log.info("posting_left", posting=taken.posting.id, kind=taken.posting.kind, reason=reason)

    def _given_up(self, posting: str, reason: str) -> None:
        self.metrics.posting(PostingOutcome.GIVEN_UP)
        _log.error("posting_given_up", posting=posting, reason=reason)


def _is_for_good(reason: str) -> bool:
    return reason in POST_FOR_GOOD or (reason.startswith(_REFUSED_URL) and reason not in _NOT_FOR_GOOD)

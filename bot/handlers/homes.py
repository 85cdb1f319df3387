"""Keeps the Homes of members as their rooms are: published when one opens theirs, and after each change of a room.

Whoever opened theirs today or yesterday may still have it before them; for nobody else is Slack asked anything. Which
process they opened it in does not matter: that is in the database, and looked up for many changes at once, after a
pause in which the changes of one member become one. So a change costs its request one entry in a table here.

Nobody waits for a Home. Where Slack asks for a pause, it is published after that. What fails otherwise, what a killed
process leaves undone, and what operators set, is shown after the member's next change or next opening.
"""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import structlog

from bot.handlers.late import LateWork
from bot.handlers.slack import Slack, SlackForbidden, SlackSilent
from bot.handlers.whereabouts import Whereabouts
from bot.services.administration import WorkspaceSeen
from bot.services.home import HomeGlances
from bot.services.openings import Openings
from bot.services.people import Actor
from bot.texts import Translator
from bot.views.blocks import View
from bot.views.home import home_view
from storage.errors import OutcomeUnknown, StorageError

OPENED_SECONDS = 0.05
"""From an opening until its Home is published: the answer goes out first."""
CHANGED_SECONDS = 0.25
"""From a change until it is looked up: what comes meanwhile goes the same way."""
MOST_A_ROUND = 500
AT_ONCE = 10
"""Homes that are published side by side."""
MOST_KEPT = 10_000
"""Members who wait, and members of whose Home is known what it shows."""
CONFLICT = "hash_conflict"

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def _nothing(_actor: Actor) -> WorkspaceSeen | None:
    """The default for `state`."""
    return None


class Changed(Protocol):
    """What a use case says of a change."""

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was."""
        ...


Change = TypeVar("Change", bound=Changed)


@dataclass(frozen=True, slots=True)
class _Wish:
    """That a Home is to be published."""

    opened: bool = False
    """Whether it was opened just now, so that nobody need look that up."""
    event: str = ""
    """The opening, by Slack's id of it."""
    known: str = ""
    """The hash of what it shows, as Slack says."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What this process published last."""

    known: str
    digest: str
    event: str


@dataclass(frozen=True, slots=True)
class _View:
    """What a Home is to show, and what it comes to, whatever the keys in it are."""

    shown: View
    digest: str


@dataclass(slots=True)
class Homes:
    """The Homes that one process publishes."""

    openings: Openings
    glances: HomeGlances
    slack: Slack
    late: LateWork
    t: Translator
    where: Whereabouts
    stopping: asyncio.Event
    """Once it is set, what is to be published is tried once more, and nothing is waited for."""
    state: Callable[[Actor], Awaitable[WorkspaceSeen | None]] = _nothing
    """What somebody sees of the workspace beside their room."""
    _waiting: OrderedDict[Actor, _Wish] = field(default_factory=OrderedDict)
    _shown: OrderedDict[Actor, _Shown] = field(default_factory=OrderedDict)
    _at_work: bool = False
    _paused: dict[str, float] = field(default_factory=dict)
    """Until when Slack has asked for a pause, by workspace and by the loop's clock."""

    async def opened(self, actor: Actor, event: str, known: str) -> None:
        """Somebody opened their Home, which shows what has this hash. The event may be one that was heard before.

        Raises:
            StorageError: the database did not answer as it should.
        """
        await self.openings.note(actor)
        shown = self._shown.get(actor)
        if shown is None or shown.event != event:
            self._want(actor, _Wish(opened=True, event=event, known=known))

    def changed(self, actor: Actor) -> None:
        """Somebody's room has changed, or may have."""
        if actor not in self._waiting:
            self._want(actor, _Wish())

    async def after(self, actor: Actor, change: Awaitable[Change]) -> Change:
        """What a change comes to, which the member's Home is then to show; so it is where nobody knows.

        Raises:
            OutcomeUnknown: whether anything was changed is not known.
        """
        try:
            made = await change
        except OutcomeUnknown:
            self.changed(actor)
            raise
        if made.changed:
            self.changed(actor)
        return made

    def _want(self, actor: Actor, wish: _Wish) -> None:
        if actor not in self._waiting and len(self._waiting) >= MOST_KEPT:
            return
        self._waiting[actor] = wish
        if not self._at_work:
            self._at_work = True
            # In a context of its own: what it logs later is not about the request that happened to be the first.
            task = asyncio.get_running_loop().create_task(self._work(), context=Context())
            self.late.adopt(task, "homes")

    async def _work(self) -> None:
        try:
            while self._waiting:
                someone_looks = any(wish.opened for wish in self._waiting.values())
                free = min(self._paused.get(actor.workspace, 0.0) for actor in self._waiting)
                pause = free - asyncio.get_running_loop().time()
                rest = max(pause, OPENED_SECONDS if someone_looks else CHANGED_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), rest)
                await self._round()
        finally:
            self._at_work = False

    async def _round(self) -> None:
        now = asyncio.get_running_loop().time()
        self._paused = {workspace: until for workspace, until in self._paused.items() if until > now}
        ending = self.stopping.is_set()
        free = [actor for actor in self._waiting if ending or actor.workspace not in self._paused]
        first = [(actor, self._waiting.pop(actor)) for actor in free[:MOST_A_ROUND]]
        changed = [actor for actor, wish in first if not wish.opened]
        try:
            open_ones = await self.openings.of_late(changed) if changed else set()
        except StorageError as error:
            _log.warning("homes_unknown", homes=len(changed), error=type(error).__name__)
            open_ones = set()
        due = [(actor, wish) for actor, wish in first if wish.opened or actor in open_ones]
        for place in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self._show(actor, wish) for actor, wish in due[place : place + AT_ONCE]))

    async def _show(self, actor: Actor, wish: _Wish) -> None:
        try:
            await self._publish(actor, wish)
        except SlackSilent as silent:
            pause = None if self.stopping.is_set() or isinstance(silent, SlackForbidden) else silent.retry_after
            again = pause is not None
            if pause is not None:
                until = asyncio.get_running_loop().time() + pause
                self._paused[actor.workspace] = max(self._paused.get(actor.workspace, 0.0), until)
                # What was wished for since is newer.
                self._waiting.setdefault(actor, _Wish(opened=True, event=wish.event, known=wish.known))
            _log.warning("home_not_shown", reason=silent.reason, again=again)
        except StorageError as error:
            _log.warning("home_not_shown", reason=type(error).__name__, again=False)
        except Exception:  # noqa: BLE001 - one defect must not keep the Homes of others back
            _log.exception("home_failed")

    async def _publish(self, actor: Actor, wish: _Wish) -> None:
        shown = self._shown.get(actor)
        view = await self._view(actor)
        if view is None:
            return
        # Shown already: Slack says so by its hash, or this is the same opening, heard again while we were at it.
        told = shown is not None and (wish.known == shown.known != "" or wish.event == shown.event != "")
        if shown is not None and told and view.digest == shown.digest:
            return
        known = wish.known or (shown.known if shown is not None else "")
        try:
            now = await self.slack.of(actor.workspace).publish_home(actor.user, view.shown, known)
        except SlackSilent as silent:
            if silent.reason != CONFLICT:
                raise
            known, view = "", await self._view(actor) or view
            now = await self.slack.of(actor.workspace).publish_home(actor.user, view.shown)
        self._remember(actor, _Shown(now, view.digest, wish.event or (shown.event if shown is not None else "")))
        if not known and (await self._view(actor) or view).digest != view.digest:
            # Without a hash Slack cannot tell whether another process showed a newer state just before.
            self._waiting.setdefault(actor, _Wish(opened=True, event=wish.event, known=now))

    def _remember(self, actor: Actor, shown: _Shown) -> None:
        self._shown[actor] = shown
        self._shown.move_to_end(actor)
        if len(self._shown) > MOST_KEPT:
            self._shown.popitem(last=False)

    async def _view(self, actor: Actor) -> _View | None:
        seen = await self.glances.of(actor)
        if seen is None:
            return None
        seen = replace(seen, workspace=await self.state(actor))
        # Keys are another text each time: until when they are valid says whether they are still the same.
        addresses = await self.where.of(actor.workspace)
        stable = home_view(seen.without_keys, self.t, addresses)
        digest = hashlib.sha256(json.dumps(stable, sort_keys=True).encode()).hexdigest()
        return _View(home_view(seen, self.t, addresses), digest)

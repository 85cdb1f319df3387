"""What Slack tells of by itself: that the app was uninstalled, its token revoked, or its Home opened.

An event has no answer but its status: 200 once it is in the database, else 503, and Slack sends it again.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from time import perf_counter
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.handlers.authorisation import Authority, Home
from bot.handlers.comings import Changed, Comings, read_changed
from bot.handlers.entrance import Entrance
from bot.handlers.homes import Homes
from bot.handlers.late import LateWork, done_or_late
from bot.handlers.leaving import Leaving
from bot.handlers.slack import SlackSilent
from bot.handlers.unfurls import Pasted, Unfurls, read_pasted
from bot.ids import Event
from bot.logs import ABOUT
from bot.metrics import Metrics, Outcome, RequestKind
from bot.services.departures import Departure, note_departure
from bot.services.house import House
from bot.services.people import Actor
from bot.services.refusals import Declined
from storage.errors import StorageError

AGAIN = 503
_DEPARTURES = {Event.UNINSTALLED: Departure.UNINSTALLED, Event.REVOKED: Departure.REVOKED}
_HOME = "home"
"""The tab. The app's other tabs are opened under the same event."""
_USER = re.compile(r"\A[UW][A-Z0-9]{1,31}\Z")
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. That it is about this app is what its signature says."""

    kind: Event
    home: Home
    once: str
    at: int
    """When it happened, by Slack's clock."""
    ours: bool
    """Whether it takes the bot's token, and not only the tokens of people, of which we have none."""
    opener: str = ""
    """Who opened their Home; empty where it was another tab."""
    shows: str = ""
    """The hash of what that Home shows."""
    pasted: Pasted | None = None
    """Addresses of ours in a message."""
    changed: Changed | None = None
    """Somebody of whom something is not as it was."""

    @property
    def workspace(self) -> str:
        """The workspace as the use cases know it."""
        return self.home.enterprise or self.home.team


def read_happening(body: Mapping[str, Any]) -> Happening:
    """An event, read once at the edge."""
    event = body["event"]
    kind = Event(event["type"])
    home = Home(_text(body, "team_id"), _text(body, "enterprise_id"))
    identity = "\0".join((home.enterprise or home.team, "event", _text(body, "event_id")))
    at = body.get("event_time")
    tokens = event.get("tokens")
    bots = tokens.get("bot") if isinstance(tokens, dict) else None
    user = _text(event, "user") if kind is Event.HOME_OPENED and _text(event, "tab") == _HOME else ""
    view = event.get("view")
    return Happening(
        kind=kind,
        home=home,
        once=hashlib.sha256(identity.encode()).hexdigest(),
        at=at if isinstance(at, int) else 0,
        ours=kind is Event.UNINSTALLED or bool(bots),
        opener=user if _USER.match(user) else "",
        shows=_text(view, "hash") if isinstance(view, dict) else "",
        pasted=read_pasted(event, home.enterprise or home.team, home.team) if kind is Event.LINK_SHARED else None,
        changed=read_changed(event) if kind is Event.USER_CHANGE else None,
    )


@dataclass(frozen=True, slots=True)
class Events:
    """The listeners for events of one process."""

    house: House
    entrance: Entrance
    homes: Homes
    unfurls: Unfurls
    comings: Comings
    leaving: Leaving
    authority: Authority
    late: LateWork
    metrics: Metrics
    deadline: float
    departed: Callable[[], None]
    """Called where the app may have left a workspace."""

    async def listen(self, ack: AsyncAck, body: dict[str, Any]) -> BoltResponse:
        """The Bolt listener for every event in `Event`."""
        started = perf_counter()
        happening = read_happening(body)
        label = happening.kind.value
        about = ABOUT.set({"request": token_hex(6), "workspace": happening.workspace, "command": label})
        try:
            outcome = await self._outcome(happening)
            seconds = perf_counter() - started
            self.metrics.request(RequestKind.EVENT, label, outcome, seconds)
            _log.info("request", outcome=outcome.value, ms=round(seconds * 1000, 1))
        finally:
            ABOUT.reset(about)
        return await ack() if outcome in (Outcome.DONE, Outcome.REFUSED) else BoltResponse(status=AGAIN)

    async def _outcome(self, happening: Happening) -> Outcome:
        task = asyncio.ensure_future(self._take_in(happening))
        await done_or_late(task, self.deadline)
        if not task.done():
            self.late.adopt(task, happening.kind.value)
            return Outcome.UNKNOWN
        try:
            task.result()
        except Declined:
            return Outcome.REFUSED
        except (StorageError, SlackSilent) as error:
            _log.warning("event_put_off", error=str(error) or type(error).__name__)
            return Outcome.BUSY
        return Outcome.DONE

    async def _take_in(self, happening: Happening) -> None:
        about_people = happening.opener or happening.pasted is not None or happening.changed is not None
        if about_people and not await self.authority.is_installed(happening.workspace, happening.home.team):
            # It was under way when the app left: nobody there can be shown anything.
            raise Declined("workspace.not_installed")
        if happening.opener:
            opener = Actor(happening.workspace, happening.opener)
            await self.entrance.meet(opener)
            await self.homes.opened(opener, happening.once, happening.shows)
        if happening.pasted is not None:
            await self.unfurls.show(happening.pasted)
        if happening.changed is not None:
            await self.comings.changed(happening.workspace, happening.changed)
        if not happening.ours:
            return
        has_left = await self.leaving.left(happening.home, happening.at, happening.kind)
        what = _DEPARTURES[happening.kind]
        await note_departure(self.house, happening.workspace, happening.once, what, has_left=has_left)
        self.departed()


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""

"""Who is an administrator: asked of Slack at the moment of each action, and believed for half a minute."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.handlers.answers import Answer
from bot.handlers.asks import Ask
from bot.handlers.front import Handler
from bot.handlers.slack import Slack, SlackSilent
from bot.services.people import Actor
from bot.services.refusals import Declined
from bot.texts import Translator

KEPT_SECONDS = 30.0
MOST_KEPT = 1_000
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Administrators:
    """Knows Slack's owners and admins from everybody else."""

    def __init__(self, slack: Slack, monotonic: Callable[[], float]) -> None:
        self._slack = slack
        self._monotonic = monotonic
        self._kept: OrderedDict[Actor, float] = OrderedDict()

    async def check(self, ask: Ask) -> None:
        """Let an administrator do it. A yes is remembered for half a minute, a no is not.

        Raises:
            Declined: Slack says that they are none. It is logged.
            SlackSilent: Slack does not say.
        """
        actor = ask.actor
        if self._kept.get(actor, 0.0) > self._monotonic():
            return
        self._kept.pop(actor, None)
        found = await self._slack.of(actor.workspace, ask.team).look_up("users.info", {"user": actor.user})
        user = found.get("user")
        if not isinstance(user, dict):
            raise SlackSilent("users.info")
        if not administers(actor.workspace, user):
            _log.warning("admin_denied", user=actor.user)
            raise Declined("admin.only")
        self._kept[actor] = self._monotonic() + KEPT_SECONDS
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def forget(self, actor: Actor) -> None:
        """Ask again at their next action: something about them has changed."""
        self._kept.pop(actor, None)

    def only(self, handler: Handler) -> Handler:
        """The handler, for administrators and nobody else."""

        async def handle(ask: Ask, t: Translator) -> Answer:
            await self.check(ask)
            return await handler(ask, t)

        return handle


def administers(workspace: str, user: Mapping[str, Any]) -> bool:
    """Whether somebody, as `users.info` has them, runs this workspace; of an organisation, whether they run all of it.

    Neither deactivated people nor guests, apps or people from elsewhere run anything, whatever else is said of them.
    """
    if any(user.get(mark) is True for mark in ("deleted", "is_bot", "is_stranger", "is_restricted")):
        return False
    in_organisation = user.get("enterprise_user")
    organisation = in_organisation if isinstance(in_organisation, dict) else {}
    if workspace in (organisation.get("enterprise_id"), user.get("enterprise_id")):
        return any(organisation.get(mark) is True for mark in ("is_admin", "is_owner"))
    if user.get("team_id") != workspace:
        return False
    return any(user.get(mark) is True for mark in ("is_admin", "is_owner", "is_primary_owner"))

"""Who is an administrator: asked of Slack at the moment of each action, and believed for half a minute."""

from collections import OrderedDict
from collections.abc import Callable

import structlog

from bot.handlers.answers import Answer
from bot.handlers.asks import Ask
from bot.handlers.front import Handler
from bot.handlers.roles import administers
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

"""Slack, to which each workspace has a line of its own: with its token, at its pace. What a line does is in `line`."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.authorisation import Authority
from bot.handlers.line import (
    CALL_SECONDS,
    POST_SECONDS,
    Line,
    SlackForbidden,
    SlackNotAsked,
    SlackSilent,
    SlackUnheard,
    asked_pause,
    pause_in,
    posted,
    reason_of,
)
from bot.handlers.pace import Pace

__all__ = [
    "CALL_SECONDS",
    "POST_SECONDS",
    "Line",
    "Slack",
    "SlackForbidden",
    "SlackNotAsked",
    "SlackSilent",
    "SlackUnheard",
    "asked_pause",
    "pause_in",
    "posted",
    "reason_of",
]

MOST_PACES = 10_000
"""Workspaces of which it is known how fast they may be spoken to."""


class Slack:
    """Slack over one shared session, as each workspace speaks with it."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        authority: Authority,
        new_pace: Callable[[], Pace],
    ) -> None:
        self._client = client
        self._session = session
        self._authority = authority
        self._new_pace = new_pace
        self._paces: OrderedDict[str, Pace] = OrderedDict()

    def of(self, workspace: str, team: str = "") -> "Line":
        """The line of a workspace; `team` is the one of an organisation where something happens, if it is known."""
        pace = self._paces.get(workspace)
        if pace is None:
            pace = self._paces[workspace] = self._new_pace()
            if len(self._paces) > MOST_PACES:
                self._paces.popitem(last=False)
        self._paces.move_to_end(workspace)
        return Line(self._client, self._session, pace, partial(self._authority.right, workspace, team), self._authority)

    async def reach(self) -> None:
        """See that Slack answers at all, which needs no token.

        Raises:
            SlackSilent: it does not.
        """
        await self.of("").asked(self._client.api_call("api.test"), CALL_SECONDS)

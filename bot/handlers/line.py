"""What we ask of Slack: open and update dialogs, show Homes, answer at response URLs, write to people, ask who is who.

Every call is made for one workspace: with its token, at its pace. It is tried once, is bounded in time and never waits
for a Retry-After; what goes wrong is a `SlackSilent`. Without a token that lives nothing is asked at all.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.handlers.authorisation import Authority, Right, Unauthorised
from bot.handlers.pace import Pace, TooSoon

CALL_SECONDS = 1.2
"""For one call where nobody says more: opening a dialog, with what is read before it, stays within an answer's time."""
POST_SECONDS = 5.0
"""For a message that nobody waits for: to give it up too early could mean to post it twice."""
RETRY_SECONDS = 30.0
"""Where Slack asks for a pause and does not say how long."""
MOST_DIGITS = 6
"""Of a Retry-After: eleven days."""

_TOO_MANY, _WELL = 429, 200
_NOTHING_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class SlackSilent(Exception):  # noqa: N818  it says what happened
    """Slack did not do what was asked; `reason` is its error code, or a word for what happened.

    `retry_after` are the seconds before which it must not be asked again, where Slack said so.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class SlackUnheard(SlackSilent):
    """Slack was asked, and its answer got lost: it may have done what was asked."""


class SlackNotAsked(SlackSilent):
    """Slack was not even asked: the token is dead, or it is too soon."""


class SlackForbidden(SlackNotAsked):
    """There is nothing to ask with: the app is not installed there, or its token is dead."""


class Line:
    """The Web API and the response URLs, for one workspace."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        pace: Pace,
        right: Callable[[], Awaitable[Right]],
        authority: Authority,
    ) -> None:
        self._client = client
        self._session = session
        self._pace = pace
        self._right = right
        self._authority = authority

    async def call(self, method: str, arguments: Mapping[str, Any], seconds: float | None = None) -> Mapping[str, Any]:
        """One call of a Web API method.

        Raises:
            SlackUnheard: Slack did not answer in time or in JSON, and may have done it.
            SlackSilent: Slack refused, or could not be reached.
        """
        right = await self._authorised()
        sending = self._client.api_call(method, json=dict(arguments), headers=_bearer(right))
        return await self.asked(sending, seconds, right)

    async def look_up(self, method: str, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        """One call of a method that only reads: Slack takes the arguments of these in the address, and no JSON.

        Raises:
            SlackSilent: as for `call`.
        """
        right = await self._authorised()
        sending = self._client.api_call(method, http_verb="GET", params=dict(arguments), headers=_bearer(right))
        return await self.asked(sending, None, right)

    async def _authorised(self) -> Right:
        try:
            return await self._right()
        except Unauthorised as without:
            raise SlackForbidden(without.reason, without.retry_after) from None

    async def asked(
        self, sending: Awaitable[AsyncSlackResponse], seconds: float | None, right: Right | None = None
    ) -> Mapping[str, Any]:
        """What Slack answers to a call that is being made. Raises as `call`."""
        try:
            response = await asyncio.wait_for(sending, CALL_SECONDS if seconds is None else seconds)
        except SlackApiError as error:
            reason = reason_of(error)
            if right is not None:
                await self._authority.heard(right, reason)
            if _says_nothing(error):
                raise SlackUnheard(reason) from None
            raise SlackSilent(reason, asked_pause(error)) from None
        except _NOTHING_SENT as error:
            raise SlackSilent(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError, ValueError) as error:
            raise SlackUnheard(type(error).__name__) from None
        data = response.data
        return data if isinstance(data, dict) else {}

    async def open_dialog(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Open a dialog. The trigger lives three seconds and works once."""
        await self.call("views.open", {"trigger_id": trigger, "view": view})

    async def push_dialog(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Lay a dialog over the one where the trigger arose."""
        await self.call("views.push", {"trigger_id": trigger, "view": view})

    async def update_dialog(self, view_id: str, view: Mapping[str, Any], known: str | None = None) -> str:
        """Show another dialog in the place of one; returns its hash.

        With `known`, only if the dialog is still the one with that hash.
        """
        arguments = {"view_id": view_id, "view": view} | ({"hash": known} if known else {})
        return _hash_in(await self.call("views.update", arguments))

    async def publish_home(self, user: str, view: Mapping[str, Any], known: str = "") -> str:
        """Show somebody's Home, no sooner than Slack wants to be asked again; returns its hash.

        With `known`, only if the Home is still the one with that hash.
        """
        arguments = {"user_id": user, "view": view} | ({"hash": known} if known else {})
        return _hash_in(await self.paced("views.publish", arguments))

    async def tell(self, user: str, message: Mapping[str, Any]) -> None:
        """Write to somebody in their direct messages with the app, no faster than Slack takes it."""
        await self.post(await self.direct(user), message, CALL_SECONDS)

    async def direct(self, user: str) -> str:
        """The channel of somebody's direct messages with the app."""
        found = (await self.paced("conversations.open", {"users": user})).get("channel")
        return str(found.get("id")) if isinstance(found, dict) else ""

    async def post(self, channel: str, message: Mapping[str, Any], seconds: float = POST_SECONDS) -> Mapping[str, Any]:
        """Post a message into a channel, no faster than Slack takes it; what Slack says of it."""
        # Else Slack would visit the addresses in it, and show what it finds there.
        quiet = {"unfurl_links": False, "unfurl_media": False}
        thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        arguments = {"channel": channel, **quiet, **thread, **posted(message)}
        return await self.paced("chat.postMessage", arguments, channel, seconds)

    async def paced(
        self, method: str, arguments: Mapping[str, Any], channel: str = "", seconds: float | None = None
    ) -> Mapping[str, Any]:
        """A call that is not made before Slack wants to be asked again, nor too soon after another into a channel.

        Raises:
            SlackNotAsked: it is too soon.
            SlackSilent: as for `call`.
        """
        try:
            self._pace.check(method)
            if channel:
                await self._pace.turn(channel)
                # Meanwhile Slack may have asked for a pause, of somebody who wrote elsewhere.
                self._pace.check(method)
        except TooSoon as soon:
            raise SlackNotAsked("too_soon", soon.seconds) from None
        try:
            return await self.call(method, arguments, seconds)
        except SlackSilent as silent:
            if silent.retry_after is not None and not isinstance(silent, SlackForbidden):
                self._pace.pause(method, silent.retry_after)
            raise

    async def answer(
        self, user: str, url: str, message: Mapping[str, Any], *, in_place: bool, patient: bool = False
    ) -> None:
        """Answer at a response URL; where there is none or it fails, by a direct message.

        The answer may be there although nothing was heard of it. Who is `patient` does not write a second one then.
        """
        if url:
            try:
                await self.respond(url, message, in_place=in_place)
            except SlackSilent as silent:
                if patient and isinstance(silent, SlackUnheard):
                    raise
                _log.warning("slack_silent", reason=silent.reason, next="direct message")
            else:
                return
        await self.tell(user, message)

    async def show(
        self, user: str, view_id: str, view: Mapping[str, Any], instead: Mapping[str, Any], known: str | None = None
    ) -> None:
        """Show another dialog in the place of one; where that fails, send a direct message instead."""
        try:
            await self.update_dialog(view_id, view, known)
        except SlackSilent as silent:
            _log.warning("slack_silent", reason=silent.reason, next="direct message")
            await self.tell(user, instead)

    async def respond(
        self, url: str, message: Mapping[str, Any], *, in_place: bool, seconds: float | None = None
    ) -> None:
        """Answer at a response URL, in the place of the message that the button stood on or beneath it.

        Raises:
            SlackUnheard: it may be there all the same.
            SlackSilent: as for `call`.
        """
        body = {**message, "replace_original": in_place}
        most = CALL_SECONDS if seconds is None else seconds
        try:
            async with self._session.post(url, json=body, timeout=aiohttp.ClientTimeout(most)) as response:
                text = await response.text()
        except _NOTHING_SENT as error:
            raise SlackSilent(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            # The time was up, or the connection ended: before or after Slack had read all of it.
            raise SlackUnheard(type(error).__name__) from None
        if response.status >= 400 or _refused(text):  # noqa: PLR2004  HTTP's border between success and failure
            pause = pause_in(response.headers) if response.status == _TOO_MANY else None
            raise SlackSilent(f"response_url_{response.status}", pause)


def _bearer(right: Right) -> dict[str, str]:
    return {"Authorization": f"Bearer {right.token}"}


def asked_pause(error: SlackApiError) -> float | None:
    """For how long Slack does not want to be asked, where it was asked too often."""
    response = error.response
    return pause_in(response.headers) if getattr(response, "status_code", None) == _TOO_MANY else None


def pause_in(headers: Mapping[str, object]) -> float:
    """For how long Slack does not want to be asked, as it says beside "too many requests"."""
    given = {name.lower(): str(value) for name, value in headers.items()}.get("retry-after", "")
    whole = given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS
    return float(given) if whole else RETRY_SECONDS


def _hash_in(answer: Mapping[str, Any]) -> str:
    view = answer.get("view")
    found = view.get("hash") if isinstance(view, dict) else None
    return found if isinstance(found, str) else ""


def posted(message: Mapping[str, Any]) -> dict[str, Any]:
    """Of a message, what a method takes that posts or changes one."""
    return {name: message[name] for name in ("text", "blocks") if name in message}


def reason_of(error: SlackApiError) -> str:
    """Slack's error code; a word of ours where what came back was not Slack's JSON."""
    data = error.response.data if hasattr(error.response, "data") else error.response
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else "slack_api_error"


def _says_nothing(error: SlackApiError) -> bool:
    """Whether what came back is no answer of Slack's, though all was well with it on the way."""
    response = error.response
    return getattr(response, "status", 0) == _WELL and not isinstance(getattr(response, "data", None), dict)


def _refused(text: str) -> bool:
    # A response URL answers "ok" as text, or JSON with "ok".
    try:
        body = json.loads(text)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("ok") is False

"""What we ask of Slack: open and update dialogs, answer at response URLs, write to a person, ask who somebody is.

Every call is tried once, is bounded in time and never waits for a Retry-After; what goes wrong is a `SlackSilent`.
"""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

CALL_SECONDS = 1.2
"""For one call: opening a dialog, with what is read before it, stays within the answer's time."""


class SlackSilent(Exception):  # noqa: N818  it says what happened
    """Slack did not do what was asked; `reason` is its error code, or a word for what happened."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Slack:
    """The Web API and the response URLs, over one shared session."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """One call of a Web API method.

        Raises:
            SlackSilent: Slack refused, or did not answer in time or in JSON.
        """
        return await self._sent(self._client.api_call(method, json=dict(arguments)))

    async def look_up(self, method: str, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        """One call of a method that only reads: Slack takes the arguments of these in the address, and no JSON.

        Raises:
            SlackSilent: as for `call`.
        """
        return await self._sent(self._client.api_call(method, http_verb="GET", params=dict(arguments)))

    async def _sent(self, sending: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
        try:
            response = await asyncio.wait_for(sending, CALL_SECONDS)
        except SlackApiError as error:
            raise SlackSilent(reason_of(error)) from None
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError, ValueError) as error:
            raise SlackSilent(type(error).__name__) from None
        data = response.data
        return data if isinstance(data, dict) else {}

    async def open_dialog(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Open a dialog. The trigger lives three seconds and works once."""
        await self.call("views.open", {"trigger_id": trigger, "view": view})

    async def update_dialog(self, view_id: str, view: Mapping[str, Any], known: str | None = None) -> str:
        """Show another dialog in the place of one; returns its hash.

        With `known`, only if the dialog is still the one with that hash.
        """
        arguments = {"view_id": view_id, "view": view} | ({"hash": known} if known else {})
        updated = (await self.call("views.update", arguments)).get("view")
        found = updated.get("hash") if isinstance(updated, dict) else None
        return found if isinstance(found, str) else ""

    async def tell(self, user: str, message: Mapping[str, Any]) -> None:
        """Write to somebody in their direct messages with the app."""
        direct = (await self.call("conversations.open", {"users": user})).get("channel")
        channel = direct.get("id") if isinstance(direct, dict) else None
        # Else Slack would visit the addresses in it, and show what it finds there.
        quiet = {"unfurl_links": False, "unfurl_media": False}
        await self.call("chat.postMessage", {"channel": channel, **quiet, **_posted(message)})

    async def respond(self, url: str, message: Mapping[str, Any], *, in_place: bool) -> None:
        """Answer at a response URL, in the place of the message that the button stood on or beneath it.

        Raises:
            SlackSilent: as for `call`.
        """
        body = {**message, "replace_original": in_place}
        try:
            async with self._session.post(url, json=body, timeout=aiohttp.ClientTimeout(CALL_SECONDS)) as response:
                text = await response.text()
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise SlackSilent(type(error).__name__) from None
        if response.status >= 400 or _refused(text):  # noqa: PLR2004  HTTP's border between success and failure
            raise SlackSilent(f"response_url_{response.status}")


def _posted(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in ("text", "blocks") if name in message}


def reason_of(error: SlackApiError) -> str:
    """Slack's error code; a word of ours where what came back was not Slack's JSON."""
    data = error.response.data if hasattr(error.response, "data") else error.response
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else "slack_api_error"


def _refused(text: str) -> bool:
    # A response URL answers "ok" as text, or JSON with "ok".
    try:
        body = json.loads(text)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("ok") is False

"""Requests byte by byte, signed as Slack signs or as nobody would, to the running application."""

import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.playground import Person
from tests.e2e.stage import SIGNING_SECRET, Stage
from tests.unit.guard.signed_requests import FORM, signed

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Wire:
    """A client of its own, that sends what it is given."""

    stage: Stage
    session: aiohttp.ClientSession
    _triggers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def post(self, raw: bytes, headers: Mapping[str, str]) -> Answer:
        """Send these bytes under these headers."""
        began = time.perf_counter()
        async with self.session.post(self.stage.slack._delivery.url, data=raw, headers=headers) as response:
            return Answer(response.status, await response.read(), time.perf_counter() - began)

    async def sends(self, raw: bytes, content_type: str = FORM) -> Answer:
        """Send these bytes, signed now."""
        at = int(self.stage.chances.clock())
        return await self.post(raw, signed(raw, content_type, at=at, secret=SIGNING_SECRET))

    def command(self, person: Person, command: str, text: str, **more: str) -> dict[str, str]:
        """The fields of a slash command, with a trigger of its own."""
        return {
            "token": "x",
            "team_id": person.workspace.id,
            "channel_id": "C0GENERAL",
            "user_id": person.member.id,
            "user_name": "anybody",
            "command": command,
            "text": text,
            "response_url": "",
            "trigger_id": self.trigger(),
            **more,
        }

    def trigger(self) -> str:
        """A trigger that no request had before."""
        return f"{next(self._triggers)}.1.wire"

    def submission(self, person: Person, callback: str, values: Mapping[str, Any], **view: Any) -> dict[str, Any]:
        """Save in a dialog: `values` by block and action."""
        return {
            "type": "view_submission",
            "team": {"id": person.workspace.id, "domain": "acme"},
            "user": {"id": person.member.id, "name": "anybody", "team_id": person.workspace.id},
            "api_app_id": "A0ROOM",
            "token": "x",
            "trigger_id": self.trigger(),
            "view": {
                "id": f"V{next(self._triggers)}",
                "team_id": person.workspace.id,
                "type": "modal",
                "callback_id": callback,
                "private_metadata": "",
                "hash": "1.a",
                "blocks": [{"type": "input", "block_id": block} for block in values],
                "state": {"values": values},
                **view,
            },
            "response_urls": [],
            "is_enterprise_install": False,
            "enterprise": None,
        }


def as_form(fields: Mapping[str, str]) -> bytes:
    """Fields as a form; halves of surrogate pairs are sent as they are."""
    return urlencode(fields, errors="surrogatepass").encode()


def as_payload(body: Mapping[str, Any]) -> bytes:
    """An interaction as Slack posts it."""
    return as_form({"payload": json.dumps(body)})


@asynccontextmanager
async def wire_to(stage: Stage) -> AsyncIterator[Wire]:
    """A client for as long as the block lasts."""
    async with aiohttp.ClientSession(headers={"User-Agent": "wire"}, skip_auto_headers=("Content-Type",)) as session:
        yield Wire(stage, session)

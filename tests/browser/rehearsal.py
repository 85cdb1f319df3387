"""The page over a stand-in whose app answers what a test tells it to: for what this app does not do yet, or never."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bot.playground import StandIn
from bot.playground.page import Seat, serve_page

Json = dict[str, Any]
ANNA, BEN = "T0ACME/U0ANNA", "T0ACME/U0BEN"
PATIENCE_SECONDS = 0.6
MANIFEST: Json = {
    "display_information": {"name": "Rehearsal"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/go", "description": "Goes", "usage_hint": "[anywhere]"}],
        "shortcuts": [
            {"name": "Start it", "type": "global", "callback_id": "start", "description": "Starts something"},
            {"name": "Talk about it", "type": "message", "callback_id": "talk", "description": "Opens a room"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "im:write", "users:read"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}},
}


@dataclass
class Rehearsal:
    """A stand-in with two people, its page, and the app's answers by the name of what is asked."""

    slack: StandIn
    address: str = ""
    answers: dict[str, Callable[[Json], Any]] = field(default_factory=dict)
    heard: list[Json] = field(default_factory=list)

    def names(self) -> list[str]:
        """What the app was asked so far."""
        return [each.get("command") or each.get("event", {}).get("type") or each["type"] for each in self.heard]

    async def opens(self, view: Json, payload: Json) -> None:
        """Open a dialog with the payload's trigger, as the app would."""
        await self._calls("views.open", {"trigger_id": payload["trigger_id"], "view": view})

    async def publishes(self, view: Json, user: str) -> None:
        """Publish a Home tab."""
        await self._calls("views.publish", {"user_id": user, "view": view})

    async def _calls(self, method: str, arguments: Json) -> None:
        token = self.slack.world.workspaces["T0ACME"].bot_token
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                self.slack.api_url + method, json=arguments, headers={"Authorization": f"Bearer {token}"}
            ) as response,
        ):
            answer = await response.json()
            assert answer["ok"], answer

    async def answer(self, request: web.Request) -> web.Response:
        """What the app answers to a request of the stand-in."""
        if request.content_type == "application/json":
            payload = await request.json()
            name = payload["event"]["type"]
        else:
            form = dict(await request.post())
            payload = json.loads(str(form["payload"])) if "payload" in form else form
            name = payload.get("command") or payload["type"]
        self.heard.append(payload)
        answer = self.answers.get(name)
        said = answer(payload) if answer else None
        if asyncio.iscoroutine(said):
            said = await said
        return web.Response() if said is None else web.json_response(said)


@asynccontextmanager
async def rehearsing() -> AsyncIterator[Rehearsal]:
    """The page on loopback, with an app that can be told what to answer."""
    slack = StandIn("a signing secret", manifest=MANIFEST, ack_timeout=PATIENCE_SECONDS)
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    anna = acme.add_member("U0ANNA", real_name="Anna Larsson", display_name="anna", role="admin")
    ben = acme.add_member("U0BEN", real_name="Ben Okafor", display_name="ben")
    general = acme.add_channel("C0GENERAL", "general", members=[anna, ben], with_bot=True)
    slack.world.post(general, {"text": "Good morning"}, user=ben.id)
    rehearsal = Rehearsal(slack)
    app = web.Application()
    app.router.add_post("/slack/events", rehearsal.answer)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        with socket.create_server(("127.0.0.1", 0)) as listening:
            async with (
                slack.serve(),
                serve_page(slack, [Seat(anna, "Administrator"), Seat(ben)], listening) as address,
            ):
                slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
                rehearsal.address = address
                yield rehearsal
    finally:
        await runner.cleanup()


def plain(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def field_block(block_id: str, label: str, **element: Any) -> Json:
    """An input of text; `multiline` and the like go into its element."""
    inner = {"type": "plain_text_input", "action_id": "typed", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "optional": True, "element": inner}


def modal(title: str, *blocks: Json, submit: str | None = "Save", **more: Any) -> Json:
    """A dialog."""
    buttons = {"close": plain("Cancel"), **({"submit": plain(submit)} if submit else {})}
    return {
        "type": "modal",
        "callback_id": title.lower(),
        "title": plain(title),
        "blocks": [*blocks],
        **buttons,
        **more,
    }

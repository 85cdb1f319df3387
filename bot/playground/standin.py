"""The stand-in for Slack as one thing: put together, served on loopback, handed to people."""

import itertools
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from bot.playground import payloads
from bot.playground.delivery import Delivery, Exchange
from bot.playground.faults import Faults
from bot.playground.installing import Installing
from bot.playground.log import Calls
from bot.playground.manifest import AppManifest, read_manifest
from bot.playground.people import Person
from bot.playground.sign_in import SignInWithSlack
from bot.playground.socket_mode import Socket
from bot.playground.state import Channel, Json, Member, Workspace
from bot.playground.web_api import WebApi
from bot.playground.world import World

APP_ID = "A0STANDIN"
ACK_SECONDS = 3.0
UNTIL_SECONDS = 2.0


class StandIn:
    """Slack on this machine, for one app.

    Args:
        signing_secret: what requests to the app are signed with.
        clock: the time in seconds, for stamps, signatures and every limit but the three seconds of an answer.
        manifest: the app's parsed manifest; without it every command and shortcut exists and every scope is granted.
        ack_timeout: how many real seconds an answer is waited for; without it, Slack's three.
        first_number: where ids begin; later than all before, where the app remembers those of an earlier stand-in.
    """

    def __init__(
        self,
        signing_secret: str,
        clock: Callable[[], float] = time.time,
        *,
        manifest: Mapping[str, Any] | None = None,
        ack_timeout: float | None = None,
        first_number: int = 1,
    ) -> None:
        self.signing_secret = signing_secret
        self.world = World(clock, APP_ID, first_number)
        if manifest is not None:
            self.world.manifest = read_manifest(manifest)
        self.faults = Faults()
        self.calls = Calls(clock, self.world.changed)
        self.socket = Socket(APP_ID, self.world.changed)
        self._delivery = Delivery(
            signing_secret, clock, self.calls, self.socket, ACK_SECONDS if ack_timeout is None else ack_timeout
        )
        self.sign_in = SignInWithSlack(self.world)
        self.installing = Installing(self.world, self.sign_in.client)
        self._web_api = WebApi(
            self.world, self.faults, self.calls, self.socket, sign_in=self.sign_in, installing=self.installing
        )
        self._workspace_numbers = itertools.count(1)

    @property
    def manifest(self) -> AppManifest:
        """What the app declares."""
        return self.world.manifest

    @property
    def api_url(self) -> str:
        """The Web API's base while it is served."""
        return f"{self.world.base_url}/api/"

    def add_workspace(
        self,
        team_id: str,
        *,
        name: str,
        domain: str,
        enterprise_id: str | None = None,
        enterprise_name: str | None = None,
        org_install: bool = False,
    ) -> Workspace:
        """Add a workspace with the app installed in it.

        Workspaces of one organisation with `org_install` share their tokens and their bot user.
        """
        owner = enterprise_id if org_install and enterprise_id else team_id
        workspace = Workspace(
            id=team_id,
            name=name,
            domain=domain,
            scopes=set(self.manifest.scopes),
            bot_token=f"xoxb-{owner}-token",
            app_token="xapp-1-stand-in",  # noqa: S106 - opens nothing but this stand-in
            bot_user_id=f"U0BOT{owner}",
            bot_id=f"B0BOT{owner}",
            app_id=APP_ID,
            enterprise_id=enterprise_id,
            enterprise_name=enterprise_name,
            org_install=org_install,
        )
        workspace.add_member(
            workspace.bot_user_id, real_name=self.manifest.name, display_name=self.manifest.name, is_bot=True
        )
        self.world.workspaces[team_id] = workspace
        return workspace

    def person(self, member: Member, channel: Channel) -> Person:
        """This member at a keyboard, with this channel before them."""
        return Person(self.world, self._delivery, member, channel)

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve the Web API, response URLs and socket; yields the base for `SLACK_API_URL`."""
        runner = web.AppRunner(self._web_api.application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            self.world.base_url = f"http://{host}:{runner.addresses[0][1]}"
            async with aiohttp.ClientSession() as session:
                self._delivery.session = session
                yield self.api_url
        finally:
            self._delivery.session = None
            await self._web_api.stop()
            await runner.cleanup()

    def deliver_to(self, url: str) -> None:
        """Send every request there from now on, signed."""
        self._delivery.url = url
        self._delivery.by_socket = False

    def use_socket_mode(self) -> None:
        """Send every request through the app's socket from now on."""
        self._delivery.by_socket = True

    async def send_event(
        self, workspace: Workspace, event: Json, *, retry: int = 0, event_id: str | None = None
    ) -> Exchange:
        """Send an event; a repeated one has the `event_id` of the first and `retry` counts up."""
        event = {"event_ts": self.world.mint.stamp(self.world.clock()), **event}
        event_id = event_id or self.world.mint.id("Ev")
        payload = payloads.event_callback(workspace, event, event_id, self.world.clock())
        return await self._delivery.event(payload, retry)

    async def resend(self, exchange: Exchange) -> Exchange:
        """Send the same bytes and headers again; whatever comes back changes nothing here."""
        return await self._delivery.again(exchange)

    def sent(self, call_id: int) -> Exchange | None:
        """What was sent to the app in the call of this id; None where the app asked, or nobody did."""
        return self._delivery.sent.get(call_id)

    async def retry(self, exchange: Exchange) -> Exchange:
        """Send the same bytes, signed anew; whatever comes back changes nothing here."""
        return await self._delivery.retry(exchange)

    async def let_go(self) -> None:
        """Answer at once whoever still waits on a fault, and plan no more; for the time before it is over."""
        self.faults.clear()
        await self._web_api.stop()

    async def until(self, condition: Callable[[], object], timeout: float | None = None) -> None:
        """Wait until the condition holds; it is looked at now and after each change.

        Raises:
            TimeoutError: it did not hold in time.
        """
        await self.world.until(condition, UNTIL_SECONDS if timeout is None else timeout)

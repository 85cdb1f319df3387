"""`python -m bot playground`: the real bot on this machine, with the stand-in in Slack's place."""

import asyncio
import contextlib
import secrets
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TextIO

from aiohttp import web

from bot import logs
from bot.app import build, house_of, slash_commands
from bot.chances import Chances
from bot.guard import PATH
from bot.manifest import manifest
from bot.metrics import Metrics
from bot.playground import Person, StandIn
from bot.playground.terminal import run_terminal
from bot.rules import Licence, Plan
from bot.services.people import Actor
from bot.services.rooms import Rooms
from bot.services.workspaces import Workspaces
from bot.settings import Settings, load_settings
from bot.web.server import Runner
from storage import schema
from storage.secrets import new_key
from storage.transactions import open_store

WORKSPACE = "T0ACME"
LICENSED = ("U0ANNA", "U0BEN")


def play(script: Path | None) -> int:
    """Open the prompt, or play a script's lines at it. The exit code is 0."""
    logs.configure("WARNING", sys.stderr)
    with tempfile.TemporaryDirectory(prefix="standing-room-") as folder:
        database_url = f"sqlite:///{folder}/playground.db"
        schema.upgrade(database_url)
        with contextlib.ExitStack() as stack:
            lines = None if script is None else stack.enter_context(script.open(encoding="utf-8"))
            # Ctrl-C is a way to leave like any other.
            stack.enter_context(contextlib.suppress(KeyboardInterrupt))
            asyncio.run(_play(database_url, lines))
    return 0


async def _play(database_url: str, lines: TextIO | None) -> None:
    signing_secret = secrets.token_hex(16)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        public_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        slack = StandIn(signing_secret, manifest=manifest(slash_commands(), public_url))
        people = _people(slack)
        async with slack.serve() as api_url:
            environ = {
                "SLACK_SIGNING_SECRET": signing_secret,
                "SLACK_BOT_TOKEN": slack.world.workspaces[WORKSPACE].bot_token,
                "SLACK_API_URL": api_url,
                "DATABASE_URL": database_url,
                "PUBLIC_URL": public_url,
                "SECRET_KEY": new_key(),
            }
            settings = load_settings(environ, env_file=None)
            await _seed(settings)
            async with _running(settings, listening):
                slack.deliver_to(f"{public_url}{PATH}")
                await run_terminal(slack, people, start="anna", script=lines, out=sys.stdout)


def _people(slack: StandIn) -> dict[str, Person]:
    acme = slack.add_workspace(WORKSPACE, name="Acme", domain="acme")
    members = {
        "anna": acme.add_member("U0ANNA", real_name="Anna Larsson", display_name="anna", role="admin"),
        "ben": acme.add_member("U0BEN", real_name="Ben Okafor", display_name="ben"),
        "carla": acme.add_member("U0CARLA", real_name="Carla Díaz", display_name="carla"),
        "gus": acme.add_member("U0GUS", real_name="Gus Tremblay", display_name="gus", role="guest"),
    }
    acme.add_member("U0HELPER", real_name="Helper", display_name="helper", is_bot=True)
    acme.add_member("U0LEFT", real_name="Lena Left", display_name="lena", deleted=True)
    acme.add_channel("C0RANDOM", "random", members=list(members.values()))
    general = acme.add_channel("C0GENERAL", "general", members=list(members.values()))
    return {name: slack.person(member, general) for name, member in members.items()}


async def _seed(settings: Settings) -> None:
    """A Business workspace with Anna and Ben, licensed. The others will come with a Basic licence, the default."""
    store = await open_store(settings.database_url.get_secret_value())
    try:
        house = house_of(settings, store, Metrics(()), Chances())
        rooms, workspaces = Rooms(house), Workspaces(house)
        await workspaces.set_plan(WORKSPACE, Plan.BUSINESS)
        for user in LICENSED:
            await rooms.own(Actor(WORKSPACE, user))
            await workspaces.set_licence(WORKSPACE, user, Licence.LICENSED)
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def _running(settings: Settings, listening: socket.socket) -> AsyncIterator[None]:
    runner = Runner(build(settings), shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield
    finally:
        await runner.cleanup()

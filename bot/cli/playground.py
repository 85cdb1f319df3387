"""`python -m bot playground`: the real bot on this machine, with the stand-in in Slack's place."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TextIO

from aiohttp import web

from bot import logs
from bot.app import build
from bot.chances import Chances
from bot.cli.database import FAILED, prepare
from bot.cli.rooms_kept import CannotKeep, Kept, Place
from bot.cli.seeds import ACME, seats, seed, settle
from bot.cli.settings import WRONG_SETTINGS
from bot.cli.trouble import Trouble
from bot.foundations import slash_commands
from bot.guard import PATH
from bot.manifest import manifest
from bot.playground import Channel, StandIn
from bot.playground.meeting import serve_meetings
from bot.playground.page import Seat, serve_page
from bot.playground.terminal import run_terminal
from bot.settings import Settings, SettingsProblems, load_settings
from bot.web.server import Runner
from storage.errors import StorageError

HOST = "127.0.0.1"


def play(kept: Kept, *, port: int | None, script: Path | None) -> int:
    """Serve the page on this port; without one, open the prompt, or play a script's lines at it.

    The exit code: 1 when the database cannot be used; 2 when the port is taken, or the folder cannot be used.
    """
    logs.configure("WARNING", sys.stderr)
    with contextlib.ExitStack() as stack:
        # Ctrl-C is a way to leave like any other.
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        page: socket.socket | None = None
        if port is not None:
            try:
                page = stack.enter_context(socket.create_server((HOST, port)))
            except OSError as error:
                reason = os.strerror(error.errno or 0)
                return _refused(f"Port {port} cannot be used ({reason}). Choose another one with --port.")
        try:
            place = stack.enter_context(kept.place())
        except CannotKeep as refused:
            return _refused(str(refused))
        problem = prepare(place.database_url)
        if problem is not None:
            return _failed(problem)
        lines = None if script is None else stack.enter_context(script.open(encoding="utf-8"))
        try:
            asyncio.run(_play(kept, place, page, lines))
        except SettingsProblems:
            return _refused(f"The key in {kept.folder} is none: add --reset to begin anew.")
        except (OSError, StorageError) as error:
            return _failed(str(error))
    return 0


def _refused(words: str) -> int:
    print(words, file=sys.stderr)
    return WRONG_SETTINGS


def _failed(words: str) -> int:
    print(f"The playground could not start: {words}", file=sys.stderr)
    return FAILED


async def _play(kept: Kept, place: Place, page: socket.socket | None, lines: TextIO | None) -> None:
    signing_secret = secrets.token_hex(16)
    with _beside(page) as listening:
        public_url = f"http://{HOST}:{listening.getsockname()[1]}"
        # The app remembers what it was sent: in a database that stays, nothing may have the id of something earlier.
        # In milliseconds, since ids are given out faster than seconds go by.
        first_number = int(time.time() * 1000) if kept.keep else 1
        slack = StandIn(signing_secret, manifest=manifest(slash_commands(), public_url), first_number=first_number)
        settled = settle(slack)
        async with slack.serve() as api_url, serve_meetings(HOST) as jitsi_url:
            environ = {
                "SLACK_SIGNING_SECRET": signing_secret,
                "SLACK_BOT_TOKEN": slack.world.workspaces[ACME].bot_token,
                "SLACK_API_URL": api_url,
                "DATABASE_URL": place.database_url,
                "PUBLIC_URL": public_url,
                "SECRET_KEY": place.secret_key,
                "SLACK_CLIENT_ID": slack.sign_in.client.id,
                "SLACK_CLIENT_SECRET": slack.sign_in.client.secret,
                "JITSI_URL": jitsi_url,
            }
            settings = load_settings(environ, env_file=None)
            if place.fresh:
                await seed(settings)
            trouble = Trouble()
            async with _running(settings, Chances(around=trouble.around), listening):
                slack.deliver_to(f"{public_url}{PATH}")
                if page is None:
                    await _prompt(slack, settled, lines)
                else:
                    await _show(slack, settled, page, trouble, kept)


def _beside(page: socket.socket | None) -> socket.socket:
    """Where the app listens: at the port after the page's, so that addresses stay good; anywhere if that is taken."""
    with contextlib.suppress(OSError, OverflowError):
        if page is not None:
            return socket.create_server((HOST, page.getsockname()[1] + 1))
    return socket.create_server((HOST, 0))


async def _prompt(slack: StandIn, settled: Sequence[tuple[Seat, Channel]], lines: TextIO | None) -> None:
    people = {seat.member.display_name: slack.person(seat.member, channel) for seat, channel in settled}
    await run_terminal(slack, people, start="anna", script=lines, out=sys.stdout)


async def _show(
    slack: StandIn, settled: Sequence[tuple[Seat, Channel]], page: socket.socket, trouble: Trouble, kept: Kept
) -> None:
    stopped = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stopped.set)
    async with serve_page(slack, seats(settled), page, trouble.switches()) as address:
        stays = (
            f"Rooms are kept in {kept.folder}; messages begin anew at each start."
            if kept.keep
            else ("Rooms and messages are gone when it ends; --keep keeps the rooms.")
        )
        print(
            f"Standing Room's playground is at {address}\n"
            "This is a playground: a stand-in takes Slack's place, and only this machine reaches it.\n"
            f"{stays} Ctrl-C ends it.",
            flush=True,
        )
        await stopped.wait()
        # Whoever waits because of a fault need wait no longer.
        trouble.calm()
        await slack.let_go()


@contextlib.asynccontextmanager
async def _running(settings: Settings, chances: Chances, listening: socket.socket) -> AsyncIterator[None]:
    runner = Runner(build(settings, chances), shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield
    finally:
        await runner.cleanup()

"""`python -m bot serve`: runs the app until it is told to stop."""

import asyncio
import signal
import sys
from contextlib import suppress

import structlog
from aiohttp import web

from bot import logs
from bot.app import STOPPING, build
from bot.cli.database import FAILED, prepare
from bot.cli.rotation import in_use, refusal
from bot.cli.settings import WRONG_SETTINGS
from bot.garbage import spare_what_stays
from bot.services.keys import ring_of
from bot.settings import Settings
from bot.socket_mode import AppTokenRefused
from bot.web.server import Runner
from storage.errors import Busy, StorageError

LEAVING_SECONDS = 1.5
"""How long a process that is told to stop still takes requests, while `/readyz` already says to send them elsewhere.

Without it, requests that were on their way would meet a closed door.
"""
SHUTDOWN_SECONDS = 2.5
"""For requests that have begun by then: an answer takes two seconds at most. It is part of `bot.app.ENDING_SECONDS`,
beside which nothing is waited for but the database."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def serve(settings: Settings) -> int:
    """Run the app.

    The exit code: 1 when it cannot start, or must start anew because Slack was lost; 2 when its keys do not open what
    the database holds.
    """
    logs.configure(settings.log_level, sys.stderr, settings.secrets())
    problem = prepare(settings.database_url.get_secret_value())
    if problem is not None:
        print(f"DATABASE_URL: {problem}", file=sys.stderr)
        return FAILED
    try:
        refused = _missing_keys(settings)
        if refused is not None:
            print(refused, file=sys.stderr)
            return WRONG_SETTINGS
        return asyncio.run(_until_stopped(settings))
    except AppTokenRefused as error:
        print(f"SLACK_APP_TOKEN: Slack does not let this process connect: {error}", file=sys.stderr)
        return FAILED
    except (OSError, StorageError) as error:
        print(f"Standing Room could not start: {error}", file=sys.stderr)
        return FAILED


def _missing_keys(settings: Settings) -> str | None:
    try:
        return refusal(in_use(settings), ring_of(settings).ids)
    except Busy:
        # On a slow disk a look at so many rows may take too long; that is no reason not to serve.
        _log.warning("keys_not_looked_at")
        return None


async def _until_stopped(settings: Settings) -> int:
    lost, at_once = asyncio.Event(), asyncio.Event()

    def interrupted() -> None:
        # From a terminal: nobody sends requests there that could be sent elsewhere.
        stopping.set()
        at_once.set()

    def give_up() -> None:
        # Slack sends nothing here any more.
        lost.set()
        interrupted()

    app = build(settings, on_lost=give_up)
    stopping = app[STOPPING]
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    loop.add_signal_handler(signal.SIGINT, interrupted)
    runner = Runner(app, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        await site.start()
        port = runner.addresses[0][1]
        spare_what_stays()
        _log.info("serving", address=f"http://{settings.host}:{port}", transport=settings.transport)
        await stopping.wait()
        _log.info("stopping")
        with suppress(TimeoutError):
            await asyncio.wait_for(at_once.wait(), LEAVING_SECONDS)
    finally:
        await runner.cleanup()
    return FAILED if lost.is_set() else 0

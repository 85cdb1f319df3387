"""What is measured, each in a process of its own: the baselines, and the application.

Run as `python -m tests.bench.target KIND [DATABASE_URL]`; prints the port, and serves until it is told to stop.
"""

import asyncio
import hashlib
import hmac
import os
import signal
import sys
import time
from collections.abc import Callable
from urllib.parse import parse_qsl

import aiohttp_jinja2
import jinja2
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import logs
from bot.app import build
from bot.garbage import spare_what_stays
from bot.settings import Settings, load_settings
from bot.texts import load_texts
from bot.web.join_pages import JoinPages

SIGNING_SECRET = "8f742231b10e8888abcd99e4c3a85a51"


def signed(timestamp: str, body: bytes) -> str:
    """The signature that Slack would make."""
    return "v0=" + hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def bare_aiohttp() -> web.Application:
    """(a) An aiohttp handler that checks the signature and parses the form."""

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        timestamp = request.headers["X-Slack-Request-Timestamp"]
        fresh = abs(time.time() - int(timestamp)) < 300
        if not fresh or not hmac.compare_digest(signed(timestamp, body), request.headers["X-Slack-Signature"]):
            return web.Response(status=401)
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return web.json_response({"response_type": "ephemeral", "text": form["text"]})

    app = web.Application()
    app.router.add_post("/slack/events", answer)
    return app


def bare_bolt(*, process_before_response: bool) -> web.Application:
    """(b) and (c): a Bolt app with one command that acknowledges with a text."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench")

    bolt = AsyncApp(signing_secret=SIGNING_SECRET, authorize=authorize, process_before_response=process_before_response)

    async def answer(ack: AsyncAck, body: dict[str, str]) -> None:
        await ack(text=body["text"])

    listen: Callable[[object], object] = bolt.command("/pmi")
    listen(answer)

    async def events(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", events)
    return app


def settings_for(database_url: str) -> Settings:
    """The settings of the application that is measured."""
    return load_settings(
        {
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_API_URL": "http://127.0.0.1:9/",  # nobody listens: Slack is no part of what is measured
            "SECRET_KEY": "a key for the benchmark: 32 or more",
            "DATABASE_URL": database_url,
            "DEFAULT_PLAN": "business",
            "DEFAULT_LICENCE": "licensed",
            "TRUSTED_PROXIES": "127.0.0.1",
        },
        env_file=None,
    )


def application(database_url: str) -> web.Application:
    """The application as `serve` runs it: its logs go where nobody reads, but they are written."""
    settings = settings_for(database_url)
    nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  open while the process lives
    logs.configure("INFO", nowhere, settings.secrets())
    return build(settings)


def bare_page() -> web.Application:
    """An aiohttp handler that renders the template of the first join page, and does nothing else."""
    app = web.Application()
    aiohttp_jinja2.setup(app, loader=jinja2.PackageLoader("bot.web", "pages"), autoescape=True)
    pages = JoinPages(load_texts().for_locale(None))

    async def answer(request: web.Request) -> web.StreamResponse:
        return pages.form(request, 200, "", ())

    app.router.add_get(r"/{tail:[\s\S]*}", answer)
    return app


async def serve(kind: str, database_url: str) -> None:
    """Serve one of the kinds until SIGTERM."""
    kinds: dict[str, Callable[[], web.Application]] = {
        "aiohttp": bare_aiohttp,
        "bolt": lambda: bare_bolt(process_before_response=False),
        "bolt-early": lambda: bare_bolt(process_before_response=True),
        "page": bare_page,
        "app": lambda: application(database_url),
    }
    app = kinds[kind]()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    if kind == "app":
        spare_what_stays()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await stopped.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))

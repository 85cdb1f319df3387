"""Whether the process lives, and whether it is ready: one answer for each check, in a bounded time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler

Check: TypeAlias = Callable[[], Awaitable[str | None]]
"""Answers nothing when all is well, else what is wrong, in words that hold no secret; a `Note` is no harm."""

CHECK_SECONDS = 1.0
OK = "ok"


class Note(str):
    """What a check has to say although all is well enough to go on."""

    __slots__ = ()


async def alive(_request: web.Request) -> web.Response:
    """The process lives and its event loop turns; nothing more is asked."""
    return web.json_response({"status": OK})


def ready(checks: Mapping[str, Check]) -> Handler:
    """A handler that makes these checks side by side and answers 200, or 503 with what is wrong.

    What a note says makes it degraded, and still 200: what works goes on to be served.
    """

    async def answer(_request: web.Request) -> web.Response:
        found = await asyncio.gather(*(_problem(check) for check in checks.values()))
        results = {name: problem or OK for name, problem in zip(checks, found, strict=True)}
        notes = any(isinstance(problem, Note) for problem in found)
        well = all(problem is None or isinstance(problem, Note) for problem in found)
        status = "not ready" if not well else "degraded" if notes else OK
        return web.json_response({"status": status, "checks": results}, status=200 if well else 503)

    return answer


async def _problem(check: Check) -> str | None:
    running = asyncio.ensure_future(check())
    running.add_done_callback(_failure)
    try:
        done, _ = await asyncio.wait((running,), timeout=CHECK_SECONDS)
    finally:
        running.cancel()  # not awaited: what does not answer may not stop either
    if not done:
        return f"no answer within {CHECK_SECONDS:g} s"
    failure = _failure(running)
    return running.result() if failure is None else f"failed: {failure}"


def _failure(check: asyncio.Future[str | None]) -> str | None:
    """The name of what was raised, without its message, which may hold an address with a password."""
    if check.cancelled():
        return "cancelled"
    raised = check.exception()
    return None if raised is None else type(raised).__name__

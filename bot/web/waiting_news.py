"""What a waiting page is told, so that it moves on by itself: events, and answers that are held back.

A stream is short: that the browser asks for the next one is the sign that somebody is still there.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources

import structlog
from aiohttp import web

from bot.services.guest_views import GuestView
from bot.services.guests import Guests
from bot.services.hall import Hall
from bot.web.comers import Comer, Comers
from bot.web.lobby import Onward
from storage.errors import StorageError

STREAM_SECONDS = 25.0
"""Of one stream of events; then the browser asks for the next."""
BEAT_SECONDS = 10.0
"""Between two signs that a stream is alive: what stands between us and the browser may cut what is silent."""
HOLD_SECONDS = 20.0
"""For which an answer is held back that has nothing new to say."""
WRITE_SECONDS = 5.0
"""For a browser to take an event. One that does not read has its stream cut."""
SCRIPT_SECONDS = 3600
"""How long a browser may keep the script."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the pages go by in a running application."""

    guests: Guests
    hall: Hall


class WaitingNews:
    """Answers waiting pages."""

    def __init__(self, comers: Comers, waiting: Callable[[], Waiting], stopping: asyncio.Event) -> None:
        self._comers = comers
        self._waiting = waiting
        self._stopping = stopping
        self._script = resources.files("bot.web").joinpath("static", "waiting.js").read_bytes()

    def add_to(self, app: web.Application) -> None:
        """Adds the addresses to an application."""
        app.router.add_get(f"{Onward.WAIT}/state", self._state, allow_head=False)
        app.router.add_get(f"{Onward.WAIT}/events", self._events, allow_head=False)
        app.router.add_get("/static/waiting.js", self._serve_script)

    async def _state(self, request: web.Request) -> web.StreamResponse:
        """Where a guest stands; held back while that is what the page shows."""
        come = self._comers.of(request)
        if come is None:
            return web.json_response({"stage": "lost"}, status=HTTPStatus.NOT_FOUND)
        waiting = self._waiting()
        try:
            view = await waiting.guests.arrive(come.held.way, come.visitor)
            if view.stage == request.query.get("from") and waiting.hall.has_place(view.guest_id):
                with waiting.hall.waiting(view.guest_id) as changed:
                    view = await self._held_back(waiting, come, view, changed)
        except StorageError as error:
            _log.warning("guest_unseen", error=type(error).__name__)
            return web.json_response({"stage": "busy"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.json_response({"stage": view.stage})

    async def _held_back(self, waiting: Waiting, come: Comer, shown: GuestView, changed: asyncio.Event) -> GuestView:
        until = asyncio.get_running_loop().time() + HOLD_SECONDS
        while True:
            changed.clear()
            view = await waiting.guests.look(come.held.way, come.visitor)
            left = until - asyncio.get_running_loop().time()
            if view.stage is not shown.stage or left <= 0 or self._stopping.is_set():
                return view
            await self._either(changed, left)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Where a guest stands, at once and whenever that changes."""
        come = self._comers.of(request)
        waiting = self._waiting()
        if come is None or self._stopping.is_set():
            return web.Response(status=HTTPStatus.NOT_FOUND)
        try:
            view = await waiting.guests.arrive(come.held.way, come.visitor)
        except StorageError as error:
            _log.warning("guest_unseen", error=type(error).__name__)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if not waiting.hall.has_place(view.guest_id):
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        response.charset = "utf-8"
        await response.prepare(request)
        with waiting.hall.waiting(view.guest_id) as changed, suppress(TimeoutError, ConnectionError):
            # The browser comes back a moment after the end of a stream, so that nothing is missed for long.
            await self._write(response, "retry: 200\n")
            await self._tell(request, response, come, changed)
        return response

    async def _tell(
        self, request: web.Request, response: web.StreamResponse, come: Comer, changed: asyncio.Event
    ) -> None:
        until = asyncio.get_running_loop().time() + STREAM_SECONDS
        guests = self._waiting().guests
        while True:
            changed.clear()
            try:
                stage = (await guests.look(come.held.way, come.visitor)).stage
            except StorageError as error:
                _log.warning("guest_unseen", error=type(error).__name__)
                return
            await self._write(response, f"data: {stage}\n\n")
            left = until - asyncio.get_running_loop().time()
            if not stage.may_change or left <= 0 or self._stopping.is_set() or request.transport is None:
                return
            await self._either(changed, min(left, BEAT_SECONDS))

    async def _write(self, response: web.StreamResponse, text: str) -> None:
        async with asyncio.timeout(WRITE_SECONDS):
            await response.write(text.encode())

    async def _either(self, changed: asyncio.Event, seconds: float) -> None:
        """Wait for a change, at most so long; not beyond the end of the process."""
        waits = [asyncio.ensure_future(event.wait()) for event in (changed, self._stopping)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    async def _serve_script(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=self._script,
            content_type="text/javascript",
            charset="utf-8",
            headers={"Cache-Control": f"public, max-age={SCRIPT_SECONDS}"},
        )

"""A door with an echo behind it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.guard import BODY, MOST_BYTES, PATH, Guard
from bot.metrics import Metrics
from tests.unit.guard.signed_requests import NOW, SECRET


@dataclass
class Door:
    client: TestClient[web.Request, web.Application]
    metrics: Metrics
    came_through: list[dict[str, object]] = field(default_factory=list)

    async def post(self, raw: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        async with self.client.post(PATH, data=BytesIO(raw), headers=headers) as response:
            return response.status, await response.read()

    def refusals(self, reason: str) -> float:
        return self.metrics.registry.get_sample_value("standing_room_guard_refusals_total", {"reason": reason}) or 0.0


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    metrics = Metrics(())
    through: list[dict[str, object]] = []

    async def echo(request: web.Request) -> web.Response:
        through.append(request[BODY])
        return web.Response(text=await request.text())

    async def elsewhere(request: web.Request) -> web.Response:
        return web.Response(text=await request.text())

    middleware = Guard(SECRET, metrics, clock=lambda: float(NOW)).middleware
    app = web.Application(middlewares=[middleware], client_max_size=MOST_BYTES)
    app.router.add_post(PATH, echo)
    app.router.add_post("/elsewhere", elsewhere)
    async with TestClient(TestServer(app)) as client:
        yield Door(client, metrics, through)

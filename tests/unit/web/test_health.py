"""The process lives, each part is ready or says what is wrong, and the counters can be read."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.metrics import ClaimKind, Metrics, Outcome, RequestKind
from bot.views.addresses import Addresses
from bot.web import Check, add_routes, health

Client = TestClient[web.Request, web.Application]


async def well() -> None:
    return None


async def behind() -> str:
    return "the schema is behind: run `python -m bot migrate`"


async def later() -> str:
    return health.Note("ok, with the schema of a later version")


async def broken() -> None:
    raise OSError("postgresql://user:canary@host")


async def silent() -> None:
    await asyncio.sleep(3600)


async def gone() -> None:
    raise asyncio.CancelledError


@asynccontextmanager
async def serving(checks: Mapping[str, Check], metrics: Metrics | None = None) -> AsyncIterator[Client]:
    app = web.Application()
    add_routes(
        app,
        t=lambda code: code,
        addresses=Addresses("https://rooms.example"),
        checks=checks,
        registry=(metrics or Metrics(())).registry,
    )
    async with TestClient(TestServer(app)) as client:
        yield client


async def readiness(checks: Mapping[str, Check]) -> tuple[int, Any]:
    async with serving(checks) as client, client.get("/readyz") as response:
        return response.status, await response.json()


async def test_the_process_lives_whatever_is_not_ready() -> None:
    async with serving({"database": broken}) as client, client.get("/healthz") as response:
        assert (200, {"status": "ok"}) == (response.status, await response.json())


async def test_all_well_is_200() -> None:
    expected = {"status": "ok", "checks": {"database": "ok", "schema": "ok"}}

    assert (200, expected) == await readiness({"database": well, "schema": well})


async def test_each_check_is_named_in_its_order_and_one_problem_is_503() -> None:
    status, answer = await readiness({"slack": well, "database": broken, "schema": behind, "a": gone})

    assert 503 == status
    assert "not ready" == answer["status"]
    assert [
        ("slack", "ok"),
        ("database", "failed: OSError"),
        ("schema", "the schema is behind: run `python -m bot migrate`"),
        ("a", "failed: cancelled"),
    ] == list(answer["checks"].items())


async def test_a_note_is_shown_and_the_process_serves_on() -> None:
    expected = {"status": "degraded", "checks": {"database": "ok, with the schema of a later version", "slack": "ok"}}

    assert (200, expected) == await readiness({"database": later, "slack": well})


async def test_checks_run_side_by_side_within_a_bounded_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.1)
    stopped = []

    async def stubborn() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            stopped.append("stubborn")
            raise OSError("canary") from None

    began = time.perf_counter()
    status, answer = await readiness({f"check {n}": silent for n in range(20)} | {"stubborn": stubborn, "well": well})

    assert 503 == status
    assert "no answer within 0.1 s" == answer["checks"]["check 7"]
    assert "no answer within 0.1 s" == answer["checks"]["stubborn"]
    assert "ok" == answer["checks"]["well"]
    assert time.perf_counter() - began < 1.5
    assert ["stubborn"] == stopped
    gc.collect()
    assert "canary" not in caplog.text


async def test_the_metrics_show_what_was_counted() -> None:
    metrics = Metrics(("/pmi set",))
    metrics.request(RequestKind.COMMAND, "/pmi set", Outcome.DONE, 0.02)
    metrics.request(RequestKind.COMMAND, "/pmi <typed by somebody>", Outcome.REFUSED, 0.02)
    metrics.claim(ClaimKind.PMI, won=True)
    metrics.claim("link", won=False)
    metrics.database_error("busy")
    metrics.database_error("something new")
    metrics.watch_socket(lambda: 3)
    async with serving({}, metrics) as client, client.get("/metrics") as response:
        text = await response.text()

    assert "text/plain" == response.content_type
    for line in (
        'standing_room_requests_total{command="/pmi set",kind="command",outcome="done"} 1.0',
        'standing_room_requests_total{command="other",kind="command",outcome="refused"} 1.0',
        'standing_room_request_seconds_bucket{command="/pmi set",le="0.025"} 1.0',
        'standing_room_claims_total{kind="pmi",result="won"} 1.0',
        'standing_room_claims_total{kind="link",result="lost"} 1.0',
        'standing_room_database_errors_total{kind="busy"} 1.0',
        'standing_room_database_errors_total{kind="other"} 1.0',
        "standing_room_socket_connections 3.0",
        "process_resident_memory_bytes",
    ):
        assert line in text
    assert "typed by somebody" not in text


def test_two_apps_count_apart() -> None:
    first, second = Metrics(()), Metrics(())
    first.claim(ClaimKind.PMI, won=True)
    won = {"kind": "pmi", "result": "won"}

    assert 1.0 == first.registry.get_sample_value("standing_room_claims_total", won)
    assert second.registry.get_sample_value("standing_room_claims_total", won) is None

"""Targets and loads as processes of their own, and what the system says of them."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class Target:
    """A process that is measured."""

    process: Process
    port: int

    def resident_megabytes(self) -> float:
        """What it has in memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@asynccontextmanager
async def target(*words: str) -> AsyncIterator[Target]:
    """A target in a process of its own."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.target", *words, stdout=PIPE)
    try:
        assert process.stdout is not None
        yield Target(process, int(await process.stdout.readline()))
    finally:
        process.terminate()
        await process.wait()


async def load(port: int, what: str, at_once: int, seconds: float, *, opened: bool = False) -> dict[str, Any]:
    """What the load generator measured."""
    words = [str(port), what, str(at_once), str(seconds), *(["--open"] if opened else [])]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.load", *words, stdout=PIPE)
    out, _ = await process.communicate()
    found: dict[str, Any] = json.loads(out)
    expected = "401" if what == "bad" else "200"
    assert {expected} == set(found["statuses"]), found["statuses"]
    return found


async def met(port: int) -> None:
    """Everybody who takes part in a load has been here once: a first contact is another thing than what is measured."""
    await load(port, "card", 8, 1.0)


async def seconds_to_ready(*words: str) -> float:
    """From the start of a process to the first time that it says it serves."""
    began = time.perf_counter()
    async with target(*words) as started, aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{started.port}/healthz") as response:
            assert 200 == response.status
        return time.perf_counter() - began

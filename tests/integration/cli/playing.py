"""`python -m bot playground` as a process of its own, and a browser's way to speak to it."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.integration.cli.program import start, tells_no_secret

ANNA, BEN, CARLA, ZOE = "T0ACME/U0ANNA", "T0ACME/U0BEN", "T0ACME/U0CARLA", "T0GLOBEX/U0ZOE"
GENERAL = {"T0ACME": "C0GENERAL", "T0GLOBEX": "C0GLOBEX"}
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+$", re.MULTILINE)


@dataclass
class Playground:
    """A playground that runs."""

    address: str
    printed: str
    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession
    errors: str = ""
    seconds_to_end: float = 0.0

    async def post(self, path: str, content: Any) -> Any:
        async with self.session.post(self.address + path, json=content) as response:
            assert 200 == response.status, await response.text()
            return await response.json()

    async def does(self, who: str, do: str, **fields: Any) -> Any:
        return await self.post("/api/act", {"as": who, "do": do, **fields})

    async def state(self, who: str) -> Any:
        async with self.session.get(f"{self.address}/api/state", params={"as": who}) as response:
            assert 200 == response.status
            return await response.json()

    async def types(self, who: str, line: str) -> str:
        """Type a line into the channel where everybody is; the text of the newest message there."""
        channel = GENERAL[who.partition("/")[0]]
        await self.does(who, "type", channel=channel, text=line)
        return str((await self.state(who))["messages"][channel][-1]["text"])

    async def dialog(self, who: str) -> Any:
        """The dialog on top."""
        return (await self.state(who))["modals"][-1]

    async def outside(self, name: str, *, on: bool) -> None:
        await self.post("/api/faults", {"outside": name, "on": on})

    async def pmi(self, who: str) -> str:
        found = re.search(r"\d{3} \d{3} \d{4}", await self.types(who, "/pmi"))
        assert found is not None
        return found[0]

    async def ends(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it; its exit code."""
        assert self.process.stderr is not None
        began = time.monotonic()
        self.process.send_signal(how)
        async with asyncio.timeout(20):
            self.errors = (await self.process.stderr.read()).decode()
            code = await self.process.wait()
        self.seconds_to_end = time.monotonic() - began
        tells_no_secret(self.errors)
        return code


@asynccontextmanager
async def playing(folder: Path, *words: str) -> AsyncIterator[Playground]:
    """A playground on any free port until the block ends."""
    process = await start("playground", "--port", "0", *words, environ={}, folder=folder)
    assert process.stdout is not None
    try:
        printed = ""
        async with asyncio.timeout(60):
            while "Ctrl-C" not in printed:
                line = (await process.stdout.readline()).decode()
                assert line, "it did not start"
                printed += line
        found = _ADDRESS.search(printed)
        assert found is not None
        async with aiohttp.ClientSession() as session:
            one = Playground(found[0], printed, process, session)
            yield one
            if process.returncode is None:
                assert 0 == await one.ends()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

"""Bodies that are too long, endless, slow, packed or deep, at the program as a process: refused, and forgotten."""

import asyncio
import gzip
import json
import re
import time
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.integration.cli.program import ENVIRON, SIGNING_SECRET, serving
from tests.integration.cli.test_serve import COMMAND
from tests.lengths import short_or_long
from tests.unit.guard.signed_requests import FORM, signed

MIB = 1024 * 1024
MOST_GROWTH = 50 * MIB
MOST_SECONDS = 15.0
BODY = urlencode(COMMAND).encode()
JSON = "application/json"
BODIES: dict[str, tuple[int, bytes, str]] = {
    "1 MiB and a byte": (413, b"a=" + b"x" * (MIB - 1), FORM),
    "10 MiB": (413, b"a=" + b"x" * 10 * MIB, FORM),
    "60,000 lists deep": (400, b'{"x":' + b"[" * 60_000 + b"]" * 60_000 + b"}", JSON),
    "60,000 objects deep": (400, b'{"x":' * 60_000 + b"1" + b"}" * 60_000, JSON),
    "100,000 fields": (400, BODY + b"".join(b"&k%d=1" % n for n in range(100_000)), FORM),
    "a NUL": (400, BODY + b"&x=%00", FORM),
    "a list": (400, b"payload=[]", FORM),
}
BOMB = gzip.compress(b"x" * 100 * MIB)


def memory(pid: int, what: str) -> int:
    """Bytes of memory of a process: `VmRSS` now, `VmHWM` at most so far."""
    found = re.search(rf"^{what}:\s+([0-9]+) kB$", Path(f"/proc/{pid}/status").read_text("ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(1000):
        yield b"x" * 64 * 1024


async def status(
    session: aiohttp.ClientSession, address: str, raw: bytes, content_type: str, data: Any = None, **more: str
) -> int:
    headers = signed(raw, content_type, at=int(time.time()), secret=SIGNING_SECRET, **more)
    try:
        async with session.post(f"{address}/slack/events", data=data or BytesIO(raw), headers=headers) as response:
            return response.status
    except aiohttp.ClientOSError:
        return 0  # It answered and closed while this was still sending: the client saw the one and not the other.


async def seconds_until_cut_off(address: str, head: bytes) -> float:
    """How long somebody can keep a connection by sending a byte a second."""
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    began = time.monotonic()
    writer.write(head)
    ended = asyncio.ensure_future(reader.read())
    while not ended.done() and time.monotonic() - began < 2 * MOST_SECONDS:
        writer.write(b"x")
        await asyncio.wait([ended], timeout=1.0)
    writer.close()
    ended.cancel()
    return time.monotonic() - began


@pytest.mark.row("R33")
async def test_hostile_bodies_are_refused_in_flat_memory_and_slow_ones_are_cut_off(tmp_path: Path) -> None:
    """No database is asked before the door has let a request in, so one kind of database shows it.

    Seen red: with 500 MiB allowed instead of one, what is longer than 1 MiB was read to its end and answered 400; with
    aiohttp's own runner, who sent a head byte by byte was still connected after 30 s.
    """
    environ = ENVIRON | {"DATABASE_URL": "sqlite:///hostile.db"}
    async with serving(environ, tmp_path) as (address, process, lines), aiohttp.ClientSession() as session:
        for _ in range(50):
            assert 200 == await status(session, address, BODY, FORM)
        before = memory(process.pid, "VmRSS")
        post = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
        slow = asyncio.gather(
            seconds_until_cut_off(address, post + b"Content-Length: 1000\r\n\r\n"),
            seconds_until_cut_off(address, b"POST /slack/"),
        )
        for _ in range(short_or_long(2, 50)):
            for name, (expected, raw, content_type) in BODIES.items():
                answers = await asyncio.gather(*(status(session, address, raw, content_type) for _ in range(4)))

                assert set(answers) <= ({expected, 0} if expected == 413 else {expected}), name
            assert await status(session, address, b"", FORM, chunks()) in {413, 0}
            assert 415 == await status(session, address, BOMB, FORM, **{"Content-Encoding": "gzip"})
        cut = await slow
        grown = memory(process.pid, "VmHWM") - before
        assert 200 == await status(session, address, BODY, FORM)

    assert grown < MOST_GROWTH, grown
    assert max(cut) <= MOST_SECONDS, cut
    assert not [line for line in lines if "Traceback" in line or '"level": "error"' in line]
    reasons = {json.loads(line).get("reason") for line in lines if "refused_at_the_door" in line}
    assert {"too_large", "too_slow", "content_encoding", "json", "form", "characters"} == reasons

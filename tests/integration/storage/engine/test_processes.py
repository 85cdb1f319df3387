"""Several processes on one database."""

import asyncio
import re
import sys
from pathlib import Path

from storage.transactions import open_store
from tests.integration.storage.engine import statements

ROOT = Path(__file__).resolve().parents[4]
WRITER = "tests.integration.storage.engine.writer_process"


async def run(*arguments: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_64_writers_in_2_processes_lose_nothing_and_are_never_locked_out(empty_database_url: str) -> None:
    store = await open_store(empty_database_url)
    await store.write(statements.create)

    ended = await asyncio.gather(*(run("-m", WRITER, empty_database_url, "32", "30") for _ in range(2)))

    # One hot row and 64 who want it: on PostgreSQL a slow machine may send some to the back of the queue.
    assert [0, 0] == [code for code, _ in ended]
    assert all(re.fullmatch(r"\d+ times busy", said) for _, said in ended), ended
    if empty_database_url.startswith("sqlite"):
        assert ["0 times busy"] * 2 == [said for _, said in ended]
    assert 2 * 32 * 30 == await store.read(statements.shared)
    await store.close()

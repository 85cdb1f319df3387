"""The program as a process of its own, as operators run it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from typer.testing import CliRunner, Result

from bot.__main__ import app
from tests.overheard import told

ROOT = Path(__file__).parents[3]
SIGNING_SECRET = "8f742231b10e8888abcd99e4c3a85a51"
ENVIRON = {
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "SLACK_BOT_TOKEN": "xoxb-of-the-tests",
    "SECRET_KEY": "a secret key of the tests that is long enough",
    "DEFAULT_PLAN": "business",
    "DEFAULT_LICENCE": "licensed",
    "PORT": "0",
    "LOG_LEVEL": "DEBUG",
}
SECRETS = tuple(ENVIRON[name] for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SECRET_KEY"))


def tells_no_secret(text: str) -> None:
    """Fails where a secret of the settings stands in what was printed or logged."""
    leaked = told(text, SECRETS)
    assert not leaked, leaked


def call(*words: str) -> Result:
    """Run a command in this process, which tells no secret."""
    result = CliRunner().invoke(app, list(words))
    tells_no_secret(result.output)
    return result


async def start(*words: str, environ: Mapping[str, str], folder: Path, module: str = "bot") -> Process:
    """Start `python -m bot` with these words, in a folder without a `.env`, with nothing else in the environment.

    Another `module` is the program with something changed by the tests.
    """
    kept = ("PATH", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
    clean = {name: os.environ[name] for name in kept if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=clean | {"PYTHONPATH": str(ROOT), "TERM": "dumb", "COLUMNS": "100"} | dict(environ),
        cwd=folder,
    )


async def run(
    *words: str, environ: Mapping[str, str], folder: Path, module: str = "bot", seconds: float = 60.0
) -> tuple[int | None, str, str]:
    """Run a command to its end, which comes within so many seconds: exit code, output, errors. It tells no secret."""
    process = await start(*words, environ=environ, folder=folder, module=module)
    try:
        async with asyncio.timeout(seconds):
            out, err = (each.decode() for each in await process.communicate())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    tells_no_secret(out + err)
    return process.returncode, out, err


@asynccontextmanager
async def serving(
    environ: Mapping[str, str], folder: Path, module: str = "bot"
) -> AsyncIterator[tuple[str, Process, list[str]]]:
    """`serve` until the block ends: its address, the process, and the lines that it logs, which tell no secret."""
    process = await start("serve", environ=environ, folder=folder, module=module)
    lines: list[str] = []
    assert process.stderr is not None
    reading: asyncio.Task[None] | None = None
    try:
        address = ""
        while not address:
            line = (await process.stderr.readline()).decode()
            assert line, f"it did not start: {lines}"
            lines.append(line)
            if '"serving"' in line:
                address = line.partition('"address": "')[2].partition('"')[0]
        reading = asyncio.create_task(_read(process.stderr, lines))
        yield address, process, lines
    finally:
        if process.returncode is None:
            # As Ctrl-C does: told so, it does not wait for requests that are still on their way.
            process.send_signal(signal.SIGINT)
        await process.wait()
        if reading is not None:
            await reading
    tells_no_secret("".join(lines))


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode())

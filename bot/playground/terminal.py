"""A prompt at which somebody tries the app, by keyboard or by script. What lines mean is in `prompt`."""

import asyncio
import contextlib
import importlib
import os
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from typing import TextIO

from bot.playground.people import Person
from bot.playground.prompt import Prompt
from bot.playground.readable import visible
from bot.playground.screen import Screen
from bot.playground.standin import StandIn

PATIENCE = 1.2


async def run_terminal(
    slack: StandIn,
    person_by_name: Mapping[str, Person],
    *,
    start: str,
    script: TextIO | None = None,
    out: TextIO | None = None,
    patience: float = PATIENCE,
) -> int:
    """Prompt until `quit`, Ctrl-D or the script's end; returns the exit code.

    Args:
        slack: the stand-in, serving, with the app behind it.
        person_by_name: who one can be, each with the channel to begin in.
        start: who one is at first.
        script: lines to play in place of typing, each printed after the prompt; `#` begins a comment. Standard
            input is played so where it is no terminal.
        out: where everything is printed; standard output by default.
        patience: how many seconds an answer that comes after the acknowledgement is waited for.
    """
    out = out or sys.stdout
    if script is None and not sys.stdin.isatty():
        script = sys.stdin
    colour = out.isatty() and "NO_COLOR" not in os.environ
    prompt = Prompt(slack, person_by_name, start, screen=Screen(out, colour=colour), patience=patience)
    prompt.welcome()
    async for line in _typed(prompt) if script is None else _played(script, prompt, out):
        if not await prompt.obeys(line):
            break
    return 0


async def _played(script: TextIO, prompt: Prompt, out: TextIO) -> AsyncIterator[str]:
    for line in script:
        print(f"{prompt.sign()}{visible(line.rstrip())}".rstrip(), file=out)
        yield line.strip()


async def _typed(prompt: Prompt) -> AsyncIterator[str]:
    """Lines from the keyboard, each read in a thread that no exit waits for."""
    with contextlib.suppress(ImportError):  # arrow keys and history, where Python was built with them
        importlib.import_module("readline")
    loop = asyncio.get_running_loop()
    while True:
        line: asyncio.Future[str | None] = loop.create_future()
        threading.Thread(target=_read_line, args=(prompt.sign(), loop, line), daemon=True).start()
        typed = await line
        if typed is None:
            print()
            return
        yield typed.strip()


def _read_line(sign: str, loop: asyncio.AbstractEventLoop, line: "asyncio.Future[str | None]") -> None:
    def tell(typed: str | None) -> None:
        if not line.done():
            line.set_result(typed)

    try:
        typed: str | None = input(sign)
    except EOFError:
        typed = None
    loop.call_soon_threadsafe(tell, typed)

"""The playground as a process of its own, and a window on its page: what the tests of the page hold in hand."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page

ROOT = Path(__file__).parents[2]
ANNA, BEN, CARLA, GUS = "T0ACME/U0ANNA", "T0ACME/U0BEN", "T0ACME/U0CARLA", "T0ACME/U0GUS"
ZOE = "T0GLOBEX/U0ZOE"
STARTING_SECONDS = 60
ENDING_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Playground:
    """`python -m bot playground`, at this address."""

    address: str
    process: Process

    @property
    def port(self) -> int:
        """The page's port."""
        return int(self.address.rpartition(":")[2])

    async def end(self) -> None:
        """Ask it to end, and wait until it has."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), ENDING_SECONDS)


@asynccontextmanager
async def playing(port: int = 0) -> AsyncIterator[Playground]:
    """The real bot with the stand-in and the page, as `make run` starts it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "playground", "--port", str(port)), cwd=ROOT, env=dict(os.environ), stdout=PIPE
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), STARTING_SECONDS)
        playground = Playground(line.decode().rpartition(" is at ")[2].strip(), process)
        assert playground.address.startswith("http://127.0.0.1:"), line
        yield playground
        await playground.end()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Window:
    """One window on the page, as somebody."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.composer = page.locator("#p-composer")
        self.dialog = page.locator("#p-modal")
        self.panel = page.get_by_role("complementary", name="Behind the curtain")
        self.messages = page.locator(".p-message")

    async def opens(self, as_: str, place: str = "") -> "Window":
        """Look at the page as this person, with no dialog open and no fault on."""
        await self._settle(as_)
        await self.page.goto(f"{self.address}/?as={as_}{place}")
        await self.page.locator("#p-me").wait_for()
        return self

    async def _settle(self, as_: str) -> None:
        """Put away what an earlier test has left."""
        ask = self.page.request
        await ask.delete(f"{self.address}/api/faults")
        state = await (await ask.get(f"{self.address}/api/state", params={"as": as_})).json()
        if state["modals"]:
            act = {"as": as_, "do": "close_all", "view": state["modals"][-1]["id"]}
            await ask.post(f"{self.address}/api/act", data=act)

    async def sends(self, text: str) -> None:
        """Type a line and send it."""
        await self.composer.fill(text)
        await self.composer.press("Escape")
        await self.composer.press("Enter")

    async def edits_pmi(self) -> Locator:
        """Open the dialog "Personal Meeting ID"; returns its field."""
        await self.sends("/pmi edit")
        return self.field("Personal Meeting ID")

    def field(self, label: str) -> Locator:
        """The field of the dialog with this label."""
        return self.dialog.get_by_role("textbox", name=label)

    def button(self, label: str) -> Locator:
        """The button of the dialog with this label."""
        return self.dialog.get_by_role("button", name=label, exact=True)

    @property
    def error(self) -> Locator:
        """What stands under a wrong field."""
        return self.dialog.locator(".b-error")

    @property
    def latest(self) -> Locator:
        """The newest message."""
        return self.messages.last

    async def opens_panel(self, tab: str = "Requests") -> None:
        """Look behind the curtain."""
        if await self.panel.is_hidden():
            await self.page.get_by_role("button", name="Behind the curtain").click()
        await self.panel.get_by_role("tab", name=tab).click()

    async def focused(self) -> str:
        """What the element with the focus is called, by its label, name or text."""
        words: str = await self.page.evaluate(
            "() => { const node = document.activeElement;"
            " return node.labels?.[0]?.innerText ?? node.getAttribute('aria-label') ?? node.innerText ?? node.tagName }"
        )
        return words.strip()

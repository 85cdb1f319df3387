"""A browser for the tests: one Chromium for the whole run, a fresh context for each page.

Playwright lives on one event loop, so every module here marks itself `pytest.mark.asyncio(loop_scope="session")`.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.playground import Playground, playing
from tests.browser.surface import Surface

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "bot" / "playground" / "page" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 1000

NewPage: TypeAlias = Callable[..., Awaitable[Page]]
FindTroubles: TypeAlias = Callable[[Page], Awaitable[list[str]]]


def chromium() -> str | None:
    """Where Chromium is on this machine; `CHROMIUM` names another."""
    found = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    return next((path for path in found if path), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started when the first test wants it."""
    path = chromium()
    if path is None:
        pytest.skip("there is no Chromium here: install it, or say in CHROMIUM where it is")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=SWITCHES, headless=True)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(browser: Browser) -> AsyncIterator[NewPage]:
    """Makes a page in a context of its own: `await new_page(width=390, color_scheme="dark")`.

    What a page logs as an error, a broken content policy among it, fails the test at its end; a test that expects
    some takes them out by `troubles_of(page).clear()`.
    """
    contexts: list[BrowserContext] = []

    async def make(*, width: int = 1280, height: int = 800, **options: Any) -> Page:
        viewport: Any = {"width": width, "height": height}
        settings = {"viewport": viewport, "timezone_id": "Europe/Amsterdam", "locale": "en-US", **options}
        context = await browser.new_context(**settings)
        contexts.append(context)
        context.set_default_timeout(10 * SECONDS)
        page = await context.new_page()
        listen(page)
        return page

    yield make
    found = [trouble for context in contexts for page in context.pages for trouble in troubles_of(page)]
    for context in contexts:
        await context.close()
    assert [] == found


def listen(page: Page) -> None:
    """Note down what goes wrong in a page from now on."""
    troubles = troubles_of(page)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)


def troubles_of(page: Page) -> list[str]:
    """What went wrong in a page so far: the list itself, which a test may empty."""
    return _TROUBLES.setdefault(page, [])


_TROUBLES: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


@pytest_asyncio.fixture(loop_scope="session")
async def page(new_page: NewPage) -> Page:
    """A fresh page, 1280 by 800, in which nothing may go wrong."""
    return await new_page()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def static_url() -> AsyncIterator[str]:
    """The page's own files on loopback, under the policy that the page has, with a bare surface to show blocks on."""

    @web.middleware
    async def strict(request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse = await handler(request)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    async def surface(_: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / "surface.html")

    app = web.Application(middlewares=[strict])
    app.router.add_get("/", surface)
    app.router.add_static("/static", STATIC)
    app.router.add_static("/tests", HERE)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playground() -> AsyncIterator[Playground]:
    """The playground as a process, for all tests of the page: each leaves no dialog open and no fault on."""
    async with playing() as playground:
        yield playground


@pytest.fixture
def axe() -> FindTroubles:
    """Finds what is serious or critical for assistive technology: `assert [] == await axe(page)`."""

    async def find(page: Page) -> list[str]:
        # Without `preload`: the copies of style sheets that axe would make are what the page's policy forbids.
        results = await Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
        return [
            f"{found['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
            for found in results.response["violations"]
            if found["impact"] in ("serious", "critical")
            for node in found["nodes"]
        ]

    return find


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bare_page(browser: Browser) -> AsyncIterator[Page]:
    """One page for all tests of single blocks, which load it anew."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.set_default_timeout(10 * SECONDS)
    page = await context.new_page()
    listen(page)
    yield page
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def surface(bare_page: Page, static_url: str) -> AsyncIterator[Surface]:
    """A bare surface to show blocks on, in which nothing may go wrong."""
    await bare_page.goto(static_url)
    yield Surface(bare_page)
    found = [*troubles_of(bare_page)]
    troubles_of(bare_page).clear()
    assert [] == found

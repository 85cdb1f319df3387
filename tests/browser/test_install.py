"""Adding the app to Slack as somebody meets it in a browser: the page, the way to Slack, and what to do first."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect

from bot.app import build
from bot.foundations import slash_commands
from bot.manifest import manifest
from bot.playground import Person, StandIn
from bot.settings import load_settings
from bot.web.server import Runner
from storage.secrets import new_key
from tests.browser.conftest import FindTroubles, NewPage, troubles_of
from tests.databases import SqliteTemplates

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True, slots=True)
class Site:
    """The application for many workspaces, behind the stand-in."""

    slack: StandIn
    address: str
    anna: Person


@asynccontextmanager
async def open_site(folder: Path) -> AsyncIterator[Site]:
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    slack = StandIn("a-signing-secret", manifest=manifest(slash_commands(), address))
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    anna = acme.add_member("U0ANNA", real_name="Anna Larsson")
    general = acme.add_channel("C0GENERAL", "general", members=[anna])
    async with slack.serve() as api_url:
        environ = {
            "SLACK_SIGNING_SECRET": "a-signing-secret",
            "SLACK_API_URL": api_url,
            "SLACK_CLIENT_ID": slack.sign_in.client.id,
            "SLACK_CLIENT_SECRET": slack.sign_in.client.secret,
            "DATABASE_URL": SqliteTemplates(folder).fresh(folder),
            "PUBLIC_URL": address,
            "SECRET_KEY": new_key(),
        }
        runner = Runner(build(load_settings(environ, env_file=None)), shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        slack.deliver_to(f"{address}/slack/events")
        yield Site(slack, address, slack.person(anna, general))
        await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with open_site(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_the_front_page_is_for_everybody(
    site: Site, new_page: NewPage, axe: FindTroubles, scheme: str, width: int
) -> None:
    page = await new_page(width=width, color_scheme=scheme)
    await page.goto(f"{site.address}/")
    await expect(page.get_by_role("link", name="Add to Slack")).to_be_visible()

    assert [] == await axe(page)
    assert width == await page.evaluate("document.documentElement.scrollWidth")


async def test_whoever_says_no_can_begin_again_and_is_then_told_what_to_do_first(
    site: Site, new_page: NewPage, axe: FindTroubles
) -> None:
    page = await new_page(width=390, height=844, color_scheme="dark")
    await page.goto(f"{site.address}/")
    await page.get_by_role("link", name="Add to Slack").click()
    await expect(page.get_by_role("heading")).to_have_text("Add to Slack")
    assert [] == await axe(page)
    await page.get_by_role("link", name="Cancel").click()
    await expect(page.get_by_role("heading")).to_have_text("Nothing was installed")
    # That its status is 403 is noted by the browser.
    troubles_of(page).clear()
    assert [] == await axe(page)
    await page.get_by_role("link", name="Add to Slack again").click()
    await page.get_by_role("link", name="Anna Larsson · Acme").click()
    await expect(page.get_by_role("heading")).to_have_text("Standing Room is in your workspace")

    assert [] == await axe(page)
    assert 390 == await page.evaluate("document.documentElement.scrollWidth")
    assert "" == await page.evaluate("document.cookie")
    await site.slack.until(lambda: site.anna.direct_messages, timeout=10.0)
    await site.anna.types("/pmi edit")
    assert site.anna.view is not None
    await page.reload()
    await expect(page.get_by_role("heading")).to_have_text("This way back is over")
    troubles_of(page).clear()

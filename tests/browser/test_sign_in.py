"""Signing in with Slack as somebody meets it in a browser: away to say yes, and back as who they are, or with words."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page, expect

from bot.app import build
from bot.chances import Chances
from bot.foundations import slash_commands
from bot.manifest import manifest
from bot.playground import StandIn
from bot.services import signed_in
from bot.services.keys import ring_of
from bot.services.signed_in import Return, Seals, SignedIn
from bot.settings import load_settings
from bot.web.server import Runner
from bot.web.sign_in import MEMBER_COOKIE
from storage import workspaces
from storage.secrets import new_key
from storage.transactions import open_store
from tests.browser.conftest import FindTroubles, NewPage, troubles_of
from tests.databases import SqliteTemplates

pytestmark = pytest.mark.asyncio(loop_scope="session")
PLACE = Return(signed_in.Page.NUMBER, "5829047316")


@dataclass(frozen=True, slots=True)
class Site:
    """The application behind the stand-in, and what it seals with."""

    slack: StandIn
    address: str
    seals: Seals

    @property
    def begin(self) -> str:
        """Where a join page's link leads."""
        return f"{self.address}/slack/sign-in?to={self.seals.ticket(PLACE)}"

    async def who(self, page: Page) -> SignedIn | None:
        """Whom the application takes this browser for."""
        cookies = {str(cookie.get("name")): str(cookie.get("value")) for cookie in await page.context.cookies()}
        return self.seals.read_member(cookies.get(MEMBER_COOKIE, ""))


@asynccontextmanager
async def open_site(folder: Path) -> AsyncIterator[Site]:
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    slack = StandIn("a-signing-secret", manifest=manifest(slash_commands(), address))
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    acme.add_member("U0ANNA", real_name="Anna Larsson")
    acme.add_member("U0BEN", real_name="Ben Okafor")
    async with slack.serve() as api_url:
        environ = {
            "SLACK_SIGNING_SECRET": "a-signing-secret",
            "SLACK_BOT_TOKEN": acme.bot_token,
            "SLACK_API_URL": api_url,
            "SLACK_CLIENT_ID": slack.sign_in.client.id,
            "SLACK_CLIENT_SECRET": slack.sign_in.client.secret,
            "DATABASE_URL": SqliteTemplates(folder).fresh(folder),
            "PUBLIC_URL": address,
            "SECRET_KEY": new_key(),
        }
        settings = load_settings(environ, env_file=None)
        store = await open_store(settings.database_url.get_secret_value())
        await store.write(lambda tx: workspaces.ensure(tx, "T0ACME", Chances().now()))
        await store.close()
        runner = Runner(build(settings), shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        yield Site(slack, address, Seals(ring_of(settings), Chances().now))
        await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with open_site(tmp_path_factory.mktemp("site")) as made:
        yield made


async def test_whoever_says_yes_comes_back_as_who_they_are(site: Site, new_page: NewPage, axe: FindTroubles) -> None:
    page = await new_page()
    await page.goto(site.begin)
    await expect(page.get_by_role("heading")).to_have_text("Sign in with Slack")
    assert [] == await axe(page)
    await page.get_by_role("link", name="Anna Larsson · Acme").click()
    await page.wait_for_url(f"{site.address}/j/5829047316")

    assert SignedIn("T0ACME", "U0ANNA", "Anna Larsson") == await site.who(page)
    assert "" == await page.evaluate("document.cookie")


async def test_whoever_says_no_reads_how_to_go_on_on_a_phone_in_the_dark(
    site: Site, new_page: NewPage, axe: FindTroubles
) -> None:
    page = await new_page(width=390, height=844, color_scheme="dark")
    await page.goto(site.begin)
    assert [] == await axe(page)
    await page.get_by_role("link", name="Cancel").click()
    await expect(page.get_by_role("heading")).to_have_text("You did not sign in")
    # That its status is 403 is noted by the browser.
    troubles_of(page).clear()

    assert [] == await axe(page)
    assert 390 == await page.evaluate("document.documentElement.scrollWidth")
    assert await site.who(page) is None
    await page.get_by_role("link", name="Sign in with Slack again").click()
    await page.get_by_role("link", name="Ben Okafor · Acme").click()
    await page.wait_for_url(f"{site.address}/j/5829047316")
    assert SignedIn("T0ACME", "U0BEN", "Ben Okafor") == await site.who(page)


async def test_going_back_in_the_browser_does_no_harm(site: Site, new_page: NewPage) -> None:
    page = await new_page()
    await page.goto(site.begin)
    await page.get_by_role("link", name="Anna Larsson · Acme").click()
    await page.wait_for_url(f"{site.address}/j/5829047316")
    await page.go_back()
    await page.get_by_role("link", name="Ben Okafor · Acme").click()
    await expect(page.get_by_role("heading")).to_have_text("This sign-in is over")
    troubles_of(page).clear()

    assert SignedIn("T0ACME", "U0ANNA", "Anna Larsson") == await site.who(page)

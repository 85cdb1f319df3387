"""A stage where workspaces install the app by OAuth, and a browser that does so and follows nothing by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
from pydantic import SecretStr
from yarl import URL

from bot.chances import Chances
from bot.playground import Person
from bot.playground.state import TokenState, Workspace
from bot.services.installations import Installations, Installed, Tokens
from bot.settings import Settings
from bot.web.install import BROWSER_COOKIE
from storage.secrets import KeyRing
from tests.e2e.signing_in import Answer, Browser
from tests.e2e.stage import BASE, Stage, at_once, make_stage
from tests.integration.services.houses import house_of

BACK = "/slack/oauth_redirect"
COOKIE = f"__Host-{BROWSER_COOKIE}"


async def _nothing(_refresh_token: str) -> Tokens:
    raise AssertionError("no test asks for a token by itself")


@dataclass
class Installer(Browser):
    """A browser in which somebody adds the app to workspaces."""

    async def begins_install(self) -> str:
        """Press "Add to Slack"; the address at Slack that it leads to."""
        begun = await self.get("/slack/install")
        assert 302 == begun.status, begun.text
        return begun.location

    async def allows(self, at_slack: str, person: Person | None, *, everywhere: bool = False) -> str:
        """Be somebody on Slack's page and allow it, or (None) cancel; the path that Slack sends the browser back to."""
        chosen = "" if person is None else f"{person.workspace.id}/{person.member.id}{'+org' if everywhere else ''}"
        url = URL(at_slack).update_query({"as": chosen})
        async with self.session.get(url, allow_redirects=False) as response:
            assert 302 == response.status, await response.text()
            back = response.headers["Location"]
        assert back.startswith(f"{BASE}{BACK}?")
        return back.removeprefix(BASE)

    async def installs(self, person: Person | None, *, everywhere: bool = False) -> Answer:
        """All of it."""
        return await self.get(await self.allows(await self.begins_install(), person, everywhere=everywhere))


def for_many(stage: Stage) -> Settings:
    """The settings without a bot token, with the client that the stand-in knows."""
    client = stage.slack.sign_in.client
    changed = {"slack_client_id": client.id, "slack_client_secret": SecretStr(client.secret), "slack_bot_token": None}
    return stage.settings.model_copy(update=changed)


@asynccontextmanager
async def installing(
    database_url: str, processes: int = 1, chances: Chances | None = None
) -> AsyncIterator[list[Installer]]:
    """The application for many workspaces, and a browser before each process. They share a jar: it is one browser."""
    async with make_stage(database_url, chances or Chances(sleep=at_once)) as stage:
        for workspace in stage.slack.world.workspaces.values():
            workspace.bot_token = f"xoxb-not-given-to-anybody-{workspace.id}"
        stage.settings = for_many(stage)
        urls = [await stage.start() for _ in range(processes)]
        jar: dict[str, str] = {}
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            yield [Installer(stage, session, url.removesuffix("/slack/events"), jar) for url in urls]


def add_globex(stage: Stage) -> Person:
    """Another workspace, which has not installed it yet, and somebody there."""
    globex = stage.slack.add_workspace("T0GLOBEX", name="Globex", domain="globex")
    globex.bot_token = "xoxb-not-given-to-anybody-globex"
    return stage.add("U0GINA", "Gina Marsh", workspace=globex)


async def installed(stage: Stage, workspace: str, team: str = "") -> Installed | None:
    """The live installation in the database."""
    house = house_of(stage.store, stage.chances.now)
    key = stage.settings.secret_key[0].get_secret_value()
    return await Installations(replace(house, keys=KeyRing.from_text(key)), _nothing).find(workspace, team)


async def leaves(stage: Stage, workspace: Workspace, kind: str = "app_uninstalled") -> int:
    """The app is removed from a workspace, whose tokens work no more; the status that the event is answered with."""
    workspace.token_state = TokenState.INACTIVE
    return await tells(stage, workspace, kind)


async def tells(stage: Stage, workspace: Workspace, kind: str = "app_uninstalled") -> int:
    """Slack tells that the app was removed, or its token revoked; the status of the answer."""
    tokens = {"tokens": {"oauth": [], "bot": [workspace.bot_user_id]}} if kind == "tokens_revoked" else {}
    return (await stage.slack.send_event(workspace, {"type": kind, **tokens})).status

"""Installing by OAuth against a Slack that others wrote: npm `emulate`, installed for the test where npm is there."""

import asyncio
import itertools
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web
from yarl import URL

from bot.app import build
from bot.settings import load_settings
from bot.web.server import Runner
from storage.secrets import new_key
from storage.tables import installations, postings
from storage.transactions import Store, open_store

EMULATE = "emulate@0.11.2"
CLIENT_ID, CLIENT_SECRET = "12345.67890", "a-client-secret-of-the-test"
INSTALL_SECONDS, START_SECONDS, WELCOME_SECONDS = 120, 30.0, 15.0


class Buttons(HTMLParser):
    """The forms of a page: where each leads, and what it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input" and self.forms and found.get("name"):
            self.forms[-1][1][found["name"]] = found.get("value", "")


@pytest.fixture(scope="module")
def emulate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, in a folder that is gone with the tests."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("there is no node or no npm here")
    folder = tmp_path_factory.mktemp("emulate")
    asked = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), EMULATE]
    try:
        got = subprocess.run(asked, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False, cwd=folder)
    except subprocess.TimeoutExpired:
        pytest.skip("npm's registry does not answer")
    if got.returncode:
        pytest.skip(f"npm could not get {EMULATE}: {got.stderr.strip().splitlines()[:1]}")
    return folder / "node_modules" / "emulate" / "dist" / "index.js"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Where the application listens."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


@asynccontextmanager
async def emulated(program: Path, folder: Path, back: str) -> AsyncIterator[str]:
    """The base of the Web API of a Slack with one workspace that knows our client."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "name": "Standing Room",
        "redirect_uris": [back],
        "scopes": ["chat:write", "im:write", "users:read"],
    }
    users = [{"name": "anna", "real_name": "Anna Larsson", "email": "anna@example.com"}]
    seed = {"slack": {"team": {"name": "Acme", "domain": "acme"}, "users": users, "oauth_apps": [app]}}
    (folder / "seed.json").write_text(json.dumps(seed), encoding="utf-8")
    arguments = ["--service", "slack", "--port", str(port), "--seed", str(folder / "seed.json")]
    process = await asyncio.create_subprocess_exec(
        "node", str(program), *arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            await until(partial(_listens, port))
        yield f"http://127.0.0.1:{port}/api/"
    finally:
        process.terminate()
        await process.wait()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look at what nobody tells of, until it holds."""
    for _ in itertools.count():
        if await holds():
            return
        await asyncio.sleep(0.05)


async def _welcomed(store: Store) -> bool:
    return await store.read(lambda tx: [1] == list(tx.execute(sa.select(postings.c.shown)).scalars()))


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_it_is_installed_and_the_installer_welcomed(
    emulate: Path, tmp_path: Path, database_url: str, listening: socket.socket
) -> None:
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with emulated(emulate, tmp_path, f"{address}/slack/oauth_redirect") as api_url:
        environ = {
            "SLACK_SIGNING_SECRET": "a-signing-secret",
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_API_URL": api_url,
            "DATABASE_URL": database_url,
            "PUBLIC_URL": address,
            "SECRET_KEY": new_key(),
        }
        runner = Runner(build(load_settings(environ, env_file=None)), shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            async with session.get(f"{address}/slack/install", allow_redirects=False) as begun:
                at_slack = begun.headers["Location"]
            async with session.get(URL(at_slack, encoded=True)) as page:
                buttons = Buttons()
                buttons.feed(await page.text())
            action, fields = next(each for each in buttons.forms if each[1].get("user_id"))
            base = f"{urlsplit(at_slack).scheme}://{urlsplit(at_slack).netloc}"
            async with session.post(f"{base}{action}", data=fields, allow_redirects=False) as allowed:
                back = allowed.headers["Location"]
            answers = []
            for _ in range(2):
                async with session.get(URL(back, encoded=True)) as done:
                    answers.append((done.status, await done.text()))

        store = await open_store(database_url)
        async with asyncio.timeout(WELCOME_SECONDS):
            await until(partial(_welcomed, store))
        rows = await store.read(lambda tx: tx.execute(sa.select(installations)).all())
        await store.close()
        await runner.cleanup()

    assert [200, 400] == [status for status, _ in answers]
    assert "Standing Room is in your workspace" in answers[0][1]
    [row] = rows
    assert (fields["user_id"], False, None) == (row.installer, row.of_organisation, row.revoked_at)

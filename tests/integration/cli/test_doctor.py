"""`python -m bot doctor`: what it finds, and what it calls wrong."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import Result

from bot.cli import installs
from bot.foundations import slash_commands
from bot.manifest import SCOPES, manifest
from bot.playground import StandIn
from bot.playground.state import TokenState, Workspace
from bot.providers.jitsi import Jitsi
from storage import installations, schema
from storage.installations import InstallationRow
from storage.transactions import open_store
from tests import sealing
from tests.integration.cli.program import ENVIRON, call
from tests.later_program import later, write_revision
from tests.sealing import NEW, OLD, id_of, ring


@contextmanager
def slack_in_a_thread() -> Iterator[tuple[StandIn, Workspace, str]]:
    """The stand-in in an event loop of its own, since the commands have theirs."""
    slack = StandIn("a secret", manifest=manifest(slash_commands()))
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    serving = slack.serve()
    try:
        yield slack, acme, asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class JitsiAnswers(BaseHTTPRequestHandler):
    """What a Jitsi server answers with."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/sub/config.js" else 404)
        self.end_headers()
        self.wfile.write(b"var config = {};")

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture(autouse=True)
def jitsi_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a Jitsi server on loopback, which is set as the one to use."""
    with ThreadingHTTPServer(("127.0.0.1", 0), JitsiAnswers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/sub"
        monkeypatch.setenv("JITSI_URL", url)
        yield url
        server.shutdown()
        thread.join()


def lines_of(result: Result) -> dict[str, str]:
    """What the doctor said of each subject."""
    return {line.split()[1]: line for line in result.output.splitlines()}


def test_the_doctor_finds_a_sound_installation(environ: pytest.MonkeyPatch) -> None:
    with slack_in_a_thread() as (_, acme, api_url):
        environ.setenv("SLACK_API_URL", api_url)
        environ.setenv("SLACK_BOT_TOKEN", acme.bot_token)
        environ.setenv("PUBLIC_URL", "https://rooms.example.com")
        result = call("doctor")

    found = lines_of(result)
    assert 0 == result.exit_code
    assert ["settings", "token", "scopes", "manifest", "sign-in", "database", "keys", "provider"] == list(found)
    assert "Acme (T0ACME)" in found["token"]
    assert "https://rooms.example.com/slack/events" in found["manifest"]


def test_the_doctor_asks_slack_whether_it_knows_the_client(environ: pytest.MonkeyPatch) -> None:
    found = []
    with slack_in_a_thread() as (slack, acme, api_url):
        environ.setenv("SLACK_API_URL", api_url)
        environ.setenv("SLACK_BOT_TOKEN", acme.bot_token)
        for client_id, secret, public_url in (
            (slack.sign_in.client.id, slack.sign_in.client.secret, "https://rooms.example.com"),
            (slack.sign_in.client.id, slack.sign_in.client.secret, "http://localhost:3000"),
            (slack.sign_in.client.id, "another-client-secret", "https://rooms.example.com"),
            ("1.1", slack.sign_in.client.secret, "https://rooms.example.com"),
        ):
            environ.setenv("SLACK_CLIENT_ID", client_id)
            environ.setenv("SLACK_CLIENT_SECRET", secret)
            environ.setenv("PUBLIC_URL", public_url)
            found.append(lines_of(call("doctor"))["sign-in"])
    silent = lines_of(call("doctor"))["sign-in"]

    assert "ok   sign-in   Slack knows the client; https://rooms.example.com/slack/sign-in/callback must be" in found[0]
    assert found[1].startswith("BAD  sign-in   Slack sends people back to https addresses only")
    assert "BAD  sign-in   Slack refuses SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: bad_client_secret" == found[2]
    assert "BAD  sign-in   Slack refuses SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: invalid_client_id" == found[3]
    assert "BAD  sign-in   Slack did not answer: ClientConnectorError" == silent
    assert "another-client-secret" not in "".join(found)


async def keep_an_install(url: str, scopes: str, token: str = "", team: str = "T0ACME") -> None:
    """Keep an installation of a workspace that granted so much; without a token, one that no key opens."""
    place = {"table": "installation", "column": "bot_token", "workspace": team, "key": f"/{team}"}
    row = InstallationRow(
        key=f"/{team}",
        workspace=team,
        enterprise="",
        team=team,
        of_organisation=False,
        app_id="A0APP",
        bot_user="U0BOT",
        installer="U0ANNA",
        bot_token=ring(ENVIRON["SECRET_KEY"]).seal(token, **place) if token else "v1.x.y.z",
        refresh_token=None,
        expires_at=None,
        scopes=scopes,
        installed_at=datetime.now(UTC),
        revoked_at=None,
        generation=1,
    )
    store = await open_store(url)
    await store.write(lambda tx: installations.save(tx, row))
    await store.close()


def test_without_a_bot_token_the_doctor_looks_at_the_client_and_at_what_was_granted(
    environ: pytest.MonkeyPatch, database_url: str
) -> None:
    with slack_in_a_thread() as (slack, _, api_url):
        environ.setenv("SLACK_API_URL", api_url)
        environ.delenv("SLACK_BOT_TOKEN")
        environ.setenv("SLACK_CLIENT_ID", slack.sign_in.client.id)
        environ.setenv("SLACK_CLIENT_SECRET", slack.sign_in.client.secret)
        environ.setenv("PUBLIC_URL", "https://rooms.example.com")
        nowhere = lines_of(call("doctor"))
        asyncio.run(keep_an_install(database_url, "commands,chat:write"))
        lacking = lines_of(call("doctor"))["scopes"]
        environ.setenv("SLACK_CLIENT_SECRET", "another-client-secret")
        refused = lines_of(call("doctor"))["install"]

    assert nowhere["install"].startswith("ok   install   at https://rooms.example.com/slack/install; ")
    assert nowhere["scopes"].endswith("in each place where it is installed: 0")
    assert lacking.startswith("BAD  scopes    T0ACME lacks im:write, users:read: it must be installed there again, at ")
    assert "BAD  install   Slack refuses SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: bad_client_secret" == refused


def test_the_doctor_asks_slack_about_the_token_of_each_workspace(
    environ: pytest.MonkeyPatch, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> str:
        return lines_of(call("doctor"))["tokens"]

    with slack_in_a_thread() as (slack, acme, api_url):
        environ.setenv("SLACK_API_URL", api_url)
        environ.delenv("SLACK_BOT_TOKEN")
        environ.setenv("SLACK_CLIENT_ID", slack.sign_in.client.id)
        environ.setenv("SLACK_CLIENT_SECRET", slack.sign_in.client.secret)
        asyncio.run(keep_an_install(database_url, ",".join(SCOPES), acme.bot_token))
        alive = found()
        asyncio.run(keep_an_install(database_url, ",".join(SCOPES), "xoxb-of-nobody", "T0GLOBEX"))
        dead = found()
        monkeypatch.setattr(installs, "MOST_ASKED", 1)
        some = found()
        acme.token_state = TokenState.REVOKED
        asyncio.run(keep_an_install(database_url, ",".join(SCOPES), "", "T0ABC"))
        unopened = found()
        monkeypatch.setattr(installs, "MOST_ASKED", 100)
        both = found()
    environ.setenv("SLACK_API_URL", "http://127.0.0.1:1/")
    asyncio.run(keep_an_install(database_url, ",".join(SCOPES), "xoxb-of-nobody", "T0ABC"))
    silent = found()

    assert "ok   tokens    Slack takes those of 1 place" == alive
    assert dead.startswith("BAD  tokens    T0GLOBEX: invalid_auth: it must be installed there again, at http")
    assert "ok   tokens    Slack takes those of 1 place; 1 more were not asked about" == some
    assert unopened.startswith("BAD  tokens    T0ABC: no key opens its token: ")
    assert "T0ACME: token_revoked; T0GLOBEX: invalid_auth" in both
    assert silent.startswith("note tokens    Slack did not say of some: T0ABC: ClientConnectorError")


def test_the_doctor_looks_at_the_keys(environ: pytest.MonkeyPatch, database_url: str) -> None:
    def found(secret_key: str) -> str:
        environ.setenv("SECRET_KEY", secret_key)
        return lines_of(call("doctor"))["keys"]

    with slack_in_a_thread() as (_, acme, api_url):
        environ.setenv("SLACK_API_URL", api_url)
        environ.setenv("SLACK_BOT_TOKEN", acme.bot_token)
        nothing = found(NEW)
        asyncio.run(keep_an_answer(database_url, OLD))
        needed, held, missing = found(OLD), found(f"{NEW},{OLD}"), found(NEW)
        forgotten = call("keys", "forget", id_of(OLD))
        afterwards = found(NEW)

    assert f"ok   keys      {id_of(NEW)} seals, and nothing is under another" == nothing == afterwards
    assert needed.startswith("ok ")
    assert (
        f"note keys      {id_of(NEW)} seals; {id_of(OLD)} must stay until `python -m bot keys rotate` has run" == held
    )
    assert missing.startswith("BAD  keys      SECRET_KEY does not open values in the database. ")
    assert f"`python -m bot keys forget {id_of(OLD)}`" in missing
    assert 0 == forgotten.exit_code


async def keep_an_answer(database_url: str, key: str) -> None:
    """One sealed answer in the database."""
    store = await open_store(database_url)
    await sealing.remember(store, ring(key), [1])
    await store.close()


def test_the_doctor_finds_what_is_wrong(environ: pytest.MonkeyPatch) -> None:
    with slack_in_a_thread() as (_, acme, api_url):
        acme.scopes.discard("users:read")
        environ.setenv("SLACK_API_URL", api_url)
        environ.setenv("SLACK_BOT_TOKEN", acme.bot_token)
        environ.setenv("DATABASE_URL", "postgresql://nobody:a-password@127.0.0.1:1/none")
        scopes = call("doctor")
        environ.setenv("SLACK_BOT_TOKEN", "xoxb-another")
        token = call("doctor")
    silent = call("doctor")

    assert [1, 1, 1] == [scopes.exit_code, token.exit_code, silent.exit_code]
    assert lines_of(scopes)["scopes"].startswith("BAD")
    assert "users:read" in lines_of(scopes)["scopes"]
    assert lines_of(scopes)["manifest"].startswith("BAD")
    assert lines_of(scopes)["database"].startswith("BAD")
    assert "a-password" not in scopes.output
    assert "invalid_auth" in lines_of(token)["token"]
    assert "did not answer" in lines_of(silent)["token"]


def test_the_doctor_begins_with_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ENVIRON:
        monkeypatch.delenv(name, raising=False)
    result = call("doctor")

    assert 1 == result.exit_code
    assert all(line.startswith("BAD  settings") for line in result.output.splitlines())


def test_the_doctor_knows_socket_mode_and_a_schema_that_is_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_database_url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (ENVIRON | {"DATABASE_URL": empty_database_url, "SLACK_APP_TOKEN": "xapp-1-x"}).items():
        monkeypatch.setenv(name, value)
    with slack_in_a_thread() as (_, acme, api_url):
        monkeypatch.setenv("SLACK_API_URL", api_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", acme.bot_token)
        found = lines_of(call("doctor"))

    assert "Socket Mode" in found["manifest"]
    assert found["scopes"].endswith(", ".join(SCOPES))
    assert found["database"].startswith("ok" if empty_database_url.startswith("sqlite") else "BAD")


def test_the_schema_of_a_later_version_is_no_reason_to_migrate(
    environ: pytest.MonkeyPatch, database_url: str, tmp_path: Path
) -> None:
    environ.setenv("SLACK_API_URL", "http://127.0.0.1:1/")
    write_revision(tmp_path / "later")
    with later(tmp_path / "later"):
        schema.upgrade(database_url)

    found = lines_of(call("doctor"))

    assert found["database"].startswith("BAD")
    assert "run that version, or a newer one" in found["database"]


@pytest.fixture
def socket_mode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[pytest.MonkeyPatch, Workspace]]:
    """Settings for Socket Mode with the stand-in, in a folder without a database."""
    monkeypatch.chdir(tmp_path)
    with slack_in_a_thread() as (_, acme, api_url):
        in_stand_in = {"SLACK_API_URL": api_url, "SLACK_BOT_TOKEN": acme.bot_token, "SLACK_APP_TOKEN": acme.app_token}
        for name, value in (ENVIRON | in_stand_in | {"DATABASE_URL": "sqlite:///rooms.db"}).items():
            monkeypatch.setenv(name, value)
        yield monkeypatch, acme


def test_the_doctor_tries_the_app_token(socket_mode: tuple[pytest.MonkeyPatch, Workspace]) -> None:
    environ, _ = socket_mode
    sound = call("doctor")
    environ.setenv("SLACK_APP_TOKEN", "xapp-1-another")
    refused = call("doctor")

    assert [0, 1] == [sound.exit_code, refused.exit_code]
    assert lines_of(sound)["socket"].startswith("ok ")
    assert "BAD  socket    Slack refuses SLACK_APP_TOKEN: invalid_auth" == lines_of(refused)["socket"]
    assert lines_of(refused)["token"].startswith("ok ")


@pytest.mark.parametrize(
    ("address", "noted"),
    [
        ("", True),
        ("http://localhost:3000", True),
        ("http://127.0.0.1:80/x", True),
        ("http://[::1]:80", True),
        ("https://rooms.example.com", False),
        ("http://localhost.example.com", False),
        ("http://10.0.0.7:3000", False),
    ],
)
def test_the_doctor_notes_an_address_that_others_cannot_reach(
    address: str, *, noted: bool, socket_mode: tuple[pytest.MonkeyPatch, Workspace]
) -> None:
    environ, _ = socket_mode
    environ.setenv("PUBLIC_URL", address)
    result = call("doctor")

    assert 0 == result.exit_code
    assert noted is ("address" in lines_of(result))
    assert not noted or lines_of(result)["address"].startswith("note address   every card shows http://")


def test_the_doctor_makes_no_database(socket_mode: tuple[pytest.MonkeyPatch, Workspace], tmp_path: Path) -> None:
    del socket_mode
    found = lines_of(call("doctor"))

    assert "ok   database  sqlite, schema empty" == found["database"]
    assert [] == list(tmp_path.iterdir())


def test_the_doctor_looks_at_the_provider(socket_mode: tuple[pytest.MonkeyPatch, Workspace], jitsi_url: str) -> None:
    environ, _ = socket_mode
    open_to_all = call("doctor")
    environ.setenv("JITSI_APP_ID", "rooms")
    environ.setenv("JITSI_APP_SECRET", "a-canary-of-a-secret-that-is-long-enough")
    by_token = call("doctor")
    environ.setenv("JITSI_URL", jitsi_url.removesuffix("/sub"))
    elsewhere = call("doctor")
    environ.delenv("JITSI_APP_ID")
    half = call("doctor")

    assert f"ok   provider  Jitsi Meet at {jitsi_url}, entered without a token" == lines_of(open_to_all)["provider"]
    assert f"ok   provider  Jitsi Meet at {jitsi_url}, entered with a signed token" == lines_of(by_token)["provider"]
    assert [0, 0, 1, 1] == [each.exit_code for each in (open_to_all, by_token, elsewhere, half)]
    assert lines_of(elsewhere)["provider"].startswith("BAD ")
    assert lines_of(elsewhere)["provider"].endswith(
        "what answers is no Jitsi Meet server (HTTP 404 for its config.js), asked from here; see JITSI_URL"
    )
    assert half.output.startswith("BAD  settings  JITSI_APP_ID is missing: JITSI_APP_SECRET is set")
    assert not [each for each in (open_to_all, by_token, elsewhere, half) if "a-canary" in each.output]


def test_the_doctor_says_what_the_public_server_asks_of_a_host(
    socket_mode: tuple[pytest.MonkeyPatch, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def well(_: Jitsi) -> None:
        """The public server, which no test reaches, is well."""

    environ, _ = socket_mode
    environ.delenv("JITSI_URL")
    monkeypatch.setattr(Jitsi, "problem", well)
    result = call("doctor")

    assert 0 == result.exit_code
    assert lines_of(result)["provider"].startswith(
        "note provider  Jitsi Meet at https://meet.jit.si has the host sign in"
    )
    assert "set JITSI_URL to a server of your own" in lines_of(result)["provider"]

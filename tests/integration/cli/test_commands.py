"""The commands of `python -m bot` that end by themselves."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.app import slash_commands
from bot.manifest import SCOPES, manifest
from bot.playground import StandIn
from bot.playground.state import Workspace
from bot.rules import Licence, Plan
from storage import schema
from tests.integration.cli.program import ENVIRON


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> pytest.MonkeyPatch:
    """Settings that are complete, on a migrated database of each kind."""
    monkeypatch.chdir(tmp_path)
    for name, value in (ENVIRON | {"DATABASE_URL": database_url}).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def call(*words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, list(words))


def test_a_new_key_is_one_that_serve_takes(environ: pytest.MonkeyPatch) -> None:
    key = call("keys", "new").output.strip()
    environ.setenv("SECRET_KEY", key)

    assert 0 == call("workspaces", "list").exit_code
    assert key != call("keys", "new").output.strip()


def test_the_manifest_is_json_for_either_transport() -> None:
    http = json.loads(call("manifest", "--url", "https://rooms.example.com").output)
    socket = json.loads(call("manifest", "--socket").output)

    assert manifest(slash_commands(), "https://rooms.example.com") == http
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "url" not in socket["features"]["slash_commands"][0]


def test_a_manifest_for_neither_or_both_is_refused() -> None:
    assert 2 == call("manifest").exit_code
    assert 2 == call("manifest", "--socket", "--url", "https://rooms.example.com").exit_code
    assert 2 == call("manifest", "--url", "rooms").exit_code


def test_operators_set_and_see_plans_and_licences(environ: pytest.MonkeyPatch) -> None:
    empty = call("workspaces", "list").output
    plan = call("workspaces", "plan", "T0ACME", "pro")
    licence = call("workspaces", "licence", "T0ACME", "U0ANNA", "basic")
    listed = call("workspaces", "list").output
    shown = call("workspaces", "show", "T0ACME").output
    call("workspaces", "plan", "T0ACME", "default")
    call("workspaces", "licence", "T0ACME", "U0ANNA", "default")
    shown_after = call("workspaces", "show", "T0ACME").output

    assert "No workspace has used Standing Room yet.\n" == empty
    assert "T0ACME has the plan pro now.\n" == plan.output
    assert "U0ANNA in T0ACME has the licence basic now.\n" == licence.output
    assert "T0ACME  pro  1 member\n" == listed
    assert shown.startswith("T0ACME  pro\n  U0ANNA  basic  ")
    assert shown_after.startswith("T0ACME  business (default)\n  U0ANNA  licensed  ")


@pytest.mark.parametrize("word", [*Plan, "default"])
def test_every_plan_can_be_set(word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)

    assert 0 == call("workspaces", "plan", "T0ACME", word).exit_code


@pytest.mark.parametrize("word", [*Licence, "default"])
def test_every_licence_can_be_set(word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)

    assert 0 == call("workspaces", "licence", "T0ACME", "U0ANNA", word).exit_code


def test_an_unknown_workspace_or_plan_is_said(environ: pytest.MonkeyPatch) -> None:
    unknown = call("workspaces", "show", "T0NOBODY")

    assert 1 == unknown.exit_code
    assert "No workspace T0NOBODY has used Standing Room yet." in unknown.output
    assert 2 == call("workspaces", "plan", "T0ACME", "golden").exit_code


def test_missing_settings_end_every_command_with_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ENVIRON:
        monkeypatch.delenv(name, raising=False)

    ended = [call(*words).exit_code for words in (("workspaces", "list"), ("workspaces", "show", "T0"))]

    assert [2, 2] == ended


def test_migrate_says_what_it_did(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_database_url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", empty_database_url)

    first = call("migrate")
    second = call("migrate")

    assert f"The schema is {schema.head()} now.\n" == first.output
    assert f"The schema is {schema.head()} already.\n" == second.output


def test_a_database_that_cannot_be_reached_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:a-password@127.0.0.1:1/none")

    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    migrated = call("migrate")
    listed = call("workspaces", "list")

    assert [1, 1] == [migrated.exit_code, listed.exit_code]
    assert all("DATABASE_URL" in each.output for each in (migrated, listed))
    assert "a-password" not in migrated.output + listed.output


def test_a_bad_database_url_is_said_by_migrate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "mysql://x")

    assert 2 == call("migrate").exit_code


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
    assert ["settings", "token", "scopes", "manifest", "database", "provider"] == list(found)
    assert "Acme (T0ACME)" in found["token"]
    assert "https://rooms.example.com/slack/events" in found["manifest"]


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

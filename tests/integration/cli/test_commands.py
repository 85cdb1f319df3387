"""The commands of `python -m bot` that end by themselves."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.foundations import slash_commands
from bot.manifest import manifest
from storage import schema
from tests.integration.cli.program import ENVIRON, call


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


def test_a_manifest_for_an_address_that_slack_does_not_call_is_refused() -> None:
    refused = call("manifest", "--url", "http://rooms.example.com")

    assert 2 == refused.exit_code
    assert "--url must begin with https://, since Slack sends requests nowhere else.\n" == refused.output


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


def test_a_database_in_memory_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///:memory:")
    ended = [call("migrate"), call("workspaces", "list")]

    assert [2, 2] == [each.exit_code for each in ended]
    assert all(each.output.startswith("DATABASE_URL must name a file") for each in ended)
    assert [] == list(tmp_path.iterdir())


def test_a_schema_of_a_later_version_is_said_in_one_line(environ: pytest.MonkeyPatch, database_url: str) -> None:
    def make_later(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        connection.commit()

    schema.on_connection(database_url, make_later)
    environ.setenv("DATABASE_URL", database_url)
    migrated = call("migrate")
    listed = call("workspaces", "list")

    assert [1, 1] == [migrated.exit_code, listed.exit_code]
    assert migrated.output == listed.output
    assert migrated.output.startswith("DATABASE_URL: the database has a schema of a later version")
    assert 1 == migrated.output.count("\n")
    assert "later" == schema.current(database_url)

"""The manifest is one that Slack takes, its rendering is the same, and it asks for no more than is used."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.cli.keys import print_new_key
from bot.cli.manifest import print_manifest
from bot.grammar import GRAMMARS
from bot.manifest import CommandEntry, manifest
from bot.setting_values import secret_keys

HERE = Path(__file__).parent
RENDERING = HERE.parents[2] / "manifest.yml"


def schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((HERE / "manifest.schema.2.0.0.json").read_text("utf-8"))
    return read


def rendering() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(RENDERING.read_text("utf-8"))
    return read


def entries() -> list[CommandEntry]:
    listed = rendering()["features"]["slash_commands"]
    return [CommandEntry(entry["command"], entry["description"], entry["usage_hint"]) for entry in listed]


def test_the_file_is_the_rendering_of_the_code() -> None:
    assert manifest(entries()) == rendering()


def test_the_file_lists_the_commands_of_the_grammar() -> None:
    assert [(str(grammar.command), grammar.usage_hint) for grammar in GRAMMARS] == [
        (entry.command, entry.usage_hint) for entry in entries()
    ]


@pytest.mark.parametrize(
    "made", [rendering(), manifest(entries(), "https://rooms.example"), manifest(entries(), socket=True)]
)
def test_slack_takes_it(made: dict[str, Any]) -> None:
    jsonschema.Draft7Validator.check_schema(schema())

    jsonschema.validate(made, schema(), jsonschema.Draft7Validator)


def test_the_schema_finds_what_slack_refuses() -> None:
    made: Any = manifest(entries())
    made["display_information"]["name"] = "x" * 36
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made, schema(), jsonschema.Draft7Validator)


def test_every_command_is_lower_case_unique_short_and_escaped() -> None:
    listed = rendering()["features"]["slash_commands"]

    assert len({entry["command"] for entry in listed}) == len(listed) <= 50
    for entry in listed:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", entry["command"], re.ASCII)
        assert 1 <= len(entry["description"]) <= 2000
        assert 1 <= len(entry["usage_hint"]) <= 1000
        assert entry["should_escape"] is True


def test_scopes_and_events_are_the_least_set() -> None:
    asked = {
        "bot": ["commands", "chat:write", "im:write", "users:read"],
        "bot_optional": ["links:read", "links:write", "channels:read", "groups:read"],
    }

    back = [f"https://example.com/slack/{path}" for path in ("sign-in/callback", "oauth_redirect")]
    assert {"redirect_urls": back, "scopes": asked} == rendering()["oauth_config"]
    assert ["app_uninstalled", "tokens_revoked", "app_home_opened", "link_shared", "user_change"] == rendering()[
        "settings"
    ]["event_subscriptions"]["bot_events"]


def test_slack_looks_for_addresses_of_the_host_where_the_pages_are() -> None:
    assert ["rooms.example"] == read(manifest(entries(), "https://rooms.example:8443/base"))["unfurl_domains"]
    assert "unfurl_domains" not in read(manifest(entries(), socket=True))


def read(made: Any) -> Any:
    return made["features"]


def printed(capsys: pytest.CaptureFixture[str], url: str | None, *, socket: bool) -> Any:
    assert 0 == print_manifest(entries(), url=url, socket=socket)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "url", ["https://rooms.example", "https://rooms.example/", "https://rooms.example/slack/events"]
)
def test_the_printed_manifest_holds_the_given_address_everywhere(capsys: pytest.CaptureFixture[str], url: str) -> None:
    made = printed(capsys, url, socket=False)

    assert 5 == json.dumps(made).count('"https://rooms.example/slack/events"')
    assert "example.com" not in json.dumps(made)
    assert made["settings"]["socket_mode_enabled"] is False


def test_in_socket_mode_there_is_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    made = printed(capsys, None, socket=True)

    assert "http" not in json.dumps(made)
    assert made["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(
    ("url", "socket"),
    [
        (None, False),
        ("https://rooms.example", True),
        ("rooms.example", False),
        ("https://x/?y", False),
        ("http://rooms.example", False),
    ],
)
def test_an_address_that_will_not_do_is_told_and_nothing_is_printed(
    capsys: pytest.CaptureFixture[str], url: str | None, *, socket: bool
) -> None:
    assert 2 == print_manifest(entries(), url=url, socket=socket)
    out, err = capsys.readouterr()
    assert "" == out
    assert "--url" in err


def test_a_new_key_is_long_enough_and_another_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert (0, 0) == (print_new_key(), print_new_key())
    first, second = capsys.readouterr().out.split()

    assert first != second
    assert (first, second) == secret_keys(f"{first},{second}")

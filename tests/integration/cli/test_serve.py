"""`python -m bot serve` as a process: signed bytes in, answers out, on each database."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.integration.cli.program import ENVIRON, SIGNING_SECRET, run, serving

COMMAND = {
    "token": "gIkuvaNzQIHg97ATvDxqgjtO",
    "team_id": "T0ACME",
    "team_domain": "acme",
    "channel_id": "C0GENERAL",
    "channel_name": "general",
    "user_id": "U0ANNA",
    "user_name": "anna",
    "command": "/pmi",
    "text": "set 582 904 7316",
    "api_app_id": "A0ROOM",
    "is_enterprise_install": "false",
    "response_url": "https://hooks.slack.com/commands/T0ACME/1/a",
    "trigger_id": "1.2.a",
}


async def send(address: str, body: bytes) -> tuple[int, str]:
    """Sign the bytes as Slack does, and post them."""
    at = str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={signature}",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/slack/events", data=body, headers=headers) as response,
    ):
        return response.status, await response.text()


def submission(number: str) -> bytes:
    """Save in the dialog, with every field that real ones have."""
    view = {
        "id": "V0A",
        "team_id": "T0ACME",
        "type": "modal",
        "blocks": [{"type": "input", "block_id": "pmi", "element": {"type": "plain_text_input"}}],
        "private_metadata": '{"number": "582 904 7316", "for_instant": false}',
        "callback_id": "pmi_modal",
        "state": {
            "values": {
                "pmi": {"typed_pmi": {"type": "plain_text_input", "value": number}},
                "instant": {"instant": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
            }
        },
        "hash": "1.a",
        "title": {"type": "plain_text", "text": "Personal Meeting ID"},
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": {"type": "plain_text", "text": "Save"},
        "previous_view_id": None,
        "root_view_id": "V0A",
        "app_id": "A0ROOM",
        "external_id": "",
        "app_installed_team_id": "T0ACME",
        "bot_id": "B0ROOM",
    }
    payload = {
        "type": "view_submission",
        "team": {"id": "T0ACME", "domain": "acme"},
        "user": {"id": "U0ANNA", "username": "anna", "name": "anna", "team_id": "T0ACME"},
        "api_app_id": "A0ROOM",
        "token": "gIkuvaNzQIHg97ATvDxqgjtO",
        "trigger_id": "1.3.b",
        "view": view,
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


async def test_a_command_and_a_submission_are_answered(database_url: str, tmp_path: Path) -> None:
    async with serving(ENVIRON | {"DATABASE_URL": database_url}, tmp_path) as (address, _, lines):
        command = await send(address, urlencode(COMMAND).encode())
        refused = await send(address, submission("555 111 2222"))
        saved = await send(address, submission("617 555 0142"))

    assert 200 == command[0]
    assert "Saved. Your Personal Meeting ID is 582 904 7316." == json.loads(command[1])["text"]
    assert {"pmi"} == set(json.loads(refused[1])["errors"])
    assert "[555 111 222] 2" in json.loads(refused[1])["errors"]["pmi"]
    assert "update" == json.loads(saved[1])["response_action"]
    assert "617 555 0142" in saved[1]
    logged = [json.loads(line) for line in lines if '"request"' in line]
    assert ["/pmi set", "pmi_modal", "pmi_modal"] == [each["command"] for each in logged]
    assert ["done", "refused", "done"] == [each["outcome"] for each in logged]
    assert all(each["workspace"] == "T0ACME" and each["request"] and each["ms"] >= 0 for each in logged)


async def test_wrong_settings_are_a_line_each_and_exit_2(tmp_path: Path) -> None:
    environ = {"SECRET_KEY": "short", "PORT": "many", "DATABASE_URL": "mysql://x"}

    code, out, err = await run("serve", environ=environ, folder=tmp_path)

    assert 2 == code
    assert "" == out
    named = sorted(line.split()[0] for line in err.splitlines())
    assert ["DATABASE_URL", "PORT", "SECRET_KEY", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"] == named


@pytest.mark.row("R55")
async def test_an_sqlite_database_is_migrated_at_the_start(tmp_path: Path) -> None:
    """A new program on an old file, here one that is not there yet.

    Seen red: without the migration in `prepare`, the answer was "Something went wrong here".
    """
    async with serving(ENVIRON | {"DATABASE_URL": "sqlite:///fresh.db"}, tmp_path) as (address, _, _):
        status, said = await send(address, urlencode(COMMAND).encode())

    assert 200 == status
    assert "Saved. Your Personal Meeting ID is 582 904 7316." == json.loads(said)["text"]


@pytest.mark.row("R55")
async def test_a_postgresql_that_is_behind_is_refused_with_the_way_on(
    make_database: Callable[..., str], tmp_path: Path
) -> None:
    """A new program on an old PostgreSQL, which may serve processes of the version before.

    Seen red: without the refusal in `prepare`, it went on to serve and was still there after 60 s.
    """
    environ = ENVIRON | {"DATABASE_URL": make_database("postgresql", migrated=False)}

    unreachable = environ | {"DATABASE_URL": "postgresql://nobody:a-password@127.0.0.1:1/none"}

    down, _, why = await run("serve", environ=unreachable, folder=tmp_path)
    code, _, err = await run("serve", environ=environ, folder=tmp_path)
    migrated, _, _ = await run("migrate", environ=environ, folder=tmp_path)

    assert [1, 1] == [down, code]
    assert "DATABASE_URL" in why
    assert "a-password" not in why
    assert "python -m bot migrate" in err
    assert 0 == migrated
    async with serving(environ, tmp_path) as (address, _, _):
        status, said = await send(address, urlencode(COMMAND).encode())
    assert 200 == status
    assert "Saved. Your Personal Meeting ID is 582 904 7316." == json.loads(said)["text"]


async def test_clients_of_bolt_s_own_oauth_change_nothing(tmp_path: Path) -> None:
    environ = ENVIRON | {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c", "DATABASE_URL": "sqlite:///fresh.db"}

    async with serving(environ, tmp_path) as (address, _, _):
        status, _ = await send(address, urlencode(COMMAND).encode())

    assert 200 == status

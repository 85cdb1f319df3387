"""Commands repeat no secret, wherever an operator has put it by mistake, and whatever is wrong."""

from pathlib import Path

import pytest

from tests.integration.cli.program import ENVIRON, call
from tests.overheard import logging_as_it_was

KEY = "canary-key-canary-key-canary-key-canary"
MISTAKES = {
    "a token for the key": {"SECRET_KEY": "xoxb-canary"},
    "a key for the token": {"SLACK_BOT_TOKEN": KEY},
    "a token for the signing secret": {"SLACK_SIGNING_SECRET": "xoxb-canary"},
    "a secret for the client's id": {"SLACK_CLIENT_ID": "canary-client", "SLACK_CLIENT_SECRET": "canary-client"},
    "a client without its id": {"SLACK_CLIENT_SECRET": "canary-client"},
    "a client of a Slack that is away": {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "canary-client"},
    "a key for the port": {"PORT": KEY},
    "a key for the level": {"LOG_LEVEL": KEY},
    "a key for the plan": {"DEFAULT_PLAN": KEY},
    "the same key twice": {"SECRET_KEY": f"{KEY},{KEY}"},
    "a password in the public address": {"PUBLIC_URL": "https://u:canary@host"},
    "a password in Slack's address": {"SLACK_API_URL": "https://u:canary@127.0.0.1:1"},
    "a database of another kind": {"DATABASE_URL": "mysql://u:canary@host/d"},
    "a slash in the password": {"DATABASE_URL": "postgresql://u:canary/x@127.0.0.1:1/d"},
    "a database that is away": {"DATABASE_URL": "postgresql://u:canary@127.0.0.1:1/d"},
    "a password in the query": {"DATABASE_URL": "postgresql://u@127.0.0.1:1/d?password=canary"},
    "a mode that there is not": {"DATABASE_URL": "postgresql://u:canary@127.0.0.1:1/d?sslmode=none"},
    "a socket that there is not": {"DATABASE_URL": "postgresql://u:canary@/d?host=/none"},
    "a folder that there is not": {"DATABASE_URL": "sqlite:////none/rooms.db"},
}
COMMANDS = (
    ("serve",),
    ("doctor",),
    ("migrate",),
    ("keys", "rotate"),
    ("keys", "forget", "none"),
    ("workspaces", "list"),
    ("workspaces", "plan", "T0ACME", "pro"),
)


@pytest.mark.row("R46")
@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_no_command_repeats_a_secret(mistake: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Seen red: with the database's URL in what `DATABASE_URL must be ...` says, the password was printed."""
    monkeypatch.chdir(tmp_path)
    canaries = {"SECRET_KEY": KEY, "SLACK_BOT_TOKEN": "xoxb-canary-bot", "SLACK_SIGNING_SECRET": "canary-signing"}
    nowhere = {"SLACK_API_URL": "http://127.0.0.1:1/", "DATABASE_URL": "postgresql://u:canary@127.0.0.1:1/d"}
    for name, value in (ENVIRON | canaries | nowhere | MISTAKES[mistake]).items():
        monkeypatch.setenv(name, value)

    with logging_as_it_was():
        ended = [call(*words) for words in COMMANDS]

    assert [] == [each.output for each in ended if "canary" in each.output]
    assert all(isinstance(each.exception, SystemExit) and each.exit_code in (1, 2) for each in ended)

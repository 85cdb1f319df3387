"""`python -m bot doctor`: looks at everything that serving needs, a line for each."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.guard import PATH
from bot.handlers.slack import reason_of
from bot.ids import Command
from bot.manifest import SCOPES
from bot.settings import Settings, SettingsProblems, load_settings
from storage import schema
from storage.errors import StorageError
from storage.schema import State

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing."""

    subject: str
    well: bool
    words: str


def examine() -> int:
    """Print a line for each thing that was looked at. The exit code: 1 when something is wrong."""
    try:
        settings = load_settings()
    except SettingsProblems as problems:
        findings = [Finding("settings", well=False, words=line) for line in problems.problems]
    else:
        findings = [Finding("settings", well=True, words=f"complete, for {settings.transport}")]
        findings += asyncio.run(_slack(settings))
        findings += [_manifest(settings), _database(settings.database_url.get_secret_value()), _provider()]
    for finding in findings:
        print(f"{'ok ' if finding.well else 'BAD'}  {finding.subject:<9} {finding.words}")
    return 0 if all(finding.well for finding in findings) else 1


async def _slack(settings: Settings) -> list[Finding]:
    client = AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=_SECONDS
    )
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        return [Finding("token", well=False, words=f"Slack refuses SLACK_BOT_TOKEN: {reason_of(error)}")]
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        return [Finding("token", well=False, words=f"Slack did not answer: {type(error).__name__}")]
    known = Finding("token", well=True, words=f"{answer['user']} in {answer['team']} ({answer['team_id']})")
    return [known, _scopes(answer.headers)]


def _scopes(headers: Mapping[str, str]) -> Finding:
    lower = {name.lower(): value for name, value in headers.items()}
    granted = {scope.strip() for scope in lower.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        words = f"missing: {', '.join(missing)}; add them to the app and install it again"
        return Finding("scopes", well=False, words=words)
    return Finding("scopes", well=True, words=", ".join(SCOPES))


def _manifest(settings: Settings) -> Finding:
    commands = ", ".join(Command)
    if settings.transport == "socket":
        return Finding(
            "manifest", well=True, words=f"{commands} over Socket Mode; see `python -m bot manifest --socket`"
        )
    url = urlsplit(settings.public_url)
    if url.scheme != "https":
        words = f"Slack sends requests to https addresses only, and PUBLIC_URL is {settings.public_url}"
        return Finding("manifest", well=False, words=words)
    return Finding("manifest", well=True, words=f"{commands} at {settings.public_url}{PATH}")


def _database(url: str) -> Finding:
    kind = urlsplit(url).scheme.partition("+")[0]
    try:
        state = schema.state(url)
    except StorageError as error:
        return Finding("database", well=False, words=f"{kind}: {error}")
    if state is State.CURRENT or (state in (State.EMPTY, State.BEHIND) and kind == "sqlite"):
        return Finding("database", well=True, words=f"{kind}, schema {state}")
    return Finding("database", well=False, words=f"{kind}, schema {state}: run `python -m bot migrate`")


def _provider() -> Finding:
    return Finding("provider", well=True, words="none is needed yet: rooms open in a later version")

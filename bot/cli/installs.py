"""What `doctor` looks at where many workspaces install the app: the client, and scopes and token of each workspace."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, Mark
from bot.handlers.authorisation import DEATHS
from bot.handlers.slack import reason_of
from bot.manifest import INSTALLED_PATH, SCOPES
from bot.services.installations import token_of
from bot.services.keys import ring_of
from bot.settings import Settings
from bot.web.install import BEGIN
from storage import installations
from storage.errors import StorageError
from storage.installations import InstallationRow
from storage.secrets import Unsealable
from storage.transactions import open_store

SECONDS = 5
MOST = 1000
"""Installations that are looked at."""
MOST_NAMED = 5
MOST_ASKED = 100
"""Tokens that Slack is asked about."""
AT_ONCE = 5

_FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)

_ABOUT_THE_CODE = frozenset(("invalid_code", "code_already_used", "code_expired"))
"""What Slack says of a code that is none, once it has taken the client."""


async def look_at_installs(settings: Settings) -> list[Finding]:
    """Whether the app can be installed, and what was granted and is alive where it is."""
    rows = await _installed(settings.database_url.get_secret_value())
    if rows is None:
        return [
            await _client(settings),
            Finding("scopes", Mark.NOTE, "nobody knows yet who has installed it: see the database"),
        ]
    again = f"it must be installed there again, at {settings.public_url}{BEGIN}"
    return [await _client(settings), _granted(rows, again), await _alive(settings, rows, again)]


async def _client(settings: Settings) -> Finding:
    secret = settings.slack_client_secret
    form = {"client_id": settings.slack_client_id, "client_secret": secret.get_secret_value() if secret else ""}
    client = AsyncWebClient(base_url=settings.slack_api_url, timeout=SECONDS)
    try:
        await client.api_call("oauth.v2.access", data={**form, "code": "none"})
    except SlackApiError as error:
        if reason_of(error) not in _ABOUT_THE_CODE:
            words = f"Slack refuses SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: {reason_of(error)}"
            return Finding("install", Mark.BAD, words)
    except _FAILURES as error:
        return Finding("install", Mark.BAD, f"Slack did not answer: {type(error).__name__}")
    if urlsplit(settings.public_url).scheme != "https":
        words = f"Slack sends people back to https addresses only, and PUBLIC_URL is {settings.public_url}"
        return Finding("install", Mark.BAD, words)
    words = (
        f"at {settings.public_url}{BEGIN}; {settings.public_url}{INSTALLED_PATH} must be among the app's Redirect URLs"
    )
    return Finding("install", Mark.OK, words)


async def _installed(database_url: str) -> tuple[InstallationRow, ...] | None:
    try:
        store = await open_store(database_url)
        try:
            return await store.read(lambda tx: installations.live(tx, "", MOST))
        finally:
            await store.close()
    except StorageError:
        return None


def _granted(rows: Sequence[InstallationRow], again: str) -> Finding:
    """What was granted, as it is kept: Slack is not asked about each."""
    lacking = [f"{_name(row)} lacks {', '.join(missing)}" for row in rows if (missing := _missing(row))]
    if lacking:
        return Finding("scopes", Mark.BAD, f"{_listed(lacking)}: {again}")
    count = f"{len(rows)} or more" if len(rows) == MOST else str(len(rows))
    return Finding("scopes", Mark.OK, f"all that is needed, in each place where it is installed: {count}")


async def _alive(settings: Settings, rows: Sequence[InstallationRow], again: str) -> Finding:
    """Whether Slack still takes the tokens: a few at once, and so many at most."""
    keys, now, turns = ring_of(settings), datetime.now(UTC), asyncio.Semaphore(AT_ONCE)
    # A token that has expired is for whoever serves to refresh, and says nothing.
    asked = [row for row in rows if row.expires_at is None or row.expires_at > now][:MOST_ASKED]

    async def trouble(row: InstallationRow) -> tuple[str, bool] | None:
        """What is wrong, and whether it is for good."""
        async with turns:
            try:
                client = AsyncWebClient(token_of(keys, row), base_url=settings.slack_api_url, timeout=SECONDS)
                await client.auth_test()
            except Unsealable:
                return f"{_name(row)}: no key opens its token", True
            except SlackApiError as error:
                return f"{_name(row)}: {reason_of(error)}", reason_of(error) in DEATHS
            except _FAILURES as error:
                return f"{_name(row)}: {type(error).__name__}", False
        return None

    found = [each for each in await asyncio.gather(*map(trouble, asked)) if each is not None]
    dead = [words for words, for_good in found if for_good]
    if dead:
        return Finding("tokens", Mark.BAD, f"{_listed(dead)}: {again}")
    if found:
        return Finding("tokens", Mark.NOTE, f"Slack did not say of some: {_listed([words for words, _ in found])}")
    left = f"; {len(rows) - len(asked)} more were not asked about" if len(rows) > len(asked) else ""
    return Finding("tokens", Mark.OK, f"Slack takes those of {len(asked)} place{'s' * (len(asked) != 1)}{left}")


def _listed(all_of_them: Sequence[str]) -> str:
    return "; ".join([*all_of_them[:MOST_NAMED], *(["and others"] if len(all_of_them) > MOST_NAMED else [])])


def _missing(row: InstallationRow) -> Sequence[str]:
    return [scope for scope in SCOPES if scope not in row.scopes.split(",")]


def _name(row: InstallationRow) -> str:
    return row.team or row.enterprise

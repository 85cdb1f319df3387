"""What `doctor` looks at where many workspaces install the app: the client, and the scopes in each workspace."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, Mark
from bot.handlers.slack import reason_of
from bot.manifest import INSTALLED_PATH, SCOPES
from bot.settings import Settings
from bot.web.install import BEGIN
from storage import installations
from storage.errors import StorageError
from storage.installations import InstallationRow
from storage.transactions import open_store

SECONDS = 5
MOST = 1000
"""Installations that are looked at."""
MOST_NAMED = 5

_ABOUT_THE_CODE = frozenset(("invalid_code", "code_already_used", "code_expired"))
"""What Slack says of a code that is none, once it has taken the client."""


async def look_at_installs(settings: Settings) -> list[Finding]:
    """Whether the app can be installed, and what was granted where it is."""
    return [await _client(settings), await _granted(settings.database_url.get_secret_value(), settings.public_url)]


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
    except (SlackClientError, TimeoutError, OSError) as error:
        return Finding("install", Mark.BAD, f"Slack did not answer: {type(error).__name__}")
    if urlsplit(settings.public_url).scheme != "https":
        words = f"Slack sends people back to https addresses only, and PUBLIC_URL is {settings.public_url}"
        return Finding("install", Mark.BAD, words)
    words = (
        f"at {settings.public_url}{BEGIN}; {settings.public_url}{INSTALLED_PATH} must be among the app's Redirect URLs"
    )
    return Finding("install", Mark.OK, words)


async def _granted(database_url: str, public_url: str) -> Finding:
    """What was granted, as it is kept: Slack is not asked about each."""
    try:
        store = await open_store(database_url)
        try:
            rows = await store.read(lambda tx: installations.live(tx, "", MOST))
        finally:
            await store.close()
    except StorageError:
        return Finding("scopes", Mark.NOTE, "nobody knows yet who has installed it: see the database")
    lacking = [f"{_name(row)} lacks {', '.join(missing)}" for row in rows if (missing := _missing(row))]
    if lacking:
        named = "; ".join([*lacking[:MOST_NAMED], *(["and others"] if len(lacking) > MOST_NAMED else [])])
        return Finding("scopes", Mark.BAD, f"{named}: it must be installed there again, at {public_url}{BEGIN}")
    count = f"{len(rows)} or more" if len(rows) == MOST else str(len(rows))
    return Finding("scopes", Mark.OK, f"all that is needed, in each place where it is installed: {count}")


def _missing(row: InstallationRow) -> Sequence[str]:
    return [scope for scope in SCOPES if scope not in row.scopes.split(",")]


def _name(row: InstallationRow) -> str:
    return row.team or row.enterprise

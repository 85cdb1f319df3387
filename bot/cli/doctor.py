"""`python -m bot doctor`: looks at everything that serving needs, a line for each."""

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.database import LATER
from bot.cli.findings import Finding, Mark
from bot.cli.installs import look_at_installs
from bot.cli.rotation import in_use, refusal
from bot.guard import PATH
from bot.handlers.slack import reason_of
from bot.ids import Command
from bot.manifest import CALLBACK_PATH, SCOPES
from bot.providers.jitsi import PUBLIC_HOST, Jitsi
from bot.services.keys import ring_of
from bot.settings import Settings, SettingsProblems, load_settings
from storage import schema
from storage.errors import StorageError
from storage.schema import State

_SECONDS = 5
_FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
_HERE = re.compile(r"localhost|.*\.localhost|127\.[0-9.]+|::1|0\.0\.0\.0")
"""Host names that mean the very machine on which they are read."""
_ABOUT_THE_CODE = frozenset(("invalid_code", "invalid_grant"))
"""What Slack says of a code that is none, once it has taken the client."""
_PUBLIC = (
    "has the host sign in there (with Google, GitHub or Facebook) before anybody gets in. To spare hosts that, "
    "set JITSI_URL to a server of your own, and for one that takes tokens JITSI_APP_ID and JITSI_APP_SECRET as well"
)


def examine() -> int:
    """Print a line for each thing that was looked at. The exit code: 1 when something is wrong."""
    try:
        settings = load_settings()
    except SettingsProblems as problems:
        findings = [Finding("settings", Mark.BAD, line) for line in problems.problems]
    else:
        findings = [Finding("settings", Mark.OK, f"complete, for {settings.transport}")]
        findings += asyncio.run(_slack(settings))
        findings += [
            _manifest(settings),
            asyncio.run(_sign_in(settings)),
            *_address(settings),
            *_database(settings),
            asyncio.run(_provider(settings)),
        ]
    for finding in findings:
        print(f"{finding.mark:<4} {finding.subject:<9} {finding.words}")
    return 1 if any(finding.mark is Mark.BAD for finding in findings) else 0


async def _slack(settings: Settings) -> list[Finding]:
    if settings.slack_bot_token is None:
        return await look_at_installs(settings)
    findings = await _bot_token(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    if settings.slack_app_token is not None:
        findings.append(await _socket(settings.slack_app_token.get_secret_value(), settings.slack_api_url))
    return findings


async def _bot_token(token: str, api_url: str) -> list[Finding]:
    client = _client(token, api_url)
    try:
        answer = await client.auth_test()
    except _FAILURES as error:
        return [Finding("token", Mark.BAD, _why("SLACK_BOT_TOKEN", error))]
    known = Finding("token", Mark.OK, f"{answer['user']} in {answer['team']} ({answer['team_id']})")
    return [known, _scopes(answer.headers)]


async def _socket(app_token: str, api_url: str) -> Finding:
    """Whether Slack would let a process connect; an address that nobody connects to lapses by itself."""
    try:
        await _client(app_token, api_url).apps_connections_open(app_token=app_token)
    except _FAILURES as error:
        return Finding("socket", Mark.BAD, _why("SLACK_APP_TOKEN", error))
    return Finding("socket", Mark.OK, "Slack takes SLACK_APP_TOKEN for Socket Mode")


def _client(token: str, api_url: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=api_url, timeout=_SECONDS)


def _why(variable: str, error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return f"Slack refuses {variable}: {reason_of(error)}"
    return f"Slack did not answer: {type(error).__name__}"


def _scopes(headers: Mapping[str, str]) -> Finding:
    lower = {name.lower(): value for name, value in headers.items()}
    granted = {scope.strip() for scope in lower.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        words = f"missing: {', '.join(missing)}; add them to the app and install it again"
        return Finding("scopes", Mark.BAD, words)
    return Finding("scopes", Mark.OK, ", ".join(SCOPES))


def _manifest(settings: Settings) -> Finding:
    commands = ", ".join(Command)
    if settings.transport == "socket":
        return Finding("manifest", Mark.OK, f"{commands} over Socket Mode; see `python -m bot manifest --socket`")
    url = urlsplit(settings.public_url)
    if url.scheme != "https":
        words = f"Slack sends requests to https addresses only, and PUBLIC_URL is {settings.public_url}"
        return Finding("manifest", Mark.BAD, words)
    return Finding("manifest", Mark.OK, f"{commands} at {settings.public_url}{PATH}")


async def _sign_in(settings: Settings) -> Finding:
    """Whether Slack knows the client: it says so of a code that is none."""
    if settings.slack_client_id is None or settings.slack_client_secret is None:
        words = "not set up (SLACK_CLIENT_ID, SLACK_CLIENT_SECRET): no room can be for workspace members only"
        return Finding("sign-in", Mark.OK, words)
    secret = settings.slack_client_secret.get_secret_value()
    form = {"client_id": settings.slack_client_id, "client_secret": secret, "code": "none"}
    try:
        await AsyncWebClient(base_url=settings.slack_api_url, timeout=_SECONDS).api_call(
            "openid.connect.token", data=form
        )
    except _FAILURES as error:
        if not isinstance(error, SlackApiError) or reason_of(error) not in _ABOUT_THE_CODE:
            return Finding("sign-in", Mark.BAD, _why("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET", error))
    if urlsplit(settings.public_url).scheme != "https":
        words = f"Slack sends people back to https addresses only, and PUBLIC_URL is {settings.public_url}"
        return Finding("sign-in", Mark.BAD, words)
    words = f"Slack knows the client; {settings.public_url}{CALLBACK_PATH} must be among the app's Redirect URLs"
    return Finding("sign-in", Mark.OK, words)


def _address(settings: Settings) -> list[Finding]:
    """Only over Socket Mode: over HTTP an address that others cannot reach is wrong anyway."""
    if settings.transport != "socket" or not _HERE.fullmatch(urlsplit(settings.public_url).hostname or ""):
        return []
    words = f"every card shows {settings.public_url}, which leads nowhere from other machines: set PUBLIC_URL"
    return [Finding("address", Mark.NOTE, words)]


def _database(settings: Settings) -> list[Finding]:
    url = settings.database_url.get_secret_value()
    kind = urlsplit(url).scheme.partition("+")[0]
    try:
        state = schema.state(url)
        keys = [_keys(settings)] if state is State.CURRENT else []
    except StorageError as error:
        return [Finding("database", Mark.BAD, f"{kind}: {error}")]
    if state is State.CURRENT or (state in (State.EMPTY, State.BEHIND) and kind == "sqlite"):
        return [Finding("database", Mark.OK, f"{kind}, schema {state}"), *keys]
    if state is State.UNKNOWN:
        return [Finding("database", Mark.BAD, f"{kind}: {LATER}")]
    return [Finding("database", Mark.BAD, f"{kind}, schema {state}: run `python -m bot migrate`")]


def _keys(settings: Settings) -> Finding:
    """Whether the keys open what is sealed, and whether any is still needed beside the first."""
    ring, found = ring_of(settings), in_use(settings)
    refused = refusal(found, ring.ids)
    if refused is not None:
        return Finding("keys", Mark.BAD, refused)
    older = sorted(found.opening - {ring.first})
    if older:
        words = f"{ring.first} seals; {', '.join(older)} must stay until `python -m bot keys rotate` has run"
        return Finding("keys", Mark.NOTE, words)
    return Finding("keys", Mark.OK, f"{ring.first} seals, and nothing is under another")


async def _provider(settings: Settings) -> Finding:
    """Whether the server is there; of the public one, what people meet who come first."""
    async with aiohttp.ClientSession() as session:
        provider = Jitsi(settings.jitsi_url, session)
        problem = await provider.problem()
    place = f"{provider.name} at {settings.jitsi_url}"
    if problem is not None:
        return Finding("provider", Mark.BAD, f"{place}: {problem}, asked from here; see JITSI_URL")
    if urlsplit(settings.jitsi_url).hostname == PUBLIC_HOST:
        return Finding("provider", Mark.NOTE, f"{place} {_PUBLIC}")
    tokens = "without a token" if settings.jitsi_app_id is None else "with a signed token"
    return Finding("provider", Mark.OK, f"{place}, entered {tokens}")

"""The composition root: from settings to a web application. The one module that knows all parts."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.grammar import GRAMMARS
from bot.guard import BODY, PATH, Guard
from bot.handlers import register
from bot.handlers.asks import labels
from bot.handlers.directory import Directory
from bot.handlers.entrance import Entrance
from bot.handlers.front import DEADLINE, Front
from bot.handlers.late import LateWork
from bot.handlers.links import link_subject
from bot.handlers.live import LiveVerdicts
from bot.handlers.pmis import pmi_subject
from bot.handlers.rooms import RoomHandlers
from bot.handlers.slack import Slack, SlackSilent
from bot.handlers.wishes import WishHandlers
from bot.ids import Action, Callback
from bot.manifest import CommandEntry
from bot.metrics import Metrics
from bot.rules import load_common_names
from bot.services.house import House
from bot.services.links import Links
from bot.services.pmis import PMIs
from bot.services.progress import WatchedStore
from bot.services.room import Defaults
from bot.services.rooms import Rooms
from bot.services.saving import SavingStore
from bot.services.upkeep import forget_old_requests
from bot.settings import Settings, hidden_from_bolt
from bot.socket_mode import SocketMode
from bot.texts import Texts, load_texts
from bot.views.addresses import Addresses
from bot.watchdog import Watchdog
from bot.web.routes import add_routes
from storage.errors import StorageError
from storage.schema import Revisions, State, revisions, version
from storage.secrets import KeyRing
from storage.transactions import Store, open_store

DRAIN_SECONDS = 5.0
"""For work that follows answers already given, when the process ends."""
UPKEEP_SECONDS = 3600.0
SLACK_CHECK_SECONDS = 30.0
"""How long a good word from Slack counts for readiness."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chances:
    """Time and chance, from outside: tests move them, nobody else does."""

    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    below: Callable[[int], int] = secrets.randbelow
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    deadline: float = DEADLINE

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)


def house_of(settings: Settings, store: Store, metrics: Metrics, chances: Chances) -> House:
    """What the use cases share."""
    return House(
        store=WatchedStore(store),
        keys=KeyRing.from_text(",".join(key.get_secret_value() for key in settings.secret_key)),
        names=load_common_names(),
        defaults=Defaults(settings.default_plan, settings.default_licence),
        link_hold=timedelta(days=settings.link_hold_days),
        now=chances.now,
        below=chances.below,
        on_claim=metrics.claim,
    )


def build(settings: Settings, chances: Chances | None = None) -> web.Application:
    """The application: guard, Bolt, pages, health and metrics. Connections are opened when it starts.

    The schema must be there (see `storage.schema`); readiness says so if it is not.
    """
    chances = chances or Chances()
    metrics = Metrics(labels((*Action, *Callback)))
    app = web.Application()
    texts = load_texts()
    running = _Running(settings, chances, metrics, texts)
    if settings.slack_app_token is None and settings.slack_signing_secret is not None:
        guard = Guard(settings.slack_signing_secret.get_secret_value(), metrics, chances.clock)
        app.middlewares.append(guard.middleware)
        app.router.add_post(PATH, running.slack_event)
    app.cleanup_ctx.append(running.context)
    app.on_shutdown.append(running.stop)
    checks = {"database": running.database_problem, "slack": running.slack_problem}
    notes = {"changes": running.saving_problem}
    add_routes(app, t=texts.for_locale(None), checks=checks, registry=metrics.registry, notes=notes)
    return app


class _Running:
    """The parts that live as long as the application runs."""

    def __init__(self, settings: Settings, chances: Chances, metrics: Metrics, texts: Texts) -> None:
        self._settings = settings
        self._chances = chances
        self._metrics = metrics
        self._texts = texts
        self._late = LateWork()
        self._stopping = False
        self._slack_seen: float | None = None
        self._bolt: AsyncApp
        self._house: House
        self._revisions: Revisions
        self._slack: Slack
        self._store: SavingStore
        self._socket: SocketMode | None = None

    async def context(self, _app: web.Application) -> AsyncIterator[None]:
        """Opens everything, and closes it in the reverse order once nothing is left to do."""
        self._revisions = await asyncio.to_thread(revisions)
        url = self._settings.database_url.get_secret_value()
        self._store = SavingStore(await open_store(url, on_error=self._metrics.database_error))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._store.close)
            session = await stack.enter_async_context(aiohttp.ClientSession())
            stack.push_async_callback(self._late.drain, DRAIN_SECONDS)
            self._house = house_of(self._settings, self._store, self._metrics, self._chances)
            self._bolt = self._make_bolt(session)
            upkeep = asyncio.ensure_future(self._keep_up())
            stack.callback(upkeep.cancel)
            if self._settings.slack_app_token is not None:
                token = self._settings.slack_app_token.get_secret_value()
                self._socket = SocketMode(self._bolt, token, self._settings.slack_api_url, session)
                self._metrics.watch_socket(self._socket.connections)
                stack.push_async_callback(self._socket.close)
                await self._socket.connect()
            watchdog = Watchdog(self._chances.monotonic, self._metrics.loop_lag)
            await stack.enter_async_context(watchdog.watching())
            yield

    async def _keep_up(self) -> None:
        """Does now and then what nobody waits for, until it is cancelled."""
        while True:
            try:
                more = await forget_old_requests(self._house)
            except StorageError as error:
                _log.warning("upkeep_put_off", error=type(error).__name__)
                more = False
            await asyncio.sleep(1.0 if more else UPKEEP_SECONDS)

    async def stop(self, _app: web.Application) -> None:
        """From now on the process is not ready."""
        self._stopping = True

    async def slack_event(self, request: web.Request) -> web.StreamResponse:
        """What came through the guard, to Bolt and back."""
        # The guard has parsed the body. Bolt would parse it again, and reads a form wrongly in which somebody has
        # typed the word "payload"; the mode is the one in which it takes a body that is parsed.
        parsed = AsyncBoltRequest(body=request[BODY], mode="socket_mode")
        return await to_aiohttp_response(await self._bolt.async_dispatch(parsed))

    async def database_problem(self) -> str | None:
        """What keeps the database from being used; nothing when all is well."""
        found = self._revisions.state_of(await self._store.read(version))
        return None if found is State.CURRENT else f"the schema is {found}; run `python -m bot migrate`"

    def saving_problem(self) -> str | None:
        """What keeps changes from being saved; nothing when all is well."""
        return self._store.problem()

    async def slack_problem(self) -> str | None:
        """What keeps Slack from being reached; nothing when all is well."""
        if self._stopping:
            return "the process is stopping"
        if self._socket is not None:
            return await self._socket.problem()
        now = self._chances.monotonic()
        if self._slack_seen is None or now - self._slack_seen > SLACK_CHECK_SECONDS:
            try:
                await self._slack.call("auth.test", {})
            except SlackSilent as silent:
                return f"Slack does not answer as it should: {silent.reason}"
            self._slack_seen = now
        return None

    def _make_bolt(self, session: aiohttp.ClientSession) -> AsyncApp:
        token = self._settings.slack_bot_token.get_secret_value()
        url = self._settings.slack_api_url
        # Requests are tried once: whoever waits for an answer is told, and what must happen later is repeated later.
        self._slack = Slack(
            AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[], timeout=3), session
        )

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            # One workspace, one token: nothing is asked of Slack for each request.
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

        with hidden_from_bolt():
            bolt = AsyncApp(
                client=AsyncWebClient(base_url=url, session=session, retry_handlers=[]),
                signing_secret=_signing_secret(self._settings),
                authorize=authorize,
                # The answer is the acknowledgement, so nothing is gained by an earlier one, and Bolt's default
                # mode looks for it only every 10 ms.
                process_before_response=True,
                # What no listener takes is counted, logged and answered by us.
                raise_error_for_unhandled_request=True,
                # The guard has verified the very bytes; Bolt's own check would log the body of what it refuses.
                request_verification_enabled=False,
                # No events are subscribed, so none of our own can come.
                ignoring_self_events_enabled=False,
            )
        self._register(bolt)
        return bolt

    def _register(self, bolt: AsyncApp) -> None:
        house = self._house
        directory = Directory(self._slack, self._chances.monotonic)
        rooms = Rooms(house)
        entrance = Entrance(rooms, directory)
        front = Front(self._texts, self._slack, entrance, self._late, self._metrics, self._chances.deadline)
        room_handlers = RoomHandlers(rooms, self._slack, directory, Addresses(self._settings.public_url))
        live = LiveVerdicts(self._slack, self._late, self._chances.sleep)
        pmis = WishHandlers(pmi_subject(PMIs(house, rooms)), room_handlers, front, live)
        links = WishHandlers(link_subject(Links(house, rooms), room_handlers), room_handlers, front, live)
        register(bolt, front, room_handlers, pmis, links)


def _signing_secret(settings: Settings) -> str:
    secret = settings.slack_signing_secret
    # Socket Mode has no signatures; Bolt wants a text all the same.
    return "socket mode" if secret is None else secret.get_secret_value()


def slash_commands() -> tuple[CommandEntry, ...]:
    """The slash commands as Slack lists them, in English as all manifests."""
    t = load_texts().for_locale(None)
    return tuple(
        CommandEntry(grammar.command, t(f"command.{grammar.code}"), grammar.usage_hint) for grammar in GRAMMARS
    )

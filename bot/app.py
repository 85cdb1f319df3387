"""The composition root: from settings to a web application. The one module that knows all parts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from functools import partial

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.assembly import Assembled, Shared, assemble, sign_in_desk
from bot.chances import Chances
from bot.foundations import house_of, provider_of
from bot.guard import MOST_BYTES, PATH, Guard
from bot.handlers.asks import labels
from bot.handlers.late import LateWork
from bot.handlers.pace import Pace
from bot.handlers.slack import Slack
from bot.handlers.switchboard import Switchboard
from bot.ids import Action, Callback, Event, Shortcut
from bot.inlet import Inlet, bolt_app
from bot.metrics import Metrics
from bot.services.calendars import Calendars
from bot.services.house import House
from bot.services.keys import ring_of
from bot.services.saving import SavingStore
from bot.services.signed_in import Seals
from bot.services.upkeep import keep_up
from bot.settings import Settings
from bot.socket_mode import SocketMode
from bot.tenancy import Tenancy, tenancy_of
from bot.texts import Texts, load_texts
from bot.views.addresses import Addresses
from bot.watchdog import Watchdog
from bot.web.admin_files import add_admin_files
from bot.web.calendar import add_calendars
from bot.web.comers import SigningIn
from bot.web.door import add_join_pages
from bot.web.forms import origin_of
from bot.web.health import Check, Note
from bot.web.install import DONE, Install, InstallDesk
from bot.web.lobby import UseCases
from bot.web.routes import add_routes
from bot.web.sign_in import Desk, Page, Return, SignIn
from bot.web.waiting import WaitingPages
from bot.web.waiting_news import Waiting
from storage.schema import Revisions, State, revisions, version
from storage.transactions import open_store

ENDING_SECONDS = 7.0
"""For all that the process waits for once it takes no more requests: those that have begun, the goodbye on Socket Mode,
and the work that follows answers already given, side by side. With a second and a half before, and the database after
it, a process is gone within the ten seconds that containers are given."""
SLACK_CHECK_SECONDS = 30.0
"""How long a good word from Slack counts for readiness."""

STOPPING = web.AppKey("STOPPING", asyncio.Event)
"""Once it is set, the process is not ready, and connections end with the answer that is given on them."""


def _nobody_hears() -> None:
    """The default for `on_lost`."""


def build(
    settings: Settings, chances: Chances | None = None, *, on_lost: Callable[[], None] = _nobody_hears
) -> web.Application:
    """The application: guard, Bolt, pages, health and metrics. Connections are opened when it starts.

    The schema must be there (see `storage.schema`); readiness says so if it is not. `on_lost` is called when the
    process should start anew, since it has had no Socket Mode connection for minutes.
    """
    chances = chances or Chances()
    metrics = Metrics(labels((*Action, *Callback, *Event, *Shortcut)))
    app = web.Application(client_max_size=MOST_BYTES)
    texts = load_texts()
    running = _Running(settings, chances, metrics, texts, on_lost)
    checks: dict[str, Check] = {
        "database": running.database_problem,
        "changes": running.saving_problem,
        "slack": running.slack_problem,
    }
    if settings.slack_app_token is None and settings.slack_signing_secret is not None:
        secret = settings.slack_signing_secret.get_secret_value()
        guard = Guard(secret, metrics, chances.clock, chances.monotonic)
        app.middlewares.append(guard.middleware)
        app.router.add_post(PATH, running.slack_event)
        checks["clock"] = guard.skew.problem
    app[STOPPING] = running.stopping
    app.on_response_prepare.append(running.part)
    app.cleanup_ctx.append(running.context)
    app.on_shutdown.append(running.stop)
    addresses, t = Addresses(settings.public_url), texts.for_locale(None)
    add_calendars(app, t, addresses, running.calendars, running.host_of)
    add_routes(app, t=t, addresses=addresses, checks=checks, registry=metrics.registry, is_ours=running.is_ours)
    forms_lead_to = (origin_of(settings.jitsi_url),)
    lobby = add_join_pages(
        app,
        t=t,
        metrics=metrics,
        monotonic=chances.monotonic,
        public_url=settings.public_url,
        proxies=settings.trusted_proxies,
        forms_lead_to=forms_lead_to,
        use_cases=running.at_the_door,
    )
    add_admin_files(app, lobby)
    signing_in = None
    if settings.signs_in:
        seals = Seals(ring_of(settings), chances.now)
        sign_in = SignIn(seals, settings.public_url, running.desk, t, metrics.sign_in, is_ours=running.is_ours)
        sign_in.add_routes(app)
        signing_in = SigningIn(sign_in.visitor, lambda: sign_in.link(Return(Page.WAIT, "")))
    WaitingPages(lobby, running.waiting, running.stopping, forms_lead_to, signing_in).add_to(app)
    if settings.is_for_many:
        Install(settings.public_url, running.install_desk, t, running.installed).add_routes(app)
    return app


class _Running:
    """The parts that live as long as the application runs."""

    def __init__(
        self, settings: Settings, chances: Chances, metrics: Metrics, texts: Texts, on_lost: Callable[[], None]
    ) -> None:
        self._on_lost = on_lost
        self._settings = settings
        self._chances = chances
        self._metrics = metrics
        self._texts = texts
        self._late = LateWork()
        self.stopping = asyncio.Event()
        self._slack_seen: float | None = None
        self._inlet: Inlet
        self._desk: Desk | None = None
        self._house: House
        self._tenancy: Tenancy
        self._assembled: Assembled
        self._revisions: Revisions
        self._slack: Slack
        self._store: SavingStore
        self._socket: SocketMode | None = None

    async def context(self, _app: web.Application) -> AsyncIterator[None]:
        """Opens everything, and closes it in the reverse order once nothing is left to do."""
        self._revisions = await asyncio.to_thread(revisions)
        url = self._settings.database_url.get_secret_value()
        opened = await open_store(url, on_error=self._metrics.database_error)
        self._store = SavingStore(self._chances.around(opened))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._store.close)
            session = await stack.enter_async_context(aiohttp.ClientSession())
            self._house = house_of(self._settings, self._store, self._metrics, self._chances)
            self._tenancy = tenancy_of(self._settings, self._chances, self._house, self._metrics, session)
            self._inlet = self._make_inlet(session)
            upkeep = asyncio.ensure_future(keep_up(self._house))
            stack.callback(upkeep.cancel)
            stack.push_async_callback(self._late.drain)
            stack.callback(self._begin_to_end)
            for worker in self._assembled.workers:
                worker.start()
            if self._settings.slack_app_token is not None:
                self._socket = SocketMode(
                    self._inlet.over_socket,
                    self._settings.slack_app_token.get_secret_value(),
                    self._settings.slack_api_url,
                    session,
                    monotonic=self._chances.monotonic,
                    pause=self._chances.pause,
                    on_lost=self._on_lost,
                )
                self._metrics.watch_socket(self._socket.connections)
                await self._socket.connect()
            watchdog = Watchdog(self._chances.monotonic, self._metrics.loop_lag)
            await stack.enter_async_context(watchdog.watching())
            yield

    async def stop(self, _app: web.Application) -> None:
        """From now on the process is not ready, takes nothing more, and finishes what has begun."""
        self._begin_to_end()

    def _begin_to_end(self) -> None:
        if self._late.is_over_in(ENDING_SECONDS):
            self.stopping.set()
            for worker in self._assembled.workers:
                worker.wake()
            if self._socket is not None:
                # Beside the requests over HTTP, not after them.
                self._late.begin(self._socket.close(), "socket")

    async def part(self, _request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Ends the connection with this answer when the process is about to end: the next request goes elsewhere."""
        if self.stopping.is_set():
            response.force_close()
            response.headers["Connection"] = "close"  # aiohttp has written the headers by now

    def calendars(self) -> Calendars:
        """The calendar files, once the application has started."""
        return Calendars(self._house)

    def is_ours(self, host: str) -> bool:
        """Whether a host other than the one of this service leads here."""
        return self._house.hosts.is_ours(host)

    async def host_of(self, workspace: str) -> str | None:
        """The host of a workspace's own in its addresses."""
        return await self._assembled.use_cases.host_of(workspace)

    def at_the_door(self) -> UseCases:
        """What join pages do, once the application has started."""
        return self._assembled.use_cases

    def waiting(self) -> Waiting:
        """What waiting pages do, likewise."""
        return self._assembled.waiting

    async def slack_event(self, request: web.Request) -> web.StreamResponse:
        """What came through the guard."""
        return await self._inlet.over_http(request)

    def desk(self) -> Desk:
        """What Sign in with Slack goes by; it is asked for only where that is set up, and while the process runs."""
        if self._desk is None:
            raise LookupError("Nobody can sign in: the application has not started.")
        return self._desk

    def install_desk(self) -> InstallDesk:
        """What installing goes by, where many workspaces can."""
        return self._tenancy.desk

    def installed(self, outcome: str) -> None:
        """An install has ended; where it is done, whoever did it is welcomed."""
        self._metrics.install(outcome)
        if outcome == DONE:
            for worker in self._assembled.workers:
                worker.wake()

    async def database_problem(self) -> str | None:
        """What keeps the database from being used; nothing when all is well."""
        found = self._revisions.state_of(await self._store.read(version))
        if found is State.UNKNOWN:
            # A later version has migrated it while this process runs: a revision only adds, so it goes on.
            return Note("ok, with the schema of a later version; let a process of that version take this one's place")
        return None if found is State.CURRENT else f"the schema is {found}; run `python -m bot migrate`"

    async def saving_problem(self) -> str | None:
        """What keeps changes from being saved, while rooms can be seen; nothing when all is well."""
        problem = self._store.problem()
        return None if problem is None else Note(problem)

    async def slack_problem(self) -> str | None:
        """What keeps Slack from being reached; nothing when all is well."""
        if self.stopping.is_set():
            return "the process is stopping"
        if (problem := self._tenancy.problem()) is not None:
            return problem
        if self._socket is not None:
            return await self._socket.problem()
        now = self._chances.monotonic()
        if self._slack_seen is None or now - self._slack_seen > SLACK_CHECK_SECONDS:
            if (problem := await self._tenancy.look(self._slack)) is not None:
                return problem
            self._slack_seen = now
        return None

    def _make_inlet(self, session: aiohttp.ClientSession) -> Inlet:
        # Requests are tried once: whoever waits for an answer is told, and what must happen later is repeated later.
        self._slack = Slack(
            AsyncWebClient(base_url=self._settings.slack_api_url, session=session, retry_handlers=[], timeout=6),
            session,
            self._tenancy.authority,
            partial(Pace, self._chances.monotonic, self._chances.sleep),
        )

        board = Switchboard()
        bolt = bolt_app(self._settings, session, self._tenancy.for_bolt(), board)
        shared = Shared(
            settings=self._settings,
            chances=self._chances,
            house=self._house,
            slack=self._slack,
            tenancy=self._tenancy,
            late=self._late,
            metrics=self._metrics,
            texts=self._texts,
            stopping=self.stopping,
            provider=provider_of(self._settings, self._chances, session),
        )
        self._assembled = assemble(shared, bolt, board)
        self._desk = sign_in_desk(shared, session)
        return Inlet(bolt, self._assembled.front, self._metrics)

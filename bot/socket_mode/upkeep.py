"""Keeps a Socket Mode connection open: the next one is there before the last one goes, and silence ends one.

All waiting goes by the pause and the clock that are handed in, but for the limits on single calls to Slack.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.authorisation import DEATHS
from bot.handlers.slack import asked_pause, reason_of
from bot.socket_mode.connection import Answer, Connection

ADDRESS_SECONDS = 3.0
"""For Slack to give an address to connect to."""
HANDSHAKE_SECONDS = 5.0
"""From there to Slack's hello."""
ANSWER_SECONDS = 3.0
"""For requests that came in before the end: Slack waits no longer for an answer."""
BEAT_SECONDS = 5.0
"""Between two pings."""
SILENT_SECONDS = 20.0
"""Without an answer to a ping, after which a connection counts as dead."""
LINGER_SECONDS = 15.0
"""For Slack to end a connection that it has announced to end, while another one is there already."""
STEADY_SECONDS = 10.0
"""How long a connection must have been there so that the next one is tried without a pause."""
LONGEST_PAUSE_SECONDS = 10.0
LONGEST_PATIENCE_SECONDS = 60.0
"""For a Retry-After, whatever it says."""
LOST_SECONDS = 300.0
"""Without any connection, after which a fresh start is the better try."""

_HOPELESS = DEATHS | {"not_authed", "not_allowed_token_type"}
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class AppTokenRefused(Exception):  # noqa: N818  it says what happened
    """Slack does not take SLACK_APP_TOKEN; the message is Slack's error code."""


class _NotConnected(Exception):  # noqa: N818  likewise
    def __init__(self, reason: str, patience: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.patience = patience
        """For how long Slack does not want to be asked, where it was asked too often."""


class SocketMode:
    """The connections of one process, with what Slack says of all connections of the app.

    Args:
        answer: gives Bolt's response to a payload with these headers.
        app_token: opens connections.
        api_url: the base of Slack's Web API.
        session: carries the calls and the connections.
        monotonic: seconds that only grow.
        pause: waits so many seconds.
        on_lost: is called once there has been no connection for `LOST_SECONDS`, or keeping one up has failed.
    """

    def __init__(
        self,
        answer: Answer,
        app_token: str,
        api_url: str,
        session: aiohttp.ClientSession,
        *,
        monotonic: Callable[[], float],
        pause: Callable[[float], Awaitable[None]],
        on_lost: Callable[[], None],
    ) -> None:
        self._answer = answer
        self._app_token = app_token
        # A client of its own: it opens connections with the app's token, not with the bot's.
        self._web_client = AsyncWebClient(token=app_token, base_url=api_url, session=session, retry_handlers=[])
        self._session = session
        self._monotonic = monotonic
        self._pause = pause
        self._on_lost = on_lost
        self._connections: list[Connection] = []
        self._newest: Connection | None = None
        self._down_since: float | None = None
        self._behind: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        """Connect; from then on a connection is kept up. Where Slack is out of reach, go on trying behind the scenes.

        Raises:
            AppTokenRefused: no trying will help.
        """
        failed = await self._try()
        if failed is not None and failed.reason in _HOPELESS:
            raise AppTokenRefused(failed.reason)
        self._begin(self._stay_connected(failed))
        self._begin(self._watch())

    async def close(self) -> None:
        """Answer what has come in, then take no further requests."""
        behind = set(self._behind)
        for task in behind:
            task.cancel()
        await asyncio.gather(*(connection.end(ANSWER_SECONDS) for connection in self._open_ones()))
        if behind:
            await asyncio.wait(behind)

    async def problem(self) -> str | None:
        """What keeps requests from coming in; nothing when all is well."""
        open_ones = self._open_ones()
        if not open_ones:
            return "the Socket Mode connection is down"
        silence = min(connection.silent_for() for connection in open_ones)
        if silence > SILENT_SECONDS:
            return f"Slack has not answered on the Socket Mode connection for {silence:.0f} s"
        return None

    def connections(self) -> int:
        """Open connections of the app, over all processes, as Slack counted them when the newest was opened."""
        open_ones = self._open_ones()
        return open_ones[-1].count if open_ones else 0

    async def _watch(self) -> None:
        while True:
            await self._pause(BEAT_SECONDS)
            for connection in self._open_ones():
                await self._look_at(connection)
            await self._look_at_all()

    async def _look_at(self, connection: Connection) -> None:
        """Ping it, or let it go: it is dead, or was announced to end and another one is there."""
        silence = connection.silent_for()
        if silence > SILENT_SECONDS:
            _log.warning("socket_silent", seconds=round(silence))
            self._begin(connection.close())
        elif connection is not self._newest and self._monotonic() - connection.left_at > LINGER_SECONDS:
            self._begin(connection.end(ANSWER_SECONDS))
        else:
            await connection.ping()

    async def _look_at_all(self) -> None:
        """Notice when everything is lost. Counted from when it was noticed first: a process may have been asleep."""
        now = self._monotonic()
        if await self.problem() is None:
            self._down_since = None
        elif self._down_since is None:
            self._down_since = now
        elif now - self._down_since > LOST_SECONDS:
            _log.error("socket_lost", seconds=round(now - self._down_since))
            self._down_since = now
            self._on_lost()

    async def _stay_connected(self, failed: _NotConnected | None) -> None:
        failures = 0
        while True:
            if failed is not None:
                failures += 1
                _log.warning("socket_not_connected", reason=failed.reason, tries=failures)
            elif self._newest is not None:
                began = self._monotonic()
                await self._newest.leaving.wait()
                failures = 0 if self._monotonic() - began >= STEADY_SECONDS else failures + 1
            if failures:
                usual = min(2.0 ** min(failures - 1, 5), LONGEST_PAUSE_SECONDS)
                asked = None if failed is None else failed.patience
                await self._pause(usual if asked is None else min(asked, LONGEST_PATIENCE_SECONDS))
            failed = await self._try()

    async def _try(self) -> _NotConnected | None:
        """One more connection, or why there is none."""
        try:
            async with asyncio.timeout(ADDRESS_SECONDS):
                opened = await self._web_client.apps_connections_open(app_token=self._app_token)
            connection = await self._greeted(str(opened["url"]))
        except _NotConnected as failed:
            return failed
        except SlackApiError as error:
            return _NotConnected(reason_of(error), asked_pause(error))
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as error:
            return _NotConnected(type(error).__name__)
        # Slack counts those of ours that are about to go.
        connection.count -= len(self._open_ones())
        self._connections = [*self._open_ones(), connection]
        self._newest = connection
        _log.info("socket_connected", connections=connection.count)
        return None

    async def _greeted(self, address: str) -> Connection:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            socket = await self._session.ws_connect(
                address,
                autoping=False,  # we want to see what comes of ours
                proxy=self._web_client.proxy,
                ssl=self._web_client.ssl or True,
            )
            connection = Connection(socket, self._answer, self._monotonic)
            refused = "no hello"
            try:
                refused = await connection.greeting()
            finally:
                if refused:
                    await connection.close()
        if refused:
            raise _NotConnected(refused)
        return connection

    def _open_ones(self) -> list[Connection]:
        return [connection for connection in self._connections if not connection.over]

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._behind.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._behind.discard(task)
        if not task.cancelled() and task.exception() is not None:
            # Nobody would look after the connection from now on: a process that starts anew does.
            _log.error("socket_upkeep_failed", exc_info=task.exception())
            self._on_lost()

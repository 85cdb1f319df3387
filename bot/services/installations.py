"""Where the app is installed, and what it may speak with there. Tokens that expire are refreshed by one at a time.

It knows no HTTP and no Slack: whoever refreshes is handed in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.services.departures import leave
from bot.services.house import House
from storage import departures, installations
from storage.installations import InstallationRow, SealedTokens
from storage.secrets import KeyRing, Unsealable
from storage.transactions import Transaction

APART = timedelta(seconds=300)
"""How far Slack's clock and ours may be apart."""
BEFORE = timedelta(minutes=30)
"""How long before it expires a token is refreshed: whoever does not do it goes on with the old one meanwhile."""
LEASE = timedelta(seconds=60)
"""For how long whoever refreshes is left alone. Should they die over it, another one tries after that."""
WAIT_SECONDS = 0.1
MOST_WAITS = 20
"""Looks at a token that has expired already and that somebody else is refreshing."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Slack gives to speak with."""

    bot: str = field(repr=False)
    refresh: str = field(repr=False, default="")
    """Works once; empty where the token does not expire."""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What Slack says of an install."""

    enterprise: str
    """Empty outside organisations."""
    team: str
    """Empty where it is of a whole organisation."""
    of_organisation: bool
    app_id: str
    bot_user: str
    installer: str
    scopes: tuple[str, ...]
    tokens: Tokens
    at: datetime
    """By Slack's clock."""

    @property
    def workspace(self) -> str:
        """The tenant."""
        return self.enterprise or self.team


@dataclass(frozen=True, slots=True)
class Installed:
    """A live installation."""

    key: str
    workspace: str
    enterprise: str
    team: str
    of_organisation: bool
    app_id: str
    bot_user: str
    installer: str
    scopes: tuple[str, ...]
    tokens: Tokens
    since: datetime
    """By Slack's clock: what is older is not about it."""
    generation: int


class NotRefreshed(Exception):  # noqa: N818 - says what did not happen
    """No new token was given. `for_good` where none will be given for the old one."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


class Refresher(Protocol):
    """Whoever asks Slack for a new token."""

    async def __call__(self, refresh_token: str, /) -> Tokens:
        """The tokens in the place of those that this one came with.

        Raises:
            NotRefreshed: there are none.
        """
        ...


def _nothing_more(tx: Transaction, grant: Grant) -> None:
    """The default for `along`."""


class Installations:
    """The use cases of installations."""

    def __init__(
        self, house: House, refresher: Refresher, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._house = house
        self._refresher = refresher
        self._sleep = sleep

    async def save(self, grant: Grant, along: Callable[[Transaction, Grant], None] = _nothing_more) -> bool:
        """Keep an install, in the place of any earlier one. False where a later one, or its end, is known already.

        `along` is done in the same transaction, where it is kept.

        Raises:
            StorageError: the database did not answer as it should.
        """
        key = installations.key_of(grant.enterprise, grant.team)
        sealed = self._sealed(grant.workspace, key, grant.tokens)
        row = InstallationRow(
            key=key,
            workspace=grant.workspace,
            enterprise=grant.enterprise,
            team=grant.team,
            of_organisation=grant.of_organisation,
            app_id=grant.app_id,
            bot_user=grant.bot_user,
            installer=grant.installer,
            bot_token=sealed.bot_token,
            refresh_token=sealed.refresh_token,
            expires_at=sealed.expires_at,
            scopes=",".join(grant.scopes),
            installed_at=grant.at,
            revoked_at=None,
            generation=1,
        )

        def work(tx: Transaction) -> bool:
            kept = installations.save(tx, row)
            if kept:
                departures.come_back(tx, grant.workspace, self._house.now())
                along(tx, grant)
            return kept

        return await self._house.store.write(work)

    async def find(self, workspace: str, team: str = "") -> Installed | None:
        """The installation that covers a team of a workspace; without a team, one that speaks for the workspace.

        Raises:
            StorageError: the database did not answer as it should.
        """
        row = await self._house.store.read(lambda tx: installations.covering(tx, workspace, team))
        return None if row is None else self._opened(row)

    async def end(self, installed: Installed, at: datetime | None = None) -> bool:
        """Delete its tokens; False where they are others by now, or gone already.

        With the last ones of a workspace the app has left it.

        Without a time by Slack's clock it is as early as clocks allow, so that an install after it counts.

        Raises:
            StorageError: the database did not answer as it should.
        """
        moment = max(installed.since, self._house.now() - APART) if at is None else at

        def work(tx: Transaction) -> bool:
            revoked = installations.revoke(tx, installed.key, installed.generation, moment)
            if revoked and not installations.is_live(tx, installed.workspace):
                leave(tx, self._house, installed.workspace)
            return revoked

        return await self._house.store.write(work)

    async def fresh(self, installed: Installed) -> Installed:
        """The installation with a token that has not expired. Of any number at once, one asks for a new one.

        Raises:
            NotRefreshed: there is none, now or (`for_good`) ever.
            StorageError: the database did not answer as it should.
        """
        for _ in range(MOST_WAITS):
            now = self._house.now()
            left = _left(installed, now)
            if left is None or left > BEFORE:
                return installed
            if await self._leased(installed, now):
                return await self._refreshed(installed)
            if left > timedelta():
                return installed
            await self._sleep(WAIT_SECONDS)
            installed = await self._again(installed.key)
        raise NotRefreshed("nobody_refreshed")

    async def _leased(self, installed: Installed, now: datetime) -> bool:
        def work(tx: Transaction) -> bool:
            return installations.lease(tx, installed.key, installed.generation, now, now + LEASE)

        return await self._house.store.write(work)

    async def _refreshed(self, installed: Installed) -> Installed:
        """Ask for a new token, with the lease in hand. Until it is over nobody asks again, whatever comes of it."""
        try:
            tokens = await self._refresher(installed.tokens.refresh)
        except NotRefreshed as failed:
            _log.warning("token_not_refreshed", workspace=installed.workspace, reason=failed.reason)
            left = _left(installed, self._house.now())
            if left is not None and left > timedelta():
                return installed
            raise
        sealed = self._sealed(installed.workspace, installed.key, tokens)

        def work(tx: Transaction) -> bool:
            return installations.refresh(tx, installed.key, installed.generation, sealed)

        await self._house.store.write(work)
        # Installed anew or revoked meanwhile, it is no longer what was refreshed.
        return await self._again(installed.key)

    async def _again(self, key: str) -> Installed:
        row = await self._house.store.read(lambda tx: installations.one(tx, key))
        found = None if row is None else self._opened(row)
        if found is None:
            raise NotRefreshed("revoked", for_good=True)
        return found

    def _opened(self, row: InstallationRow) -> Installed | None:
        """With tokens in clear; None where there are none, or they cannot be opened."""
        if row.bot_token is None:
            return None
        keys, refresh = self._house.keys, ""
        try:
            bot = token_of(keys, row)
            if row.refresh_token is not None:
                refresh = keys.open(row.refresh_token, **_refresh_place(row.workspace, row.key))
        except Unsealable:
            _log.error("installation_unreadable", workspace=row.workspace)
            return None
        return Installed(
            key=row.key,
            workspace=row.workspace,
            enterprise=row.enterprise,
            team=row.team,
            of_organisation=row.of_organisation,
            app_id=row.app_id,
            bot_user=row.bot_user,
            installer=row.installer,
            scopes=tuple(row.scopes.split(",")),
            tokens=Tokens(bot, refresh, row.expires_at),
            since=row.installed_at,
            generation=row.generation,
        )

    def _sealed(self, workspace: str, key: str, tokens: Tokens) -> SealedTokens:
        keys = self._house.keys
        bot = keys.seal(tokens.bot, **_bot_place(workspace, key))
        if tokens.expires_at is None or not tokens.refresh:
            return SealedTokens(bot, None, None)
        refresh = keys.seal(tokens.refresh, **_refresh_place(workspace, key))
        return SealedTokens(bot, refresh, tokens.expires_at)


def token_of(keys: KeyRing, row: InstallationRow) -> str:
    """The bot token of a live row, in clear.

    Raises:
        Unsealable: it was altered or moved, or its key is not here.
    """
    return keys.open(row.bot_token or "", **_bot_place(row.workspace, row.key))


def _left(installed: Installed, now: datetime) -> timedelta | None:
    """For how long the token is good; None where it does not expire."""
    expires_at = installed.tokens.expires_at
    return None if expires_at is None else expires_at - now


def _bot_place(workspace: str, key: str) -> dict[str, str]:
    return {"table": "installation", "column": "bot_token", "workspace": workspace, "key": key}


def _refresh_place(workspace: str, key: str) -> dict[str, str]:
    return {"table": "installation", "column": "refresh_token", "workspace": workspace, "key": key}

"""With what right we speak to Slack where many workspaces have installed the app: each with its own token.

What the database says is remembered for some seconds, so that nothing is asked of Slack for a request, and little of
the database; a token that Slack takes no more is forgotten here at once, and everywhere as soon as that time is over.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from bot.handlers.authorisation import DEATHS, Home, Right, Unauthorised
from bot.services.installations import APART, Installations, Installed, NotRefreshed
from storage.errors import StorageError

KEPT_SECONDS = 30.0
"""For how long an installation is known. An uninstall that another process heard of is known here after that."""
UNKNOWN_SECONDS = 5.0
"""For how long it is known that there is none: whoever installs in another process waits no longer for this one."""
MOST_KEPT = 10_000
DEAD_SECONDS = 60.0
"""Before a workspace without an installation is spoken to again, by whoever has something to tell there."""
NOT_INSTALLED = "not_installed"

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Rights:
    """The installations as one process knows them."""

    dead = ""
    """There is no one thing that ends all of them."""

    def __init__(
        self, installations: Installations, monotonic: Callable[[], float], on_end: Callable[[str], None]
    ) -> None:
        self._installations = installations
        self._monotonic = monotonic
        self._on_end = on_end
        self._kept: OrderedDict[tuple[str, str], tuple[float, Installed | None]] = OrderedDict()

    async def right(self, workspace: str, team: str = "") -> Right:
        """What to speak with in a workspace, of which a team may be known.

        Raises:
            Unauthorised: the app is not installed there, its token is dead, or nobody can say just now.
        """
        try:
            installed = await self._known(workspace, team)
            if installed is None:
                raise Unauthorised(NOT_INSTALLED, DEAD_SECONDS)
            fresh = await self._refreshed(installed)
        except StorageError as error:
            raise Unauthorised(error.kind) from None
        if fresh is not installed:
            self._keep(workspace, team, fresh)
        return Right(fresh.tokens.bot, fresh)

    async def _refreshed(self, installed: Installed) -> Installed:
        try:
            return await self._installations.fresh(installed)
        except NotRefreshed as failed:
            self.forget(installed.workspace)
            if failed.for_good:
                await self._end(installed, failed.reason)
            raise Unauthorised(failed.reason, DEAD_SECONDS) from None

    async def is_installed(self, workspace: str, team: str = "") -> bool:
        """Whether a workspace has the app, as far as anybody here knows.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return await self._known(workspace, team) is not None

    async def heard(self, right: Right, reason: str) -> None:
        """Slack has refused a call with this right, for this reason."""
        if reason in DEATHS and right.installed is not None:
            self.forget(right.installed.workspace)
            await self._end(right.installed, reason)

    async def ends(self, home: Home, at: int, reason: str) -> bool:
        """An event tells that the app left a place, at this time by Slack's clock.

        Returns:
            Whether it may be about what is installed now, and only Slack knows: an install may be as old, and an
            organisation's stands for many teams. Whoever asks there hears whether it is dead.

        Raises:
            StorageError: the database did not answer as it should.
        """
        workspace = home.enterprise or home.team
        self.forget(workspace)
        installed = await self._installations.find(workspace, home.team)
        if installed is None or at < installed.since.timestamp() - APART.total_seconds():
            return False
        if installed.of_organisation or at <= installed.since.timestamp() + APART.total_seconds():
            return True
        if await self._installations.end(installed, datetime.fromtimestamp(at, UTC)):
            self._ended(installed, reason)
        return False

    def forget(self, workspace: str) -> None:
        """Have the database asked anew about a workspace."""
        for key in [each for each in self._kept if each[0] == workspace]:
            del self._kept[key]

    async def _known(self, workspace: str, team: str) -> Installed | None:
        key, now = (workspace, team), self._monotonic()
        kept = self._kept.get(key)
        if kept is not None and kept[0] > now:
            return kept[1]
        installed = await self._installations.find(workspace, team)
        self._keep(workspace, team, installed)
        return installed

    def _keep(self, workspace: str, team: str, installed: Installed | None) -> None:
        lasts = UNKNOWN_SECONDS if installed is None else KEPT_SECONDS
        self._kept[workspace, team] = (self._monotonic() + lasts, installed)
        self._kept.move_to_end((workspace, team))
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    async def _end(self, installed: Installed, reason: str) -> None:
        try:
            ended = await self._installations.end(installed)
        except StorageError as error:
            # Whoever asks Slack next hears it again.
            _log.warning("installation_not_ended", workspace=installed.workspace, error=type(error).__name__)
            return
        if ended:
            self._ended(installed, reason)

    def _ended(self, installed: Installed, reason: str) -> None:
        self._on_end(reason)
        _log.warning("installation_dead", workspace=installed.workspace, reason=reason)

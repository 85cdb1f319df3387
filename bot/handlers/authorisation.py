"""With what right we speak to Slack: one token, of one workspace, until Slack or an event says that it is dead.

Nothing is asked of Slack for a request. What is dead stays dead until the process is started again, with a token that
works; meanwhile commands are answered in words, since an acknowledgement needs no token.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from slack_bolt.authorization import AuthorizeResult

from bot.services.installations import Installed

DEATHS = frozenset(("token_revoked", "account_inactive", "invalid_auth", "token_expired"))
"""What Slack answers to a token that will not work again."""

Authorize = Callable[[str | None, str | None], Awaitable[AuthorizeResult]]
"""What Bolt asks for each request."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Home:
    """Where an installation or an event belongs: a team, and the organisation around it, if there is one."""

    team: str
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """What Slack says of a token: where it is at home, and whether that is a whole organisation."""

    home: Home
    of_organisation: bool

    def covers(self, other: Home) -> bool:
        """Whether what happens there happens to this installation."""
        if self.of_organisation:
            return bool(self.home.enterprise) and self.home.enterprise == other.enterprise
        return self.home.team == other.team


class Unauthorised(Exception):  # noqa: N818 - says how it is
    """There is nothing to speak with; `retry_after` are the seconds before which that hardly changes."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Right:
    """What to speak to Slack with."""

    token: str = field(repr=False)
    installed: Installed | None = None
    """Whose token it is, where there are several."""


class Authority(Protocol):
    """Who knows with what right we speak to Slack."""

    @property
    def dead(self) -> str:
        """Why nobody anywhere can be spoken to; empty while anybody can."""
        ...

    async def right(self, workspace: str, team: str = "") -> Right:
        """What to speak with in a workspace, of which a team may be known.

        Raises:
            Unauthorised: there is nothing.
        """
        ...

    async def heard(self, right: Right, reason: str) -> None:
        """Slack has refused a call with this right, for this reason."""
        ...

    async def is_installed(self, workspace: str, team: str = "") -> bool:
        """Whether a workspace has the app.

        Raises:
            StorageError: the database did not answer as it should.
        """
        ...

    def forget(self, workspace: str) -> None:
        """Find out anew what there is to speak with in a workspace."""
        ...


class Authorisation:
    """The one installation, with the token from the settings."""

    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self._token = token
        self._dead = ""
        self.identity: Identity | None = None
        """Empty until Slack was asked for it."""
        self.since = int(clock())
        """When the token was taken up, in whole seconds since 1970 as Slack counts. What is older is not about it."""

    @property
    def token(self) -> str | None:
        """The token; None once it is dead."""
        return None if self._dead else self._token

    @property
    def dead(self) -> str:
        """Why the token is dead, in Slack's word; empty while it lives."""
        return self._dead

    def result(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """What Bolt is given for a request: dead or alive, somebody waits for an answer in words."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self.token)

    def for_bolt(self) -> Authorize:
        """The function that Bolt asks for `result`; it does not take a bound method."""

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            return self.result(enterprise_id, team_id)

        return authorize

    def learned(self, answer: Mapping[str, Any]) -> Identity:
        """Remember what `auth.test` answers."""
        home = Home(str(answer.get("team_id") or ""), str(answer.get("enterprise_id") or ""))
        self.identity = Identity(home, answer.get("is_enterprise_install") is True)
        return self.identity

    async def right(self, workspace: str, team: str = "") -> Right:
        """The token, wherever it is."""
        del workspace, team
        if self._dead:
            raise Unauthorised(self._dead)
        return Right(self._token)

    async def is_installed(self, workspace: str, team: str = "") -> bool:
        """Whoever gets here has the app."""
        del workspace, team
        return True

    def forget(self, workspace: str) -> None:
        """There is the one token, whatever the workspace."""

    async def heard(self, right: Right, reason: str) -> None:
        """Slack has refused a call for this reason."""
        del right
        if reason in DEATHS:
            self.ended(reason)

    def ended(self, reason: str) -> None:
        """From now on nothing is asked of Slack any more."""
        if not self._dead:
            self._dead = reason
            _log.error("installation_dead", reason=reason)

    def problem(self) -> str | None:
        """What an operator must do, in words that hold no secret; nothing while all is well."""
        if not self._dead:
            return None
        return (
            f"the installation is dead ({self._dead}): install the app in Slack again, set SLACK_BOT_TOKEN to its "
            "new Bot User OAuth Token, and start again"
        )

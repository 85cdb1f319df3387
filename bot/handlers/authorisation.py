"""With what right we speak to Slack: one token, of one workspace, until Slack or an event says that it is dead.

Nothing is asked of Slack for a request. What is dead stays dead until the process is started again, with a token that
works; meanwhile commands are answered in words, since an acknowledgement needs no token.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.authorization import AuthorizeResult

DEATHS = frozenset(("token_revoked", "account_inactive", "invalid_auth", "token_expired"))
"""What Slack answers to a token that will not work again."""

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

    def for_bolt(self) -> Callable[[str | None, str | None], Awaitable[AuthorizeResult]]:
        """The function that Bolt asks for `result`; it does not take a bound method."""

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            return self.result(enterprise_id, team_id)

        return authorize

    def learned(self, answer: Mapping[str, Any]) -> Identity:
        """Remember what `auth.test` answers."""
        home = Home(str(answer.get("team_id") or ""), str(answer.get("enterprise_id") or ""))
        self.identity = Identity(home, answer.get("is_enterprise_install") is True)
        return self.identity

    def heard(self, reason: str) -> None:
        """Slack has refused a call for this reason, or says of its own accord that the installation is gone."""
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

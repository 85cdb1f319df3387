"""Whom one process serves, and with what it speaks there: one workspace by a token, or many that have installed it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult

from bot.chances import Chances
from bot.handlers.authorisation import Authorisation, Authority, Authorize
from bot.handlers.leaving import Leaving, LeavingMany, LeavingOne
from bot.handlers.rights import Rights
from bot.handlers.slack import Slack, SlackSilent
from bot.manifest import INSTALLED_PATH
from bot.metrics import Metrics
from bot.services.house import House
from bot.services.installations import Grant, Installations
from bot.services.installing import Installs
from bot.services.welcomes import Welcomes
from bot.settings import Settings
from bot.web.exchange import Client
from bot.web.id_token import Vouched
from bot.web.install import BEGIN, InstallDesk
from bot.web.oauth import OAuth

SLACK_SILENT = "Slack does not answer as it should"


class Tenancy(Protocol):
    """What differs between one workspace and many."""

    @property
    def authority(self) -> Authority:
        """With what right Slack is spoken to."""
        ...

    def for_bolt(self) -> Authorize:
        """What Bolt asks for each request: dead or alive, somebody waits for an answer in words."""
        ...

    def leaving(self, slack: Slack, apart: float) -> Leaving:
        """Who ends what has ended."""
        ...

    def team(self) -> str:
        """The team in which people are asked to sign in; empty where that is theirs to say."""
        ...

    async def workspace(self, vouched: Vouched, slack: Slack) -> str:
        """The key of somebody's workspace."""
        ...

    async def look(self, slack: Slack) -> str | None:
        """Ask Slack whether all is well; what is not, in words for an operator."""
        ...

    def problem(self) -> str | None:
        """What is wrong without asking anybody."""
        ...

    async def speaks_for(self, slack: Slack) -> tuple[str, int]:
        """The one workspace that a token of ours is known to be good for, and since when; empty where there is none."""
        ...

    @property
    def install_url(self) -> str:
        """Where the app is added to a workspace; empty where it cannot be."""
        ...

    @property
    def desk(self) -> InstallDesk:
        """What installing goes by.

        Raises:
            LookupError: nobody can install it.
        """
        ...


class OneWorkspace:
    """The token from the settings."""

    install_url = ""

    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self.authority = Authorisation(token, clock)

    @property
    def desk(self) -> InstallDesk:
        """None: it is installed already."""
        raise LookupError("Nobody can install it: there is a bot token.")

    def for_bolt(self) -> Authorize:
        """As it says there."""
        return self.authority.for_bolt()

    def leaving(self, slack: Slack, apart: float) -> LeavingOne:
        """As it says there."""
        return LeavingOne(slack, self.authority, apart)

    def team(self) -> str:
        """Its own, once that is known."""
        known = self.authority.identity
        return "" if known is None or known.of_organisation else known.home.team

    async def workspace(self, vouched: Vouched, slack: Slack) -> str:
        """The organisation, where Slack names it or our own installation is in it; else the team."""
        if vouched.enterprise:
            return vouched.enterprise
        try:
            home = (await self.leaving(slack, 0.0).identity()).home
        except SlackSilent:
            return vouched.team
        return home.enterprise if home.enterprise and home.team == vouched.team else vouched.team

    async def look(self, slack: Slack) -> str | None:
        """Whether the token is taken."""
        try:
            self.authority.learned(await slack.of("").call("auth.test", {}))
        except SlackSilent as silent:
            return self.problem() or f"{SLACK_SILENT}: {silent.reason}"
        return None

    def problem(self) -> str | None:
        """That the token is dead."""
        return self.authority.problem()

    async def speaks_for(self, slack: Slack) -> tuple[str, int]:
        """Its own, once Slack has taken the token."""
        if self.authority.identity is None and not self.authority.dead:
            await self.look(slack)
        known = None if self.authority.dead else self.authority.identity
        return "" if known is None else known.home.enterprise or known.home.team, self.authority.since


@dataclass(frozen=True, slots=True)
class ManyWorkspaces:
    """The installations in the database."""

    authority: Rights
    desk: InstallDesk
    install_url: str

    def for_bolt(self) -> Authorize:
        """Nothing is looked up for Bolt, which is to answer without a token too."""

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=None)

        return authorize

    def leaving(self, slack: Slack, apart: float) -> LeavingMany:
        """As it says there."""
        del apart
        return LeavingMany(slack, self.authority)

    def team(self) -> str:
        """Theirs to say."""
        return ""

    async def workspace(self, vouched: Vouched, slack: Slack) -> str:
        """The organisation, where Slack names it; else the team."""
        del slack
        return vouched.enterprise or vouched.team

    async def look(self, slack: Slack) -> str | None:
        """Whether Slack answers at all: a dead token is its workspace's own trouble."""
        try:
            await slack.reach()
        except SlackSilent as silent:
            return f"{SLACK_SILENT}: {silent.reason}"
        return None

    def problem(self) -> str | None:
        """None that all share."""
        return None

    async def speaks_for(self, slack: Slack) -> tuple[str, int]:
        """None: whoever installs it anew is back with that."""
        del slack
        return "", 0


def tenancy_of(
    settings: Settings, chances: Chances, house: House, metrics: Metrics, session: aiohttp.ClientSession
) -> Tenancy:
    """What the settings say."""
    if settings.slack_bot_token is not None:
        return OneWorkspace(settings.slack_bot_token.get_secret_value(), chances.clock)
    oauth = OAuth(client_of(settings, INSTALLED_PATH), settings.slack_api_url, session, chances.now)
    installations = Installations(house, oauth.refresh)
    rights = Rights(installations, chances.monotonic, metrics.installation_ended)
    welcomes = Welcomes(house)

    async def save(grant: Grant) -> None:
        await installations.save(grant, welcomes.plan)
        rights.forget(grant.workspace)

    desk = InstallDesk(Installs(house), oauth, save)
    return ManyWorkspaces(rights, desk, settings.public_url + BEGIN)


def client_of(settings: Settings, path: str) -> Client:
    """This app as Slack knows it, which sends people back to this path."""
    secret = settings.slack_client_secret
    if settings.slack_client_id is None or secret is None:
        raise LookupError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are not set.")
    return Client(settings.slack_client_id, secret.get_secret_value(), settings.public_url + path)

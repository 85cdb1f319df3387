"""That the app has left a place, as an event tells: whose tokens that ends, since events come late and repeated."""

from dataclasses import dataclass
from typing import Protocol

from bot.handlers.authorisation import DEATHS, Authorisation, Home, Identity
from bot.handlers.rights import Rights
from bot.handlers.slack import Slack, SlackSilent


class Leaving(Protocol):
    """Ends what has ended."""

    async def left(self, home: Home, at: int, reason: str) -> bool:
        """The app left this place, at this time by Slack's clock.

        Returns:
            Whether its workspace is still to be closed, since nothing speaks for it any more.

        Raises:
            SlackSilent: only Slack knows what that ends, and does not say.
            StorageError: the database did not answer as it should.
        """
        ...


@dataclass(frozen=True, slots=True)
class LeavingOne:
    """For the one installation, with the token from the settings."""

    slack: Slack
    authorisation: Authorisation
    apart: float
    """How many seconds Slack's clock and ours may be apart."""

    async def left(self, home: Home, at: int, reason: str) -> bool:
        """As it says there."""
        # An event may come late, when the app has been installed again: then it is not about the token of now.
        since = self.authorisation.since
        if at < since - self.apart:
            return False
        if self.authorisation.dead:
            return self._is_here(home)
        try:
            if at < since:
                # By clocks that differ it may be about either. Slack knows which: hearing that it is dead ends it.
                await self.slack.of(home.enterprise or home.team, home.team).call("auth.test", {})
                return False
            await self.identity()
        except SlackSilent as silent:
            if silent.reason in DEATHS:
                return self._is_here(home)
            raise
        if self._is_here(home):
            self.authorisation.ended(reason)
            return True
        return False

    def _is_here(self, home: Home) -> bool:
        """Whether the token is of this place, or may be: a dead one that never said whose it was."""
        identity = self.authorisation.identity
        return identity is None or identity.covers(home)

    async def identity(self) -> Identity:
        """Whose token this is: asked of Slack once.

        Raises:
            SlackSilent: Slack did not say.
        """
        return self.authorisation.identity or self.authorisation.learned(await self.slack.of("").call("auth.test", {}))


@dataclass(frozen=True, slots=True)
class LeavingMany:
    """For many workspaces, each with an installation of its own."""

    slack: Slack
    rights: Rights

    async def left(self, home: Home, at: int, reason: str) -> bool:
        """As it says there: what ends an installation closes its workspace."""
        if not await self.rights.ends(home, at, reason):
            return False
        try:
            await self.slack.of(home.enterprise or home.team, home.team).call("auth.test", {})
        except SlackSilent as silent:
            # Hearing that it is dead has ended it.
            if silent.reason not in DEATHS:
                raise
        return False

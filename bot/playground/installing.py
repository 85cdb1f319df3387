"""Installing an app by OAuth as the stand-in plays it: codes that work once, tokens that may expire. No HTTP here."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.playground.codes import Client, Codes, people_of
from bot.playground.state import Json, Member, TokenState, Workspace
from bot.playground.world import Refused, World

ACCESS = "oauth.v2.access"
"""The name of the method, for faults and in the log."""
LASTS = 43_200
"""Seconds in which a token expires, where tokens do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the app asked for, when it sent somebody to the page where they install it."""

    redirect_uri: str
    state: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where it is installed: a workspace, or all those of an organisation."""

    workspaces: tuple[Workspace, ...]
    of_organisation: bool


@dataclass(frozen=True, slots=True)
class _Install:
    """That a member has installed what was wanted."""

    wanted: Wanted
    member: Member
    place: _Place


class Installing:
    """Installs one app into workspaces."""

    def __init__(self, world: World, client: Client) -> None:
        self._world = world
        self.rotates = False
        """Whether tokens expire and are refreshed."""
        self._codes: Codes[_Install] = Codes(world, client)
        self._refreshing: dict[str, _Place] = {}
        self._tokens: dict[str, tuple[_Place, float]] = {}
        """Tokens that expire, with when they do."""

    def wanted(self, query: Mapping[str, str]) -> Wanted:
        """What an address of the page asks for.

        Raises:
            Refused: Slack would say so on its page, and send nobody back.
        """
        redirect_uri = self._codes.way_back(query)
        scopes = frozenset(query.get("scope", "").replace(",", " ").split())
        if not scopes or not scopes <= self._world.manifest.scopes:
            raise Refused("invalid_scope")
        return Wanted(redirect_uri, query.get("state", ""), scopes)

    def people(self) -> list[Member]:
        """Who can install: members of the workspaces that there are."""
        return people_of(self._world.workspaces.values())

    def code_for(self, wanted: Wanted, member: Member, *, of_organisation: bool = False) -> str:
        """What shows the app that this member has installed it, in their workspace or their whole organisation."""
        enterprise = member.workspace.enterprise_id
        if of_organisation and enterprise:
            everywhere = self._world.workspaces.values()
            place = _Place(tuple(one for one in everywhere if one.enterprise_id == enterprise), of_organisation=True)
        else:
            place = _Place((member.workspace,), of_organisation=False)
        return self._codes.give(_Install(wanted, member, place), wanted.redirect_uri)

    def access(self, arguments: Mapping[str, Any]) -> Json:
        """`oauth.v2.access`: the tokens for a code, or for a refresh token, that was not used before.

        Raises:
            Refused: with Slack's word for what is wrong.
        """
        self._codes.know(arguments)
        if arguments.get("grant_type") == "refresh_token":
            place = self._refreshing.pop(str(arguments.get("refresh_token", "")), None)
            if place is None or place.workspaces[0].token_state is not TokenState.ACTIVE:
                raise Refused("invalid_refresh_token")
            return self._answer(place, place.workspaces[0].installed_by)
        done = self._codes.take(arguments)
        for one in done.place.workspaces:
            one.scopes = set(done.wanted.scopes)
            one.org_install = done.place.of_organisation
            one.token_state = TokenState.ACTIVE
            one.installed_by = done.member.id
        return self._answer(done.place, done.member.id)

    def owners(self, token: str) -> Sequence[Workspace] | None:
        """The workspaces that a token opens which may expire; None for any other token.

        Raises:
            Refused: it has expired.
        """
        found = self._tokens.get(token)
        if found is None:
            return None
        place, until = found
        if self._world.clock() >= until:
            raise Refused("token_expired")
        return place.workspaces

    def _answer(self, place: _Place, installer: str) -> Json:
        first = place.workspaces[0]
        token = self._new_token(place)
        team = None if place.of_organisation else {"id": first.id, "name": first.name}
        enterprise = {"id": first.enterprise_id, "name": first.enterprise_name} if first.enterprise_id else None
        answer: Json = {
            "access_token": token,
            "token_type": "bot",
            "scope": ",".join(sorted(first.scopes)),
            "bot_user_id": first.bot_user_id,
            "app_id": first.app_id,
            "team": team,
            "enterprise": enterprise,
            "is_enterprise_install": place.of_organisation,
            "authed_user": {"id": installer},
        }
        if not self.rotates:
            return answer
        refresh = f"xoxe-{secrets.token_hex(16)}"
        self._refreshing[refresh] = place
        return answer | {"refresh_token": refresh, "expires_in": LASTS}

    def _new_token(self, place: _Place) -> str:
        token = f"{'xoxe.' if self.rotates else ''}xoxb-{secrets.token_hex(16)}"
        for one in place.workspaces:
            one.bot_token = token
            one.bot_user_id = place.workspaces[0].bot_user_id if place.of_organisation else one.bot_user_id
        if self.rotates:
            self._tokens[token] = (place, self._world.clock() + LASTS)
        self._world.changed()
        return token

"""Codes that an app exchanges for something, as Slack gives them out: to one client, for one way back, once."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bot.playground.state import Member, Workspace
from bot.playground.world import Refused, World

CODE_SECONDS = 600.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Client:
    """The app's credentials, as Basic Information shows them."""

    id: str
    secret: str = field(repr=False)


@dataclass(slots=True, eq=False)
class _Code(Generic[T]):
    stands_for: T
    redirect_uri: str
    created: float
    used: bool = False


class Codes(Generic[T]):
    """The codes for one purpose, each of which stands for something."""

    def __init__(self, world: World, client: Client) -> None:
        self._world = world
        self._client = client
        self._given: dict[str, _Code[T]] = {}

    def way_back(self, query: Mapping[str, str]) -> str:
        """Where the address of a page asks to be sent back to.

        Raises:
            Refused: the client is none, or has not registered it.
        """
        if query.get("client_id") != self._client.id:
            raise Refused("invalid_client_id")
        redirect_uri = query.get("redirect_uri", "")
        allowed = self._world.manifest.redirect_urls
        if allowed is not None and not any(_within(redirect_uri, one) for one in allowed):
            raise Refused("bad_redirect_uri")
        return redirect_uri

    def give(self, stands_for: T, redirect_uri: str) -> str:
        """A new code."""
        code = secrets.token_hex(16)
        self._given[code] = _Code(stands_for, redirect_uri, self._world.clock())
        return code

    def know(self, arguments: Mapping[str, Any]) -> None:
        """See that the client asks.

        Raises:
            Refused: it is another, or does not know its secret.
        """
        if arguments.get("client_id") != self._client.id:
            raise Refused("invalid_client_id")
        if arguments.get("client_secret") != self._client.secret:
            raise Refused("bad_client_secret")

    def take(self, arguments: Mapping[str, Any]) -> T:
        """What a code stands for, once.

        Raises:
            Refused: it is none, used, too old, or was given for another way back.
        """
        code = self._given.get(str(arguments.get("code", "")))
        if code is None:
            raise Refused("invalid_code")
        if code.used:
            raise Refused("code_already_used")
        code.used = True
        if self._world.clock() - code.created > CODE_SECONDS:
            raise Refused("code_expired")
        if arguments.get("redirect_uri") != code.redirect_uri:
            raise Refused("bad_redirect_uri")
        return code.stands_for


def people_of(workspaces: Iterable[Workspace]) -> list[Member]:
    """Everybody of these workspaces who can say yes to an app."""
    everybody = [member for workspace in workspaces for member in workspace.members.values()]
    return [one for one in everybody if not (one.is_bot or one.deleted or one.outside)]


def _within(address: str, allowed: str) -> bool:
    """Slack takes an address that was registered, or one beneath it."""
    return address == allowed or address.startswith(allowed.rstrip("/") + "/")

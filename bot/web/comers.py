"""Whoever comes with a way in, as their browser tells: what it has kept, who has signed in, and where it is."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web

from bot.services.guest_views import SignedIn, Visitor
from bot.services.passes import LASTS, Pass
from bot.web.lobby import Lobby

COOKIE = "guest"
_TOKEN = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")
Response = TypeVar("Response", bound=web.StreamResponse)


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Sign in with Slack, where that is set up."""

    visitor: Callable[[web.Request], SignedIn | None]
    """Who has signed in in this browser."""
    link: Callable[[], str]
    """Where signing in begins that comes back to the waiting page."""


@dataclass(frozen=True, slots=True)
class Comer:
    """Whoever asks, with a way that is open to them."""

    held: Pass
    visitor: Visitor
    is_new: bool
    """Whether their browser is to keep the token."""


class Comers:
    """Reads the cookies, and has them kept."""

    def __init__(self, lobby: Lobby, signing_in: SigningIn | None) -> None:
        self._lobby = lobby
        self._signing_in = signing_in
        self._secure = lobby.public_url.startswith("https://")
        self._cookie = f"__Host-{COOKIE}" if self._secure else COOKIE

    def of(self, request: web.Request) -> Comer | None:
        """Who has sent it; None where their browser has no way in, or not any more."""
        house = self._lobby.use_cases().house
        held = self._lobby.cookie.read(request, house)
        if held is None:
            return None
        known = request.cookies.get(self._cookie, "")
        is_new = _TOKEN.match(known) is None
        visitor = Visitor(
            token=secrets.token_urlsafe(32) if is_new else known,
            network=self._lobby.sources.of(request).network,
            name=held.name,
            signed_in=None if self._signing_in is None else self._signing_in.visitor(request),
            since=held.at,
        )
        return Comer(held, visitor, is_new)

    def kept(self, comer: Comer, response: Response) -> Response:
        """The answer, with what the browser is known by from now on."""
        if comer.is_new:
            response.set_cookie(
                self._cookie,
                comer.visitor.token,
                max_age=int(LASTS.total_seconds()),
                path="/",
                httponly=True,
                secure=self._secure,
                samesite="Lax",
            )
        return response

"""The cookie that keeps a way open in a browser: the browser's alone, and sent to this host alone."""

from aiohttp import web

from bot.services.house import House
from bot.services.passes import LASTS, Pass, read_way, seal_way

NAME = "way"
LONGEST = 4000
"""Characters of a cookie that are looked at; ours has some hundreds."""


class WayCookie:
    """Gives and takes the cookie. `secure` is whether people come by https."""

    def __init__(self, *, secure: bool) -> None:
        # A name with this beginning is taken by browsers from this very host alone, not from its neighbours.
        self._name = f"__Host-{NAME}" if secure else NAME
        self._secure = secure

    def give(self, response: web.StreamResponse, house: House, held: Pass) -> None:
        """Have the browser keep a way for as long as it stays open."""
        response.set_cookie(
            self._name,
            seal_way(house.keys, held, house.now()),
            max_age=int(LASTS.total_seconds()),
            path="/",
            httponly=True,
            secure=self._secure,
            samesite="Lax",
        )

    def read(self, request: web.Request, house: House) -> Pass | None:
        """The way that a browser has kept; None where it has none, or not any more."""
        text = request.cookies.get(self._name, "")
        return read_way(house.keys, text, house.now()) if 0 < len(text) <= LONGEST else None

"""Sign in with Slack on join pages: the two addresses, and what join pages ask."""

from urllib.parse import urlencode

from aiohttp import web

from bot.services.sign_in import Door, Passes, Place, SignedIn

__all__ = ["Door", "Place", "SignIn", "SignedIn"]

BEGIN = "/slack/sign-in"
PASS_COOKIE = "standing_room_pass"  # noqa: S105 - its name
"""Who has signed in. Over https it is the host's alone, and its name says so."""


class SignIn:
    """What join pages need of it: who visits, and where signing in begins. There is none where it is not set up."""

    def __init__(self, passes: Passes, *, secure: bool) -> None:
        self._passes = passes
        self._pass_cookie = f"__Host-{PASS_COOKIE}" if secure else PASS_COOKIE

    def visitor(self, request: web.Request) -> SignedIn | None:
        """Who has signed in in this browser; None where nobody has, or not in the last hours."""
        text = request.cookies.get(self._pass_cookie)
        return None if text is None else self._passes.holder(text)

    def link(self, place: Place) -> str:
        """The path where signing in begins that comes back to this place, which may have any name."""
        return f"{BEGIN}?{urlencode({'to': self._passes.ticket(place)})}"

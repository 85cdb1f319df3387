"""The pages of the stand-in on which somebody says yes, to who they are or to an install: HTTP and HTML."""

import asyncio
from html import escape
from importlib import resources
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.playground.installing import Installing, Wanted
from bot.playground.sign_in import Asked, SignInWithSlack
from bot.playground.state import Member
from bot.playground.world import Refused, World

AUTHORIZE = "/openid/connect/authorize"
INSTALL = "/oauth/v2/authorize"
STYLE = "/openid/connect/consent.css"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of both answers."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
{rest}
</main>
</body>
</html>
"""


class Consent:
    """Shows who can say yes. Each choice is a link, since a form may not be sent on to another site."""

    def __init__(self, world: World, sign_in: SignInWithSlack, installing: Installing) -> None:
        self._world = world
        self._sign_in = sign_in
        self._installing = installing

    def add_routes(self, application: web.Application) -> None:
        """Add the pages and their style."""
        application.router.add_get(AUTHORIZE, self._page, allow_head=False)
        application.router.add_get(INSTALL, self._install, allow_head=False)
        application.router.add_get(STYLE, _style)

    async def _page(self, request: web.Request) -> web.Response:
        if request.host != urlsplit(self._world.base_url).netloc:
            return _shown(403, "Sign in with Slack", "This page answers only as itself, on this machine.")
        try:
            asked = self._sign_in.asked(request.query)
        except Refused as refused:
            return _shown(400, "Something went wrong", f"Slack cannot send you on: {refused.error}.")
        chosen = request.query.get("as")
        if chosen is None:
            return self._choices(request, asked)
        if not chosen:
            return _back(asked, {"error": "access_denied"})
        member = next((one for one in self._sign_in.people(asked) if _name(one) == chosen), None)
        if member is None:
            return _shown(400, "Something went wrong", "There is nobody of that name.")
        # A key takes a moment to make: here, and not while the app waits for an answer.
        await asyncio.to_thread(self._sign_in.keys)
        return _back(asked, {"code": self._sign_in.code_for(asked, member)})

    async def _install(self, request: web.Request) -> web.Response:
        """Who installs it, and where: in their workspace, or in their whole organisation."""
        if request.host != urlsplit(self._world.base_url).netloc:
            return _shown(403, "Add to Slack", "This page answers only as itself, on this machine.")
        try:
            wanted = self._installing.wanted(request.query)
        except Refused as refused:
            return _shown(400, "Something went wrong", f"Slack cannot send you on: {refused.error}.")
        chosen = request.query.get("as")
        if chosen is None:
            return self._installers(request, wanted)
        if not chosen:
            return _back(wanted, {"error": "access_denied"})
        name, _, everywhere = chosen.partition("+")
        member = next((one for one in self._installing.people() if _name(one) == name), None)
        if member is None:
            return _shown(400, "Something went wrong", "There is nobody of that name.")
        code = self._installing.code_for(wanted, member, of_organisation=bool(everywhere))
        return _back(wanted, {"code": code})

    def _installers(self, request: web.Request, wanted: Wanted) -> web.Response:
        ways = []
        for one in self._installing.people():
            ways.append((_name(one), f"{one.real_name} · {one.workspace.name}", "yes"))
            if one.workspace.enterprise_id:
                ways.append((f"{_name(one)}+org", f"{one.real_name} · all of {one.workspace.enterprise_name}", "yes"))
        text = (
            f"{self._world.manifest.name} would like to be added to a workspace, with "
            f"{', '.join(sorted(wanted.scopes))}. This is a playground: choose whom to be."
        )
        return _shown(200, "Add to Slack", text, _links(request, ways))

    def _choices(self, request: web.Request, asked: Asked) -> web.Response:
        people = self._sign_in.people(asked)
        ways = [(_name(one), f"{one.real_name} · {one.workspace.name}", "yes") for one in people]
        app = self._world.manifest.name
        text = (
            f"{app} would like to know who you are: your name, and your workspace. "
            "This is a playground: choose whom to be."
        )
        return _shown(200, "Sign in with Slack", text, _links(request, ways))


def _links(request: web.Request, ways: list[tuple[str, str, str]]) -> str:
    """A link for each way on, and one to say no."""
    links = [
        f'<li><a class="{kind}" href="{escape(str(request.rel_url.update_query({"as": chosen})))}">'
        f"{escape(words)}</a></li>"
        for chosen, words, kind in [*ways, ("", "Cancel", "no")]
    ]
    return "<ul>\n" + "\n".join(links) + "\n</ul>"


def _name(member: Member) -> str:
    return f"{member.workspace.id}/{member.id}"


def _back(asked: Asked | Wanted, answer: dict[str, str]) -> web.Response:
    """On to where the app wanted them back."""
    more = urlencode({**answer, "state": asked.state})
    mark = "&" if urlsplit(asked.redirect_uri).query else "?"
    return web.Response(status=302, headers={**HEADERS, "Location": f"{asked.redirect_uri}{mark}{more}"})


def _shown(status: int, title: str, text: str, rest: str = "") -> web.Response:
    """A page; `rest` is HTML, all else is text."""
    page = _PAGE.format(title=escape(title), text=escape(text), style=STYLE, rest=rest)
    return web.Response(status=status, text=page, content_type="text/html", headers=HEADERS)


async def _style(_request: web.Request) -> web.Response:
    text = resources.files("bot.playground").joinpath("consent.css").read_text("utf-8")
    return web.Response(text=text, content_type="text/css", headers=HEADERS)

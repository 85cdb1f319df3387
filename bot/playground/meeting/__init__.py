"""Stands in for the Jitsi server where meetings take place: whoever comes sees that they are in, and as whom.

It carries no meeting: nobody hears anybody.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources

from aiohttp import web
from aiohttp.typedefs import Handler

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer."""
CONFIG = b"var config = {};\n"
"""By which one asks whether there is a server."""
_FILES = {"place.js": "text/javascript", "place.css": "text/css"}


@asynccontextmanager
async def serve_meetings(host: str) -> AsyncIterator[str]:
    """Serves meetings at any free port, until the block ends; its address."""
    app = web.Application()
    files = resources.files(__name__) / "static"
    for name, kind in _FILES.items():
        app.router.add_get(f"/static/{name}", _file((files / name).read_bytes(), kind))
    app.router.add_get("/config.js", _file(CONFIG, "text/javascript"))
    app.router.add_get("/{room}", _file((files / "place.html").read_bytes(), "text/html"))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, 0).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _file(body: bytes, kind: str) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=HEADERS)

    return answer

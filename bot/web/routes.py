"""Health, metrics, the style and what all answers share. Join pages are added by themselves."""

from collections.abc import Callable, Mapping
from importlib import resources

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.views.addresses import Addresses
from bot.web.headers import set_headers
from bot.web.health import Check, alive, ready
from bot.web.hosts import IsOurs, no_other
from bot.web.join import ANY_TAIL
from bot.web.qr import qr_codes

STYLE_SECONDS = 3600
"""How long a browser may keep the style sheet."""


def add_routes(
    app: web.Application,
    *,
    t: Callable[..., str],
    addresses: Addresses,
    checks: Mapping[str, Check],
    registry: CollectorRegistry,
    is_ours: IsOurs = no_other,
) -> None:
    """Adds the templates, health and metrics to an application, and the headers to everything that it answers.

    Args:
        app: Must not be frozen yet.
        t: Gives the text of a code.
        addresses: The ones that are handed out.
        checks: What readiness means, by name, in the order in which it is shown.
        registry: What `/metrics` shows.
        is_ours: Tells which other hosts lead here.
    """
    css = resources.files("bot.web").joinpath("static", "page.css").read_bytes()
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.PackageLoader("bot.web", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app.on_response_prepare.append(set_headers)
    pictures = qr_codes(t, addresses, is_ours)
    app.router.add_get("/qr", pictures)
    app.router.add_get(f"/qr/{ANY_TAIL}", pictures)
    app.router.add_get("/static/page.css", _style(css))
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready(checks))
    app.router.add_get("/metrics", _metrics(registry))


def _style(css: bytes) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(
            body=css,
            content_type="text/css",
            charset="utf-8",
            headers={"Cache-Control": f"public, max-age={STYLE_SECONDS}"},
        )

    return answer


def _metrics(registry: CollectorRegistry) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer

"""Join pages, put together: the one function that the composition root calls for all of them."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web

from bot.metrics import Metrics
from bot.texts import Translator
from bot.web.join import AddressPages
from bot.web.join_pages import JoinPages
from bot.web.keys import KeyPages
from bot.web.loads import Loads, Misses
from bot.web.lobby import Lobby, UseCases
from bot.web.sources import Sources
from bot.web.way_cookie import WayCookie


def add_join_pages(
    app: web.Application,
    *,
    t: Translator,
    metrics: Metrics,
    monotonic: Callable[[], float],
    public_url: str,
    proxies: Sequence[IPv4Network | IPv6Network],
    forms_lead_to: Sequence[str],
    use_cases: Callable[[], UseCases],
) -> Lobby:
    """Adds the pages to an application that has its templates; what they share is given back.

    Args:
        app: Must not be frozen yet.
        t: Says things.
        metrics: Counts what came of people.
        monotonic: A clock that never jumps.
        public_url: Of our pages.
        proxies: Those whose forwarded headers are heard.
        forms_lead_to: The origins that a form may lead on to, beside our own: the doors of the service that carries
            meetings.
        use_cases: Called once the application has started.
    """
    lobby = Lobby(
        t=t,
        pages=JoinPages(t, forms_lead_to),
        loads=Loads(monotonic),
        misses=Misses(monotonic, metrics),
        metrics=metrics,
        sources=Sources(proxies),
        cookie=WayCookie(secure=public_url.startswith("https://")),
        public_url=public_url,
        use_cases=use_cases,
    )
    AddressPages(lobby).add_to(app)
    KeyPages(lobby).add_to(app)
    return lobby

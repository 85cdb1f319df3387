"""On which host a request came. It decides how addresses are shown, and nothing about whom they reach."""

from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.views.addresses import Addresses

IsOurs = Callable[[str], bool]
"""Whether a host other than the one of this service leads here, for some workspace."""


def no_other(_host: str) -> bool:
    """Where only the host of this service leads here."""
    return False


def host_of(request: web.Request) -> str:
    """The host that the browser asked for, without a port; empty where that is no host."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


def as_asked(request: web.Request, addresses: Addresses, is_ours: IsOurs) -> Addresses:
    """The addresses on the host that the browser asked for, where that is one of ours; else on that of this service."""
    host = host_of(request)
    return addresses.at(host) if is_ours(host) else addresses

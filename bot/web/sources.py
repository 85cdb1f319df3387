"""Whence a request comes, as far as that can be known: forwarded headers are heard from set proxies alone."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import structlog
from aiohttp import web

from bot.services.ways import Source

HEADER = "X-Forwarded-For"
MOST_HOPS = 20
"""Entries of the header that are looked at, the newest first."""
UNKNOWN = Source("")
"""Such as a socket that is no network's."""

_HOME_BITS = 64
"""Of an IPv6 address: what one home or one office is given, to number its machines as it likes."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Sources:
    """Tells sources apart. `proxies` are the networks of those that stand before us."""

    def __init__(self, proxies: Sequence[IPv4Network | IPv6Network] = ()) -> None:
        self._proxies = tuple(proxies)
        self._warned = False

    def of(self, request: web.Request) -> Source:
        """The address of whoever asks: the last one that no set proxy has, read from the newest entry back."""
        peer = _address(request.remote or "")
        if peer is None:
            return UNKNOWN
        if not self._is_proxy(peer):
            self._warn(request)
            return _source(peer)
        for entry in _newest_first(request.headers.getall(HEADER, [])):
            before = _address(entry)
            if before is None:
                break  # Whoever wrote that is no proxy of ours: what stands before it is worth nothing.
            peer = before
            if not self._is_proxy(peer):
                break
        return _source(peer)

    def _is_proxy(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._proxies if network.version == address.version)

    def _warn(self, request: web.Request) -> None:
        """Once: behind a proxy that is not set, all guests look like one."""
        if HEADER in request.headers and not self._warned:
            self._warned = True
            _log.warning("forwarded_header_ignored", set="TRUSTED_PROXIES")


def _newest_first(headers: Sequence[str]) -> Iterator[str]:
    entries = ",".join(headers).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    return reversed([entry.strip() for entry in entries])


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1` or `[2001:db8::1]:443`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _source(address: IPv4Address | IPv6Address) -> Source:
    if address.version == 4:  # noqa: PLR2004 - IPv4
        return Source(str(address))
    return Source(str(ip_network((int(address), _HOME_BITS), strict=False)))

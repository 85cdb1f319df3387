"""Who may ask: a browser on this machine that shows this very page. Keeps other sites and their names out."""

from collections.abc import Mapping

HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; "
        "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer."""
NAMES = ("localhost", "127.0.0.1", "[::1]")
_HTTP_PORT = 80


def own_hosts(port: int) -> frozenset[str]:
    """What `Host` may say of a server on this port of this machine."""
    bare = NAMES if port == _HTTP_PORT else ()
    return frozenset([*bare, *(f"{name}:{port}" for name in NAMES)])


def refusal(headers: Mapping[str, str], hosts: frozenset[str]) -> str:
    """Why a request with these headers is not answered, in words; empty where it is.

    A name that somebody else points at this machine shows in `Host`, a page from elsewhere in `Origin`, and what a
    browser asks for on behalf of another site, in `Sec-Fetch-Site`.
    """
    host = headers.get("Host", "").lower()
    if host not in hosts:
        return "This page answers only as localhost, on this machine."
    origin = headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{host}":
        return "This page answers no other site."
    followed_a_link = headers.get("Sec-Fetch-Mode") == "navigate"
    if headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"} and not followed_a_link:
        return "This page answers no other site."
    return ""

"""The headers of every answer, whoever made it: nothing framed, sniffed, cached, indexed or told about the server."""

from typing import Final

from aiohttp import web


def policy(*forms_lead_to: str, scripts: bool = False) -> str:
    """What a page may load and where its forms may lead: nothing but its style, and nowhere unless it is said.

    With scripts, those of ours as well, and what they ask of us.

    Browsers hold a form to this over every redirect that follows it, to another site as well.
    """
    there = " ".join(forms_lead_to) or "'none'"
    ours = "script-src 'self'; connect-src 'self'" if scripts else "script-src 'none'"
    return f"default-src 'none'; {ours}; style-src 'self'; base-uri 'none'; form-action {there}; frame-ancestors 'none'"


HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


async def set_headers(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Sets them on an answer that is about to begin; the style sheet alone keeps a cache time of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)

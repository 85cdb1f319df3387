"""The pages behind a number and a link. One same page answers every address, so that no address tells anything.

Nothing of the address is read here, let alone shown.
"""

from collections.abc import Callable
from http import HTTPStatus

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler


def soon(t: Callable[..., str]) -> Handler:
    """A handler for the page that says that rooms open soon, whatever was asked for."""
    words = {"title": t("page.soon.title"), "text": t("page.soon.text")}

    async def answer(request: web.Request) -> web.Response:
        return aiohttp_jinja2.render_template("soon.html", request, words, status=HTTPStatus.OK)

    return answer

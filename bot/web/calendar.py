"""Calendar files of scheduled meetings, for whoever has a key to one.

A key that is none, and one that was taken back, get the same answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.services.calendars import Calendars, Place, calendar_file
from bot.texts import Translator
from bot.views.addresses import Addresses
from storage.errors import StorageError

_RETRY_SECONDS = "5"

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def add_calendars(
    app: web.Application,
    t: Translator,
    addresses: Addresses,
    calendars: Callable[[], Calendars],
    host_of: Callable[[str], Awaitable[str | None]],
) -> None:
    """Adds `/i/{key}.ics` to an application; before whatever takes every other tail of `/i/`.

    Args:
        app: Must not be frozen yet.
        t: Says what there is to say.
        addresses: What the files lead to, on the host of this service, which also makes them known to calendars.
        calendars: Gives the use case, once the application has started.
        host_of: The host of a workspace's own, likewise.
    """
    host = urlsplit(addresses.base).hostname or "localhost"

    async def answer(request: web.Request) -> web.Response:
        key = request.match_info["key"]
        try:
            invited = await calendars().find(key)
        except StorageError as error:
            _log.warning("calendar_unread", error=type(error).__name__)
            return web.Response(
                text=t("calendar.later"),
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                headers={"Retry-After": _RETRY_SECONDS},
            )
        if invited is None:
            return web.Response(text=t("calendar.none"), status=HTTPStatus.NOT_FOUND)
        shown = addresses.at(await host_of(invited.kept.meeting.workspace))
        place = Place(shown.invitation(key), shown.base, host)
        # In a thread: a long series with its time zone takes longer than others should wait for.
        file = await asyncio.to_thread(calendar_file, invited, place, t)
        headers = {
            "Content-Type": f"text/calendar; charset=utf-8; method={file.method}",
            "Content-Disposition": f'attachment; filename="{file.name}"',
        }
        return web.Response(body=file.content, headers=headers)

    # Any tail: what is no key gets the same answer, whatever stands in it.
    app.router.add_get(r"/i/{key:[\s\S]*}.ics", answer)

"""Files that administrators take with them, at addresses that work for ten minutes.

Whoever has such an address was an administrator when it was made; it is shown to nobody else.
"""

from collections.abc import AsyncIterator
from http import HTTPStatus

import structlog
from aiohttp import web

from bot.services.admin_files import csv_line, read_file_key
from bot.web.lobby import Lobby
from storage.errors import StorageError

AT_ONCE = 64 * 1024
"""Characters that are sent together."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def add_admin_files(app: web.Application, lobby: Lobby) -> None:
    """Adds `/admin/{key}.csv` to an application that must not be frozen yet."""
    # Any tail: what is no key gets the same answer, whatever stands in it.
    answer = lobby.limited(lobby.kindly(_AdminFiles(lobby).answer))
    app.router.add_get(r"/admin/{key:[\s\S]*}.csv", answer, allow_head=False)


class _AdminFiles:
    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The file, as it is read; words where there is none."""
        t, use_cases = self._lobby.t, self._lobby.use_cases()
        house = use_cases.house
        file = read_file_key(house.keys, request.match_info["key"], house.now())
        source = None if file is None else use_cases.files.get(file.kind)
        if file is None or source is None:
            title, text = t("page.admin_file.title"), t("page.admin_file.text")
            return self._lobby.pages.words(request, HTTPStatus.NOT_FOUND, title, text)
        lines = _pieces(csv_line(row) async for row in source(file.workspace, file.detail))
        # The first piece is read before anything is answered: a database that is not there is said in words.
        first = await anext(lines, "")
        response = _response(f"{file.kind}-{house.now():%Y-%m-%d}.csv")
        await response.prepare(request)
        try:
            await response.write(first.encode())
            async for piece in lines:
                await response.write(piece.encode())
        except StorageError as error:
            # It ends without its end, so that nobody takes a part for the whole.
            _log.warning("admin_file_broken", kind=file.kind.value, error=type(error).__name__)
            if request.transport is not None:
                request.transport.abort()
            return response
        await response.write_eof()
        _log.info("admin_file", kind=file.kind.value, workspace=file.workspace, user=file.user)
        return response


def _response(name: str) -> web.StreamResponse:
    headers = {
        "Content-Type": "text/csv; charset=utf-8; header=present",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return web.StreamResponse(headers=headers)


async def _pieces(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """The lines, as many together as are worth sending."""
    held: list[str] = []
    size = 0
    async for line in lines:
        held.append(line)
        size += len(line)
        if size >= AT_ONCE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)

"""The pages behind keys: an invitation, which becomes a cookie at once, and a host's start link. No key is ever logged.

A key is never refused for what others tried: only those that are none count as misses.
"""

from http import HTTPStatus

import structlog
from aiohttp import web

from bot.metrics import Joining
from bot.providers import Participant
from bot.rules import group_digits
from bot.services.refusals import Declined
from bot.services.ways import HostWay, NoWay, Way
from bot.views.addresses import Addresses
from bot.web.lobby import Lobby, Onward, onward

INVITATION_TAIL = r"{tail:(?![\s\S]*\.ics\Z)[\s\S]*}"
"""Any but calendar files, which have addresses like invitations."""
START_TAIL = r"{tail:[\s\S]*}"

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class KeyPages:
    """Answers whoever comes with a key, and tells of addresses that have changed."""

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby

    def add_to(self, app: web.Application) -> None:
        """Adds the addresses to an application."""
        kindly = self._lobby.kindly
        app.router.add_get(f"/i/{INVITATION_TAIL}", kindly(self._invitation))
        # Asking for the head alone starts nothing.
        app.router.add_get(f"/s/{START_TAIL}", kindly(self._start), allow_head=False)
        app.router.add_get(Onward.MOVED, kindly(self._moved))

    async def _invitation(self, request: web.Request) -> web.StreamResponse:
        found = await self._lobby.use_cases().doors.by_key(request.match_info["tail"])
        return self._lobby.opened(found) if isinstance(found, Way) else self._none(request, found)

    async def _start(self, request: web.Request) -> web.StreamResponse:
        if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
            # Nobody has clicked yet. The browser asks again when somebody does.
            return web.Response(status=HTTPStatus.FORBIDDEN)
        found = await self._lobby.use_cases().doors.by_start_key(request.match_info["tail"])
        if isinstance(found, NoWay):
            self._lobby.metrics.joining(Joining.CLOSED)
            return self._not_started(request)
        try:
            return await self._host(found)
        except Declined as declined:
            _log.info("start_link_declined", code=declined.code)
            return self._not_started(request)

    async def _host(self, way: HostWay) -> web.StreamResponse:
        hosting = self._lobby.use_cases().hosting
        begun = await hosting.start_by_link(way.link)
        door = await hosting.door(begun.session.id, Participant(self._lobby.t("page.host.name"), is_host=True))
        await hosting.host_entered(begun.session.id)
        self._lobby.metrics.joining(Joining.OPENED)
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": door})

    async def _moved(self, request: web.Request) -> web.StreamResponse:
        """The notice that an address has changed, for whoever came by the old one."""
        held = self._lobby.cookie.read(request, self._lobby.use_cases().house)
        if held is None or not held.way.moved:
            return onward(Onward.WAIT)
        t, number = self._lobby.t, held.way.place.number
        addresses = Addresses(self._lobby.public_url).at(
            await self._lobby.use_cases().host_of(held.way.place.workspace)
        )
        return self._lobby.pages.words(
            request,
            HTTPStatus.OK,
            t("page.moved.title"),
            t("page.moved.text", number=group_digits(number)),
            address=addresses.number(number),
            onward=Onward.WAIT,
            button=t("page.join.button"),
        )

    def _none(self, request: web.Request, found: NoWay) -> web.Response:
        return self._lobby.closed(request, found, self._lobby.sources.of(request))

    def _not_started(self, request: web.Request) -> web.Response:
        t = self._lobby.t
        return self._lobby.pages.words(request, HTTPStatus.GONE, t("page.start.title"), t("page.start.text"))

"""Administration: the change log."""

from dataclasses import dataclass

from bot.handlers.admin import AdminPart, push
from bot.handlers.answers import Answer, update
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.handlers.rooms import RoomHandlers
from bot.ids import Action, Callback
from bot.services.admin_files import AdminFile, FileKind, file_key
from bot.services.change_log import ChangeLog, LogFilter, LogPage, Turn, file_detail
from bot.services.house import House
from bot.texts import Translator
from bot.views.admin_log import log_modal, log_not_shown, read_log_modal
from bot.views.admin_modal import Way
from bot.views.blocks import View

UTC = "UTC"
"""The zone of somebody of whom Slack does not say one."""


@dataclass(frozen=True, slots=True)
class LogHandlers:
    """The handlers of the change log. Whose it is, the signed request says; a dialog carries only the filter."""

    house: House
    log: ChangeLog
    rooms: RoomHandlers
    front: Front

    def part(self) -> AdminPart:
        """The area, for the first dialog."""
        return AdminPart(
            way=Way(Action.ADMIN_LOG, "admin.log.title", "admin.log.about"),
            actions={
                Action.ADMIN_LOG: self.open,
                Action.ADMIN_LOG_OLDER: self.older,
                Action.ADMIN_LOG_NEWER: self.newer,
                Action.ADMIN_LOG_CSV: self.taken,
            },
            views={Callback.ADMIN_LOG: self.filtered},
        )

    async def open(self, ask: Ask, t: Translator) -> Answer:
        """The newest changes."""
        asked = LogFilter(zone=await self._zone(ask))
        return await push(self.front, ask, self._view(ask, await self.log.page(ask.actor.workspace, asked), t))

    async def filtered(self, ask: Ask, t: Translator) -> Answer:
        """Show: the newest changes of the filter."""
        asked = read_log_modal(ask.view, await self._zone(ask))
        return update(self._view(ask, await self.log.page(ask.actor.workspace, asked), t))

    async def older(self, ask: Ask, t: Translator) -> Answer:
        """The next page."""
        return await self._turned(ask, Turn(ask.value, to_newer=False), t)

    async def newer(self, ask: Ask, t: Translator) -> Answer:
        """The page before."""
        return await self._turned(ask, Turn(ask.value, to_newer=True), t)

    async def taken(self, _ask: Ask, _t: Translator) -> Answer:
        """The file was asked for, at its address."""
        return Answer()

    async def _turned(self, ask: Ask, turn: Turn, t: Translator) -> Answer:
        asked = read_log_modal(ask.view, await self._zone(ask))
        page = await self.log.page(ask.actor.workspace, asked, turn)
        return self.front.updating(ask, self._view(ask, page, t), log_not_shown(t))

    def _view(self, ask: Ask, page: LogPage, t: Translator) -> View:
        file = AdminFile(ask.actor.workspace, ask.actor.user, FileKind.LOG, file_detail(page.asked))
        key = file_key(self.house.keys, file, self.house.now())
        return log_modal(page, self.rooms.where.addresses.admin_file(key), t)

    async def _zone(self, ask: Ask) -> str:
        return (await self.rooms.directory.person(ask.actor.workspace, ask.actor.user)).zone or UTC

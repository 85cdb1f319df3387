"""`/room admin`, Data: all of a workspace is deleted, once that is confirmed, by whoever looks for such work."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from pydantic import TypeAdapter

from bot.handlers.admin import AdminPart, push
from bot.handlers.answers import Answer, update
from bot.handlers.asks import Ask
from bot.handlers.front import Front
from bot.ids import Action, Callback
from bot.rules import Refusal
from bot.services.once import once
from bot.services.purging import Purges
from bot.services.refusals import Declined
from bot.texts import Translator
from bot.views.admin_data import is_confirmed, purge_begun, purge_modal
from bot.views.admin_modal import Way
from storage import members
from storage.transactions import Transaction

_ASKED: TypeAdapter[bool | Refusal] = TypeAdapter(bool)
"""How an answer to such a request is kept."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DataPart:
    """The area. `began` is called where something is to go."""

    purges: Purges
    front: Front
    began: Callable[[str], None]

    def part(self) -> AdminPart:
        """The area as it is registered."""
        way = Way(Action.ADMIN_DATA, "admin.data.title", "admin.data.about")
        return AdminPart(way, {Action.ADMIN_DATA: self.open}, {Callback.ADMIN_PURGE: self.submitted})

    async def open(self, ask: Ask, t: Translator) -> Answer:
        """What goes and what stays."""
        return await push(self.front, ask, purge_modal(t))

    async def submitted(self, ask: Ask, t: Translator) -> Answer:
        """Delete everything."""
        if not is_confirmed(ask.view, t):
            raise Declined("admin.data.unconfirmed", word=t("admin.data.word"))
        workspace = ask.actor.workspace

        def work(tx: Transaction) -> bool | Refusal:
            actor = members.find(tx, workspace, ask.actor.user)
            self.purges.ask(tx, workspace, None if actor is None else actor.id)
            return True

        await self.purges.house.store.write(once(self.purges.house, ask.call, work, _ASKED))
        _log.warning("purge_asked", workspace=workspace)
        self.began(workspace)
        return update(purge_begun(t))

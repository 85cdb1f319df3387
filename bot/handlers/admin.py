"""`/room admin`: the first dialog, and the areas behind its buttons. Whatever is registered here is for administrators.

Each area is an `AdminPart`; the names of its actions and dialogs begin with `admin_`. Nothing of it looks at who asks:
that has been done before it is called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.handlers.administrators import Administrators
from bot.handlers.answers import Answer
from bot.handlers.asks import Ask, read_action, read_submission
from bot.handlers.front import Front, Handler
from bot.handlers.rooms import RoomHandlers
from bot.handlers.switchboard import Switchboard
from bot.ids import Action, Callback
from bot.texts import Translator
from bot.views.admin_modal import Way, admin_modal


@dataclass(frozen=True, slots=True)
class AdminPart:
    """An area of what administrators do. `way` is its line on the first dialog, whose action is among the actions."""

    way: Way
    actions: Mapping[Action, Handler]
    views: Mapping[Callback, Handler]


@dataclass(frozen=True, slots=True)
class AdminHandlers:
    """The first dialog, and the way from it to the others."""

    administrators: Administrators
    rooms: RoomHandlers
    front: Front
    parts: Sequence[AdminPart]

    async def command(self, ask: Ask, _rest: str, t: Translator) -> Answer:
        """`/room admin`."""
        return await self.administrators.only(self._open)(ask, t)

    async def _open(self, ask: Ask, t: Translator) -> Answer:
        await self.rooms.rooms.own(ask.actor)
        return await self.rooms.open(ask, admin_modal([part.way for part in self.parts], t), Action.ADMIN, t)

    async def again(self, ask: Ask, t: Translator) -> Answer:
        """The button of a first dialog that did not open, or of Home."""
        return self.front.shown(ask, await self._open(ask, t), in_place=False)


def register_admin(board: Switchboard, front: Front, handlers: AdminHandlers) -> None:
    """Register every area. No other way leads to their handlers."""
    only = handlers.administrators.only
    board.actions[Action.ADMIN] = front.listener(read_action, only(handlers.again))
    for part in handlers.parts:
        for action, handler in part.actions.items():
            board.actions[action] = front.listener(read_action, only(handler))
        for view, handler in part.views.items():
            board.views[view] = front.listener(read_submission, only(handler))


async def push(front: Front, ask: Ask, view: Mapping[str, Any]) -> Answer:
    """Lay a dialog over the one where a button was pressed.

    Raises:
        SlackSilent: Slack did not let it open; that is said in the dialog that is there.
    """
    await front.slack.of(ask.actor.workspace, ask.team).push_dialog(ask.trigger, view)
    return Answer()

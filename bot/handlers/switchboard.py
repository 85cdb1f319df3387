"""Which listener takes a request: one look-up in a table, whatever the number of listeners."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

Listener = Callable[[dict[str, Any]], Awaitable[BoltResponse]]


class Switchboard(AsyncMiddleware):
    """Bolt's first middleware: connects commands, buttons, shortcuts and dialogs, and lets everything else pass.

    Bolt would ask one listener after the other, and for each question and each call make all that any listener may
    want to be given; ours want the body and nothing else.
    """

    def __init__(self) -> None:
        self.commands: dict[str, Listener] = {}
        self.actions: dict[str, Listener] = {}
        self.views: dict[str, Listener] = {}
        self.shortcuts: dict[str, Listener] = {}
        self.stale_action: Listener | None = None
        """Takes what no other action listener knows: a button of an older version."""
        self.stale_view: Listener | None = None

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt passes it by this name
    ) -> BoltResponse:
        """The listener's answer; without a listener, whatever comes behind in Bolt."""
        listener = self._listener(req.body)
        if listener is None:
            await next()
            return resp
        return await listener(req.body)

    def _listener(self, body: Mapping[str, Any]) -> Listener | None:
        if "command" in body:
            return self.commands.get(body["command"])
        match body.get("type"):
            case "block_actions":
                return self.actions.get(_without_place(body["actions"][0]["action_id"]), self.stale_action)
            case "shortcut" | "message_action":
                return self.shortcuts.get(body["callback_id"])
            case "view_submission":
                return self.views.get(body["view"]["callback_id"], self.stale_view)
        return None


def _without_place(action_id: str) -> str:
    """Buttons beside each other have one name, and `:n` behind it."""
    name, _, place = action_id.partition(":")
    return name if place.isascii() and place.isdigit() else action_id

"""Which listener takes a request."""

from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.handlers.switchboard import Listener, Switchboard


def listener(name: str) -> Listener:
    """A listener that answers with its name."""

    async def listen(_body: dict[str, Any]) -> BoltResponse:
        return BoltResponse(status=200, body=name)

    return listen


def board() -> Switchboard:
    """A board with a listener of each kind."""
    made = Switchboard()
    made.commands["/pmi"] = listener("command")
    made.actions["claim_pmi"] = listener("action")
    made.views["pmi_modal"] = listener("view")
    made.shortcuts["start_my_room"] = listener("shortcut")
    made.stale_action = listener("stale action")
    made.stale_view = listener("stale view")
    return made


def pressed(action_id: str) -> dict[str, Any]:
    return {"type": "block_actions", "actions": [{"action_id": action_id}]}


def submitted(callback_id: str) -> dict[str, Any]:
    return {"type": "view_submission", "view": {"callback_id": callback_id}}


@pytest.mark.parametrize(
    ("taken_by", "body"),
    [
        ("command", {"command": "/pmi"}),
        ("Bolt", {"command": "/pm"}),
        ("Bolt", {"command": "/pmi "}),
        ("action", pressed("claim_pmi")),
        ("action", pressed("claim_pmi:0")),
        ("action", pressed("claim_pmi:12")),
        ("stale action", pressed("claim_pmi:")),
        ("stale action", pressed("claim_pmi:1:2")),
        ("stale action", pressed("claim_pmi:\u0661")),
        ("stale action", pressed("claim_link")),
        ("stale action", pressed("")),
        ("shortcut", {"type": "shortcut", "callback_id": "start_my_room"}),
        ("shortcut", {"type": "message_action", "callback_id": "start_my_room"}),
        ("Bolt", {"type": "shortcut", "callback_id": "start_my_room:1"}),
        ("view", submitted("pmi_modal")),
        ("stale view", submitted("pmi_modal:1")),
        ("Bolt", {"type": "view_closed", "view": {"callback_id": "pmi_modal"}}),
        ("Bolt", {"type": "block_suggestion", "action_id": "claim_pmi"}),
        ("Bolt", {"type": "event_callback", "event": {"type": "app_uninstalled"}}),
        ("Bolt", {}),
    ],
)
async def test_each_request_is_taken_by_its_listener_and_by_no_other(taken_by: str, body: dict[str, Any]) -> None:
    passed = BoltResponse(status=200, body="")

    async def behind() -> BoltResponse:
        passed.body = "Bolt"
        return passed

    request = AsyncBoltRequest(body=body, mode="socket_mode")
    answer = await board().async_process(req=request, resp=passed, next=behind)

    assert taken_by == answer.body

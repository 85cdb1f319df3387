"""Once only: a repeated request gets the answer that it got, and has no second effect.

The answer is kept in the transaction of the change itself, and sealed: only its reader may see what is in it. So is
what is still to be told of it. Refusals are not kept: the next try is judged afresh.
"""

from collections.abc import Callable
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.rules import Refusal
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.people import Call
from storage import outbox, requests
from storage.errors import Conflict
from storage.secrets import KeyRing, Unsealable
from storage.transactions import Transaction

R = TypeVar("R")


def once(
    house: House,
    call: Call,
    work: Callable[[Transaction], R | Refusal],
    shape: TypeAdapter[R],
    *,
    is_long: bool = False,
) -> Callable[[Transaction], R | Refusal]:
    """The same work, done once for each call. `shape` is the one of its answer.

    Where the work `is_long`, repeats that come beside the first wait for it and look before they begin.
    """
    asked_before = False

    def work_once(tx: Transaction) -> R | Refusal:
        nonlocal asked_before
        # Nearly every request is a new one, so that the work comes first and its record decides: a repeat is undone,
        # and looks then. Long work is too much to be undone nine times, one after the other.
        if is_long:
            arrive(tx, house, call.actor)
        kept = requests.answer_to(tx, call.key) if asked_before or is_long else None
        # Where it does not open, doing the work again is safe: taking what one holds changes nothing.
        earlier = None if kept is None else reopened(house.keys, call.actor.workspace, call.key, kept, shape)
        if earlier is not None:
            return earlier
        result = work(tx)
        if isinstance(result, Refusal):
            if not asked_before and requests.answer_to(tx, call.key) is not None:
                asked_before = True
                raise Conflict
            return result
        if kept is not None:
            return result
        workspace, at = call.actor.workspace, house.now()
        answer = house.keys.seal(shape.dump_json(result).decode(), **_place(workspace, call.key))
        if not requests.remember(tx, call.key, workspace, answer, at):
            asked_before = True
            raise Conflict
        if call.notice is not None:
            address = house.keys.seal(call.notice.address, **address_place(workspace, call.key))
            outbox.add(tx, request=call.key, workspace=workspace, kind=call.notice.kind, address=address, at=at)
        return result

    return work_once


def reopened(keys: KeyRing, workspace: str, key: str, kept: str, shape: TypeAdapter[R]) -> R | None:
    """The answer that was kept; None where its key is gone, or a version wrote it whose answers had another shape."""
    try:
        return shape.validate_json(keys.open(kept, **_place(workspace, key)))
    except (Unsealable, ValidationError):
        return None


def address_place(workspace: str, key: str) -> dict[str, str]:
    """What the address of a notice is sealed for."""
    return {"table": "outbox", "column": "address", "workspace": workspace, "key": key}


def _place(workspace: str, key: str) -> dict[str, str]:
    return {"table": "seen_request", "column": "answer", "workspace": workspace, "key": key}

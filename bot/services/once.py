"""Once only: a repeated request gets the answer that it got, and has no second effect.

The answer is kept in the transaction of the change itself, and sealed: only its reader may see what is in it.
Refusals are not kept: the next try is judged afresh.
"""

from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError

from bot.rules import Refusal
from bot.services.house import House
from bot.services.people import Call
from bot.services.verdicts import Saved
from storage import requests
from storage.errors import Conflict
from storage.secrets import Unsealable
from storage.transactions import Transaction

Work = Callable[[Transaction], Saved | Refusal]
_SHAPE = TypeAdapter(Saved)


def once(house: House, call: Call, work: Work) -> Work:
    """The same work, done once for each call."""

    def place() -> dict[str, str]:
        return {"table": "seen_request", "column": "answer", "workspace": call.actor.workspace, "key": call.key}

    def reopened(kept: str) -> Saved | None:
        try:
            return _SHAPE.validate_json(house.keys.open(kept, **place()))
        except (Unsealable, ValidationError):
            # Sealed under a key that is gone, or written by a version whose answers had another shape. Doing the
            # work again is safe: taking what one holds changes nothing.
            return None

    asked_before = False

    def work_once(tx: Transaction) -> Saved | Refusal:
        nonlocal asked_before
        # Nearly every request is a new one, so that the work comes first and its record decides: a repeat is undone,
        # and looks then.
        kept = requests.answer_to(tx, call.key) if asked_before else None
        earlier = None if kept is None else reopened(kept)
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
        answer = house.keys.seal(_SHAPE.dump_json(result).decode(), **place())
        if not requests.remember(tx, call.key, call.actor.workspace, answer, house.now()):
            asked_before = True
            raise Conflict
        return result

    return work_once

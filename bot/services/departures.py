"""That the app has left a workspace, as Slack tells it: once for each event, whichever process hears it how often."""

from enum import StrEnum

from bot.services.house import House
from storage import changes, requests, workspaces
from storage.changes import Change
from storage.errors import Conflict
from storage.transactions import Transaction


class Departure(StrEnum):
    """What happened; the value is the code in the change log."""

    UNINSTALLED = "app.uninstalled"
    REVOKED = "tokens.revoked"


async def note_departure(house: House, workspace: str, key: str, departure: Departure) -> None:
    """Note it in the change log, where the workspace is known and the event is heard for the first time.

    `key` is the same for every repeat of the event. Nobody did it: the member and the actor stay empty.

    Raises:
        StorageError: the database did not answer as it should.
    """

    def work(tx: Transaction) -> None:
        if requests.answer_to(tx, key) is not None or workspaces.one(tx, workspace) is None:
            return
        at = house.now()
        nothing = house.keys.seal("", table="seen_request", column="answer", workspace=workspace, key=key)
        if not requests.remember(tx, key, workspace, nothing, at):
            raise Conflict
        changes.record(tx, workspace, [Change(departure, None, None)], at, member_id=None, actor_id=None)

    await house.store.write(work)

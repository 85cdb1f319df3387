"""The list of what was erased, to be done again where an older backup took the place of the database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.services.house import House
from bot.services.purging import Purges
from storage import departures, erasures, installations, members, workspaces
from storage.purging import MARK, Somebody
from storage.transactions import Store, Transaction


class NotAList(ValueError):  # noqa: N818 - says what the text is
    """A line is none of such a list. The message names it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A workspace that was purged, or (with an id) one of its members who was erased."""

    workspace: str
    at: datetime
    member_id: str = ""

    def line(self) -> str:
        """As it stands in the list."""
        about = {"member": self.member_id} if self.member_id else {}
        return json.dumps({"workspace": self.workspace, **about, "at": self.at.isoformat()})


def read_list(lines: Sequence[str]) -> tuple[Erased, ...]:
    """What was erased.

    Raises:
        NotAList: a line is none.
    """
    return tuple(_read(number, line) for number, line in enumerate(lines, 1) if line.strip())


def _read(number: int, line: str) -> Erased:
    try:
        found = json.loads(line)
        at = datetime.fromisoformat(found["at"])
        workspace, member_id = found["workspace"], found.get("member", "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotAList(f"line {number} is none of `python -m bot workspaces erasures`") from None
    if not isinstance(workspace, str) or not isinstance(member_id, str) or at.tzinfo is None:
        raise NotAList(f"line {number} is none of `python -m bot workspaces erasures`")
    return Erased(workspace, at, member_id)


async def every_erasure(store: Store) -> tuple[Erased, ...]:
    """All that was erased, workspaces first.

    Raises:
        StorageError: the database did not answer as it should.
    """

    def look(tx: Transaction) -> Iterator[Erased]:
        yield from (Erased(row.workspace, row.purged_at) for row in departures.every(tx) if row.purged_at is not None)
        yield from (Erased(row.workspace, row.at, row.member_id) for row in erasures.every(tx))

    return await store.read(lambda tx: tuple(look(tx)))


async def erase_again(house: House, erased: Sequence[Erased]) -> tuple[int, int]:
    """Erase again what is there again; how many workspaces and how many members that were. It may be run twice.

    Raises:
        StorageError: the database did not answer as it should. What was done stays done.
    """
    purges, purged, buried = Purges(house), 0, 0
    for each in erased:
        if each.member_id:
            buried += await house.store.write(partial(_bury, purges=purges, erased=each))
        elif await house.store.write(partial(_ask, purges=purges, erased=each)):
            done = await purges.purge(each.workspace)
            purged += done is not None and done.finished
    return purged, buried


def _ask(tx: Transaction, purges: Purges, erased: Erased) -> bool:
    row = departures.one(tx, erased.workspace)
    if row is not None and row.purged_at is not None and row.purged_at >= erased.at:
        return False
    if not workspaces.is_known(tx, erased.workspace) and not installations.is_live(tx, erased.workspace):
        return False
    purges.ask(tx, erased.workspace, None)
    return True


def _bury(tx: Transaction, purges: Purges, erased: Erased) -> bool:
    row, person = erasures.one(tx, erased.member_id), members.by_id(tx, erased.member_id)
    if person is None or person.slack_user.startswith(MARK) or (row is not None and row.at >= erased.at):
        return False
    return purges.bury(tx, person.workspace, Somebody(person.id, person.slack_user), actor_id=None)

"""People and moments for statements, and how a test runs several in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from storage import members, numbers, workspaces
from storage.ids import new_id
from storage.transactions import Store, Transaction

R = TypeVar("R")

T0 = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NUMBERS = ("5829047316", "2035134243", "3141592653", "61755501423")


def anybody() -> str:
    """The id of a holder; numbers and links need no member."""
    return new_id(T0)


def add_member(tx: Transaction, workspace: str = "T0ACME", user: str = "U0ANNA", pmi: str = NUMBERS[0]) -> str:
    """A member with a live number; their id."""
    member_id = new_id(T0)
    workspaces.ensure(tx, workspace, T0)
    numbers.claim(tx, pmi, member_id, T0)
    members.add(tx, member_id=member_id, workspace=workspace, slack_user=user, pmi=pmi, at=T0)
    return member_id


async def each(store: Store, *works: Callable[[Transaction], R]) -> list[R]:
    """What the works return, each in a transaction of its own, one after the other."""
    return [await store.write(work) for work in works]

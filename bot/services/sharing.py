"""Sharing one's room in a channel: a card that everybody there sees, which follows the room."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import TypeAdapter

from bot.rules import Code, Refusal, Violation
from bot.services.arrival import arrive
from bot.services.hosting import Hosting
from bot.services.house import House
from bot.services.invitations import InvitationRecords, Opens
from bot.services.once import once
from bot.services.people import Call
from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from bot.services.refusals import Declined
from bot.services.room import Room, room_of
from storage import postings
from storage.ids import new_id
from storage.transactions import Transaction

AGAIN = timedelta(seconds=30)
"""Within which a second share in the same channel is the first one, clicked twice."""
_DETAIL = 32
"""Of a request's key: enough to tell one share from another."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of a share."""

    changed: bool
    """False where the room was shared in this channel a moment ago."""


SHARED = TypeAdapter(Shared)
"""How an answer to a share is kept."""


@dataclass(frozen=True, slots=True)
class SharedRoom:
    """A room as everybody in a channel sees it."""

    room: Room
    topic: str
    key: str = field(repr=False)
    """Of an invitation to the room itself: whoever has it needs no passcode."""


def _nobody_hears() -> None:
    """The default for `told`."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """The use cases of sharing. `told` is called once something is to be posted."""

    house: House
    postings: PostingRecords
    told: Callable[[], None] = _nobody_hears

    async def share(self, call: Call, target: Target) -> Shared:
        """Have a card of the actor's room posted, once for a double click.

        Raises:
            Declined: PMIs are turned off in the workspace.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Shared | Refusal:
            person = arrive(tx, self.house, call.actor)
            if person.pmis_enabled is False:
                return Refusal("", (Violation(Code.POLICY_PMIS_OFF),))
            at = self.house.now()
            since = new_id(at - AGAIN)
            if postings.planned_since(tx, person.id, PostingKind.ROOM_SHARED, str(target.channel), since):
                return Shared(changed=False)
            detail = call.key[:_DETAIL]
            plan = Plan(person.workspace, PostingKind.ROOM_SHARED, person.id, target, at, detail)
            return Shared(changed=self.postings.plan(tx, plan))

        once_only = once(self.house, call, work, SHARED)
        shared = await self.house.store.write(once_only)
        if isinstance(shared, Refusal):
            raise Declined(Code.POLICY_PMIS_OFF)
        self.told()
        return shared

    async def shown(self, member_id: str) -> SharedRoom | None:
        """A room as its card shows it now; None where there is no such room.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> SharedRoom | None:
            hosted = Hosting(self.house).by_id(tx, member_id)
            if hosted is None:
                return None
            room = room_of(hosted.holder, self.house.defaults)
            key = InvitationRecords(self.house).key(tx, Opens(hosted.holder.workspace, member_id, room.pmi))
            return SharedRoom(room, hosted.settings.topic, key)

        return await self.house.store.write(work)

"""Who may host where: the holder, and the alternative hosts that the holder has named."""

from dataclasses import dataclass

from bot.rules import Option, Policy, RoomSettings, settled
from bot.services.house import House
from bot.services.policies import policy_of
from bot.services.room_records import RoomRecords
from storage import members, rooms
from storage.members import MemberRow
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Hosted:
    """A member's room with what holds in it. Its passcode is not in it."""

    holder: MemberRow
    settings: RoomSettings
    policy: Policy

    def may_host(self, user: str) -> bool:
        """Whether this is the holder or an alternative host."""
        return user == self.holder.slack_user or user in self.settings.hosts

    def on_pmi(self, user: str, said: bool | None) -> bool | None:  # noqa: FBT001  None: says nothing
        """Whether an instant meeting takes place on the PMI; None where its holder has to be asked first.

        Nobody but the holder is asked: for others, a room is its PMI until its holder says something else.
        """
        kept = self.settings.options[Option.PMI_FOR_INSTANT]
        if user != self.holder.slack_user:
            return kept is not False
        return kept if said is None or self.policy.lock(Option.PMI_FOR_INSTANT) is not None else said


@dataclass(frozen=True, slots=True)
class Hosting:
    """Rooms with what holds in them, for one process."""

    house: House

    def of(self, tx: Transaction, holder: MemberRow) -> Hosted:
        """The room of a member."""
        chosen = RoomRecords(self.house).covered(rooms.find(tx, holder.id), holder)
        policy = policy_of(tx, self.house, holder.workspace)
        return Hosted(holder, settled(chosen, policy), policy)

    def by_id(self, tx: Transaction, member_id: str) -> Hosted | None:
        """The room of the member with this id; None where they have left."""
        holder = members.by_id(tx, member_id)
        return None if holder is None or holder.left_at is not None else self.of(tx, holder)

    def lock(self, tx: Transaction, member_id: str) -> None:
        """Let changes of the room by others wait until this transaction ends."""
        found = members.by_id(tx, member_id)
        if found is not None:
            members.lock(tx, found.workspace, found.slack_user)

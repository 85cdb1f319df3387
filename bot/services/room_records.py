"""Rooms as they are kept: from a row to what was chosen and back, the passcode sealed in its place."""

from contextlib import suppress
from dataclasses import dataclass, replace

from bot.rules import SWITCHES, Choice, Option, Stance, WaitingRoom, draw_passcode
from bot.services.house import House
from bot.services.policies import policy_of
from storage import changes, members, rooms
from storage.changes import Change
from storage.members import MemberRow
from storage.rooms import RoomRow
from storage.secrets import Unsealable
from storage.transactions import Transaction

_LOGGED = 40
"""Characters that a value in the change log may have."""
_ACTIONS = {Option.PMI_FOR_INSTANT: "instant.changed", Option.PMI_FOR_SCHEDULED: "scheduled.changed"}


@dataclass(frozen=True, slots=True)
class RoomRecords:
    """The rows of rooms, for one process."""

    house: House

    def ensure(self, tx: Transaction, person: MemberRow) -> RoomRow:
        """The row of a member who is locked; a new one, with a passcode by chance, at the first need of it.

        Where there is one without a passcode, and the policy wants one, it gets one by chance too.

        Raises:
            Conflict: somebody else made it meanwhile.
        """
        found = rooms.find(tx, person.id)
        if found is not None and (found.passcode or not self.lacks_passcode(tx, found)):
            return found
        passcode = draw_passcode(self.house.below, person.pmi).text
        if found is None:
            row = _row(person, Choice(passcode=passcode), self._sealed(person, passcode), version=1)
            rooms.add(tx, row)
        else:
            row = replace(found, passcode=self._sealed(person, passcode), version=found.version + 1)
            rooms.change(tx, row)
        assigned = Change("passcode.assigned", None, None)
        at = self.house.now()
        changes.record(tx, person.workspace, [assigned], at, member_id=person.id, actor_id=person.id)
        return row

    def lacks_passcode(self, tx: Transaction, row: RoomRow) -> bool:
        """Whether a room has none where the policy wants one."""
        wanted = policy_of(tx, self.house, row.workspace).stance(Option.PASSCODE) is Stance.FORCED_ON
        return wanted and row.passcode is None

    def choice(self, row: RoomRow, person: MemberRow) -> Choice:
        """What was chosen, with the passcode open.

        Raises:
            Unsealable: the passcode was altered or moved, or its key is not here.
        """
        covered = self.covered(row, person)
        if row.passcode is None:
            return covered
        return replace(covered, passcode=self.house.keys.open(row.passcode, **_place(row.workspace, row.member_id)))

    def has_passcode(self, tx: Transaction, member_id: str, text: str) -> bool:
        """Whether this is the passcode of a member's room; not where it does not open."""
        row = rooms.find(tx, member_id)
        if row is None or row.passcode is None:
            return False
        with suppress(Unsealable):
            return self.house.keys.open(row.passcode, **_place(row.workspace, row.member_id)) == text
        return False

    def covered(self, row: RoomRow | None, person: MemberRow) -> Choice:
        """What was chosen; where there is a passcode, or will be at the first need, it is empty."""
        said = {Option.PMI_FOR_INSTANT: person.pmi_for_instant}
        if row is None:
            return Choice(passcode="", options=_chosen(said))
        said |= {option: getattr(row, option) for option in SWITCHES if option not in said}
        return Choice(
            topic=row.topic or "",
            passcode=None if row.passcode is None else "",
            waiting_room=None if row.waiting_room is None else WaitingRoom(row.waiting_room),
            options=_chosen(said),
            hosts=row.hosts,
        )

    def keep(self, tx: Transaction, row: RoomRow, person: MemberRow, after: Choice) -> None:
        """Put a choice in the place of what the row holds, as its next version."""
        passcode = row.passcode
        if after.passcode != self.choice(row, person).passcode:
            passcode = None if after.passcode is None else self._sealed(person, after.passcode)
        rooms.change(tx, _row(person, after, passcode, version=row.version + 1))
        instant = after.options.get(Option.PMI_FOR_INSTANT)
        if instant is not person.pmi_for_instant:
            members.set_pmi_for_instant(tx, person.id, wanted=instant)

    def _sealed(self, person: MemberRow, passcode: str) -> str:
        return self.house.keys.seal(passcode, **_place(person.workspace, person.id))


def differences(before: Choice, after: Choice) -> list[Change]:
    """What a choice changes, for the change log. Of a passcode only that it was."""
    done = []
    if before.topic != after.topic:
        done.append(Change("topic.changed", _cut(before.topic), _cut(after.topic)))
    if before.passcode != after.passcode:
        done.append(Change("passcode.removed" if after.passcode is None else "passcode.changed", None, None))
    if before.waiting_room != after.waiting_room:
        done.append(Change("waiting_room.changed", before.waiting_room, after.waiting_room))
    for option in SWITCHES:
        old, new = before.options.get(option), after.options.get(option)
        if old is not new:
            done.append(Change(_ACTIONS.get(option, f"{option}.changed"), _yes_or_no(old), _yes_or_no(new)))
    done += [Change("host.removed", user, None) for user in before.hosts if user not in after.hosts]
    return done + [Change("host.added", None, user) for user in after.hosts if user not in before.hosts]


def _place(workspace: str, member_id: str) -> dict[str, str]:
    return {"table": "room", "column": "passcode", "workspace": workspace, "key": member_id}


def _row(person: MemberRow, choice: Choice, passcode: str | None, *, version: int) -> RoomRow:
    return RoomRow(
        member_id=person.id,
        workspace=person.workspace,
        topic=choice.topic or None,
        passcode=passcode,
        waiting_room=choice.waiting_room,
        members_only=choice.options.get(Option.MEMBERS_ONLY),
        host_video=choice.options.get(Option.HOST_VIDEO),
        participant_video=choice.options.get(Option.PARTICIPANT_VIDEO),
        mute_on_entry=choice.options.get(Option.MUTE_ON_ENTRY),
        join_before_host=choice.options.get(Option.JOIN_BEFORE_HOST),
        pmi_for_scheduled=choice.options.get(Option.PMI_FOR_SCHEDULED),
        version=version,
        hosts=choice.hosts,
    )


def _chosen(said: dict[Option, bool | None]) -> dict[Option, bool]:
    return {option: wanted for option, wanted in said.items() if wanted is not None}


def _cut(text: str) -> str | None:
    return (text if len(text) <= _LOGGED else f"{text[: _LOGGED - 1]}…") or None


def _yes_or_no(answer: bool | None) -> str | None:  # noqa: FBT001  three-valued: not chosen is None
    return None if answer is None else "yes" if answer else "no"

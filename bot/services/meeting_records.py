"""Meetings as they are kept: a number of their own is claimed for them, its passcode sealed in its place."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from bot.rules import LONG, draw_passcode
from bot.services.arrival import draw_free
from bot.services.house import House
from storage import meetings, numbers
from storage.ids import new_id
from storage.meetings import MeetingRow
from storage.members import MemberRow
from storage.secrets import Unsealable
from storage.transactions import Transaction

MeetingKind = Literal["instant", "scheduled"]


@dataclass(frozen=True, slots=True)
class MeetingRecords:
    """The rows of meetings, for one process."""

    house: House

    def create(self, tx: Transaction, holder: MemberRow, kind: MeetingKind, topic: str, *, one_off: bool) -> MeetingRow:
        """A new meeting; on a one-off number with a passcode by chance, or in the holder's room.

        Raises:
            Busy: not one of the numbers drawn was free.
        """
        at = self.house.now()
        meeting_id = new_id(at)
        number = draw_free(tx, self.house, meeting_id, LONG) if one_off else None
        passcode = None if number is None else self._new_passcode(holder.workspace, meeting_id, number)
        row = MeetingRow(
            id=meeting_id,
            workspace=holder.workspace,
            member_id=holder.id,
            kind=kind,
            number=number,
            topic=topic or None,
            passcode=passcode,
            created_at=at,
            cancelled_at=None,
        )
        meetings.add(tx, row)
        return row

    def move(self, tx: Transaction, row: MeetingRow, *, one_off: bool) -> MeetingRow:
        """The meeting on a one-off number, the one that it had before if there was one; or in its holder's room.

        Raises:
            Busy: not one of the numbers drawn was free.
        """
        if one_off is (row.number is not None):
            return row
        at, number, passcode = self.house.now(), None, None
        if row.number is not None:
            numbers.release(tx, row.number, row.id, at)
        else:
            held = next(iter(numbers.of_holder(tx, row.id)), None)
            number = draw_free(tx, self.house, row.id, LONG) if held is None else held.text
            if held is not None:
                numbers.claim(tx, number, row.id, at)
            passcode = self._new_passcode(row.workspace, row.id, number)
        meetings.set_number(tx, row.id, number, passcode)
        return replace(row, number=number, passcode=passcode)

    def _new_passcode(self, workspace: str, meeting_id: str, number: str) -> str:
        drawn = draw_passcode(self.house.below, number).text
        return self.house.keys.seal(drawn, **_place(workspace, meeting_id))

    def passcode(self, row: MeetingRow) -> str | None:
        """The passcode of a one-off number; None where there is none, or it does not open."""
        if row.passcode is None:
            return None
        with suppress(Unsealable):
            return self.house.keys.open(row.passcode, **_place(row.workspace, row.id))
        return None


def _place(workspace: str, meeting_id: str) -> dict[str, str]:
    return {"table": "meeting", "column": "passcode", "workspace": workspace, "key": meeting_id}

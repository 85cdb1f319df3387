"""Meetings as they are kept: a number of their own is claimed for them, its passcode sealed in its place."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from bot.rules import LONG, draw_passcode
from bot.services.arrival import draw_free
from bot.services.house import House
from storage import meetings
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
        number, passcode = None, None
        if one_off:
            number = draw_free(tx, self.house, meeting_id, LONG)
            drawn = draw_passcode(self.house.below, number).text
            passcode = self.house.keys.seal(drawn, **_place(holder.workspace, meeting_id))
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

    def passcode(self, row: MeetingRow) -> str | None:
        """The passcode of a one-off number; None where there is none, or it does not open."""
        if row.passcode is None:
            return None
        with suppress(Unsealable):
            return self.house.keys.open(row.passcode, **_place(row.workspace, row.id))
        return None


def _place(workspace: str, meeting_id: str) -> dict[str, str]:
    return {"table": "meeting", "column": "passcode", "workspace": workspace, "key": meeting_id}

"""What a start or an end leaves behind for the people, in its transaction: keys, a card, a word kept, an answer."""

from contextlib import suppress
from dataclasses import dataclass

from bot.services.hosting import Hosted
from bot.services.house import House
from bot.services.invitations import START_LASTS, InvitationRecords, Opens, StartLink, start_key
from bot.services.meeting_records import MeetingRecords
from bot.services.meeting_results import Started, StartWish
from bot.services.postings import Plan, PostingKind, PostingRecords
from bot.services.room_records import RoomRecords
from bot.services.session_records import Session
from storage import changes, meetings, members, rooms
from storage.changes import Change
from storage.members import MemberRow
from storage.secrets import Unsealable
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Starts:
    """The traces of starts, for one process."""

    house: House
    postings: PostingRecords

    def started(
        self,
        tx: Transaction,
        hosted: Hosted,
        session: Session,
        user: str,
        *,
        fresh: bool,
        wish: StartWish | None = None,
    ) -> Started:
        """The answer to a start. Where the wish says so, the join card is planned, once for each place."""
        if wish is not None and wish.target is not None:
            invitation_key(self.house, tx, session)
            due = self.house.now()
            plan = Plan(session.workspace, PostingKind.JOIN_CARD, session.id, wish.target, due, detail=wish.thread)
            self.postings.plan(tx, plan)
        link = StartLink(session.workspace, user, session.member_id, session.meeting_id, self.house.now() + START_LASTS)
        return Started(
            session=session,
            holder=hosted.holder.slack_user,
            fresh=fresh,
            start_key=start_key(self.house.keys, link),
            passcode=self._passcode(tx, hosted, session, user),
            hosts=hosted.settings.hosts,
            pmis_off=wish is not None and not session.in_room and not hosted.policy.pmis_enabled,
        )

    def remember(self, tx: Transaction, holder: MemberRow, *, wanted: bool) -> None:
        """Keep what the holder says of instant meetings."""
        before = holder.pmi_for_instant
        if before is wanted:
            return
        members.set_pmi_for_instant(tx, holder.id, wanted=wanted)
        done = Change("instant.changed", None if before is None else _yes_or_no(before), _yes_or_no(wanted))
        changes.record(tx, holder.workspace, [done], self.house.now(), member_id=holder.id, actor_id=holder.id)

    def _passcode(self, tx: Transaction, hosted: Hosted, session: Session, user: str) -> str | None:
        if session.meeting_id is not None and not session.in_room:
            meeting = meetings.find(tx, session.meeting_id)
            return None if meeting is None else MeetingRecords(self.house).passcode(meeting)
        row = rooms.find(tx, hosted.holder.id)
        if row is None or user != hosted.holder.slack_user or hosted.settings.passcode is None:
            return None
        with suppress(Unsealable):
            return RoomRecords(self.house).choice(row, hosted.holder).passcode
        return None


def invitation_key(house: House, tx: Transaction, session: Session) -> str:
    """The key that opens this one session, for everybody who sees its card."""
    opens = Opens(session.workspace, session.member_id, session.number, session.meeting_id, session.id)
    return InvitationRecords(house).key(tx, opens)


def _yes_or_no(answer: bool) -> str:  # noqa: FBT001  the answer itself
    return "yes" if answer else "no"

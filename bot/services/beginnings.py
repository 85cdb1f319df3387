"""What runs where, beginning it and ending it: each the part of a use case that is one transaction."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.services.hosting import Hosted
from bot.services.house import House
from bot.services.invitations import START_LASTS
from bot.services.meeting_records import MeetingRecords
from bot.services.postings import PostingRecords
from bot.services.room_records import RoomRecords
from bot.services.session_records import Beginning, Session, SessionRecords, session_of
from storage import changes, meetings, members, schedules, sessions
from storage.changes import Change
from storage.errors import Conflict
from storage.meetings import MeetingRow
from storage.sessions import SessionRow
from storage.transactions import Transaction

TWICE = timedelta(seconds=30)
"""Who starts on one-off numbers twice within this time wanted one meeting."""


class NothingOpened(Exception):  # noqa: N818  it says what is so
    """What was to be offered is over by now, so that the provider has to be asked for a new session."""


@dataclass(frozen=True, slots=True)
class Where:
    """What is to be started: a meeting, or else an instant one."""

    meeting: MeetingRow | None = None
    on_pmi: bool = True
    """Of an instant meeting."""
    topic: str = ""
    """Empty for the room's own."""
    by: str | None = None
    """The Slack id of the host who starts it; empty where a guest comes first."""
    by_link: bool = False
    """Whether every instant meeting that runs will do, however long ago it was started."""

    @property
    def in_room(self) -> bool:
        """Whether it takes place on the holder's PMI."""
        return self.on_pmi if self.meeting is None else self.meeting.number is None


@dataclass(frozen=True, slots=True)
class Seen:
    """How it was before anything was begun."""

    hosted: Hosted
    where: Where
    running: Session | None = None
    """What is to be offered."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the provider has opened."""

    provider: str
    handle: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Sessions from their beginning to their end, for one process."""

    house: House
    postings: PostingRecords

    def where(self, tx: Transaction, member_id: str, meeting_id: str | None) -> Where | None:
        """Where a room or a meeting takes place; None where there is no such meeting, or not any more."""
        if meeting_id is None:
            return Where()
        row = meetings.find(tx, meeting_id)
        if row is None or row.member_id != member_id or row.cancelled_at is not None:
            return None
        is_past = self._was_held(tx, row) if row.kind == "instant" else self._is_past(tx, row)
        return None if is_past else Where(row, topic=row.topic or "")

    def _was_held(self, tx: Transaction, row: MeetingRow) -> bool:
        """An instant meeting is one session, and has no other."""
        last = sessions.last_of_meeting(tx, row.id)
        return last is not None and (last.ended_at is not None or self._is_overdue(last))

    def _is_past(self, tx: Transaction, row: MeetingRow) -> bool:
        """A day after its last time no start link to it works any more: nor do its invitations, unless it runs on."""
        schedule = schedules.find(tx, row.id)
        if schedule is None or self.house.now() < schedule.last_until + START_LASTS:
            return False
        running = sessions.running_of_meeting(tx, row.id)
        return running is None or self._is_overdue(running)

    def running(self, tx: Transaction, member_id: str, where: Where) -> Session | None:
        """What runs there and is to be offered instead of a new one. What is beyond its end does not run."""
        row = self._row(tx, member_id, where)
        return None if row is None or self._is_overdue(row) else session_of(row)

    def running_or_begun(
        self, tx: Transaction, hosted: Hosted, where: Where, opened: Opened | None
    ) -> tuple[Session, bool]:
        """What runs there, else a new session; and whether it is new. The holder is locked.

        Raises:
            NothingOpened: there is nothing to begin it on.
            Busy: not one of the numbers drawn was free.
        """
        session = self.running(tx, hosted.holder.id, where)
        if session is not None:
            return session, False
        if opened is None:
            raise NothingOpened
        return self._begin(tx, hosted, where, opened), True

    def end(self, tx: Transaction, row: SessionRow, by: str | None) -> bool:
        """End a session, and let all that shows it be shown anew; False where it was over already."""
        if not sessions.end(tx, row.id, self.house.now(), by):
            return False
        self.postings.refresh(tx, row.id)
        self._record(tx, session_of(row), Change("meeting.ended", row.number, None), by)
        return True

    def _begin(self, tx: Transaction, hosted: Hosted, where: Where, opened: Opened) -> Session:
        holder = hosted.holder
        late = self._row(tx, holder.id, where)
        if late is not None:
            self.end(tx, late, None)
        RoomRecords(self.house).ensure(tx, holder)
        meeting = where.meeting
        if not where.in_room and meeting is None:
            meeting = MeetingRecords(self.house).create(tx, holder, "instant", where.topic, one_off=True)
        number = holder.pmi if meeting is None or meeting.number is None else meeting.number
        beginning = Beginning(
            workspace=holder.workspace,
            member_id=holder.id,
            meeting_id=None if meeting is None else meeting.id,
            in_room=where.in_room,
            number=number,
            topic=where.topic or hosted.settings.topic,
            started_by=where.by,
        )
        session = SessionRecords(self.house).begin(tx, beginning, opened.provider, opened.handle)
        if session is None:
            raise Conflict
        self._record(tx, session, Change("meeting.started", None, number), where.by)
        return session

    def _record(self, tx: Transaction, session: Session, change: Change, by: str | None) -> None:
        actor = None if by is None else members.find(tx, session.workspace, by)
        actor_id = None if actor is None else actor.id
        at = self.house.now()
        changes.record(tx, session.workspace, [change], at, member_id=session.member_id, actor_id=actor_id)

    def _row(self, tx: Transaction, member_id: str, where: Where) -> SessionRow | None:
        if where.meeting is not None:
            # Wherever it began: it may have been moved to the room, or out of it, while it runs.
            own = sessions.running_of_meeting(tx, where.meeting.id)
            if own is not None or not where.in_room:
                return own
        if where.in_room:
            return sessions.running_in_room(tx, member_id)
        if where.by_link:
            # Who let a guest in to the room has begun there, whatever they prefer.
            return _newest_instant(tx, member_id) or sessions.running_in_room(tx, member_id)
        meeting = meetings.newest_instant(tx, member_id, self.house.now() - TWICE)
        return None if meeting is None else sessions.running_of_meeting(tx, meeting.id)

    def _is_overdue(self, row: SessionRow) -> bool:
        return row.ends_at <= self.house.now()


def _newest_instant(tx: Transaction, member_id: str) -> SessionRow | None:
    for row in reversed(sessions.running_of_member(tx, member_id)):
        meeting = None if row.in_room or row.meeting_id is None else meetings.find(tx, row.meeting_id)
        if meeting is not None and meeting.kind == "instant":
            return row
    return None

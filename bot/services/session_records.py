"""Sessions as they are kept: from a row to what everybody above sees, the provider's handle sealed in its place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.providers import SessionWish
from bot.rules import Option, RoomSettings
from bot.services.house import House
from storage import sessions
from storage.ids import new_id
from storage.sessions import SessionRow
from storage.transactions import Transaction

LONGEST = timedelta(hours=24)
"""After which a session that nobody ended is over."""


@dataclass(frozen=True, slots=True)
class Session:
    """One time that people meet, as everybody above sees it. It holds no way in."""

    id: str
    workspace: str
    member_id: str
    meeting_id: str | None
    in_room: bool
    number: str
    topic: str
    started_at: datetime
    started_by: str | None
    """The Slack id of the host who started it; empty where a guest came first."""
    host_at: datetime | None
    ends_at: datetime
    ended_at: datetime | None

    @property
    def runs(self) -> bool:
        """Whether it is not over."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a session is begun with."""

    workspace: str
    member_id: str
    meeting_id: str | None
    in_room: bool
    number: str
    topic: str
    started_by: str | None
    """The Slack id of the host who starts it; empty where a guest comes first."""


@dataclass(frozen=True, slots=True)
class SessionRecords:
    """The rows of sessions, for one process."""

    house: House

    def begin(self, tx: Transaction, beginning: Beginning, provider: str, handle: str) -> Session | None:
        """Begin a session on the provider's handle; None where one runs already on the number or in the room."""
        at = self.house.now()
        session_id = new_id(at)
        row = SessionRow(
            id=session_id,
            workspace=beginning.workspace,
            member_id=beginning.member_id,
            meeting_id=beginning.meeting_id,
            in_room=beginning.in_room,
            number=beginning.number,
            topic=beginning.topic or None,
            provider=provider,
            handle=self.house.keys.seal(handle, **_place(beginning.workspace, session_id)),
            started_at=at,
            started_by=beginning.started_by,
            host_at=None if beginning.started_by is None else at,
            ends_at=at + LONGEST,
        )
        return session_of(row) if sessions.add(tx, row) else None

    def running(self, tx: Transaction, *, member_id: str, meeting_id: str | None, in_room: bool) -> Session | None:
        """The session that runs in the room, or of this meeting."""
        row = (
            sessions.running_in_room(tx, member_id)
            if in_room or meeting_id is None
            else sessions.running_of_meeting(tx, meeting_id)
        )
        return None if row is None else session_of(row)

    def handle(self, tx: Transaction, session_id: str) -> str | None:
        """The provider's name for a session that runs; None once it is over.

        Raises:
            Unsealable: it was altered or moved, or its key is not here.
        """
        row = sessions.find(tx, session_id)
        if row is None or row.ended_at is not None:
            return None
        return self.house.keys.open(row.handle, **_place(row.workspace, row.id))


def session_of(row: SessionRow) -> Session:
    """A session without its way in."""
    return Session(
        id=row.id,
        workspace=row.workspace,
        member_id=row.member_id,
        meeting_id=row.meeting_id,
        in_room=row.in_room,
        number=row.number,
        topic=row.topic or "",
        started_at=row.started_at,
        started_by=row.started_by,
        host_at=row.host_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
    )


def wish_of(settings: RoomSettings, topic: str, ends_at: datetime) -> SessionWish:
    """What the provider is asked for, by what holds in the room."""
    return SessionWish(
        topic=topic or settings.topic,
        host_video=bool(settings.options[Option.HOST_VIDEO]),
        participant_video=bool(settings.options[Option.PARTICIPANT_VIDEO]),
        mute_on_entry=bool(settings.options[Option.MUTE_ON_ENTRY]),
        ends_at=ends_at,
    )


def _place(workspace: str, session_id: str) -> dict[str, str]:
    return {"table": "session", "column": "handle", "workspace": workspace, "key": session_id}

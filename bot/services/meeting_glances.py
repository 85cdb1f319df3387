"""What is seen of meetings: by everybody in a channel, and by those who may host them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.hosting import Hosting
from bot.services.house import House
from bot.services.invitations import START_LASTS, StartLink, start_key
from bot.services.meeting_results import JoinCard, Running, Startable
from bot.services.people import Actor
from bot.services.room import Room, room_of
from bot.services.session_records import session_of
from bot.services.starts import invitation_key
from storage import members, sessions
from storage.members import MemberRow
from storage.sessions import SessionRow
from storage.transactions import Transaction

HOME_CHANGES = timedelta(hours=12)
"""How often the start links on a Home that nothing else changes are made anew."""


@dataclass(frozen=True, slots=True)
class AtHome:
    """What a member sees at Home."""

    room: Room
    start: Startable
    """With what runs where they are an alternative host as well."""
    until: datetime
    """Until when the start links are valid."""

    @property
    def without_keys(self) -> "AtHome":
        """The same, with when they are valid in the place of the keys."""
        until = self.until.isoformat()
        running = tuple(replace(each, start_key=until) for each in self.start.running)
        return replace(self, start=Startable(until, running))


class MeetingGlances:
    """The use cases that show meetings, for one process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._hosting = Hosting(house)

    def start_key(self, actor: Actor, room: Room) -> str:
        """Of the start link of the actor's own room."""
        return self._key(actor, room.member_id, None, self._house.now() + START_LASTS)

    async def startable(self, actor: Actor, holder: str) -> Startable | None:
        """The room of somebody by Slack id; None where the actor may not start it.

        Raises:
            StorageError: the database did not answer as it should.
        """
        until = self._house.now() + START_LASTS

        def look(tx: Transaction) -> Startable | None:
            row = members.find(tx, actor.workspace, holder)
            if row is None or row.left_at is not None or not self._hosting.of(tx, row).may_host(actor.user):
                return None
            return Startable(self._key(actor, row.id, None, until), self._running_of(tx, actor, row, until))

        return await self._house.store.read(look)

    async def at_home(self, actor: Actor) -> AtHome | None:
        """What the actor sees at Home; None where they were never here.

        Raises:
            StorageError: the database did not answer as it should.
        """
        now = self._house.now()
        # The same for some time, so that a Home is only published anew where something else has changed.
        whole = int(now.timestamp() // HOME_CHANGES.total_seconds())
        until = datetime.fromtimestamp((whole + 1) * HOME_CHANGES.total_seconds(), now.tzinfo) + START_LASTS

        def look(tx: Transaction) -> AtHome | None:
            row = members.find(tx, actor.workspace, actor.user)
            if row is None:
                return None
            others = sessions.running_hosted_by(tx, actor.workspace, actor.user)
            running = self._running_of(tx, actor, row, until)
            running += tuple(
                self._running(actor, session, holder, until) for session, holder in others if self._goes_on(session)
            )
            start = Startable(self._key(actor, row.id, None, until), running)
            return AtHome(room_of(row, self._house.defaults), start, until)

        return await self._house.store.read(look)

    async def join_card(self, session_id: str) -> JoinCard | None:
        """What everybody in a channel may see of a meeting.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> JoinCard | None:
            row = sessions.find(tx, session_id)
            holder = None if row is None else members.by_id(tx, row.member_id)
            if row is None or holder is None:
                return None
            session = session_of(row)
            key = invitation_key(self._house, tx, session) if session.runs else ""
            return JoinCard(session, holder.slack_user, key)

        # The key was given out with the plan of the card; only where it does not open any more a new one is written.
        return await self._house.store.write(look)

    def _running_of(self, tx: Transaction, actor: Actor, holder: MemberRow, until: datetime) -> tuple[Running, ...]:
        rows = sessions.running_of_member(tx, holder.id)
        return tuple(self._running(actor, row, holder.slack_user, until) for row in rows if self._goes_on(row))

    def _running(self, actor: Actor, row: SessionRow, holder: str, until: datetime) -> Running:
        return Running(session_of(row), holder, self._key(actor, row.member_id, row.meeting_id, until))

    def _goes_on(self, row: SessionRow) -> bool:
        return row.ends_at > self._house.now()

    def _key(self, actor: Actor, member_id: str, meeting_id: str | None, until: datetime) -> str:
        return start_key(self._house.keys, StartLink(actor.workspace, actor.user, member_id, meeting_id, until))

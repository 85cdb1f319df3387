"""What is behind a door, for whoever decides who comes in: whose it is, what holds there, and what runs."""

from dataclasses import dataclass

from bot.services.beginnings import Beginnings
from bot.services.hosting import Hosted, Hosting
from bot.services.house import House
from bot.services.places import Place
from bot.services.postings import PostingRecords
from bot.services.session_records import Session
from storage import departures
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Doorstep:
    """A place at a moment."""

    hosted: Hosted
    session: Session | None
    """What runs there."""
    is_past: bool
    """Whether nobody will meet there any more."""
    topic: str
    is_off: bool = False
    """Whether it is a PMI where PMIs are turned off, and nothing runs there any more."""

    def may_decide(self, user: str) -> bool:
        """Whether somebody may say who comes in: a host, or whoever began what runs."""
        began = self.session is not None and self.session.started_by == user
        return began or self.hosted.may_host(user)

    @property
    def told(self) -> tuple[str, ...]:
        """The Slack ids of those who are told who waits: whoever began and the holder, else everybody who may host."""
        holder = self.hosted.holder.slack_user
        if self.session is None or self.session.started_by is None:
            return tuple(dict.fromkeys((holder, *self.hosted.settings.hosts)))
        return tuple(dict.fromkeys((self.session.started_by, holder)))


@dataclass(frozen=True, slots=True)
class Doorsteps:
    """The doorsteps of one process."""

    house: House
    hosting: Hosting

    def at(self, tx: Transaction, place: Place) -> Doorstep | None:
        """What is behind a door; None where there is no such member, or the app has left their workspace."""
        hosted = self.hosting.by_id(tx, place.member_id)
        if hosted is None or departures.has_left(tx, place.workspace):
            return None
        beginnings = Beginnings(self.house, PostingRecords(self.house))
        where = beginnings.where(tx, place.member_id, place.meeting_id)
        if where is None:
            return Doorstep(hosted, None, is_past=True, topic=hosted.settings.topic)
        session = beginnings.running(tx, place.member_id, where)
        topic = (session.topic if session is not None else "") or where.topic or hosted.settings.topic
        is_off = place.meeting_id is None and session is None and not hosted.policy.pmis_enabled
        return Doorstep(hosted, session, is_past=False, topic=topic, is_off=is_off)

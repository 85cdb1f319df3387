"""Meetings that run: start, end, who comes in by which door, and what closes by itself."""

from bot.providers import MeetingProvider, Participant
from bot.rules import PRODUCT_POLICY, Policy
from bot.services.house import House
from bot.services.invitations import StartLink
from bot.services.meeting_results import Ended, JoinCard, Started, StartWish, Unsaid
from bot.services.people import Actor, Call
from bot.services.places import Place
from bot.services.session_records import Session


class Meetings:
    """The use cases of meetings that run now."""

    def __init__(self, house: House, provider: MeetingProvider, policy: Policy = PRODUCT_POLICY) -> None:
        self._house = house
        self._provider = provider
        self._policy = policy

    async def start(self, call: Call, wish: StartWish) -> Started | Unsaid:
        """Start an instant meeting as its holder prefers; one that runs there already is offered in its place.

        Raises:
            Declined: the one who asks is no host there, or the topic breaks a rule.
            ProviderUnavailable: the service that carries meetings did not make one. Nothing was started.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def start_by_link(self, link: StartLink) -> Started:
        """The meeting that runs where a start link leads; where none does, a new one.

        Raises:
            Declined: who has the link is no host any more, or the meeting is over for good (`meeting.over`).
            ProviderUnavailable: the service that carries meetings did not make one. Nothing was started.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def begin_for_guest(self, place: Place) -> Session | None:
        """The meeting that runs at a place; where none does and guests may come before the host, a new one.

        None where they may not, or there is nothing to begin.

        Raises:
            ProviderUnavailable: the service that carries meetings did not make one. Nothing was started.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def running(self, place: Place) -> Session | None:
        """The meeting that runs at a place.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def door(self, session_id: str, who: Participant) -> str:
        """The address by which somebody enters a meeting that runs.

        Raises:
            Declined: it is over (`meeting.over`).
            ProviderUnavailable: the service that carries meetings has no way in.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def host_entered(self, session_id: str) -> None:
        """Note that a host is there.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def end(self, call: Call, session_id: str) -> Ended:
        """End a meeting. One that is over already stays as it was.

        Raises:
            Declined: the one who asks is no host there (`meeting.not_host`), or there is no such meeting.
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def end_overdue(self, most: int) -> tuple[Ended, ...]:
        """End meetings whose time is over, at most so many.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def running_for(self, actor: Actor) -> tuple[Session, ...]:
        """Every meeting that runs in a room where the actor is a host, the oldest first.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

    async def join_card(self, session_id: str) -> JoinCard | None:
        """What everybody in a channel may see of a meeting.

        Raises:
            StorageError: the database did not answer as it should.
        """
        raise NotImplementedError

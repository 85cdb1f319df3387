"""What hosts decide of those who wait: in, or not. Whoever asks is judged at that moment, whatever button they hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.rules import Code
from bot.services.doorsteps import Doorsteps
from bot.services.guest_messages import GuestMessages
from bot.services.guest_records import Guest, GuestRecords, GuestState, place_id_of
from bot.services.hosting import Hosting
from bot.services.house import House
from bot.services.invitations import START_LASTS, StartLink, start_key
from bot.services.meetings import Meetings
from bot.services.people import Actor
from bot.services.places import Place
from bot.services.refusals import Declined
from bot.services.session_records import Session
from storage import guests
from storage.errors import Conflict
from storage.transactions import Transaction

MOST_AT_ONCE = 200
"""Guests who are let in by one click; more than can wait at a place, and a bound all the same."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it."""

    guests: tuple[Guest, ...]
    """Those who were waiting, as they stood before."""
    start_key: str = ""
    """Of the start link of the one who decided, where no host is there yet; for them alone."""


class GuestDecisions:
    """The use cases of hosts. `tell` lets the pages of guests hear of it, `wake` the message be brought up to date."""

    def __init__(
        self,
        house: House,
        hosting: Hosting,
        meetings: Meetings,
        tell: Callable[[Iterable[str]], None],
        wake: Callable[[], None],
    ) -> None:
        self._house = house
        self._meetings = meetings
        self._tell = tell
        self._wake = wake
        self._records = GuestRecords(house)
        self._doorsteps = Doorsteps(house, hosting)
        self._messages = GuestMessages(house, hosting)

    async def admit(self, actor: Actor, guest_id: str) -> Decided:
        """Let a guest in; where nobody meets yet, the meeting is started by whoever does.

        Raises:
            Declined: the one who asks is no host there, or the guest has left, or was turned away.
            ProviderUnavailable: nobody meets yet, and the service that carries meetings did not make one.
            StorageError: the database did not answer as it should.
        """
        guest = await self._house.store.read(lambda tx: self._guest(tx, actor, guest_id))
        if guest.state is GuestState.ADMITTED:
            return Decided(())
        _must_wait(guest)
        return await self._let_in(actor, guest.place, lambda _tx: (guest_id,))

    async def admit_all(self, actor: Actor, place_id: str) -> Decided:
        """Let in everybody who waits at a place.

        Raises:
            Declined: the one who asks is no host there, or nobody waits any more.
            ProviderUnavailable: nobody meets yet, and the service that carries meetings did not make one.
            StorageError: the database did not answer as it should.
        """

        def waiting(tx: Transaction) -> tuple[Guest, ...]:
            return self._records.waiting(tx, place_id, MOST_AT_ONCE)

        def first(tx: Transaction) -> Guest | None:
            found = waiting(tx)
            return self._guest(tx, actor, found[0].id) if found else None

        guest = await self._house.store.read(first)
        if guest is None:
            raise Declined("guests.nobody")
        return await self._let_in(actor, guest.place, lambda tx: [each.id for each in waiting(tx)])

    async def deny(self, actor: Actor, guest_id: str) -> Decided:
        """Turn a guest away.

        Raises:
            Declined: the one who asks is no host there, or the guest has left, or was let in.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Decided:
            guest = self._guest(tx, actor, guest_id)
            if guest.state is GuestState.DENIED:
                return Decided(())
            _must_wait(guest)
            at = self._house.now()
            if not guests.decide(tx, guest_id, GuestState.DENIED, at, by=actor.user):
                raise Conflict  # somebody else has decided just now
            self._messages.refresh(tx, place_id_of(guest.place))
            return Decided((guest,))

        return self._after(await self._house.store.write(work))

    async def _let_in(self, actor: Actor, place: Place, whom: Callable[[Transaction], Iterable[str]]) -> Decided:
        ran = await self._meetings.running(place)
        session = ran or await self._meetings.begin_for_guest(place, host=actor.user)
        if session is None:
            raise Declined(Code.MEETING_OVER)
        key = self._start_key(actor, place) if ran is None or ran.host_at is None else ""
        runs = session

        def work(tx: Transaction) -> Decided:
            return Decided(self._decide(tx, actor, runs, whom(tx)), key)

        return self._after(await self._house.store.write(work))

    def _decide(self, tx: Transaction, actor: Actor, session: Session, ids: Iterable[str]) -> tuple[Guest, ...]:
        found = [self._guest(tx, actor, guest_id) for guest_id in ids]
        at = self._house.now()
        done = tuple(
            guest
            for guest in found
            if guests.decide(tx, guest.id, GuestState.ADMITTED, at, by=actor.user, session_id=session.id)
        )
        for place_id in {place_id_of(guest.place) for guest in done}:
            self._messages.refresh(tx, place_id)
        return done

    def _after(self, decided: Decided) -> Decided:
        if decided.guests:
            self._tell(guest.id for guest in decided.guests)
            self._wake()
        return decided

    def _guest(self, tx: Transaction, actor: Actor, guest_id: str) -> Guest:
        """The guest, where the actor may decide of them. Nobody else learns whether there is one."""
        found = self._records.find(tx, guest_id)
        if found is None or found[0].place.workspace != actor.workspace:
            raise Declined("guest.unknown")
        guest, _ = found
        step = self._doorsteps.at(tx, guest.place)
        if step is None or not step.may_decide(actor.user):
            raise Declined("guest.unknown")
        return guest

    def _start_key(self, actor: Actor, place: Place) -> str:
        until = self._house.now() + START_LASTS
        link = StartLink(place.workspace, actor.user, place.member_id, place.meeting_id, until)
        return start_key(self._house.keys, link)


def _must_wait(guest: Guest) -> None:
    if guest.state is not GuestState.WAITING:
        raise Declined(f"guest.was.{guest.state}")

"""An instant meeting that a host asks for by hand: how it is looked at, and begun."""

from dataclasses import dataclass

from bot.rules import Code, Refusal, Violation
from bot.services.arrival import arrive
from bot.services.beginnings import Beginnings, Opened, Seen, Where
from bot.services.hosting import Hosted, Hosting
from bot.services.house import House
from bot.services.meeting_results import Started, StartWish
from bot.services.people import Actor, Call
from bot.services.starts import Starts
from storage import members
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class InstantStart:
    """One such request, its topic read."""

    house: House
    beginnings: Beginnings
    starts: Starts
    call: Call
    wish: StartWish
    topic: str

    @property
    def holder(self) -> Actor:
        """Whose meeting it is."""
        return self.wish.holder or self.call.actor

    def look(self, tx: Transaction) -> Seen | None:
        """What there is; None where the holder was never here, or has left."""
        row = members.find(tx, self.holder.workspace, self.holder.user)
        return None if row is None or row.left_at is not None else self._seen(tx, Hosting(self.house).of(tx, row))

    def come(self, tx: Transaction) -> Seen:
        """The same, at a first contact."""
        own = self.holder == self.call.actor
        row = arrive(tx, self.house, self.holder, None if own else self.call.actor.user)
        return self._seen(tx, Hosting(self.house).of(tx, row))

    def is_unsaid(self, seen: Seen) -> bool:
        """Whether the holder has to be asked first whether it is on the PMI."""
        return seen.running is None and self._on_pmi(seen.hosted) is None

    def begin(self, tx: Transaction, opened: Opened | None) -> Started | Refusal:
        """What runs, else a new meeting; and what was said is remembered.

        Raises:
            NothingOpened: there is nothing to begin it on.
            Busy: not one of the numbers drawn was free.
        """
        seen = self.come(tx)
        if seen.hosted.holder.left_at is not None or not seen.hosted.may_host(self.call.actor.user):
            return Refusal("", (Violation(Code.MEETING_NOT_HOST),))
        session, fresh = self.beginnings.running_or_begun(tx, seen.hosted, seen.where, opened)
        wanted = self.wish.on_pmi
        if wanted is not None and self._on_pmi(seen.hosted) is wanted and self.holder == self.call.actor:
            self.starts.remember(tx, seen.hosted.holder, wanted=wanted)
        return self.starts.started(tx, seen.hosted, session, self.call.actor.user, fresh=fresh, wish=self.wish)

    def _seen(self, tx: Transaction, hosted: Hosted) -> Seen:
        # Where nobody has said anything, what runs in the room is offered all the same.
        where = Where(on_pmi=self._on_pmi(hosted) is not False, topic=self.topic, by=self.call.actor.user)
        return Seen(hosted, where, self.beginnings.running(tx, hosted.holder.id, where))

    def _on_pmi(self, hosted: Hosted) -> bool | None:
        return hosted.on_pmi(self.call.actor.user, self.wish.on_pmi)

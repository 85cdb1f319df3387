"""The messages that tell hosts who waits: one for each host and place, kept as it is as long as it is fresh.

A change in a message makes no sound in Slack, so that whoever comes later is told of by a word of its own, and by a new
message once the last one is old.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.services.doorsteps import Doorsteps
from bot.services.guest_records import Guest, GuestRecords, place_id_of
from bot.services.hosting import Hosting
from bot.services.house import House
from bot.services.places import Place
from bot.services.postings import Plan, PostingKind, PostingRecords, Target
from storage import guests, postings
from storage.transactions import Transaction

FRESH = timedelta(minutes=10)
"""For how long a message is kept up to date before the next knock makes a new one."""
MOST_SHOWN = 8
"""Guests with buttons of their own in a message."""
MOST_NAMED = 20
"""Guests of whom a message says what became of them."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a host may see of a place and of who waits there."""

    workspace: str
    place_id: str
    holder: str
    """The Slack id of whose room or meeting it is."""
    topic: str
    number: str
    runs: bool
    """Whether they meet now."""
    waiting: tuple[Guest, ...]
    """The first ones."""
    more: int
    """How many wait beside those."""
    decided: tuple[Guest, ...]
    """Of whom was decided since the message was made."""

    @property
    def how_many(self) -> int:
        """How many wait."""
        return len(self.waiting) + self.more


@dataclass(frozen=True, slots=True)
class GuestMessages:
    """The messages of one process."""

    house: House
    hosting: Hosting

    def tell(self, tx: Transaction, place: Place) -> None:
        """Tell the hosts of a place that somebody new waits there."""
        place_id, at = place_id_of(place), self.house.now()
        newest = postings.newest(tx, place_id, PostingKind.GUESTS)
        stands = newest is not None and at - newest[1] < FRESH
        detail = newest[0] if newest is not None and stands else str(int(at.timestamp()))
        step = self._doorsteps.at(tx, place)
        for user in () if step is None else step.told:
            is_new = self._plan(tx, place, PostingKind.GUESTS, user, detail)
            if not is_new:
                # Once a minute: whoever comes in crowds makes no more noise than one.
                self._plan(tx, place, PostingKind.MORE_GUESTS, user, str(int(at.timestamp()) // 60))
        if newest is not None:
            PostingRecords(self.house).refresh(tx, place_id, detail=newest[0])

    def _plan(self, tx: Transaction, place: Place, kind: PostingKind, user: str, detail: str) -> bool:
        at, target = self.house.now(), Target(user=user)
        plan = Plan(place.workspace, kind, place_id_of(place), target, due_at=at, detail=detail)
        return PostingRecords(self.house).plan(tx, plan)

    def refresh(self, tx: Transaction, place_id: str) -> None:
        """Have the newest message at a place show who waits now."""
        newest = postings.newest(tx, place_id, PostingKind.GUESTS)
        if newest is not None:
            PostingRecords(self.house).refresh(tx, place_id, detail=newest[0])

    def is_newest(self, tx: Transaction, place_id: str, detail: str) -> bool:
        """Whether no newer message has taken the place of this one."""
        newest = postings.newest(tx, place_id, PostingKind.GUESTS)
        return newest is None or newest[0] == detail

    def door(self, tx: Transaction, place_id: str, detail: str = "") -> Door | None:
        """What a message shows, with what was decided since it was made; None where nobody is or was there."""
        records = GuestRecords(self.house)
        waiting = records.waiting(tx, place_id, MOST_SHOWN)
        decided = records.decided(tx, place_id, _made_at(detail), MOST_NAMED)
        place = next((guest.place for guest in (*waiting, *decided)), None)
        step = None if place is None else self._doorsteps.at(tx, place)
        if place is None or step is None:
            return None
        return Door(
            workspace=place.workspace,
            place_id=place_id,
            holder=step.hosted.holder.slack_user,
            topic=step.topic,
            number=place.number if step.session is None else step.session.number,
            runs=step.session is not None,
            waiting=waiting,
            more=guests.how_many_wait(tx, place_id) - len(waiting),
            decided=decided,
        )

    @property
    def _doorsteps(self) -> Doorsteps:
        return Doorsteps(self.house, self.hosting)


def _made_at(detail: str) -> datetime:
    whole = detail.isascii() and detail.isdigit() and len(detail) <= 10  # noqa: PLR2004  seconds, for centuries
    return datetime.fromtimestamp(int(detail) if whole else 0, UTC)

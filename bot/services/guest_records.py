"""Guests as they are kept: from a row to what everybody above sees, the name sealed in its place."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.services.house import House
from bot.services.places import Place
from storage import guests
from storage.guests import GuestRow
from storage.secrets import Unsealable
from storage.transactions import Transaction


class GuestState(StrEnum):
    """What has become of a guest."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    DENIED = "denied"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest as everybody above sees them."""

    id: str
    place: Place
    name: str
    """As they gave it; empty where nobody asked, or it cannot be read any more."""
    slack_user: str | None
    """Who has signed in; else whose invitation it is."""
    signed_in: bool
    state: GuestState
    session_id: str | None
    """The session that they were let in to."""
    asked_at: datetime
    seen_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    """The Slack id of the host who decided; empty where no host did."""


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody who begins to wait."""

    guest_id: str
    place: Place
    name: str
    slack_user: str | None
    signed_in: bool
    source: str = field(repr=False)
    """As `GuestRecords.source` gives it."""
    before: GuestState | None
    """What had become of them before; None where they have never asked."""


@dataclass(frozen=True, slots=True)
class GuestRecords:
    """The rows of guests, for one process."""

    house: House

    def find(self, tx: Transaction, guest_id: str) -> tuple[Guest, bool] | None:
        """The guest, and whether what they asked to come in to is over."""
        found = guests.find(tx, guest_id)
        return None if found is None else (self._guest(found[0]), found[1])

    def knock(self, tx: Transaction, knock: Knock) -> None:
        """Have somebody wait from now on; who asked before at this place asks again.

        Raises:
            Conflict: meanwhile they knocked elsewhere, or a host has decided.
        """
        at, place = self.house.now(), knock.place
        name = self.house.keys.seal(knock.name, **_sealed_in(place.workspace, knock.guest_id)) if knock.name else None
        guests.knock(
            tx,
            GuestRow(
                id=knock.guest_id,
                workspace=place.workspace,
                member_id=place.member_id,
                meeting_id=place.meeting_id,
                in_room=is_in_room(place),
                place_id=place_id_of(place),
                number=place.number,
                name=name,
                slack_user=knock.slack_user,
                signed_in=knock.signed_in,
                source=knock.source,
                state=GuestState.WAITING,
                session_id=None,
                asked_at=at,
                seen_at=at,
            ),
            knock.before,
        )

    def waiting(self, tx: Transaction, place_id: str, most: int) -> tuple[Guest, ...]:
        """Who waits at a place, in the order of asking, and at most so many."""
        return self._guests(guests.waiting_at(tx, place_id, most))

    def decided(self, tx: Transaction, place_id: str, since: datetime, most: int) -> tuple[Guest, ...]:
        """Of whom was decided at a place since then: at most so many of the last, in that order."""
        return self._guests(guests.decided_at(tx, place_id, since, most))

    def source(self, network: str) -> str:
        """A source of requests as it is kept: the same for the same one, and nothing to be read back."""
        return hmac.new(self.house.keys.derive("guest source"), network.encode(), hashlib.sha256).hexdigest()

    def _guests(self, rows: Iterable[GuestRow]) -> tuple[Guest, ...]:
        return tuple(self._guest(row) for row in rows)

    def _guest(self, row: GuestRow) -> Guest:
        return Guest(
            id=row.id,
            place=Place(row.workspace, row.member_id, row.meeting_id, row.in_room, row.number),
            name=self._name(row),
            slack_user=row.slack_user,
            signed_in=row.signed_in,
            state=GuestState(row.state),
            session_id=row.session_id,
            asked_at=row.asked_at,
            seen_at=row.seen_at,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
        )

    def _name(self, row: GuestRow) -> str:
        if row.name is None:
            return ""
        try:
            return self.house.keys.open(row.name, **_sealed_in(row.workspace, row.id))
        except Unsealable:
            return ""


def is_in_room(place: Place) -> bool:
    """Whether they meet in the member's room, be it at the time of a meeting."""
    return place.in_room or place.meeting_id is None


def place_id_of(place: Place) -> str:
    """By what those are found who want to meet in one room, or on one number."""
    return place.member_id if place.meeting_id is None or place.in_room else place.meeting_id


def guest_id_of(token: str, place: Place) -> str:
    """The id of a browser at a place: the same one for the same two, and no way back to what the browser holds."""
    return hashlib.sha256(f"{token}\n{place_id_of(place)}".encode()).hexdigest()


def _sealed_in(workspace: str, guest_id: str) -> dict[str, str]:
    return {"table": "guest", "column": "name", "workspace": workspace, "key": guest_id}

"""Sealed texts that a browser carries: who has signed in, and where a link to the signing in leads back to.

It knows no HTTP and no Slack. Nothing that comes back from a browser is trusted but what was sealed here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from storage.secrets import KeyRing, Unsealable

PASS_LASTS = timedelta(hours=12)
"""For how long somebody stays signed in."""
LONGEST_NAME = 100
"""Characters in the name of a place, and in that of a person. No address of ours has more."""

_PASS_PLACE = {"table": "sign_in", "column": "pass", "workspace": "", "key": ""}
_TICKET_PLACE = {"table": "sign_in", "column": "ticket", "workspace": "", "key": ""}


class Door(StrEnum):
    """A kind of page to which somebody comes back when they have signed in."""

    NUMBER = "number"
    LINK = "link"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of ours: which kind, and what stands in its address as the visitor wrote it. Never a URL."""

    door: Door
    name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whom Slack has vouched for, here and within the last hours."""

    workspace: str
    """Enterprise id, else team id: the key of a workspace."""
    user: str
    name: str
    """As Slack shows them; may be empty."""


@dataclass(frozen=True, slots=True)
class _Pass:
    who: SignedIn
    until: int


_PLACE = TypeAdapter(Place)
_PASS = TypeAdapter(_Pass)


class Passes:
    """Seals what goes to browsers, and reads what comes back from them."""

    def __init__(self, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    def issue(self, who: SignedIn) -> str:
        """What shows for `PASS_LASTS` that its bearer is this person."""
        until = self._now() + PASS_LASTS
        return self._keys.seal(_PASS.dump_json(_Pass(who, int(until.timestamp()))).decode(), **_PASS_PLACE)

    def holder(self, text: str) -> SignedIn | None:
        """Whose pass this is; None where it is none of ours, or not any more."""
        try:
            found = _PASS.validate_json(self._keys.open(text, **_PASS_PLACE))
        except (Unsealable, ValidationError):
            return None
        return found.who if self._now().timestamp() < found.until else None

    def ticket(self, place: Place) -> str:
        """A text that stands for a place in a link; an invitation's key cannot be read from it."""
        name = place.name[:LONGEST_NAME].encode(errors="replace").decode()
        return self._keys.seal(_PLACE.dump_json(Place(place.door, name)).decode(), **_TICKET_PLACE)

    def place(self, ticket: str) -> Place | None:
        """The place that a ticket stands for; None where it is none of ours."""
        try:
            return _PLACE.validate_json(self._keys.open(ticket, **_TICKET_PLACE))
        except (Unsealable, ValidationError):
            return None

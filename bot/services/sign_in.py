"""Signing in on a join page: whoever has signed in carries a pass that only this program seals and reads.

It knows no HTTP and no Slack. Nothing that comes back from a browser is trusted but what was sealed here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from storage.secrets import KeyRing, Unsealable

PASS_HOURS = 12
"""For how long somebody stays signed in."""
LONGEST_NAME = 100
"""Characters in the name of a place. None of our addresses has more, and a link is no letter box."""


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
    """Sealed texts that go to a browser and come back: who signed in, and where a link leads."""

    def __init__(self, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    def issue(self, who: SignedIn) -> str:
        """What lets this person in as themselves, for `PASS_HOURS`."""
        until = self._now() + timedelta(hours=PASS_HOURS)
        return self._seal("pass", _PASS.dump_json(_Pass(who, int(until.timestamp()))))

    def holder(self, text: str) -> SignedIn | None:
        """Whose pass this is; None where it is none of ours, or not any more."""
        opened = self._open("pass", text)
        try:
            found = None if opened is None else _PASS.validate_json(opened)
        except ValidationError:
            return None
        return found.who if found is not None and self._now().timestamp() < found.until else None

    def ticket(self, place: Place) -> str:
        """A text that stands for a place in a link; an invitation's key cannot be read from it."""
        return self._seal("place", _PLACE.dump_json(Place(place.door, place.name[:LONGEST_NAME])))

    def place(self, text: str) -> Place | None:
        """The place that a ticket stands for; None where it is none of ours."""
        opened = self._open("place", text)
        try:
            return None if opened is None else _PLACE.validate_json(opened)
        except ValidationError:
            return None

    def _seal(self, purpose: str, value: bytes) -> str:
        return self._keys.seal(value.decode(), **_bound_to(purpose))

    def _open(self, purpose: str, text: str) -> str | None:
        try:
            return self._keys.open(text, **_bound_to(purpose))
        except Unsealable:
            return None


def _bound_to(purpose: str) -> dict[str, str]:
    """The place in which a browser keeps a sealed text: in no table."""
    return {"table": "browser", "column": f"sign_in.{purpose}", "workspace": "", "key": ""}

"""Who has signed in, as a browser carries it; and where a link to the signing in leads back to, as the link carries it.

It knows no HTTP and no Slack. Nothing that comes back from a browser is trusted but what was sealed here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from storage.secrets import KeyRing, Unsealable

LASTS = timedelta(hours=12)
"""For how long somebody stays signed in."""
LONGEST_NAME = 100
"""Characters of a name in an address. No address of ours has more."""

HANDED_OVER = timedelta(minutes=2)
"""For how long somebody who has signed in may be on the way to another host."""

_HANDOVER_PLACE = {"table": "sign_in", "column": "handover", "workspace": "", "key": ""}
_MEMBER_PLACE = {"table": "sign_in", "column": "member", "workspace": "", "key": ""}
_TICKET_PLACE = {"table": "sign_in", "column": "ticket", "workspace": "", "key": ""}


class Page(StrEnum):
    """A kind of page to which somebody comes back when they have signed in."""

    NUMBER = "number"
    LINK = "link"
    WAIT = "wait"
    """Where a way in goes on that is open to the browser already."""


@dataclass(frozen=True, slots=True)
class Return:
    """A page of ours to come back to: which kind, and what stands in its address, as the visitor wrote it. No URL."""

    page: Page
    name: str = ""
    host: str = ""
    """Where it is on another host than that of this service: a workspace's own."""
    browser: str = ""
    """Hash of what the browser is known by on that host."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whom Slack has vouched for, here and within the last hours."""

    workspace: str
    """Enterprise id, else team id: the key of a workspace."""
    user: str
    name: str
    """As Slack shows them; may be empty."""


@dataclass(frozen=True, slots=True)
class _Kept:
    who: SignedIn
    until: int


@dataclass(frozen=True, slots=True)
class Handover:
    """Somebody who has signed in, on the way to a host of their workspace's own."""

    who: SignedIn
    back: Return
    until: int


_RETURN = TypeAdapter(Return)
_HANDOVER = TypeAdapter(Handover)
_KEPT = TypeAdapter(_Kept)


class Seals:
    """Seals both, and reads what comes back."""

    def __init__(self, keys: KeyRing, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    def member(self, who: SignedIn) -> str:
        """What a browser shows, for as long as it `LASTS`, to be taken for this person."""
        kept = _Kept(who, int((self._now() + LASTS).timestamp()))
        return self._keys.seal(_KEPT.dump_json(kept).decode(), **_MEMBER_PLACE)

    def read_member(self, text: str) -> SignedIn | None:
        """Who shows this; None where it was not sealed for that here, or not in the last hours."""
        try:
            kept = _KEPT.validate_json(self._keys.open(text, **_MEMBER_PLACE))
        except (Unsealable, ValidationError):
            return None
        return kept.who if self._now().timestamp() < kept.until else None

    def ticket(self, back: Return) -> str:
        """What stands for a page in a link; nothing can be read from it."""
        name = back.name[:LONGEST_NAME].encode(errors="replace").decode()
        return self._keys.seal(_RETURN.dump_json(replace(back, name=name)).decode(), **_TICKET_PLACE)

    def read_ticket(self, text: str) -> Return | None:
        """The page that this stands for; None where it was not sealed for that here."""
        try:
            return _RETURN.validate_json(self._keys.open(text, **_TICKET_PLACE))
        except (Unsealable, ValidationError):
            return None

    def handover(self, who: SignedIn, back: Return) -> str:
        """What takes somebody who has signed in to another host. Only the browser that began there can use it."""
        until = int((self._now() + HANDED_OVER).timestamp())
        return self._keys.seal(_HANDOVER.dump_json(Handover(who, back, until)).decode(), **_HANDOVER_PLACE)

    def read_handover(self, text: str) -> Handover | None:
        """Who comes with this, and where to; None where it was not sealed for that here, or minutes ago."""
        try:
            found = _HANDOVER.validate_json(self._keys.open(text, **_HANDOVER_PLACE))
        except (Unsealable, ValidationError):
            return None
        return found if self._now().timestamp() < found.until else None

"""What a browser holds once a way is open to it: the way and the guest's name, sealed, for half a day.

It knows no HTTP. Nothing that comes back from a browser is trusted but what was sealed here.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from bot.services.ways import Way
from storage.secrets import KeyRing, Unsealable

LASTS = timedelta(hours=12)
"""For how long a way stays open to a browser."""

_PLACE = {"table": "way_cookie", "column": "value", "workspace": "", "key": ""}


@dataclass(frozen=True, slots=True)
class Pass:
    """Where a browser may go, and as whom."""

    way: Way
    name: str = ""
    """As the guest typed it; empty where nobody was asked."""
    at: datetime | None = field(default=None, compare=False)
    """When it was given: set by sealing."""


@dataclass(frozen=True, slots=True)
class _Kept:
    held: Pass
    until: int


_KEPT = TypeAdapter(_Kept)


def seal_way(keys: KeyRing, held: Pass, now: datetime) -> str:
    """The text that a browser keeps."""
    kept = _Kept(replace(held, at=now), int((now + LASTS).timestamp()))
    return keys.seal(_KEPT.dump_json(kept).decode(), **_PLACE)


def read_way(keys: KeyRing, text: str, now: datetime) -> Pass | None:
    """What a browser brought back; None where it is none of ours, or its time is over."""
    try:
        kept = _KEPT.validate_json(keys.open(text, **_PLACE))
    except (Unsealable, ValidationError):
        return None
    return kept.held if now.timestamp() < kept.until else None

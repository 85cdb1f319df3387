"""Who asks, and who somebody is, as far as the use cases need to know."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Actor:
    """The member who asks: a workspace (enterprise id, else team id) and a Slack user id, both verified."""

    workspace: str
    user: str


class NoticeKind(StrEnum):
    """What somebody is told after their request was acknowledged."""

    PMI_SAVED = "pmi.saved"
    LINK_SAVED = "link.saved"
    SETTINGS_RESET = "settings.reset"
    MEETING_STARTED = "meeting.started"
    MEETING_ENDED = "meeting.ended"


@dataclass(frozen=True, slots=True)
class Notice:
    """That the result of a request must be told where its acknowledgement cannot hold it."""

    kind: NoticeKind
    address: str = field(repr=False)
    """Where to tell it, in the words of whoever tells it. Whoever has it can answer in our name."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request of an actor. The key is the same for every repeat of the request, and for no other request."""

    actor: Actor
    key: str
    notice: Notice | None = None
    """What is to be told of the result; nothing where the acknowledgement says it."""


class Standing(StrEnum):
    """Whether somebody can have a room here."""

    MEMBER = "member"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    OUTSIDE = "outside"
    NOT_FOUND = "not_found"
    """Slack knows nobody by this id, or shows them to nobody here."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody."""

    user: str
    name: str
    standing: Standing
    zone: str = ""
    """The IANA name of their time zone; empty where Slack does not say."""
    administers: bool = False
    """Whether Slack named them an administrator some minutes ago: to show something by, never to allow it."""

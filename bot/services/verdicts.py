"""What a wish for a number or a link comes to, as the use cases tell it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from bot.rules import (
    Code,
    Refusal,
    Violation,
    forbidden_for_link,
    forbidden_for_pmi,
    missing_for_link,
    missing_for_pmi,
)
from bot.services.room import Defaults, Room, customising, plan_and_licence
from storage.members import MemberRow
from storage.workspaces import Entitling


class Outcome(StrEnum):
    """How a wish stands at this moment."""

    FREE = "free"
    YOURS = "yours"
    HELD = "held"
    """Given up by this very person: theirs to take back."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on a wish that changes nothing."""

    outcome: Outcome
    text: str
    """The digits, or the link as it was typed."""
    violations: tuple[Violation, ...] = ()
    """Why it is refused; where it is held, what keeps its former holder from taking it back."""
    free: tuple[str, ...] = ()
    """Free ones to have instead, where it is refused."""
    near: bool = True
    """Whether these are near the wish; else they are any others."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A room after a change that was asked for; `before` is what was given up, if anything was."""

    room: Room
    changed: bool
    before: str | None = None
    held_until: datetime | None = None
    """Until when what was given up is held, where the hold has an end."""


SAVED = TypeAdapter(Saved)
"""How an answer to a change of PMI or link is kept."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Free ones: near the wish, and where too few are, others."""

    wish: str
    """What was read in the wish; empty where nothing in it can be part of one."""
    near: tuple[str, ...]
    others: tuple[str, ...]


class State(StrEnum):
    """What has become of something that a member has held."""

    LIVE = "live"
    HELD = "held"
    LAPSED = "lapsed"
    """The hold has ended; it is free for anybody, this member too."""
    GONE = "gone"
    """Somebody else has taken it since: it is theirs now, or held for them, or lapsed again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a member's history."""

    text: str
    state: State
    moment: datetime
    """When it was claimed, while it is live. Of a held number since when, of a held link until when it is held.

    Of a lapsed link when its hold ended; of one that is gone when this member last chose it.
    """


@dataclass(frozen=True, slots=True)
class History:
    """All that a member has held, and what keeps them from taking anything of it back; nothing for those who may."""

    entries: tuple[Entry, ...]
    missing: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What keeps somebody from choosing; known or not yet known, their plan and licence decide."""

    pmi: tuple[Code, ...]
    link: tuple[Code, ...]


def entitlement(row: MemberRow | Entitling, defaults: Defaults) -> Entitlement:
    """The entitlement of a member, or of somebody without a first contact yet."""
    plan, licence = plan_and_licence(row, defaults)
    customisers, enabled = customising(row)
    return Entitlement(
        forbidden_for_pmi(customisers, pmis_enabled=enabled) or missing_for_pmi(plan, licence),
        forbidden_for_link(customisers, pmis_enabled=enabled) or missing_for_link(plan, licence),
    )


def refusal_of(wish: str, codes: tuple[Code, ...], *more: Violation) -> Refusal:
    """A refusal for what plan or licence forbids, and for more."""
    return Refusal(wish, (*(Violation(code, wish) for code in codes), *more))

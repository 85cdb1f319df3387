"""What a wish for a number or a link comes to, as the use cases tell it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules import Code, Licence, Plan, Refusal, Violation, missing_for_link, missing_for_pmi
from bot.services.room import Defaults, Room
from storage.members import MemberRow


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
    free: tuple[str, ...] = ()
    """Free ones near the wish, where it is refused."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A room after a change that was asked for; `before` is what was given up, if anything was."""

    room: Room
    changed: bool
    before: str | None = None
    held_until: datetime | None = None
    """Until when what was given up is held, where the hold has an end."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Free ones: near the wish, and where too few are, others."""

    wish: str
    near: tuple[str, ...]
    others: tuple[str, ...]


class State(StrEnum):
    """What has become of something that a member has held."""

    LIVE = "live"
    HELD = "held"
    LAPSED = "lapsed"
    """The hold has ended; it is free for anybody, this member too."""
    GONE = "gone"
    """Somebody else has it now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a member's history."""

    text: str
    state: State
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What keeps somebody from choosing; known or not yet known, their plan and licence decide."""

    pmi: tuple[Code, ...]
    link: tuple[Code, ...]


def entitlement(row: MemberRow | None, workspace_plan: str | None, defaults: Defaults) -> Entitlement:
    """The entitlement of a member, or of somebody without a first contact yet."""
    plan = Plan(workspace_plan) if workspace_plan else defaults.plan
    licence = Licence(row.licence) if row is not None and row.licence else defaults.licence
    return Entitlement(missing_for_pmi(plan, licence), missing_for_link(plan, licence))


def refusal_of(wish: str, codes: tuple[Code, ...], *more: Violation) -> Refusal:
    """A refusal for what plan or licence forbids, and for more."""
    return Refusal(wish, (*(Violation(code, wish) for code in codes), *more))

"""What the use cases promise, once more and plainly: dictionaries for tables, one step after the other.

Shares no code with services or storage, so that a mistake in them is not repeated here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

Person: TypeAlias = tuple[str, str]
"""Workspace and Slack user."""
Line: TypeAlias = tuple[str, Person | None, Person | None, str, str | None, str | None]
"""A line of the change log: workspace, whose, by whom, what, from what, to what."""

HOLD = timedelta(days=180)


@dataclass
class Room:
    pmi: str
    link: str | None = None
    instant: bool | None = None
    licence: str | None = None


@dataclass
class Link:
    spelling: str
    holder: Person
    until: datetime | None = None


@dataclass(frozen=True)
class Came:
    """What a change must come to: refused for these codes, or saved."""

    codes: tuple[str, ...] = ()
    changed: bool = False
    before: str | None = None
    until: datetime | None = None


@dataclass
class Model:
    """Everything that there is, as it must be."""

    rooms: dict[Person, Room] = field(default_factory=dict)
    numbers: dict[str, Person] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    plans: dict[str, str | None] = field(default_factory=dict)
    log: Counter[Line] = field(default_factory=Counter)

    def may_not(self, person: Person, what: str) -> tuple[str, ...]:
        """What keeps somebody from choosing: the table of the rules. No plan means Business, no licence Licensed."""
        plan = self.plans.get(person[0]) or "business"
        room = self.rooms.get(person)
        licence = (room.licence if room else None) or "licensed"
        table = {
            ("basic", "basic"): ("plan",),
            ("basic", "licensed"): ("plan",),
            ("pro", "basic"): ("licence",) if what == "pmi" else ("plan", "licence"),
            ("pro", "licensed"): () if what == "pmi" else ("plan",),
        }
        missing = table.get((plan, licence), () if licence == "licensed" else ("licence",))
        return tuple(f"{each}.{what}" for each in missing)

    def welcome(self, person: Person, pmi: str, by: Person) -> None:
        assert pmi not in self.numbers, "a number that somebody has was given away"

        self.rooms[person] = Room(pmi)
        self.numbers[pmi] = person
        self.plans.setdefault(person[0], None)
        self._write(person, by, "pmi.assigned", None, pmi)

    def save_pmi(self, person: Person, digits: str | None, instant: bool | None) -> Came:  # noqa: FBT001
        room = self.rooms[person]
        old = room.pmi
        moves = digits is not None and digits != old
        if digits is not None and moves:
            missing = self.may_not(person, "pmi")
            others = self.numbers.get(digits, person) != person
            if missing or others:
                return Came((*missing, *(["pmi.taken"] if others else [])))
            self._write(person, person, "pmi.taken_back" if digits in self.numbers else "pmi.changed", old, digits)
            self.numbers[digits] = person
            room.pmi = digits
        said = instant is not None and instant != room.instant
        if said:
            self._write(person, person, "instant.changed", _word(room.instant), _word(instant))
            room.instant = instant
        return Came(changed=moves or said, before=old if moves else None)

    def save_link(self, person: Person, spelling: str, key: str, at: datetime) -> Came:
        room = self.rooms[person]
        if spelling == room.link:
            return Came()
        missing = self.may_not(person, "link")
        row = self.links.get(key)
        others = row is not None and row.holder != person and (row.until is None or row.until > at)
        if missing or others:
            return Came((*missing, *(["link.taken"] if others else [])))
        live = self.live_key(person)
        mine = row is not None and row.holder == person
        action = "link.taken_back" if mine and live != key else "link.changed" if room.link else "link.set"
        self._write(person, person, action, room.link, spelling)
        old, room.link = room.link, spelling
        self.links[key] = Link(spelling, person)
        if live is None or live == key:
            return Came(changed=True)
        self.links[live].until = at + HOLD
        return Came(changed=True, before=old, until=at + HOLD)

    def remove_link(self, person: Person, at: datetime) -> Came:
        room = self.rooms[person]
        live = self.live_key(person)
        if live is None:
            return Came(("link.none",))
        self._write(person, person, "link.removed", room.link, None)
        before, room.link = room.link, None
        self.links[live].until = at + HOLD
        return Came(changed=True, before=before, until=at + HOLD)

    def set_plan(self, workspace: str, plan: str | None) -> None:
        old = self.plans.setdefault(workspace, None)
        if plan != old:
            self.plans[workspace] = plan
            self.log[(workspace, None, None, "plan.changed", old, plan)] += 1

    def set_licence(self, person: Person, licence: str | None) -> None:
        room = self.rooms[person]
        if licence != room.licence:
            self._write(person, None, "licence.changed", room.licence, licence)
            room.licence = licence

    def live_key(self, person: Person) -> str | None:
        held = [key for key, row in self.links.items() if row.holder == person and row.until is None]
        return held[0] if held else None

    def numbers_of(self, person: Person) -> Iterator[str]:
        return (digits for digits, holder in self.numbers.items() if holder == person)

    def _write(self, person: Person, by: Person | None, action: str, old: str | None, new: str | None) -> None:
        self.log[(person[0], person, by, action, old, new)] += 1


def _word(answer: bool | None) -> str | None:  # noqa: FBT001
    return None if answer is None else "yes" if answer else "no"

"""What people were told of their changes, and so what the database must hold at the end."""

import re
from dataclasses import dataclass, field
from enum import StrEnum, auto

import sqlalchemy as sa

from storage import members
from storage.tables import meeting_numbers, personal_links
from storage.transactions import Transaction

_TOKEN = re.compile(r"noted as [0-9a-f]{8}")


class Word(StrEnum):
    """What somebody was told."""

    SAVED = auto()
    NOTHING = auto()
    """That nothing was changed."""
    UNKNOWN = auto()
    """To look again."""
    FAILED = auto()
    """That something went wrong, under a token."""
    OTHER = auto()
    """A refusal, a card, a dialog."""


def word_in(shown: str) -> Word:
    """The word in what was shown."""
    if "Saved." in shown:
        return Word.SAVED
    if "Nothing was changed" in shown:
        return Word.NOTHING
    if "Look again" in shown:
        return Word.UNKNOWN
    return Word.FAILED if _TOKEN.search(shown) else Word.OTHER


@dataclass(slots=True)
class Hope:
    """What one person may have: a number or a link, without spaces and as it is kept."""

    saved: list[str] = field(default_factory=list)
    """Everything that they were told is saved, the newest last."""
    perhaps: set[str] = field(default_factory=set)
    """What may have been saved since."""

    def told(self, word: Word, wish: str) -> None:
        """Somebody was told this of their wish."""
        if word is Word.SAVED:
            self.saved.append(wish)
            self.perhaps.clear()
        elif word is Word.UNKNOWN:
            self.perhaps.add(wish)
        else:
            self.perhaps.discard(wish)

    def allows(self, found: str | None) -> bool:
        """Whether this may be what the database holds."""
        if not self.saved:
            return True
        return found == self.saved[-1] or found in self.perhaps


@dataclass(slots=True)
class Hopes:
    """One person's number and link."""

    pmi: Hope = field(default_factory=Hope)
    link: Hope = field(default_factory=Hope)


def lost(tx: Transaction, workspace: str, hopes: dict[str, Hopes]) -> list[str]:
    """A sentence for each thing that somebody was told is saved, and that they do not have."""
    number_holders = {row.digits: row.holder_id for row in tx.execute(sa.select(meeting_numbers))}
    link_holders = {row.key: row.holder_id for row in tx.execute(sa.select(personal_links))}
    found: list[str] = []
    for user, hope in hopes.items():
        row = members.find(tx, workspace, user)
        if row is None:
            found += [f"{user} is not known, and was told of {each}" for each in hope.pmi.saved + hope.link.saved]
            continue
        if not hope.pmi.allows(row.pmi):
            found.append(f"{user} was told of {hope.pmi.saved[-1]} and has {row.pmi}")
        if not hope.link.allows(row.link):
            found.append(f"{user} was told of {hope.link.saved[-1]} and has {row.link}")
        found += [f"{user} does not hold {each}" for each in hope.pmi.saved if number_holders.get(each) != row.id]
        found += [f"{user} does not hold {each}" for each in hope.link.saved if link_holders.get(each) != row.id]
    return found

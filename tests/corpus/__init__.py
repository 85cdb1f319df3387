"""The corpus of bad and good input, as data: what is accepted, and as what; what is refused, and by which code.

A line has a category, a field, a value and one of `accept` (the form in which it is kept or shown) and `refuse` (codes
of the rules, of the door, or of the entrance). `times` repeats the value; `absent` says that the field is left out. The
categories keep their numbers: 15 (tables for spreadsheets) comes with the feature that writes them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the corpus."""

    category: str
    field: str
    value: Any
    absent: bool
    accept: str | None
    refuse: tuple[str, ...]
    note: str

    @property
    def number(self) -> int:
        """The category's number."""
        return int(self.category.split()[0])

    def __str__(self) -> str:
        """A short name, for the ids of tests."""
        return f"{self.number}-{self.field}-{ascii(self.value)[:40]}"


def lines(*fields: str, category: int | None = None) -> list[Line]:
    """Every line about one of these fields, or every line there is; those of one category alone, if it is named."""
    return [
        line
        for line in _all()
        if (not fields or line.field in fields) and (category is None or line.number == category)
    ]


def _all() -> Iterator[Line]:
    for path in sorted(FOLDER.glob("*.json")):
        for row in json.loads(path.read_text(encoding="ascii")):
            value = row.get("value")
            yield Line(
                row["category"],
                row["field"],
                value * row["times"] if "times" in row else value,
                row.get("absent", False),
                row.get("accept"),
                tuple(row.get("refuse", ())),
                row.get("note", ""),
            )

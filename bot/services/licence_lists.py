"""Lists of licences as people paste them: a line for each member, from whichever program for tables."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.rules import Licence

COLUMNS = ("user id", "licence", "pmi", "link", "left")
"""Of the file that is given out, which can be pasted as it is."""
DEFAULT = "default"
"""Stands for no licence of one's own."""
LICENCES: Mapping[str, Licence | None] = {DEFAULT: None, **{each.value: each for each in Licence}}
_SHORT = 2
_HEADERS = frozenset(("user id", "user", "id", "member", "member id", "slack id"))
_USER = re.compile(r"\A[UW][A-Z0-9]{1,31}\Z")


class Bad(StrEnum):
    """What is wrong with a line."""

    CELLS = "cells"
    USER = "user"
    LICENCE = "licence"
    TWICE = "twice"
    """Another line says another licence of the same member."""
    AWAY = "away"
    """Nobody with this id has used the app here."""


@dataclass(frozen=True, slots=True)
class LicenceList:
    """A list that was read. Numbers of lines count from 1, empty lines as well."""

    wanted: Mapping[str, Licence | None]
    """The licence for each member by Slack id."""
    lines: Mapping[str, int]
    """The first line that names them."""
    bad: Mapping[Bad, tuple[int, ...]] = field(default_factory=dict)

    def without(self, away: Iterable[str]) -> Mapping[Bad, tuple[int, ...]]:
        """What is wrong, with those who are not here."""
        more = tuple(sorted(self.lines[user] for user in away))
        return {**self.bad, Bad.AWAY: more} if more else self.bad


def read_list(text: str) -> LicenceList:
    """Read a pasted list, with or without a header, with commas, semicolons or tabs between the cells."""
    wanted: dict[str, Licence | None] = {}
    lines: dict[str, int] = {}
    bad: dict[Bad, list[int]] = {}
    is_first = True
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), 1):
        cells = _cells(line)
        if not any(cells):
            continue
        was_first, is_first = is_first, False
        if was_first and cells[0].lower().replace("_", " ") in _HEADERS:
            continue
        user, licence = cells[0], cells[1].lower() if len(cells) > 1 else ""
        why = _wrong(cells, user, licence)
        if why is None and user in wanted and wanted[user] is not LICENCES[licence]:
            why = Bad.TWICE
        if why is not None:
            bad.setdefault(why, []).append(number)
            continue
        wanted[user] = LICENCES[licence]
        lines.setdefault(user, number)
    return LicenceList(wanted, lines, {why: tuple(bad[why]) for why in Bad if why in bad})


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, as people write them: `2, 5-7`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1] = [found[-1][0], number]
        else:
            found.append([number])
    return ", ".join("-".join(map(str, each)) for each in found)


def _cells(line: str) -> list[str]:
    mark = next((each for each in (",", "\t", ";") if each in line), ",")
    try:
        (row,) = csv.reader([line], delimiter=mark, skipinitialspace=True)
    except (csv.Error, ValueError):
        # What no program for tables writes is one cell, and so too few.
        return [line] if line.strip() else []
    return [cell.strip() for cell in row]


def _wrong(cells: list[str], user: str, licence: str) -> Bad | None:
    if len(cells) not in (_SHORT, len(COLUMNS)):
        return Bad.CELLS
    if not _USER.match(user):
        return Bad.USER
    return None if licence in LICENCES else Bad.LICENCE

"""Files for administrators: the keys of their addresses, and how their rows are written.

A key is not kept: it is sealed, says which file of which workspace it opens, for whom, and until when.
"""

import csv
import io
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from storage.secrets import KeyRing, Unsealable

LASTS = timedelta(minutes=10)
"""For how long an address works."""
LONGEST_KEY = 2000
"""Characters of a key that are looked at."""

FileSource = Callable[[str, str], AsyncIterator[Sequence[str]]]
"""Gives the rows of a workspace's file, the header first; the second argument is what the key says of the file."""
_PLACE = {"table": "admin_file", "column": "key", "workspace": "", "key": ""}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What programs for tables take for the beginning of a formula, or skip before one."""


class FileKind(StrEnum):
    """What can be had as a file."""

    MEMBERS = "members"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class AdminFile:
    """What an address opens."""

    workspace: str
    user: str
    """The Slack id of the administrator whom it was given to."""
    kind: FileKind
    detail: str = ""
    """Which part of it, as its source reads it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    file: AdminFile
    until: int


_KEPT = TypeAdapter(_Kept)


def file_key(keys: KeyRing, file: AdminFile, now: datetime) -> str:
    """The key of an address that only this administrator may see."""
    kept = _Kept(file, int((now + LASTS).timestamp()))
    return keys.seal(_KEPT.dump_json(kept).decode(), **_PLACE)


def read_file_key(keys: KeyRing, key: str, now: datetime) -> AdminFile | None:
    """What a key opens; None where it is none of ours, or its time is over."""
    if not key or len(key) > LONGEST_KEY:
        return None
    try:
        kept = _KEPT.validate_json(keys.open(key, **_PLACE))
    except (Unsealable, ValidationError):
        return None
    return kept.file if now.timestamp() < kept.until else None


def csv_line(cells: Sequence[str]) -> str:
    """A line as RFC 4180 has it, in which nothing is a formula."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return line.getvalue()

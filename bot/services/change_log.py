"""What administrators see of the change log: a page of it, or all of a filter as rows of a file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter

from bot.services.house import House
from storage import change_pages, members
from storage.change_pages import Logged, Wanted
from storage.ids import first_id
from storage.transactions import Transaction

PAGE = 10
"""Lines that a dialog shows."""
AT_ONCE = 1000
"""Rows of a file in one transaction."""
MOST = 50_000
"""Rows of a file."""
HEADER = ("when_utc", "whose", "by", "change", "from", "to")


LogLine: TypeAlias = Logged
"""A change, with the Slack ids of those whom it names."""


class LogKind(StrEnum):
    """What is changed."""

    NUMBERS = "numbers"
    LINKS = "links"
    ROOMS = "rooms"
    MEETINGS = "meetings"
    LICENCES = "licences"
    """Licences, and the plan."""
    INSTALLS = "installs"
    POLICY = "policy"
    """What holds for everybody here: all that is none of the others."""


_PREFIXES: dict[LogKind, tuple[str, ...]] = {
    LogKind.NUMBERS: ("pmi",),
    LogKind.LINKS: ("link",),
    LogKind.ROOMS: (
        "topic",
        "passcode",
        "waiting_room",
        "members_only",
        "host_video",
        "participant_video",
        "mute_on_entry",
        "join_before_host",
        "instant",
        "scheduled",
        "host",
    ),
    LogKind.MEETINGS: ("meeting", "occurrence", "invitee"),
    LogKind.LICENCES: ("licence", "default_licence", "plan"),
    LogKind.INSTALLS: ("app", "tokens", "workspace"),
}
"""What the actions of each kind begin with."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is wanted of the log; nothing means all."""

    user: str | None = None
    """The Slack id of the member whose room, number, link or licence it is."""
    kind: LogKind | None = None
    day: date | None = None
    """The first day of which changes are wanted, where the reader is."""
    zone: str = "UTC"

    @property
    def since(self) -> datetime | None:
        """When that day begins; in UTC, where the zone is none that is known here."""
        if self.day is None:
            return None
        try:
            zone: tzinfo = ZoneInfo(self.zone)
        except (ValueError, ZoneInfoNotFoundError):
            zone = UTC
        return datetime.combine(self.day, time(), zone)


_FILTER = TypeAdapter(LogFilter)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines of the log, the newest first, and from where the next and the one before go on, if there are any."""

    asked: LogFilter
    lines: tuple[LogLine, ...]
    older: str | None
    newer: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a page begins: behind a row, towards the older ones or the newer ones."""

    row_id: str
    to_newer: bool


class ChangeLog:
    """The use cases of the change log."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def page(self, workspace: str, asked: LogFilter, turn: Turn | None = None) -> LogPage:
        """A page of a workspace's log; without a turn, the newest.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> LogPage:
            wanted = _wanted(tx, workspace, asked)
            if wanted is None:
                return LogPage(asked, (), None, None)
            lines = _lines(tx, workspace, wanted, turn)
            if not lines:
                return LogPage(asked, (), None, None)
            older = change_pages.before(tx, workspace, wanted, lines[-1].id, 1)
            newer = change_pages.after(tx, workspace, wanted, lines[0].id, 1)
            return LogPage(asked, lines, lines[-1].id if older else None, lines[0].id if newer else None)

        return await self._house.store.read(look)

    async def rows(self, workspace: str, detail: str) -> AsyncIterator[Sequence[str]]:
        """The rows of a file, the header first: all of a filter, the newest first and at most `MOST`.

        Raises:
            StorageError: the database did not answer as it should.
        """
        yield HEADER
        asked = _FILTER.validate_json(detail)
        last: str | None = None
        for _ in range(MOST // AT_ONCE):
            found = await self._house.store.read(partial(_piece, workspace=workspace, asked=asked, last=last))
            for line in found:
                yield _row(line)
            if len(found) < AT_ONCE:
                return
            last = found[-1].id
        if await self._house.store.read(partial(_piece, workspace=workspace, asked=asked, last=last)):
            yield ("", "", "", f"There are more than {MOST} changes: these are the newest.", "", "")


def file_detail(asked: LogFilter) -> str:
    """A filter as the key of a file has it."""
    return _FILTER.dump_json(asked).decode()


def one_line(text: str | None) -> str:
    """The text in one line, whatever stands in it: line ends and other controls as escapes."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text or "")


def _piece(tx: Transaction, workspace: str, asked: LogFilter, last: str | None) -> tuple[Logged, ...]:
    wanted = _wanted(tx, workspace, asked)
    return () if wanted is None else change_pages.before(tx, workspace, wanted, last, AT_ONCE)


def _lines(tx: Transaction, workspace: str, wanted: Wanted, turn: Turn | None) -> tuple[Logged, ...]:
    if turn is not None and turn.to_newer:
        return change_pages.after(tx, workspace, wanted, turn.row_id, PAGE)
    return change_pages.before(tx, workspace, wanted, None if turn is None else turn.row_id, PAGE)


def _wanted(tx: Transaction, workspace: str, asked: LogFilter) -> Wanted | None:
    """What is looked for; None where the member was never here, so that there is nothing of them."""
    member_id = None
    if asked.user is not None:
        member = members.find(tx, workspace, asked.user)
        if member is None:
            return None
        member_id = member.id
    others = tuple(prefix for each in _PREFIXES.values() for prefix in each)
    return Wanted(
        member_id=member_id,
        prefixes=() if asked.kind is None else _PREFIXES.get(asked.kind, ()),
        but_for=others if asked.kind is LogKind.POLICY else (),
        first="" if asked.since is None else first_id(asked.since),
    )


def _row(line: Logged) -> tuple[str, ...]:
    return (
        line.at.astimezone(UTC).isoformat(timespec="seconds"),
        line.member or line.member_id or "workspace",
        line.actor or line.actor_id or "operator",
        line.action,
        one_line(line.old),
        one_line(line.new),
    )

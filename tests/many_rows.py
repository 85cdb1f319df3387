"""As many rows as one likes, written by the database itself: a member with number, link, room, changes and a request.
Each workspace has a policy, and as many more were left by the app for good.

An id says how many rows there are before it, so that a test knows who is there without looking.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from storage.engine import sqlite_path
from tests.databases import sql

MEMBERS_EACH = 25
"""Members of one workspace."""
CHANGES_EACH = 4
ONE_IN = 50
"""Of so many messages one is still to be posted."""
SEALED = "v1.0a1b2c3d.0123456789abcdef.0123456789abcdef0123456789abcdef0123456789"
"""As long as a sealed passcode."""


@dataclass(frozen=True, slots=True)
class _Words:
    """How one database says it; `i` counts the rows."""

    padded: str
    moment: str
    series: str


_WORDS = {
    "sqlite": _Words(
        "printf('%0{length}d', i)",
        "strftime('%Y-%m-%d %H:%M:%f000', '2026-01-01', '+' || i || ' seconds')",
        "WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {rows})",
    ),
    "postgresql": _Words(
        "lpad(CAST(i AS VARCHAR), {length}, '0')",
        "TIMESTAMPTZ '2026-01-01 00:00:00Z' + i * INTERVAL '1 second'",
        "WITH series AS (SELECT i FROM generate_series(1, {rows}) AS counted(i))",
    ),
}


def member_id(number: int) -> str:
    """The id of a member, and of what a message is about."""
    return f"{number:026}"


def digits_of(number: int) -> str:
    """Their number. 7919 is prime, so that the numbers lie all over the namespace."""
    return str(2000000000 + number * 7919 % 7999999999)


async def fill(url: str, members: int, but: Sequence[str] = ()) -> None:
    """Store so many members with all that they have, but for the rows of these tables."""
    kind = url.partition(":")[0].partition("+")[0]
    statements = list(_statements(_WORDS[kind], members, but))
    if kind == "postgresql":
        # Foreign keys and their checks are not what is looked at here.
        await sql(url, "SET session_replication_role = replica", *statements, "ANALYZE")
        return
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _statements(words: _Words, members: int, but: Sequence[str]) -> Iterator[str]:
    for table, rows, columns in _tables(words, members):
        if table in but:
            continue
        series = words.series.format(rows=rows)
        values = ", ".join(columns.values())
        yield f"INSERT INTO {table} ({', '.join(columns)}) {series} SELECT {values} FROM series"  # noqa: S608 - constants


def _tables(words: _Words, members: int) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """Each table with how many rows it gets, and what each column gets."""
    ident, key, at = words.padded.format(length=26), words.padded.format(length=64), words.moment
    digits = "CAST(2000000000 + (i * CAST(7919 AS BIGINT)) % 7999999999 AS VARCHAR(11))"
    workspaces = members // MEMBERS_EACH
    workspace = f"'T0' || (i % {workspaces} + 1)"
    whose = words.padded.format(length=26).replace("(i AS", f"((i - 1) / {CHANGES_EACH} + 1 AS")
    whose = whose.replace(", i)", f", (i - 1) / {CHANGES_EACH} + 1)")
    yield "workspace", workspaces, {"key": "'T0' || i", "created_at": at}
    said = {"pmis_enabled": "TRUE", "who_may_customise": "'licensed'", "old_addresses_lead_on": "TRUE"}
    yield "workspace_policy", workspaces, {"workspace": "'T0' || i", **said}
    gone = {"left_at": at, "closed_at": at, "purged_at": at, "stays": "FALSE", "generation": "1"}
    yield "departure", workspaces, {"workspace": "'T1' || i", **gone}
    held = {"holder_id": ident, "claimed_at": at}
    yield "meeting_number", members, {"digits": digits, **held}
    yield "personal_link", members, {"key": "'link.' || i", "spelling": "'Link.' || i", **held}
    person = {"slack_user": "'U0' || i", "pmi": digits, "link_key": "'link.' || i", "created_at": at}
    yield "member", members, {"id": ident, "workspace": workspace, **person}
    room = {"passcode": f"'{SEALED}'", "waiting_room": "'outside'", "version": "1"}
    yield "room", members, {"member_id": ident, "workspace": workspace, **room}
    change = {"action": "'pmi.changed'", "old": digits, "new": digits, "at": at}
    changed = {"id": ident, "workspace": workspace, "member_id": whose, "actor_id": whose, **change}
    yield "change_log", members * CHANGES_EACH, changed
    yield "seen_request", members, {"key": key, "workspace": workspace, "answer": f"'{SEALED * 4}'", "at": at}
    counts = {"response_uses": "0", "doubts": "0", "wanted": "1", "generation": "1", "rest_ms": "0", "tries": "0"}
    place = {"channel": "'C0' || (i % 5000)", "lane": "'C0' || (i % 5000)", "kind": "'reminder'", "detail": "''"}
    shown = {"due_at": at, "shown": f"CASE WHEN i % {ONE_IN} = 0 THEN 0 ELSE 1 END", **counts}
    yield "posting", members, {"id": ident, "key": key, "workspace": workspace, "subject": ident, **place, **shown}

"""A million rooms stored, beside an empty database: how much slower is what people do?"""

import sqlite3
import statistics
from collections.abc import Mapping
from contextlib import closing

from storage.engine import sqlite_path
from tests.bench.processes import load, met, target
from tests.databases import sql

# 7919 is prime, so that the numbers lie all over the namespace; an id is 26 characters.
_ON_SQLITE = """
    CREATE TEMPORARY TABLE room AS
    WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < 1000000)
    SELECT printf('0%025d', i) AS id, CAST(2000000000 + (i * 7919) % 7999999999 AS TEXT) AS digits FROM series;
    INSERT INTO workspace (key, created_at) VALUES ('T0MILLION', '2026-01-01 00:00:00.000000');
    INSERT INTO meeting_number (digits, holder_id, claimed_at)
    SELECT digits, id, '2026-01-01 00:00:00.000000' FROM room;
    INSERT INTO member (id, workspace, slack_user, pmi, created_at)
    SELECT id, 'T0MILLION', 'U1' || digits, digits, '2026-01-01 00:00:00.000000' FROM room
    """
_ON_POSTGRESQL = """
    CREATE TEMPORARY TABLE room AS
    SELECT lpad(CAST(i AS VARCHAR), 26, '0') AS id,
           CAST(2000000000 + (CAST(i AS BIGINT) * 7919) % 7999999999 AS VARCHAR) AS digits
    FROM generate_series(1, 1000000) AS series(i);
    INSERT INTO workspace (key, created_at) VALUES ('T0MILLION', TIMESTAMPTZ '2026-01-01 00:00:00Z');
    INSERT INTO meeting_number (digits, holder_id, claimed_at)
    SELECT digits, id, TIMESTAMPTZ '2026-01-01 00:00:00Z' FROM room;
    INSERT INTO member (id, workspace, slack_user, pmi, created_at)
    SELECT id, 'T0MILLION', 'U1' || digits, digits, TIMESTAMPTZ '2026-01-01 00:00:00Z' FROM room;
    ANALYZE
    """


async def fill(kind: str, url: str) -> None:
    """Store a million rooms."""
    if kind == "postgresql":
        await sql(url, *_ON_POSTGRESQL.split(";"))
        return
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        for statement in _ON_SQLITE.split(";"):
            connection.execute(statement)
        connection.commit()


async def beside_empty(empty: Mapping[str, str], full: Mapping[str, str], seconds: float, rounds: int) -> str:
    """The middle time of one request at a time, in turn, and the ratio."""
    lines = ["| a million rooms, beside none | p50 ms at 1, none | a million | ratio |", "|---|---|---|---|"]
    for kind in empty:
        async with target("app", empty[kind]) as few, target("app", full[kind]) as many:
            for each in (few, many):
                await met(each.port)
            for what in ("card", "set"):
                times: dict[int, list[float]] = {few.port: [], many.port: []}
                for _ in range(rounds):
                    for port, found in times.items():
                        found.append((await load(port, what, 1, seconds))["p50"])
                one, other = (statistics.median(found) for found in times.values())
                title = f"`/pmi{' set' if what == 'set' else ''}`, {kind}"
                lines.append(f"| {title} | {one:.2f} | {other:.2f} | {other / one:.2f} |")
    return "\n".join(lines)

"""A million rooms stored, beside an empty database: how much slower is what people do?

`make bench` says so among other things; this alone is `python -m tests.bench.million`. BENCH_ROOMS is another number.
"""

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing

from storage import schema
from storage.engine import sqlite_path
from tests.bench.processes import load, met, target
from tests.databases import PostgresTemplates, postgres_server, sql

ROOMS = int(os.environ.get("BENCH_ROOMS", "1000000"))

# 7919 is prime, so that the numbers lie all over the namespace; an id is 26 characters.
_ON_SQLITE = f"""
    CREATE TEMPORARY TABLE room AS
    WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {ROOMS})
    SELECT printf('0%025d', i) AS id, CAST(2000000000 + (i * 7919) % 7999999999 AS TEXT) AS digits FROM series;
    INSERT INTO workspace (key, created_at) VALUES ('T0MILLION', '2026-01-01 00:00:00.000000');
    INSERT INTO meeting_number (digits, holder_id, claimed_at)
    SELECT digits, id, '2026-01-01 00:00:00.000000' FROM room;
    INSERT INTO member (id, workspace, slack_user, pmi, created_at)
    SELECT id, 'T0MILLION', 'U1' || digits, digits, '2026-01-01 00:00:00.000000' FROM room
    """  # noqa: S608 - a number of our own
_ON_POSTGRESQL = f"""
    CREATE TEMPORARY TABLE room AS
    SELECT lpad(CAST(i AS VARCHAR), 26, '0') AS id,
           CAST(2000000000 + (CAST(i AS BIGINT) * 7919) % 7999999999 AS VARCHAR) AS digits
    FROM generate_series(1, {ROOMS}) AS series(i);
    INSERT INTO workspace (key, created_at) VALUES ('T0MILLION', TIMESTAMPTZ '2026-01-01 00:00:00Z');
    INSERT INTO meeting_number (digits, holder_id, claimed_at)
    SELECT digits, id, TIMESTAMPTZ '2026-01-01 00:00:00Z' FROM room;
    INSERT INTO member (id, workspace, slack_user, pmi, created_at)
    SELECT id, 'T0MILLION', 'U1' || digits, digits, TIMESTAMPTZ '2026-01-01 00:00:00Z' FROM room;
    ANALYZE
    """  # noqa: S608 - as above


async def fill(kind: str, url: str) -> None:
    """Store so many rooms."""
    if kind == "postgresql":
        await sql(url, *_ON_POSTGRESQL.split(";"))
        return
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        for statement in _ON_SQLITE.split(";"):
            connection.execute(statement)
        connection.commit()


async def beside_empty(empty: Mapping[str, str], full: Mapping[str, str], seconds: float, rounds: int) -> str:
    """The middle time of one request at a time, in turn, and the ratio."""
    lines = [f"| {ROOMS:,} rooms, beside none | p50 ms at 1, none | so many | ratio |", "|---|---|---|---|"]
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


async def _alone(urls: tuple[dict[str, str], dict[str, str]]) -> str:
    for kind, url in urls[1].items():
        await fill(kind, url)
    seconds, rounds = float(os.environ.get("BENCH_SECONDS", "2")), int(os.environ.get("BENCH_ROUNDS", "5"))
    return await beside_empty(*urls, seconds, rounds)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        empty, full = (
            {"sqlite": f"sqlite:///{folder}/{name}.db", "postgresql": templates.fresh()} for name in ("empty", "full")
        )
        for urls in (empty, full):
            schema.upgrade(urls["sqlite"])
        sys.stdout.write(asyncio.run(_alone((empty, full))) + "\n")
        for urls in (empty, full):
            templates.drop(urls["postgresql"])
        templates.close()


if __name__ == "__main__":
    main()

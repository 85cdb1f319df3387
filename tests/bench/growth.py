"""What a member weighs, on both databases: run as `python -m tests.bench.growth`, with a number of members or none.

Each has a number, a link, a room, four changes, an answer that is kept for three days, and a message.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing

from storage import schema
from storage.engine import sqlite_path
from tests.databases import PostgresTemplates, postgres_server, sql
from tests.many_rows import CHANGES_EACH, fill

MEMBERS = 100_000
FOR_GOOD = {"member": 1, "meeting_number": 1, "personal_link": 1, "room": 1, "change_log": CHANGES_EACH}
"""Rows of a member that stay."""
FOR_A_TIME = {"seen_request": 1, "posting": 1}
_SIZES = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


async def on_postgresql(url: str, members: int) -> dict[str, int]:
    """Bytes of each table with its indexes."""
    await fill(url, members)
    return {str(name): int(str(table)) + int(str(indexes)) for name, table, indexes in await sql(url, _SIZES)}


async def on_sqlite(url: str, members: int) -> dict[str, int]:
    """Bytes of each table with its indexes; where SQLite cannot say so, of the whole file."""
    await fill(url, members)
    path = sqlite_path(url)
    with closing(sqlite3.connect(path)) as connection:
        try:
            return dict(
                connection.execute(
                    "SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_master USING (name) GROUP BY tbl_name"
                ).fetchall()
            )
        except sqlite3.OperationalError:
            return {"all": path.stat().st_size}


def lines(kind: str, sizes: dict[str, int], members: int) -> Iterator[str]:
    """Bytes a member, table by table and in all."""
    for name, size in sizes.items():
        if name in FOR_GOOD or name in FOR_A_TIME or name == "all":
            yield f"{kind} {name}: {size / members:.0f} bytes a member"
    for what, names in (("for good", FOR_GOOD), ("for a time", FOR_A_TIME)):
        if "all" not in sizes:
            yield f"{kind} {what}: {sum(sizes[name] for name in names) / members:.0f} bytes a member"


def main() -> None:
    """Measure and print."""
    members = int(sys.argv[1]) if sys.argv[1:] else MEMBERS
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        templates = PostgresTemplates(server)
        url, file = templates.fresh(), f"sqlite:///{folder}/rooms.db"
        schema.upgrade(file)
        found = [
            *lines("postgresql", asyncio.run(on_postgresql(url, members)), members),
            *lines("sqlite", asyncio.run(on_sqlite(file, members)), members),
        ]
        templates.drop(url)
        templates.close()
    sys.stdout.write("\n".join(found) + "\n")


if __name__ == "__main__":
    main()

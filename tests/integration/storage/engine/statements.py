"""A counter, a table without rules, and what tests do with it."""

import asyncio
from collections.abc import Callable

from sqlalchemy import Connection, text

CREATE = "CREATE TABLE tally (name VARCHAR(40) PRIMARY KEY, value INTEGER NOT NULL)"


def create(tx: Connection) -> None:
    tx.execute(text(CREATE))
    tx.execute(text("INSERT INTO tally VALUES ('shared', 0)"))


def add(name: str) -> Callable[[Connection], None]:
    def work(tx: Connection) -> None:
        tx.execute(text("INSERT INTO tally VALUES (:name, 1)"), {"name": name})

    return work


def add_at_length(name: str) -> Callable[[Connection], None]:
    """Adds a row after the database has counted for some milliseconds: time enough for a deadline to strike in."""
    count = "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 20000) SELECT max(n) FROM up"

    def work(tx: Connection) -> None:
        tx.execute(text(count)).scalar_one()
        add(name)(tx)

    return work


def add_and_fail(name: str, error: BaseException) -> Callable[[Connection], None]:
    def work(tx: Connection) -> None:
        add(name)(tx)
        raise error

    return work


def increment(tx: Connection) -> int:
    """Reads, then writes upon what was read; on PostgreSQL the row is locked by the reading, as a service would."""
    lock = " FOR UPDATE" if tx.dialect.name == "postgresql" else ""
    value = int(tx.execute(text(f"SELECT value FROM tally WHERE name = 'shared'{lock}")).scalar_one())  # noqa: S608
    tx.execute(text("UPDATE tally SET value = :value WHERE name = 'shared'"), {"value": value + 1})
    return value + 1


def shared(tx: Connection) -> int:
    return int(tx.execute(text("SELECT value FROM tally WHERE name = 'shared'")).scalar_one())


def names(tx: Connection) -> list[str]:
    return [row.name for row in tx.execute(text("SELECT name FROM tally WHERE name <> 'shared' ORDER BY name"))]


async def handed_over() -> None:
    """Until what was asked of a store in this turn of the loop has reached its threads, in the next one."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)

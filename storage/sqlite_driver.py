"""SQLite's driver, spoken to past SQLAlchemy."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection


def driver_of(tx: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    driver = tx.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine was made for this driver
    return driver


def rows(tx: Connection, statement: str, arguments: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows that a statement gives."""
    return driver_of(tx).execute(statement, tuple(arguments)).fetchall()

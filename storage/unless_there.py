"""Insert a row unless its key is there: how every race is decided, on both databases."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.straight import Straight
from storage.transactions import Transaction


class InsertUnlessThere:
    """An `INSERT ... ON CONFLICT DO NOTHING` over one key, compiled once for each database.

    It never locks a row that is there, so two people who want each other's numbers cannot deadlock.
    """

    def __init__(self, table: sa.Table, *key: str) -> None:
        columns = [table.c[name] for name in key]
        by_dialect = {
            "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=columns).returning(*columns),
            "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=columns).returning(*columns),
        }
        self._insert = Straight(by_dialect)

    def __call__(self, tx: Transaction, values: Mapping[str, object]) -> bool:
        """Whether the row is new; False means that the key was there, committed by somebody."""
        return bool(self._insert(tx, values))

"""Sealed columns as a whole: under which keys their values are, and how values come under another key or go.

Every statement looks at a bounded number of rows, in the order of the primary key, however long the table is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storage.sealed_columns import SealedColumn
from storage.secrets import KeyRing, prefix_of
from storage.transactions import Transaction

_PREFIX_LENGTH = len(prefix_of("1a2b3c4d"))


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A value as it is kept, with the parts of its place that its row knows."""

    key: str
    workspace: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What was wanted in some rows that follow each other."""

    values: tuple[SealedValue, ...]
    last: str | None
    """The key of the last row, from which the next page goes on; None where there is none."""


def open_value(keys: KeyRing, column: SealedColumn, value: SealedValue) -> str:
    """What is sealed in a value.

    Raises:
        Unsealable: it was altered or moved, or its key is not here.
    """
    return keys.open(value.text, **_place(column, value))


def seal_again(keys: KeyRing, column: SealedColumn, value: SealedValue) -> str:
    """The value under the first key. Raises as `open_value`."""
    return keys.seal(open_value(keys, column, value), **_place(column, value))


def page_elsewhere(tx: Transaction, column: SealedColumn, key_id: str, after: str, most: int) -> Page:
    """Of the rows after a key, and at most so many: the values that are not under this key."""
    return _page(tx, column, sa.not_(_under(column, key_id)), after, most)


def page_under(tx: Transaction, column: SealedColumn, key_id: str | None, after: str, most: int) -> Page:
    """Of the rows after a key, and at most so many: the values that are under this key, or (None) all of them."""
    wanted = sa.true() if key_id is None else _under(column, key_id)
    return _page(tx, column, wanted, after, most)


def examples(tx: Transaction, column: SealedColumn, most: int) -> tuple[SealedValue, ...]:
    """At least one value for each key that so many of the first rows, and of the last, are under."""
    under = sa.func.substr(column.value, 1, _PREFIX_LENGTH).label("under")
    found: dict[str, SealedValue] = {}
    for order in (column.key.asc(), column.key.desc()):
        rows = sa.select(column.key, under).where(_is_there(column)).order_by(order).limit(most).subquery()
        ends = sa.select(sa.func.min(rows.c[0]), sa.func.max(rows.c[0])).group_by(rows.c.under)
        keys = {key for pair in tx.execute(ends) for key in pair}
        found |= {row.key: row for row in _values(tx, column, sorted(keys))}
    return tuple(found.values())


def replace(tx: Transaction, column: SealedColumn, changes: Sequence[tuple[SealedValue, str]]) -> None:
    """Put each new text in the place of the value that was read, where that still stands."""
    put = (
        sa.update(column.value.table)
        .where(column.key == sa.bindparam("k"), column.value == sa.bindparam("old"))
        .values({column.value.name: sa.bindparam("new")})
    )
    tx.execute(put, [{"k": value.key, "old": value.text, "new": text} for value, text in changes])


def replaced(tx: Transaction, column: SealedColumn, changes: Sequence[tuple[SealedValue, str]]) -> int:
    """How many of the new texts stand. For a look afterwards: a write is short, and one in doubt counts as well."""
    now = {row.key: row.text for row in _values(tx, column, [value.key for value, _ in changes])}
    return sum(now.get(value.key) == text for value, text in changes)


def remove(tx: Transaction, column: SealedColumn, values: Sequence[SealedValue]) -> int:
    """Delete the rows of these values, unless another value stands there by now. How many of them are gone."""
    gone = sa.delete(column.value.table).where(column.key == sa.bindparam("k"), column.value == sa.bindparam("old"))
    tx.execute(gone, [{"k": value.key, "old": value.text} for value in values])
    return len(values) - len(_values(tx, column, [value.key for value in values]))


def _place(column: SealedColumn, value: SealedValue) -> dict[str, str]:
    return {
        "table": column.value.table.name,
        "column": column.value.name,
        "workspace": value.workspace,
        "key": value.key,
    }


def _page(tx: Transaction, column: SealedColumn, wanted: sa.ColumnElement[bool], after: str, most: int) -> Page:
    # What is not wanted is counted and not read: only its key comes back.
    text = sa.case((wanted, column.value))
    rows = tx.execute(
        sa.select(column.key, column.workspace, text)
        .where(column.key > after, _is_there(column))
        .order_by(column.key)
        .limit(most)
    ).all()
    values = tuple(SealedValue(key, workspace, found) for key, workspace, found in rows if found is not None)
    return Page(values, rows[-1][0] if len(rows) == most else None)


def _values(tx: Transaction, column: SealedColumn, keys: Sequence[str]) -> list[SealedValue]:
    rows = tx.execute(sa.select(column.key, column.workspace, column.value).where(column.key.in_(keys)))
    return [SealedValue(*row) for row in rows]


def _under(column: SealedColumn, key_id: str) -> sa.ColumnElement[bool]:
    prefix = prefix_of(key_id)
    return sa.func.substr(column.value, 1, len(prefix)) == prefix


def _is_there(column: SealedColumn) -> sa.ColumnElement[bool]:
    """A row may hold no value, or none any more."""
    return sa.func.coalesce(column.value, "") != ""

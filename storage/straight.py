"""Statements that go straight to the driver: SQLAlchemy writes each once for each database, and is not asked again.

Between a statement and its driver SQLAlchemy costs several times what the database does. Where people wait, and the
same few statements run for everybody, they go past it; their errors are the driver's own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from storage import postgres_driver, sqlite_driver
from storage.transactions import Transaction

Convert: TypeAlias = Callable[[Any], Any]
Statement: TypeAlias = sa.Select[*tuple[Any, ...]] | sa.Insert | sa.Update | sa.Delete


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement as one database reads it."""

    text: str
    arguments: tuple[tuple[str, object, Convert | None], ...]
    """In their order: the name, what it is where nothing is given, and what the driver is given for a value."""
    results: tuple[tuple[int, Convert], ...]
    """The places in a row that the driver gives in another form."""

    def arguments_of(self, values: Mapping[str, object]) -> list[object]:
        found = []
        for name, default, convert in self.arguments:
            value = values.get(name, default)
            found.append(value if convert is None else convert(value))
        return found

    def converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        cells = list(row)
        for place, convert in self.results:
            cells[place] = convert(cells[place])
        return tuple(cells)


class Straight:
    """One statement, or one for each database by its name."""

    def __init__(self, statement: Statement | Mapping[str, Statement]) -> None:
        self._statement = statement
        self._written: dict[str, _Written] = {}

    def __call__(self, tx: Transaction, values: Mapping[str, object]) -> list[Any]:
        """The rows that it gives, each a tuple."""
        dialect = tx.dialect
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = self._write(dialect)
        ask = sqlite_driver.rows if dialect.name == "sqlite" else postgres_driver.rows
        rows = ask(tx, written.text, written.arguments_of(values))
        if written.results:
            return [written.converted(row) for row in rows]
        return rows

    def text(self, dialect: sa.Dialect) -> str:
        """How the database reads it."""
        return self._write(dialect).text

    def _write(self, dialect: sa.Dialect) -> _Written:
        statement = self._statement if isinstance(self._statement, sa.Executable) else self._statement[dialect.name]
        compiled: Any = statement.compile(dialect=dialect)
        defaults = compiled.params
        names = compiled.positiontup
        types = [compiled.binds[name].type.dialect_impl(dialect) for name in names]
        arguments = (
            (name, defaults[name], kind.bind_processor(dialect)) for name, kind in zip(names, types, strict=True)
        )
        columns = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
        results = ((place, kind.result_processor(dialect, None)) for place, kind in enumerate(columns))
        return _Written(
            compiled.string,
            tuple(arguments),
            tuple((place, convert) for place, convert in results if convert is not None),
        )

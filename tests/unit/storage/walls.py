"""Reads statements as a wall between workspaces would: which tables of tenants each one narrows down to one tenant.

A table is narrowed where its workspace, or a key that no other tenant can have, is given, or equals a column of a
table that is narrowed. Whether somebody may name such a key at all is for services to say.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, BooleanClauseList, Grouping
from sqlalchemy.sql.selectable import CTE, Alias, Join, Subquery

import storage
from storage.any_of import AnyOf
from storage.metadata import Table
from storage.straight import Straight
from storage.unless_there import InsertUnlessThere

OPAQUE = {"posting": {"subject"}, "guest": {"place_id"}, "change_log": {"member_id"}}
"""Columns that hold an id of another tenant's row for nobody, beside primary, unique and foreign keys."""
NOT_OF_TENANTS = frozenset(("meeting_number", "personal_link", "posting_lane", "attempt", "oauth_state"))
"""One namespace, or no tenant's: numbers and links by their holder, channels by their id, hashes."""


@dataclass(frozen=True, slots=True)
class Named:
    """A statement of a module of `storage`, under the name that it has there."""

    name: str
    statement: Any


def statements() -> Iterator[Named]:
    """Every statement at the top of a module that one of its functions uses, each once for each database."""
    for module in modules():
        used = {node.id for body in functions(module) for node in ast.walk(body) if isinstance(node, ast.Name)}
        for name, value in vars(importlib.import_module(module)).items():
            if name in used:
                for statement in _in(value):
                    yield Named(f"{module.removeprefix('storage.')}.{name}", statement)


def builders() -> Iterator[str]:
    """Every function that puts a statement together when it is called."""
    for module in modules():
        for body in functions(module):
            calls = (node.func for node in ast.walk(body) if isinstance(node, ast.Call))
            if any(
                isinstance(each, ast.Attribute) and each.attr in {"select", "insert", "update", "delete", "text"}
                for each in calls
            ):
                yield f"{module.removeprefix('storage.')}.{body.name}"


def modules() -> list[str]:
    """The modules of `storage`, migrations and what moves schemas apart."""
    found = (f"storage.{each.name}" for each in pkgutil.iter_modules(storage.__path__))
    return [each for each in found if each not in {"storage.migrations", "storage.schema"}]


def functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods of a module."""
    path = Path(storage.__path__[0]) / f"{module.partition('.')[2]}.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _in(value: Any) -> Iterator[Any]:
    if isinstance(value, Straight):
        yield from _in(value._statement)
    elif isinstance(value, AnyOf):
        yield from _in(value._by_length)
    elif isinstance(value, InsertUnlessThere):
        yield from _in(value._insert)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _in(each)
    elif isinstance(value, sa.Select | sa.CompoundSelect | sa.Insert | sa.Update | sa.Delete):
        yield value


def keys_of(table: sa.Table) -> set[str]:
    """The columns that name one tenant, or a row of one."""
    alone = (
        each.columns for each in table.constraints if isinstance(each, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
    )
    foreign = {each.parent.name for each in table.foreign_keys if _is_tenants(each.column.table)}
    unique = {next(iter(columns)).name for columns in alone if len(columns) == 1}
    return unique | foreign | OPAQUE.get(table.name, set()) | ({"workspace"} & set(table.c.keys()))


def tables_of_tenants() -> list[sa.Table]:
    """The tables whose rows are some tenant's."""
    return [each for each in Table.metadata.sorted_tables if _is_tenants(each)]


def _is_tenants(table: Any) -> bool:
    return isinstance(table, sa.Table) and table.name not in NOT_OF_TENANTS


@dataclass
class Scope:
    """One SELECT, UPDATE or DELETE with what stands around it."""

    sources: list[Any]
    conditions: list[tuple[Any, Any]]
    """Each with the one source that it narrows, or None: any."""
    around: "Scope | None" = None
    also: list[tuple[Any, Any]] = field(default_factory=list)
    """Columns of the scope around this that equal a column here."""

    @cached_property
    def narrowed(self) -> set[Any]:
        """The sources that are one tenant's."""
        known = set(self.around.narrowed) if self.around else set()
        known |= {each for each in self.sources if isinstance(each, CTE | Subquery) and not open_tables(each.element)}
        while True:
            before = len(known)
            for condition, only in self.conditions:
                for source in self._given(condition, known):
                    if only is None or source is only:
                        known.add(source)
            for inside, outside in self.also:
                known |= self._equal(inside, outside, known)
            if len(known) == before:
                return known

    def _given(self, condition: Any, known: set[Any]) -> set[Any]:
        """What one condition narrows."""
        condition = _bare(condition)
        if isinstance(condition, BooleanClauseList):
            each = [self._given(clause, known) for clause in condition.clauses]
            return set.union(*each) if condition.operator is operators.and_ else set.intersection(*each)
        if not isinstance(condition, BinaryExpression) or condition.operator not in {operators.eq, operators.in_op}:
            return set()
        left, right = _bare(condition.left), _bare(condition.right)
        return self._equal(left, right, known) | self._equal(right, left, known)

    def _equal(self, column: Any, other: Any, known: set[Any]) -> set[Any]:
        source = getattr(column, "table", None)
        table = _table(source)
        if not isinstance(table, sa.Table) or column.name not in keys_of(table):
            return set()
        if isinstance(other, sa.ScalarSelect | sa.Select):
            return set() if open_tables(getattr(other, "element", other)) else {source}
        if isinstance(other, sa.sql.elements.ColumnClause):
            return {source} if other.table in known else set()
        parts = list(visitors.iterate(other))
        leaves = [part for part in parts if not list(part.get_children())]
        return {source} if leaves and all(isinstance(part, BindParameter) for part in leaves) else set()


def open_tables(statement: Any, around: Scope | None = None, also: Iterable[tuple[Any, Any]] = ()) -> list[str]:
    """The names of the tables of tenants that it reads or writes in more than one tenant."""
    if isinstance(statement, sa.Insert):
        return []
    if isinstance(statement, sa.CompoundSelect):
        return [name for each in statement.selects for name in open_tables(each, around, also)]
    scope = _scope(statement, around, list(also))
    found = [_table(each).name for each in scope.sources if _is_tenants(_table(each)) and each not in scope.narrowed]
    for inner, pairs in _inside(statement, scope):
        found += open_tables(inner, scope, pairs)
    return found


def _scope(statement: Any, around: Scope | None, also: list[tuple[Any, Any]]) -> Scope:
    conditions: list[tuple[Any, Any]] = [(each, None) for each in statement._where_criteria]
    sources: list[Any] = []
    froms = list(statement.get_final_froms()) if isinstance(statement, sa.Select) else [statement.table]
    outside = _sources_around(around)
    while froms:
        source = froms.pop()
        if isinstance(source, Join):
            froms += [source.left, source.right]
            conditions.append((source.onclause, source.right if source.isouter else None))
        elif source not in outside:
            sources.append(source)
    return Scope(sources, conditions, around, also)


def _sources_around(scope: Scope | None) -> list[Any]:
    return [] if scope is None else [*scope.sources, *_sources_around(scope.around)]


def _inside(statement: Any, scope: Scope) -> Iterator[tuple[Any, list[tuple[Any, Any]]]]:
    """The statements in a statement, each with the columns here that equal what it gives."""
    semi_joins = {}
    for condition, _ in scope.conditions:
        for part in visitors.iterate(condition):
            if isinstance(part, BinaryExpression) and part.operator is operators.in_op:
                inner = _bare(part.right)
                if isinstance(inner, sa.Select) and isinstance(column := next(iter(inner.selected_columns)), sa.Column):
                    semi_joins[id(inner)] = [(column, part.left)]
    for part in _parts(statement):
        yield part, semi_joins.get(id(part), [])


def _parts(statement: Any) -> Iterator[Any]:
    seen = set()
    waiting = list(statement.get_children())
    waiting += getattr(statement, "_independent_ctes", ())
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, sa.Select | sa.Update | sa.Delete | sa.CompoundSelect):
            yield part
        elif isinstance(part, CTE | Subquery):
            waiting.append(part.element)
        else:
            waiting += part.get_children()


def _bare(clause: Any) -> Any:
    while isinstance(clause, Grouping) or type(clause).__name__ in {"SelectStatementGrouping", "ScalarSelect"}:
        clause = clause.element
    return clause


def _table(source: Any) -> Any:
    while isinstance(source, Alias):
        source = source.element
    return source

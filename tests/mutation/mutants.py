"""The mutants of a module, as cosmic-ray's operators make them, without those that tell nothing.

Left out are:

- replacements inside annotations and type aliases: nothing there is computed;
- the keywords of `@dataclass`: nothing that type checks writes to a frozen object, or gives one another attribute;
- `is` for `==` and the like, which for enums, None and the values here is the same question, and orders for `is`;
- of the eleven replacements of an arithmetic operator all but two, and some of those of a sign: most of the others
  raise at once, as a string does that is divided, so that they would only better the score.

Texts are never touched: cosmic-ray has no operator for strings.
"""

import ast
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec

from tests.mutation.areas import Area

Position = tuple[int, int]
"""Line, counted from 1, and column, counted from 0."""

_ARITHMETIC = {
    "Add": "Sub Mul",
    "Sub": "Add Mul",
    "Mul": "Add FloorDiv",
    "Div": "Mul Sub",
    "FloorDiv": "Mul Mod",
    "Mod": "Mul FloorDiv",
    "Pow": "Mul Add",
    "BitOr": "BitAnd BitXor",
    "BitAnd": "BitOr BitXor",
    "BitXor": "BitOr BitAnd",
    "LShift": "RShift Mul",
    "RShift": "LShift FloorDiv",
}
_SAME_QUESTION = re.compile(
    r"core/ReplaceComparisonOperator_("
    r"(Eq|NotEq)_(Is|IsNot)|Is_(Eq|NotEq|Lt|LtE|Gt|GtE)|IsNot_(Eq|NotEq|Lt|LtE|Gt|GtE)|(Lt|LtE|Gt|GtE)_(Is|IsNot))"
)
_ANOTHER_SIGN = re.compile(r"core/ReplaceUnaryOperator_(USub_Not|Delete_USub|UAdd_Not|UAdd_Invert|Invert_Not)")
_ARITHMETIC_OPERATOR = re.compile(r"core/ReplaceBinaryOperator_([A-Za-z]+)_([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One place in a module, and what is done there."""

    area: str
    module: str
    operator: str
    occurrence: int
    """Which of the places where the operator fits, counted from 0 over the whole module."""
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.operator.removeprefix('core/')} #{self.occurrence}"


def mutants_of(area: Area, root: Path) -> list[Mutant]:
    """Every mutant of an area that counts, in the order of the code."""
    return [mutant for module in area.modules for mutant in mutants_in(area, module, root)]


def mutants_in(area: Area, module: str, root: Path) -> list[Mutant]:
    """Every mutant of a module that counts in its area, in the order of the code."""
    wanted = area.definitions.get(module)
    quiet = list(_where_nothing_is_computed(ast.parse((root / module).read_text("utf-8"))))
    return sorted(
        (
            Mutant(area.name, module, spec.operator_name, spec.occurrence, spec.start_pos[0])
            for spec in _specs(root / module)
            if (wanted is None or spec.definition_name in wanted)
            and _tells(spec.operator_name)
            and not _inside(spec.start_pos, quiet)
        ),
        key=lambda each: (each.line, each.operator, each.occurrence),
    )


def _specs(path: Path) -> Sequence[MutationSpec]:
    with tempfile.TemporaryDirectory() as folder:
        session = WorkDB(Path(folder, "session.sqlite"), WorkDB.Mode.create)
        try:
            init([path], session, {})
            return [spec for item in session.work_items for spec in item.mutations]
        finally:
            session.close()


def _tells(operator: str) -> bool:
    """Whether tests could tell what this operator makes."""
    if _SAME_QUESTION.fullmatch(operator) or _ANOTHER_SIGN.fullmatch(operator):
        return False
    arithmetic = _ARITHMETIC_OPERATOR.fullmatch(operator)
    return arithmetic is None or arithmetic[2] in _ARITHMETIC[arithmetic[1]].split()


def _where_nothing_is_computed(tree: ast.Module) -> Iterator[tuple[Position, Position]]:
    for node in ast.walk(tree):
        quiet: list[ast.expr | None] = []
        match node:
            case ast.arg(annotation=annotation):
                quiet = [annotation]
            case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
                quiet = [returns]
            case ast.AnnAssign(annotation=ast.Name(id="TypeAlias"), value=value):
                quiet = [value]
            case ast.AnnAssign(annotation=annotation):
                quiet = [annotation]
            case ast.ClassDef(decorator_list=decorators):
                quiet = [word.value for each in decorators if isinstance(each, ast.Call) for word in each.keywords]
            case _:
                continue
        for each in quiet:
            if each is not None:
                yield (each.lineno, each.col_offset), (each.end_lineno or each.lineno, each.end_col_offset or 0)


def _inside(position: Position, places: Sequence[tuple[Position, Position]]) -> bool:
    return any(start <= position < end for start, end in places)

"""The codes of texts that the program names, found in its source: whole ones, and those that end in a value."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CODE = re.compile(r"\A[a-z]+(?:[.-][a-z_]+)+\Z")
ASKERS = frozenset({"t", "say", "Declined", "many", "_simple", "_lines", "_pmi_lines"})


def trees() -> Iterator[ast.AST]:
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "playground" not in path.parts:
            yield ast.parse(path.read_text("utf-8"))


def called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def arguments() -> Iterator[ast.expr]:
    """Whatever may be a code: the arguments of those who ask for texts."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in ASKERS:
                yield from node.args


def asked_for() -> set[str]:
    """Codes that are asked for by name."""
    return {code for argument in arguments() for code in codes_in(argument)}


def mentioned() -> set[str]:
    """Every text in the source that has the form of a code, wherever it stands."""
    return {code for tree in trees() for code in codes_in(tree)}


def codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value):
            yield node.value


def patterns() -> set[str]:
    """Regular expressions for the codes that are put together: any text stands for each value."""
    return {
        "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
        for argument in arguments()
        for node in ast.walk(argument)
        if isinstance(node, ast.JoinedStr) and _looks_like_a_code(node)
    }


def _looks_like_a_code(node: ast.JoinedStr) -> bool:
    first = node.values[0]
    whole = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return isinstance(first, ast.Constant) and CODE.match(whole) is not None

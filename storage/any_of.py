"""Look up several keys at once, by statements of a few fixed lengths."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from storage.straight import Straight
from storage.transactions import Transaction

_LENGTHS = (1, 3, 12)


class AnyOf:
    """A statement with `column IN (...)`, ready in a few lengths, the shortest first.

    A list of free length is put together anew at each call, which costs more than to look three keys up.
    """

    def __init__(
        self, statement: sa.Select[str, str], column: sa.ColumnElement[str], lengths: Sequence[int] = _LENGTHS
    ) -> None:
        self._by_length = {
            length: Straight(statement.where(column.in_([sa.bindparam(f"key_{place}") for place in range(length)])))
            for length in lengths
        }

    def __call__(
        self, tx: Transaction, keys: Sequence[str], more: Mapping[str, object] | None = None
    ) -> Iterator[tuple[str, str]]:
        """The rows for these keys; `more` are the statement's other parameters."""
        most = max(self._by_length)
        for start in range(0, len(keys), most):
            piece = keys[start : start + most]
            length = next(each for each in self._by_length if each >= len(piece))
            # The last key once more, where there are fewer than the statement has places.
            padded = [*piece, *[piece[-1]] * (length - len(piece))]
            parameters = {f"key_{place}": key for place, key in enumerate(padded)}
            yield from self._by_length[length](tx, parameters | dict(more or {}))

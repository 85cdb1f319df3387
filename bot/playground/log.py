"""The log of both directions: what Slack asked the app, what the app asked Slack. Tokens never enter it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Direction(StrEnum):
    """Who asked."""

    TO_APP = "to_app"
    FROM_APP = "from_app"


@dataclass(frozen=True, slots=True)
class Call:
    """One request with its answer; `answer` is None where there was none, or none in JSON."""

    direction: Direction
    name: str
    arguments: dict[str, Any]
    answer: Any
    status: int
    milliseconds: float
    at: float


class Calls:
    """Every call so far, oldest first."""

    def __init__(self, clock: Callable[[], float], on_change: Callable[[], None]) -> None:
        self._clock = clock
        self._on_change = on_change
        self._calls: list[Call] = []

    def add(
        self,
        direction: Direction,
        name: str,
        arguments: dict[str, Any],
        answer: Any,
        *,
        status: int,
        milliseconds: float,
    ) -> None:
        """Remember a call, without its tokens."""
        told = {key: value for key, value in arguments.items() if key != "token"}
        self._calls.append(Call(direction, name, told, answer, status, milliseconds, self._clock()))
        self._on_change()

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, index: int) -> Call:
        return self._calls[index]

    def of(self, name: str) -> list[Call]:
        """The calls of this method, command or payload type."""
        return [call for call in self._calls if call.name == name]

    def from_app(self) -> list[Call]:
        """What the app asked Slack."""
        return [call for call in self._calls if call.direction is Direction.FROM_APP]

    def clear(self) -> None:
        """Forget every call."""
        self._calls.clear()

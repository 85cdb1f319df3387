"""The log of both directions: what Slack asked the app, what the app asked Slack. Tokens never enter it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Any

SECRET = frozenset(("token", "client_secret", "code", "code_verifier", "access_token", "id_token", "refresh_token"))
"""What is left out, of what was asked and what was answered."""


class Direction(StrEnum):
    """Who asked."""

    TO_APP = "to_app"
    FROM_APP = "from_app"


@dataclass(frozen=True, slots=True)
class Call:
    """One request with its answer; `answer` is None where there was none, or none in JSON.

    `headers` are those that Slack sent, None where the app asked; `failure` is a word for what kept an answer away, or
    for why it was of no use.
    """

    id: int
    direction: Direction
    name: str
    arguments: dict[str, Any]
    answer: Any
    status: int
    milliseconds: float
    at: float
    headers: Mapping[str, str] | None = None
    failure: str = ""
    change: int = 0
    """Counts what is added to the log and what is noted in it later."""


class Calls:
    """Every call so far, oldest first."""

    def __init__(self, clock: Callable[[], float], on_change: Callable[[], None]) -> None:
        self._clock = clock
        self._on_change = on_change
        self._calls: list[Call] = []
        self._numbers = count(1)
        self._changes = count(1)

    def add(
        self,
        direction: Direction,
        name: str,
        arguments: dict[str, Any],
        answer: Any,
        *,
        status: int,
        milliseconds: float,
        headers: Mapping[str, str] | None = None,
        failure: str = "",
    ) -> Call:
        """Remember a call, without its tokens and secrets; returns it."""
        told = _without_secrets(arguments)
        call = Call(
            id=next(self._numbers),
            direction=direction,
            name=name,
            arguments=told,
            answer=_without_secrets(answer) if isinstance(answer, dict) else answer,
            status=status,
            milliseconds=milliseconds,
            at=self._clock(),
            headers=headers,
            failure=failure,
            change=next(self._changes),
        )
        self._calls.append(call)
        self._on_change()
        return call

    def judged(self, call_id: int, failure: str) -> None:
        """Note why the answer of this call was of no use, once that is known."""
        for index, call in enumerate(self._calls):
            if call.id == call_id and call.failure != failure:
                self._calls[index] = replace(call, failure=failure, change=next(self._changes))
                self._on_change()

    def after(self, change: int, most: int) -> list[Call]:
        """The calls that are new since this change, or were judged since, in that order: of the last so many."""
        return sorted((call for call in self._calls[-most:] if call.change > change), key=lambda call: call.change)

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


def _without_secrets(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in SECRET}

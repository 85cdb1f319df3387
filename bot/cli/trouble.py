"""What goes wrong with the playground's database when somebody turns it on: slow transactions, or no answers at all.

A database that is too slow is one that says "busy" after a while, as the real store does.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from bot.playground.page import Switch
from storage.errors import Busy, Unavailable
from storage.transactions import Store, Transaction

PATIENCE = 1.25
"""Seconds that a transaction is waited for, a little less than in the stores themselves."""

R = TypeVar("R")


@dataclass(slots=True)
class Trouble:
    """The troubles that are on now, shared by every store around which they lie."""

    _delays: dict[str, float] = field(default_factory=dict)
    _silent: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def switches(self) -> list[Switch]:
        """What can be turned on, in the words of the page."""
        return [
            Switch("database_slow", "The database is slow: 0.8 seconds a transaction", self._slower_by(0.8)),
            Switch("database_too_slow", "The database is far too slow: 3 seconds a transaction", self._slower_by(3.0)),
            Switch("database_silent", "The database does not answer", self._is_silent),
        ]

    def around(self, store: Store) -> Store:
        """The store with these troubles."""
        return _TroubledStore(store, self)

    def calm(self) -> None:
        """End every trouble, and let whoever waits go on."""
        self._delays.clear()
        self._silent = False
        self._wake()

    async def pass_through(self) -> None:
        """Wait as long as it takes.

        Raises:
            Busy: that was too long; nothing was done.
            Unavailable: no answer came; nothing was done.
        """
        seconds = PATIENCE if self._silent else min(PATIENCE, sum(self._delays.values()))
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)
        if self._silent:
            raise Unavailable("the playground's database does not answer: a switch on the page says so")
        if sum(self._delays.values()) > PATIENCE:
            raise Busy("the playground's database is too slow: a switch on the page says so")

    def _slower_by(self, seconds: float) -> Callable[[bool], None]:
        name = f"{seconds}"

        def turn(on: bool) -> None:  # noqa: FBT001 - a switch is on or off
            if on:
                self._delays[name] = seconds
            else:
                self._delays.pop(name, None)
                self._wake()

        return turn

    def _is_silent(self, on: bool) -> None:  # noqa: FBT001 - a switch is on or off
        self._silent = on
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class _TroubledStore:
    """A store whose every transaction passes through the troubles first."""

    def __init__(self, store: Store, trouble: Trouble) -> None:
        self._store = store
        self._trouble = trouble

    async def read(self, work: Callable[[Transaction], R]) -> R:
        """As the store's."""
        await self._trouble.pass_through()
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        """As the store's."""
        await self._trouble.pass_through()
        return await self._store.write(work)

    async def close(self) -> None:
        """As the store's."""
        await self._store.close()

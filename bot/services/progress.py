"""Whether a request has begun to write: a deadline then says that nobody knows, else that nothing was changed."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from storage.errors import Busy, OutcomeUnknown
from storage.transactions import Store, Transaction

R = TypeVar("R")


@dataclass(slots=True)
class Progress:
    """How far a request has come. `may_have_written` is false only while certainly nothing was changed."""

    may_have_written: bool = False
    over: bool = False
    """The person was told that nothing was changed: from then on nothing may be."""


_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


def begin() -> Progress:
    """Follow the writes of this request, and of the tasks that it starts."""
    progress = Progress()
    _progress.set(progress)
    return progress


class WatchedStore:
    """A store that notes each write in the progress of its request."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, work: Callable[[Transaction], R]) -> R:
        """As the store's."""
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        """As the store's."""
        progress = _progress.get() or Progress()
        if progress.over:
            raise Busy("the answer has been given already")
        before = progress.may_have_written
        progress.may_have_written = True
        try:
            return await self._store.write(work)
        except OutcomeUnknown:
            raise
        except Exception:
            progress.may_have_written = before
            raise

    async def close(self) -> None:
        """As the store's."""
        await self._store.close()

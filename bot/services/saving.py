"""Whether changes can be saved at all: noted once when they cannot be, tried until they can, and known meanwhile.

Reading may go well all the time, on a disk that is full or a database that lets nobody write; nobody else would notice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import TypeVar

import structlog

from storage import requests
from storage.errors import OutcomeUnknown, StorageError, Unavailable
from storage.transactions import Store, Transaction

TRY_SECONDS = 1.0
"""Between two tries while nothing can be saved."""

R = TypeVar("R")
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class SavingStore:
    """A store that knows whether its last change could be saved."""

    def __init__(self, store: Store, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._store = store
        self._sleep = sleep
        self._failing = ""
        self._trying: asyncio.Task[None] | None = None
        self._closed = False

    def problem(self) -> str | None:
        """What keeps changes from being saved, in a word that holds no address; nothing when all is well."""
        return f"changes cannot be saved just now: {self._failing}; the log says why" if self._failing else None

    async def read(self, work: Callable[[Transaction], R]) -> R:
        """As the store's."""
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        """As the store's."""
        try:
            return await self._store.write(work)
        except (Unavailable, OutcomeUnknown) as error:
            self._note(error)
            raise

    async def close(self) -> None:
        """As the store's."""
        self._closed = True
        if self._trying is not None:
            self._trying.cancel()
        await self._store.close()

    def _note(self, error: StorageError) -> None:
        if self._failing or self._closed:
            return
        self._failing = error.kind
        _log.warning("changes_not_saved", reason=str(error))
        # In a context of its own: what it logs later is not about the request that failed now.
        self._trying = asyncio.get_running_loop().create_task(self._try_until_it_works(), context=Context())

    async def _try_until_it_works(self) -> None:
        while self._failing:
            # A change that somebody wants may be one that writes nothing; this one does write.
            await self._sleep(TRY_SECONDS)
            try:
                await self._store.write(requests.try_out)
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing can be saved yet
                self._failing = error.kind if isinstance(error, StorageError) else StorageError.kind
            else:
                self._failing = ""
        _log.info("changes_saved_again")

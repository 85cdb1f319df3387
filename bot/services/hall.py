"""Those who wait with a page of this process before them: each is told as soon as they may stand otherwise.

What this process decides, they hear of at once. What another one does is seen in the database, which is asked at short
intervals, once for all of them, and only while there is anybody.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from bot.services.house import House
from storage import guests
from storage.errors import StorageError

LOOK_SECONDS = 0.4
"""Between two looks: with the look itself, a decision is seen well within a second."""
MOST_PAGES = 4
"""Of one guest. Whoever has more open looks again by themselves."""
MOST_GUESTS = 2000

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
Begin = Callable[[Coroutine[Any, Any, None], str], None]
"""Begins work that nobody waits for, but the end of the process."""


class Hall:
    """The hall of one process."""

    def __init__(self, house: House, begin: Begin) -> None:
        self._house = house
        self._begin = begin
        self._events: dict[str, list[asyncio.Event]] = {}
        self._standings: dict[str, str] = {}
        self._looks = False

    @contextmanager
    def waiting(self, guest_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever this guest may stand otherwise; whoever waits for it clears it and looks."""
        event = asyncio.Event()
        self._events.setdefault(guest_id, []).append(event)
        # What was known for another page of the same guest may be older than what this one has seen.
        self._standings.pop(guest_id, None)
        if not self._looks:
            self._looks = True
            self._begin(self._look_on(), "hall")
        try:
            yield event
        finally:
            left = [each for each in self._events[guest_id] if each is not event]
            if left:
                self._events[guest_id] = left
            else:
                for known in (self._events, self._standings):
                    known.pop(guest_id, None)

    def has_place(self, guest_id: str) -> bool:
        """Whether one more page may wait here: some of each guest, and so many in all."""
        here = self._events.get(guest_id, ())
        return len(here) < MOST_PAGES and len(self._events) < MOST_GUESTS

    def changed(self, guest_ids: Iterable[str]) -> None:
        """Something was decided of these guests."""
        for guest_id in guest_ids:
            for event in self._events.get(guest_id, ()):
                event.set()

    async def _look_on(self) -> None:
        try:
            while self._events:
                try:
                    await self._look()
                except StorageError as error:
                    _log.warning("hall_unseen", error=type(error).__name__)
                except Exception:  # noqa: BLE001 - one defect must not leave everybody waiting for good
                    _log.exception("hall_look_failed")
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._looks = False

    async def _look(self) -> None:
        ids = tuple(self._events)
        found = await self._house.store.read(lambda tx: guests.standings(tx, ids))
        for guest_id in ids:
            now = found.get(guest_id, "")
            # At the first look nobody knows what has changed since the page was made.
            if guest_id in self._events and self._standings.get(guest_id) != now:
                self._standings[guest_id] = now
                self.changed((guest_id,))

"""Whether the event loop keeps turning: how late it comes to what is due, and what held it up.

While it is held up nobody is answered, so that is measured, and a long lag is noted in the log. A heartbeat in the loop
measures; a thread beside it looks where the loop's thread is while the heartbeat is missing.
"""

import asyncio
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import FrameType

import structlog

BEAT_SECONDS = 0.1
MOST_LAG_SECONDS = 0.2
"""A longer lag is noted."""
FRAMES = 6
"""How many of the innermost calls are noted."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Watchdog:
    """Watches the loop of the thread in which it is made.

    Args:
        monotonic: the time in seconds.
        on_lag: told of every lag in seconds, the short ones too.
        frame: what the watched thread runs at this moment.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        on_lag: Callable[[float], None],
        frame: Callable[[], FrameType | None] | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._on_lag = on_lag
        thread = threading.get_ident()
        self._frame = frame or (lambda: sys._current_frames().get(thread))  # noqa: SLF001 - documented for debuggers
        self._due = monotonic() + BEAT_SECONDS
        self._seen: tuple[float, tuple[str, ...]] = (0.0, ())
        """For which missing beat the thread has looked, and what it saw."""

    def beat(self) -> None:
        """Called in the loop, once in `BEAT_SECONDS` if it can keep up."""
        now, due = self._monotonic(), self._due
        self._due = now + BEAT_SECONDS
        lag = max(0.0, now - due)
        self._on_lag(lag)
        if lag > MOST_LAG_SECONDS:
            missing, where = self._seen
            _log.warning("event_loop_blocked", seconds=round(lag, 3), where=where if missing == due else ())

    def look(self) -> None:
        """Called in a thread of its own: notes where the loop is, once for each beat that is missing."""
        due = self._due
        if self._seen[0] == due or self._monotonic() - due <= MOST_LAG_SECONDS:
            return
        frame = self._frame()
        if frame is not None:
            calls = reversed(traceback.extract_stack(frame, limit=FRAMES))
            self._seen = due, tuple(f"{call.name} ({call.filename}:{call.lineno})" for call in calls)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watches until the block ends."""
        over = threading.Event()

        def keep_looking() -> None:
            while not over.wait(BEAT_SECONDS):
                self.look()

        thread = threading.Thread(target=keep_looking, name="watchdog", daemon=True)
        thread.start()
        beating = asyncio.ensure_future(self._keep_beating())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
            over.set()
            await asyncio.to_thread(thread.join)

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.beat()

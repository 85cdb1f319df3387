"""Time and chance, as the application is given them from outside."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.handlers import front
from bot.handlers.relay import LOOK_SECONDS
from storage.transactions import Store


def _itself(store: Store) -> Store:
    """The default for `around`."""
    return store


@dataclass(frozen=True, slots=True)
class Chances:
    """Time and chance, from outside: tests move them, nobody else does."""

    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    below: Callable[[int], int] = secrets.randbelow
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Before a verdict on what somebody types."""
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Between two looks at a Socket Mode connection, and between two tries to open one."""
    deadline: float = field(default_factory=lambda: front.DEADLINE)
    look: float = LOOK_SECONDS
    around: Callable[[Store], Store] = _itself
    """What is put around the store: the playground makes it slow, or keeps it from answering."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

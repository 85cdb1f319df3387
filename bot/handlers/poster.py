"""Posts the messages that were planned, and keeps them as what they are about is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.services.postings import PostingKind, Target
from bot.texts import Translator
from bot.views.message import Message


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is to be posted or changed, for whoever knows what it shows."""

    workspace: str
    kind: PostingKind
    subject: str
    detail: str
    target: Target
    t: Translator
    is_new: bool = True
    """Whether it is to be posted for the first time."""


Renderer: TypeAlias = Callable[[Posted], Awaitable[Message | None]]
"""What a message shows, read afresh; None where there is nothing to show any more, so that it is left as it is."""


@dataclass(slots=True)
class Poster:
    """The poster of one process."""

    renderers: dict[PostingKind, Renderer] = field(default_factory=dict)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin to look for what is due, now and then from here on."""

    def wake(self) -> None:
        """Look at once: something was planned, or has changed."""
        self._woken.set()

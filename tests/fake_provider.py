"""A provider of meetings that does what a test says."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.providers import Participant, ProviderUnavailable, SessionWish


@dataclass
class FakeProvider:
    """Opens sessions with handles that count up."""

    name: str = "Fake Meet"
    opened: list[SessionWish] = field(default_factory=list)
    is_down: bool = False
    before: asyncio.Event | None = None
    """What an answer waits for."""

    async def open_session(self, wish: SessionWish) -> str:
        """A handle; what was wished for is kept."""
        if self.before is not None:
            await self.before.wait()
        if self.is_down:
            raise ProviderUnavailable("down")
        self.opened.append(wish)
        return f"handle-{len(self.opened)}"

    def door(self, handle: str, wish: SessionWish, who: Participant) -> str:
        """An address that says all that it was given."""
        if self.is_down:
            raise ProviderUnavailable("down")
        role = "host" if who.is_host else "guest"
        return f"https://meet.example/{handle}?topic={quote(wish.topic)}&name={quote(who.name)}&as={role}"

    async def problem(self) -> str | None:
        """What the test says."""
        return "it is down" if self.is_down else None

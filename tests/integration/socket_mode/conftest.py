from collections.abc import AsyncIterator

import pytest

from bot.socket_mode import connection, upkeep
from tests.integration.socket_mode.line import Line, made_line


@pytest.fixture
async def unconnected(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    """A line that is not connected yet, and calls that do not wait long for a network that is dead."""
    for module, name in (
        (upkeep, "ADDRESS_SECONDS"),
        (upkeep, "HANDSHAKE_SECONDS"),
        (connection, "CLOSE_SECONDS"),
    ):
        monkeypatch.setattr(module, name, 0.2)
    async with made_line() as made:
        yield made


@pytest.fixture
async def line(unconnected: Line) -> Line:
    """A line that is connected."""
    await unconnected.mode.connect()
    return unconnected

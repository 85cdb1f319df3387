from collections.abc import AsyncIterator

import pytest

from bot.socket_mode import connection, upkeep
from tests.integration.socket_mode.line import Line, made_line


@pytest.fixture
async def unconnected() -> AsyncIterator[Line]:
    """A line that is not connected yet."""
    async with made_line() as made:
        yield made


@pytest.fixture
async def line(unconnected: Line) -> Line:
    """A line that is connected."""
    await unconnected.mode.connect()
    return unconnected


@pytest.fixture
def hasty(line: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A connected line, on which nothing waits long from now on for a network or a Slack that is silent."""
    for module, name in (
        (upkeep, "ADDRESS_SECONDS"),
        (upkeep, "HANDSHAKE_SECONDS"),
        (connection, "CLOSE_SECONDS"),
    ):
        monkeypatch.setattr(module, name, 0.4)
    return line

"""What the teller does once the process is to end."""

import asyncio
from datetime import UTC, datetime
from unittest.mock import AsyncMock, Mock

import pytest
from structlog.testing import capture_logs

from bot.handlers.late import LateWork
from bot.handlers.relay import Relay
from bot.services.outbox import Look
from storage.outbox import Waiting

ROW = Waiting("a" * 64, 1, 0, 1, datetime(2026, 11, 23, tzinfo=UTC))


def teller(late: LateWork) -> Relay:
    """A teller who finds one row that is due."""
    look = Look(due=(ROW,), next_in=None, given_up=(), waiting=1, oldest=0.0)
    outbox = Mock(look=AsyncMock(return_value=look), take=AsyncMock(return_value=None))
    return Relay(
        outbox=outbox,
        slack=Mock(),
        authorisation=Mock(dead=""),
        late=late,
        metrics=Mock(),
        t=Mock(),
        where=Mock(),
        stopping=asyncio.Event(),
        look_seconds=3600,
    )


@pytest.mark.parametrize("stopping", [False, True])
async def test_who_is_told_to_stop_takes_nothing_more(*, stopping: bool) -> None:
    relay = teller(LateWork())
    take = relay.outbox.take
    assert isinstance(take, AsyncMock)
    if stopping:
        relay.stopping.set()

    await relay.look()

    assert int(not stopping) == take.await_count


async def test_who_is_told_to_stop_looks_no_more_and_is_not_waited_for() -> None:
    late, looked = LateWork(), asyncio.Event()
    relay = teller(late)
    look = relay.metrics.outbox
    assert isinstance(look, Mock)
    look.side_effect = lambda *_: looked.set()
    with capture_logs() as logs:
        relay.start()
        await asyncio.wait_for(looked.wait(), 5)
        relay.stopping.set()
        relay.wake()
        late.is_over_in(5.0)
        await late.drain()

    assert 1 == look.call_count
    assert [] == logs

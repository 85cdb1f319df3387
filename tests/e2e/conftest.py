"""The fixtures of end-to-end tests. What they make is in `stage`, its clocks in `timing`."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.chances import Chances
from tests.e2e.postings import Answers, Board, make_board
from tests.e2e.stage import Stage, at_once, make_stage
from tests.e2e.timing import Clock, Sleeper


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """A running application on a fresh database of each kind: Business plan, everybody licensed by default."""
    async with make_stage(database_url) as made:
        await made.start()
        yield made


@dataclass(frozen=True, slots=True)
class TimedStage:
    """A running application whose clock and whose pauses the test moves."""

    stage: Stage
    clock: Clock
    sleeper: Sleeper


@pytest.fixture
async def clocked(database_url: str) -> AsyncIterator[TimedStage]:
    """As `stage`, with a clock that the test moves, and pauses that never last."""
    clock = Clock()
    async with make_stage(database_url, Chances(clock=clock, sleep=at_once)) as made:
        await made.start()
        yield TimedStage(made, clock, Sleeper())


@pytest.fixture
async def paused(database_url: str) -> AsyncIterator[TimedStage]:
    """As `stage`, with pauses that last until the test ends them."""
    sleeper = Sleeper()
    async with make_stage(database_url, Chances(sleep=sleeper)) as made:
        await made.start()
        yield TimedStage(made, Clock(), sleeper)
        sleeper.sleeps_no_more()


@pytest.fixture
async def board(database_url: str) -> AsyncIterator[Board]:
    """Posters of several processes, on a fresh database of each kind."""
    async with make_board(database_url) as made:
        yield made


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Slack's answers to what is posted, to be held back or lost."""
    return Answers(monkeypatch)

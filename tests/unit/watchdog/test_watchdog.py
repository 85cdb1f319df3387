"""The watchdog measures how late the event loop is, notes long lags, and says what held the loop up."""

import asyncio
import inspect
import threading
import time
from types import FrameType

import pytest
from structlog.testing import capture_logs

from bot.watchdog import BEAT_SECONDS, MOST_LAG_SECONDS, Watchdog


class Hands:
    """A clock and a thread that the test holds in its hands."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.lags: list[float] = []
        self.frame: FrameType | None = None
        self.looks = 0
        self.watchdog = Watchdog(lambda: self.now, self.lags.append, self._look)

    def beats_after(self, seconds: float) -> list[dict[str, object]]:
        self.now += seconds
        with capture_logs() as logs:
            self.watchdog.beat()
        return [dict(entry) for entry in logs]

    def _look(self) -> FrameType | None:
        self.looks += 1
        return self.frame


@pytest.fixture
def hands() -> Hands:
    return Hands()


def busy_with_a_spreadsheet() -> FrameType | None:
    return inspect.currentframe()


def test_every_lag_is_measured_and_a_short_one_not_noted(hands: Hands) -> None:
    noted = [hands.beats_after(BEAT_SECONDS + lag) for lag in (-0.05, 0.0, 0.19)]

    assert [[], [], []] == noted
    assert [0.0, 0.0, 0.19] == [round(lag, 3) for lag in hands.lags]


def test_a_lag_of_more_than_200_ms_is_noted_with_its_length(hands: Hands) -> None:
    (noted,) = hands.beats_after(BEAT_SECONDS + 0.21)

    assert 0.2 == MOST_LAG_SECONDS
    assert ("event_loop_blocked", "warning", 0.21) == (noted["event"], noted["log_level"], noted["seconds"])
    assert () == noted["where"]


def test_what_holds_the_loop_up_is_noted_the_innermost_call_first(hands: Hands) -> None:
    hands.frame = busy_with_a_spreadsheet()
    hands.now += BEAT_SECONDS + 0.25
    hands.watchdog.look()
    (noted,) = hands.beats_after(1.0)

    where = noted["where"]
    assert isinstance(where, tuple)
    assert where[0].startswith("busy_with_a_spreadsheet (")
    assert f"{__file__}:" in where[0]


def test_the_thread_looks_once_for_each_beat_that_is_missing_and_never_while_all_is_well(hands: Hands) -> None:
    hands.frame = busy_with_a_spreadsheet()
    hands.watchdog.look()
    well = hands.looks
    for _ in range(5):
        hands.now += 0.5
        hands.watchdog.look()
    hands.beats_after(0.0)
    hands.watchdog.look()

    assert (0, 1) == (well, hands.looks)


def test_what_was_seen_is_not_said_of_a_later_lag(hands: Hands) -> None:
    hands.frame = busy_with_a_spreadsheet()
    hands.now += 1.0
    hands.watchdog.look()
    hands.beats_after(0.0)
    (later,) = hands.beats_after(1.0)

    assert () == later["where"]


async def test_it_watches_a_real_loop_and_its_thread_ends_with_it() -> None:
    lags: list[float] = []
    with capture_logs() as logs:
        async with Watchdog(time.monotonic, lags.append).watching():
            await asyncio.sleep(2 * BEAT_SECONDS)
            time.sleep(0.6)  # noqa: ASYNC251 - this is what must be found
            await asyncio.sleep(2 * BEAT_SECONDS)

    longest = max((entry for entry in logs if entry["event"] == "event_loop_blocked"), key=lambda one: one["seconds"])
    assert 0.4 < longest["seconds"]
    assert any("test_it_watches_a_real_loop" in call for call in longest["where"])
    assert max(lags) > 0.4
    assert "watchdog" not in [thread.name for thread in threading.enumerate()]

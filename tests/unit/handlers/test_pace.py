"""How fast Slack is asked: turns in a channel, pauses that Slack wants."""

import pytest

from bot.handlers import pace
from bot.handlers.pace import Pace, TooSoon


class Watch:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        self.now = 50.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


async def test_each_in_its_turn_a_second_apart_in_each_channel() -> None:
    watch = Watch()
    turns = Pace(watch, watch.sleep)

    for channel in ("D1", "D1", "D2", "D1"):
        await turns.turn(channel)

    assert [1.0, 2.0] == watch.slept
    watch.now += 2.5
    await turns.turn("D1")
    assert [1.0, 2.0, 0.5] == watch.slept


async def test_who_would_wait_too_long_is_told_when_to_come_back_and_takes_no_turn() -> None:
    watch = Watch()
    turns = Pace(watch, watch.sleep)
    for _ in range(3):
        await turns.turn("D1")

    for _ in range(2):
        with pytest.raises(TooSoon) as caught:
            await turns.turn("D1")

        assert 3.0 == caught.value.seconds


async def test_a_method_is_not_called_before_slack_wants_it() -> None:
    watch = Watch()
    turns = Pace(watch, watch.sleep)
    turns.check("chat.postMessage")
    turns.pause("chat.postMessage", 30.0)

    watch.now += 29.0
    with pytest.raises(TooSoon) as caught:
        turns.check("chat.postMessage")
    turns.check("conversations.open")
    watch.now += 1.0
    turns.check("chat.postMessage")

    assert 1.0 == caught.value.seconds


async def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    watch = Watch()
    turns = Pace(watch, watch.sleep)
    turns.pause("chat.postMessage", 30.0)
    turns.pause("chat.postMessage", 1.0)

    with pytest.raises(TooSoon) as caught:
        turns.check("chat.postMessage")

    assert 30.0 == caught.value.seconds


async def test_what_is_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_KEPT", 3)
    watch = Watch()
    turns = Pace(watch, watch.sleep)
    turns.pause("chat.postMessage", 30.0)
    for number in range(3):
        await turns.turn(f"D{number}")

    watch.now += 1.5
    await turns.turn("D9")

    assert {"chat.postMessage", "D9"} == set(turns._free_from)

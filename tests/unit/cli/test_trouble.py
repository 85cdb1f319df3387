"""What the playground does to its database on request."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from bot.cli import trouble
from bot.cli.trouble import Trouble
from storage.errors import Busy, Unavailable
from storage.transactions import Store, Transaction

R = TypeVar("R")
SLOW, TOO_SLOW, SILENT = "database_slow", "database_too_slow", "database_silent"


class Kept:
    """A store that notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def read(self, work: Callable[[Transaction], R]) -> R:
        self.asked.append("read")
        return work(None)  # type: ignore[arg-type]

    async def write(self, work: Callable[[Transaction], R]) -> R:
        self.asked.append("write")
        return work(None)  # type: ignore[arg-type]

    async def close(self) -> None:
        self.asked.append("close")


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def weather() -> Trouble:
    return Trouble()


@pytest.fixture
def store(kept: Kept, weather: Trouble) -> Store:
    return weather.around(kept)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "PATIENCE", 0.01)


def turn(weather: Trouble, name: str, *, on: bool) -> None:
    next(one for one in weather.switches() if one.name == name).set(on=on)


async def test_without_trouble_everything_is_as_it_was(store: Store, kept: Kept) -> None:
    assert 1 == await store.read(lambda _: 1)
    assert 2 == await store.write(lambda _: 2)
    await store.close()

    assert ["read", "write", "close"] == kept.asked


async def test_a_slow_database_answers_late(store: Store, weather: Trouble) -> None:
    turn(weather, SLOW, on=True)
    began = time.monotonic()

    assert 1 == await store.read(lambda _: 1)

    assert 0.75 <= time.monotonic() - began


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(("name", "said"), [(TOO_SLOW, Busy), (SILENT, Unavailable)])
async def test_what_takes_too_long_is_not_done(
    store: Store, kept: Kept, weather: Trouble, name: str, said: type[Exception]
) -> None:
    turn(weather, name, on=True)

    with pytest.raises(said):
        await store.read(lambda _: 1)
    with pytest.raises(said):
        await store.write(lambda _: 1)
    assert [] == kept.asked

    turn(weather, name, on=False)
    assert 1 == await store.write(lambda _: 1)


@pytest.mark.parametrize("name", [SLOW, TOO_SLOW, SILENT])
async def test_who_waits_goes_on_as_soon_as_the_trouble_is_over(store: Store, weather: Trouble, name: str) -> None:
    turn(weather, name, on=True)
    waiting = asyncio.ensure_future(store.read(lambda _: 1))
    await asyncio.sleep(0)
    began = time.monotonic()
    turn(weather, name, on=False)

    assert 1 == await waiting
    assert 0.5 > time.monotonic() - began


async def test_all_troubles_end_at_once(store: Store, weather: Trouble) -> None:
    for name in (SLOW, TOO_SLOW, SILENT):
        turn(weather, name, on=True)
    waiting = asyncio.ensure_future(store.read(lambda _: 1))
    await asyncio.sleep(0)
    began = time.monotonic()

    weather.calm()

    assert 1 == await waiting
    assert 0.5 > time.monotonic() - began

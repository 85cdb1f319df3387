"""Whether what people were told of their changes is so, and whether they were told in time."""

import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

from bot.playground import Person
from bot.playground.delivery import Exchange
from bot.rules import draw_number
from bot.watchdog import Watchdog
from tests.e2e.reading import digits
from tests.soak.hopes import Word, word_in

IN_TIME = 2500
ALLOWED = {Word.SAVED: (True,), Word.NOTHING: (False,), Word.UNKNOWN: (True, False)}
"""After each word, whether what was wished for may be stored."""


def in_time(*exchanges: Exchange, late: float = 0.0, most: float = IN_TIME) -> bool:
    """Whether Slack could use each answer, and in time but for the seconds that the machine was late itself."""
    assert all(exchange.ok for exchange in exchanges), [exchange.failure for exchange in exchanges]
    return max(exchange.milliseconds for exchange in exchanges) - late * 1000 < most


def number() -> str:
    """A number that nobody has, in all likelihood."""
    return draw_number(secrets.randbelow).digits


@asynccontextmanager
async def lateness() -> AsyncIterator[list[float]]:
    """How many seconds late this event loop, in which the application runs too, was at each beat of the block."""
    lags = [0.0]
    async with Watchdog(time.monotonic, lags.append).watching():
        yield lags


def last(person: Person) -> str:
    """What somebody was told last."""
    return person.private_messages[-1].shown


async def sets(person: Person, wish: str) -> Exchange:
    """Somebody makes a number theirs."""
    return await person.types(f"/pmi set {wish}")


class Database(Protocol):
    """Where a person's number can be looked up."""

    async def pmi(self, person: Person, /) -> str | None:
        """The live PMI of somebody."""
        ...


async def contradictions(stage: Database, wishes: Mapping[Person, str], told: Mapping[Person, str]) -> list[str]:
    """What somebody was told of the number that they wished for, and is not so."""
    found = []
    for person, wish in wishes.items():
        stored = await stage.pmi(person)
        if (digits(wish) == stored) not in ALLOWED.get(word_in(told[person]), ()):
            found.append(f"{person.member.id} has {stored}, wished for {wish} and read: {told[person]}")
    return found

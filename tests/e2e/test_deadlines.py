"""The time for an answer runs out at any moment of a change: what people are told is what is stored."""

import time
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import pytest

from bot import assembly
from bot.handlers.front import DEADLINE, Front
from bot.playground import Person
from bot.playground.delivery import Exchange
from tests.e2e.stage import Stage, make_stage
from tests.lengths import short_or_long

STEPS = short_or_long(30, 100)
USUAL = 5
"""Changes that are made first, to see how long one takes here and now."""
SAVED, NOTHING, UNKNOWN = "Saved.", "Nothing was changed", "Look again"


@dataclass
class Told:
    """What somebody wished for, what they had before, and what they were told."""

    person: Person
    wish: str
    before: str
    words: str


@pytest.fixture
def front(monkeypatch: pytest.MonkeyPatch) -> list[Front]:
    """The front of each application that is built, so that a test can move its deadline while it runs."""
    built: list[Front] = []

    def keep(*arguments: Any) -> Front:
        built.append(Front(*arguments))
        return built[-1]

    monkeypatch.setattr(assembly, "Front", keep)
    return built


async def begun(stage: Stage, number: int, *, known: bool) -> tuple[Told, Exchange]:
    """The change of somebody who makes no other, not sent yet."""
    person, wish = stage.add(f"U{number:04}", f"Person {number}"), f"5829{number:04}16"
    if known:
        await person.types("/pmi")
    row = await stage.row(person)
    request = await stage.unsent(partial(person.types, f"/pmi set {wish}"))
    return Told(person, wish, row.pmi if row else "", ""), request


def words_of(exchange: Exchange) -> str:
    """Which of the three things the answer says."""
    assert 200 == exchange.status
    said = [words for words in (SAVED, NOTHING, UNKNOWN) if words in exchange.body.decode()]
    assert 1 == len(said), exchange.body
    return said[0]


@pytest.mark.row("R14")
@pytest.mark.parametrize(
    ("known", "possible"), [(True, {SAVED, UNKNOWN}), (False, {SAVED, UNKNOWN, NOTHING})], ids=["known", "first"]
)
async def test_a_deadline_at_any_moment_of_a_change_never_contradicts_what_is_stored(
    database_url: str, front: list[Front], possible: set[str], *, known: bool
) -> None:
    """From none at all to twice what a change takes, in steps that each are the change of somebody else.

    Of those who come for the first time Slack is asked before anything is written; the others' first act is to write.

    Seen red: where what was told to be unchanged could still begin to write, 2 of 31 who came first (SQLite) had their
    wish nevertheless, and 9 (PostgreSQL); where nobody asked whether a write had begun, "Nothing was changed" was said
    to 13 known people (PostgreSQL) whose number then was another.
    """
    everybody: list[Told] = []
    took: list[float] = []
    async with make_stage(database_url) as stage:
        await stage.start()
        for step in range(-USUAL, STEPS + 1):
            told, request = await begun(stage, USUAL + step, known=known)
            in_time = step < 0 or step == STEPS
            object.__setattr__(front[0], "deadline", DEADLINE if in_time else 2 * median(took) * step / STEPS)
            began = time.monotonic()
            told.words = words_of(await stage.slack.resend(request))
            took += [time.monotonic() - began] if step < 0 else []
            object.__setattr__(front[0], "deadline", DEADLINE)
            everybody.append(told)
        await stage.stop()  # once everything that was begun has ended
        rows = [await stage.row(each.person) for each in everybody]
    pairs = [(told, row.pmi if row else "") for told, row in zip(everybody, rows, strict=True)]

    assert [] == [(told, pmi) for told, pmi in pairs if told.words == SAVED and pmi != told.wish]
    assert [] == [(told, pmi) for told, pmi in pairs if told.words == NOTHING and pmi != told.before]
    assert possible <= {told.words for told in everybody}

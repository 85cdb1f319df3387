"""The time that a caller waits runs out at any moment of a transaction: what it is told is what is stored."""

import sys
import time
from statistics import median

import pytest

from storage import limits
from storage.errors import Busy, OutcomeUnknown
from storage.transactions import Store, open_store
from tests.integration.storage.engine import statements
from tests.lengths import short_or_long

STEPS = short_or_long(100, 400)
SAVED, NOTHING, UNKNOWN = "saved", "nothing was changed", "unknown"


async def told(store: Store, name: str) -> str:
    """What the caller hears of a row that it adds."""
    try:
        await store.write(statements.add_at_length(name))
    except Busy:
        return NOTHING
    except OutcomeUnknown:
        return UNKNOWN
    return SAVED


async def usual_seconds(store: Store) -> float:
    """How long a transaction takes here and now."""
    took = []
    for number in range(9):
        began = time.monotonic()
        await store.write(statements.add_at_length(f"usual{number}"))
        took.append(time.monotonic() - began)
    return median(took)


@pytest.mark.row("R14")
async def test_a_deadline_anywhere_around_the_commit_never_contradicts_what_is_stored(
    tally: Store, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From none at all to twice what a transaction takes, in steps of which each adds a row of its own; then the usual.

    Seen red: with "busy" in the place of "unknown", 24 rows (SQLite) and 7 (PostgreSQL) were there of which the caller
    had heard that nothing was changed; so were 5 and 24 where a work that nobody waited for went on.
    """
    module = sys.modules[type(tally).__module__]
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.0001, raising=False)  # on SQLite, deadlines are looked at together
    longest = 2 * await usual_seconds(tally)
    outcomes: dict[str, str] = {}
    for step in range(STEPS + 1):
        await tally.read(statements.shared)  # there is a connection again, where the step before has cut one
        with monkeypatch.context() as moved:
            if step < STEPS:
                moved.setattr(limits, "DEADLINE_SECONDS", longest * step / STEPS)
            outcomes[f"row{step:03}"] = await told(tally, f"row{step:03}")
    await tally.close()  # once everything that was begun has ended
    again = await open_store(empty_database_url)
    stored = set(await again.read(statements.names))
    await again.close()

    assert [] == [name for name, outcome in outcomes.items() if outcome == SAVED and name not in stored]
    assert [] == [name for name, outcome in outcomes.items() if outcome == NOTHING and name in stored]
    assert {SAVED, NOTHING, UNKNOWN} >= set(outcomes.values()) >= {SAVED, NOTHING}

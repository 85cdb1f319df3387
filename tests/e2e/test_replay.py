"""A signed request that comes again: at once, late, too late, and after the process has begun anew."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.playground.delivery import Exchange
from bot.services.upkeep import REMEMBERED
from storage import requests
from storage.tables import seen_requests
from storage.transactions import Transaction
from tests.e2e.conftest import TimedStage
from tests.e2e.reading import ALSO_FREE, FREE, asks, digits
from tests.e2e.stage import Stage

Act = Callable[[Stage], Awaitable[Exchange]]


async def by_command(stage: Stage) -> Exchange:
    return await stage.anna.types(f"/pmi set {FREE}")


async def by_dialog(stage: Stage) -> Exchange:
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", FREE)
    return await stage.anna.submits()


ACTS = {"a command": by_command, "a dialog": by_dialog}
EFFECTS = ["pmi.assigned", "pmi.changed"]


@pytest.mark.row("R32")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_a_replay_within_five_minutes_gets_the_same_answer_and_one_later_gets_401(
    clocked: TimedStage, act: Act
) -> None:
    """Seen red: with no answers kept, the replay was told that there was nothing to change."""
    stage, clock = clocked.stage, clocked.clock
    clock.passes(0.5 - clock() % 1)
    first = await act(stage)
    assert b"Saved" in first.body
    answers = []
    for seconds in (1, 298, 2):
        clock.passes(seconds)
        answers.append(await stage.slack.resend(first))

    assert [(200, first.body), (200, first.body), (401, b"")] == [(each.status, each.body) for each in answers]
    assert EFFECTS == await stage.actions(stage.anna)
    assert digits(FREE) == await stage.pmi(stage.anna)


@pytest.mark.row("R32")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_a_replay_after_a_restart_is_known_and_undoes_nothing_that_came_after(
    clocked: TimedStage, act: Act
) -> None:
    """Seen red: with no answers kept, the replay took the older number back."""
    stage, clock = clocked.stage, clocked.clock
    first = await act(stage)
    await asks(stage.anna, f"/pmi set {ALSO_FREE}")
    await stage.restart()
    clock.passes(200)

    again = await stage.slack.resend(first)

    assert (200, first.body) == (again.status, again.body)
    assert digits(ALSO_FREE) == await stage.pmi(stage.anna)
    assert [*EFFECTS, "pmi.changed"] == await stage.actions(stage.anna)


@pytest.mark.row("R32")
async def test_answers_are_kept_sealed_for_three_days(clocked: TimedStage) -> None:
    """Seen red: with answers kept unsealed the number stood in them; with 71 hours they were forgotten too early."""
    stage, clock = clocked.stage, clocked.clock
    first = await by_command(stage)

    def kept(tx: Transaction) -> list[str]:
        return [row.answer for row in tx.execute(sa.select(seen_requests.c.answer))]

    def forget(tx: Transaction) -> int:
        return requests.forget(tx, stage.chances.now() - REMEMBERED, 1000)

    sealed = await stage.store.read(kept)
    clock.passes(timedelta(hours=72).total_seconds() - 60)
    early = await stage.store.write(forget)
    clock.passes(120)
    late = await stage.store.write(forget)

    assert (0, 1) == (early, late)
    assert 1 == len(sealed)
    assert FREE.encode() in first.body
    assert digits(FREE) not in sealed[0]
    assert FREE not in sealed[0]

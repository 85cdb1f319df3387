"""Clocks that differ from Slack's or jump: what is refused, what readiness says, and that nothing sticks."""

from datetime import timedelta

import pytest

from bot.chances import Chances
from bot.services.upkeep import REMEMBERED
from storage import requests
from tests.e2e.conftest import TimedStage
from tests.e2e.reading import ALSO_FREE, FREE, asks, digits
from tests.e2e.stage import Stage, at_once
from tests.e2e.test_health import look
from tests.e2e.timing import Clock


async def with_a_clock_of_its_own(stage: Stage) -> tuple[Clock, str]:
    """One more process, whose clock the test moves while Slack's stays right."""
    clock = Clock()
    url = await stage.start(chances=Chances(clock=clock, sleep=at_once))
    return clock, url.removesuffix("/slack/events")


@pytest.mark.row("R34")
@pytest.mark.parametrize("apart", [-240, 240])
async def test_four_minutes_apart_work(stage: Stage, apart: int) -> None:
    """Seen red: with 200 s in the place of 300 both were refused."""
    clock, url = await with_a_clock_of_its_own(stage)
    clock.passes(apart)

    assert f"now {FREE}*" in await asks(stage.anna, f"/pmi set {FREE}")
    assert (200, "ok") == ((said := await look(url, "/readyz"))[0], said[1]["checks"]["clock"])


@pytest.mark.row("R34")
@pytest.mark.parametrize(("apart", "side"), [(-360, "behind Slack's"), (360, "ahead of Slack's"), (-3600, "behind")])
async def test_six_minutes_apart_are_refused_and_readiness_names_them(
    clocked: TimedStage, apart: int, side: str
) -> None:
    """Seen red: with nothing remembered of stale requests, readiness went on to say that all was well."""
    stage = clocked.stage
    clock, url = await with_a_clock_of_its_own(stage)
    await asks(stage.anna, f"/pmi set {FREE}")
    for each in (clocked.clock, clock):
        each.passes(5)
    clock.passes(apart)

    refused = await stage.ben.types(f"/pmi set {ALSO_FREE}")
    status, said = await look(url, "/readyz")
    clock.passes(-apart)
    healed = await asks(stage.anna, f"/pmi set {ALSO_FREE}")

    assert (401, b"") == (refused.status, refused.body)
    assert 503 == status
    assert side in said["checks"]["clock"]
    assert abs(apart) - 3 <= int(said["checks"]["clock"].split(" is ")[1].split()[0]) <= abs(apart) + 3
    assert f"now {ALSO_FREE}*" in healed
    assert 200 == (await look(url, "/readyz"))[0]


@pytest.mark.row("R34")
async def test_an_old_request_played_again_does_not_make_a_process_unready(clocked: TimedStage) -> None:
    """Seen red: with every stale request counted, `readyz` answered 503 from then on."""
    stage = clocked.stage
    url = (await stage.start()).removesuffix("/slack/events")
    old = await stage.anna.types(f"/pmi set {FREE}")
    clocked.clock.passes(400)

    assert 401 == (await stage.slack.resend(old)).status
    assert 200 == (await look(url, "/readyz"))[0]
    await stage.restart()
    url = stage.slack._delivery.url.removesuffix("/slack/events")
    assert 401 == (await stage.slack.resend(old)).status
    assert 200 == (await look(url, "/readyz"))[0]


@pytest.mark.row("R34")
async def test_an_hour_back_while_it_runs_leaves_everything_to_be_had(clocked: TimedStage) -> None:
    """Seen red: where a link had to be claimed before now to be taken back, its former holder heard "It is taken."."""
    stage, clock = clocked.stage, clocked.clock
    await asks(stage.anna, f"/pmi set {FREE}")
    await asks(stage.anna, "/personal-link set blue.harbour")
    await asks(stage.anna, "/personal-link set red.harbour")
    clock.passes(-3600)

    assert f"now {ALSO_FREE}*" in await asks(stage.anna, f"/pmi set {ALSO_FREE}")
    assert f"now {FREE}*" in await asks(stage.anna, f"/pmi set {FREE}")
    assert "now blue.harbour*" in await asks(stage.anna, "/personal-link set blue.harbour")
    assert "It is taken." in await asks(stage.ben, "/personal-link set red.harbour")
    assert "Removed" in await asks(stage.anna, "/personal-link remove")
    for line in ("/pmi history", "/personal-link history", "/room", "/pmi suggest"):
        await asks(stage.anna, line)
    once = await stage.ben.types("/pmi set 314 159 2653")
    assert once.body == (await stage.slack.resend(once)).body
    clock.passes(3600)
    assert "now green.harbour*" in await asks(stage.anna, "/personal-link set green.harbour")
    clock.passes(timedelta(days=181).total_seconds())
    assert "now red.harbour*" in await asks(stage.ben, "/personal-link set red.harbour")

    assert digits(FREE) == await stage.pmi(stage.anna)
    assert ["pmi.assigned", "pmi.changed", "link.set"] == await stage.actions(stage.ben)
    forgotten = await stage.store.write(lambda tx: requests.forget(tx, stage.chances.now() - REMEMBERED, 100))
    assert forgotten >= 6

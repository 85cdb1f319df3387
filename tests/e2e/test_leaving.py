"""The app is removed from a workspace, or its administrators have everything deleted: what people see of it."""

import asyncio

import pytest

from bot.chances import Chances
from bot.playground.state import Json
from storage import departures
from storage.departures import DepartureRow
from tests.e2e.installing import add_globex, installed, installing, leaves, tells
from tests.e2e.meetings import running, starts_on_pmi
from tests.e2e.reading import asks, dialog
from tests.e2e.stage import Stage, at_once, make_stage
from tests.e2e.timing import Clock
from tests.integration.services.purged import traces

UNINSTALLED: Json = {"type": "app_uninstalled"}


async def departure(stage: Stage, workspace: str = "T0ACME") -> DepartureRow | None:
    """How a workspace was left."""
    return await stage.store.read(lambda tx: departures.one(tx, workspace))


async def logged(stage: Stage, event: str) -> None:
    """Wait until a worker has said that it did something."""
    for _ in range(1000):
        if event in stage.heard.getvalue():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{event} was not logged")


@pytest.mark.row("R50")
async def test_removed_twice_and_told_late_again_after_an_install_only_that_workspace_is_closed(
    database_url: str,
) -> None:
    """Seen red: where an install opened nothing again, it was still away."""
    async with installing(database_url) as (browser,):
        stage = browser.stage
        gina = add_globex(stage)
        for person in (stage.anna, gina):
            await browser.installs(person)
            await person.types("/pmi")
        await starts_on_pmi(stage, stage.anna)
        for kind in ("tokens_revoked", "app_uninstalled", "tokens_revoked"):
            assert 200 == await leaves(stage, stage.acme, kind)

        await logged(stage, "workspace_closed")
        assert [] == await running(stage, stage.anna)
        assert await installed(stage, "T0ACME") is None
        assert await departure(stage, "T0GLOBEX") is None
        assert 200 == (await browser.installs(stage.anna)).status
        assert 200 == await tells(stage, stage.acme)
        back = await departure(stage)

        assert back is not None
        assert back.returned_at is not None
        await stage.anna.types("/room start")
        assert 1 == len(await running(stage, stage.anna))


@pytest.mark.row("R50")
async def test_with_one_token_a_workspace_is_closed_until_a_process_has_one_that_works(database_url: str) -> None:
    """Seen red: where no process looked whether its token works, it stayed closed."""
    clock = Clock()
    async with make_stage(database_url, Chances(clock=clock, monotonic=clock, sleep=at_once)) as stage:
        await stage.start()
        await stage.are_known(stage.anna)
        await stage.slack.send_event(stage.acme, UNINSTALLED)
        await logged(stage, "workspace_closed")
        await stage.stop()
        clock.passes(60)
        await stage.start()
        await logged(stage, "workspace_is_back")
        back = await departure(stage)

        assert back is not None
        assert back.returned_at is not None


@pytest.mark.row("R51")
async def test_an_administrator_deletes_everything_by_typing_so_and_begins_afresh(stage: Stage) -> None:
    """Seen red: where who comes back was added as somebody new, `/pmi` failed."""
    await stage.are_known(stage.anna, stage.ben)
    await stage.ben.types("/room settings")
    await stage.ben.fills("topic", "Canary")
    await stage.ben.submits()
    number = await stage.pmi(stage.anna)
    await stage.anna.types("/room admin")
    await stage.anna.presses(action_id="admin_data")
    assert "What goes, at once and for good" in dialog(stage.anna).shown
    await stage.anna.fills("admin_purge_word", "yes")
    await stage.anna.submits()
    assert await departure(stage) is None
    await stage.anna.fills("admin_purge_word", " Delete  everything ")
    await stage.anna.submits()
    assert "It has begun" in dialog(stage.anna).shown

    await logged(stage, "purge_done")
    assert [] == await traces(stage.store, "Canary", "U0ANNA", "U0BEN")
    await stage.anna.closes()
    assert number is not None
    shown = await asks(stage.anna, "/pmi")
    assert number == await stage.pmi(stage.anna), shown

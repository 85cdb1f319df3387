"""The schema changes under a program that runs: a later program migrates it, or somebody takes it away."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.playground import Person
from bot.playground.delivery import Exchange
from bot.services.house import House
from bot.services.upkeep import forget_old_requests
from storage import requests, schema
from tests.e2e.reading import asks
from tests.e2e.stage import Stage, make_stage
from tests.later_program import later, write_revision

EVERYTHING = (
    "/pmi",
    "/pmi set {pmi}",
    "/pmi check 555 111 2222",
    "/pmi suggest 0611",
    "/pmi history",
    "/pmi @ben",
    "/personal-link set {link}",
    "/personal-link",
    "/personal-link suggest",
    "/personal-link check {link}x",
    "/personal-link history",
    "/personal-link remove",
    "/room",
)
CHANGES = ["pmi.changed", "link.set", "link.removed", "pmi.changed"]
LATER_WORDS = "ok, with the schema of a later version; let a process of that version take this one's place"


async def everything(person: Person, pmi: str, link: str) -> list[Exchange]:
    """What people do: every command, and a dialog."""
    done = [await person.types(line.format(pmi=pmi, link=link)) for line in EVERYTHING]
    done.append(await person.types("/pmi edit"))
    await person.fills("pmi", pmi[:-1] + "0")
    done.append(await person.submits())
    return done


def database(stage: Stage) -> str:
    return stage.settings.database_url.get_secret_value()


async def readiness(stage: Stage) -> tuple[int, Any]:
    """What `/readyz` says of the database."""
    url = stage.slack._delivery.url.replace("/slack/events", "/readyz")
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, (await response.json())["checks"]["database"]


def failures(logged: list[Any]) -> list[Any]:
    """What was not as it should be."""
    return [each for each in logged if each["log_level"] == "error" or each.get("outcome") in ("failed", "unknown")]


@pytest.mark.row("R53")
@pytest.mark.row("R55")
async def test_a_program_that_runs_serves_on_while_and_after_a_later_one_migrates(stage: Stage, tmp_path: Path) -> None:
    """Columns are added and widened under it, while people go on; readiness stays, and says what it sees.

    Seen red: without `_STALE_PLAN`, on PostgreSQL one answer was "Something went wrong here" (the log had "cached
    statement plan is invalid"); without the note, readiness was 503 and told to migrate.
    """
    write_revision(tmp_path / "later")
    before = await everything(stage.anna, "582 904 7316", "blue.harbour")
    with later(tmp_path / "later"), capture_logs() as logged:
        migrating = asyncio.ensure_future(asyncio.to_thread(schema.upgrade, database(stage)))
        meanwhile = [await stage.carla.types("/pmi") for _ in range(10)]
        await migrating
        after = await everything(stage.anna, "617 555 0142", "red.harbour")
        after += await everything(stage.ben, "314 159 2653", "green.harbour")

    assert {200} == {exchange.status for exchange in (*before, *meanwhile, *after)}
    assert [] == failures(logged)
    assert ["pmi.assigned", *CHANGES, *CHANGES] == await stage.actions(stage.anna)
    assert ["pmi.assigned", *CHANGES] == await stage.actions(stage.ben)
    assert (200, LATER_WORDS) == await readiness(stage)


@pytest.mark.row("R55")
async def test_a_program_whose_tables_are_taken_away_says_so_and_heals_when_they_are_back(stage: Stage) -> None:
    """The database is emptied under it, and migrated again.

    Seen red: without the comparison of versions in `database_problem`, readiness was 200 where there was no table.
    """
    await everything(stage.anna, "582 904 7316", "blue.harbour")
    await asyncio.to_thread(schema.downgrade, database(stage), "base")
    with capture_logs():
        without = [await stage.anna.types(line.format(pmi="617 555 0142", link="red.harbour")) for line in EVERYTHING]
    said = stage.anna.private_messages[-1].shown
    unready = await readiness(stage)
    await asyncio.to_thread(schema.upgrade, database(stage))
    with capture_logs() as logged:
        again = await everything(stage.anna, "582 904 7316", "blue.harbour")

    assert {200} == {exchange.status for exchange in (*without, *again)}
    assert "Something went wrong here" in said
    assert (503, "the schema is empty; run `python -m bot migrate`") == unready
    assert [] == failures(logged)
    assert ["pmi.assigned", *CHANGES] == await stage.actions(stage.anna)
    assert (200, "ok") == await readiness(stage)


async def test_what_is_done_now_and_then_is_done_again_when_the_tables_are_back(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: asyncio.Queue[str] = asyncio.Queue()

    async def forget(house: House) -> bool:
        try:
            more = await forget_old_requests(house)
        except Exception:
            rounds.put_nowait("failed")
            raise
        rounds.put_nowait("done")
        return more

    async def until(outcome: str) -> None:
        async with asyncio.timeout(5):
            while await rounds.get() != outcome:
                pass

    monkeypatch.setattr("bot.services.upkeep.PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("bot.services.upkeep.WORK", (forget,))
    async with make_stage(empty_database_url) as stage:
        with capture_logs() as logged:
            await stage.start()
            await until("failed")
            await asyncio.to_thread(schema.upgrade, empty_database_url)
            await until("done")
            await asks(stage.anna, "/pmi")
            old = stage.chances.now() - timedelta(days=4)
            await stage.store.write(lambda tx: requests.remember(tx, "a" * 64, stage.acme.id, "sealed", old))
            while not rounds.empty():
                rounds.get_nowait()
            for _ in range(2):  # the first may have begun before
                await until("done")

            assert await stage.store.read(lambda tx: requests.answer_to(tx, "a" * 64)) is None
            assert (200, "ok") == await readiness(stage)
    each_worker = {"upkeep_failed", "outbox_look_failed", "postings_look_failed", "closing_failed", "sweeping_failed"}
    each_worker |= {"removing_failed", "sealing_changes_failed"}
    assert each_worker >= {entry["event"] for entry in logged if entry["log_level"] == "error"}
    assert "upkeep_failed" in {entry["event"] for entry in logged}

"""A process of its own ends with something still to tell: killed, or told to stop. Another one tells it."""

import asyncio
import signal
import time
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from bot.chances import Chances
from bot.playground import Fault
from bot.playground.faults import PlannedFault
from tests.e2e.reading import chooses
from tests.e2e.stage import SECRET_KEY, SIGNING_SECRET, Stage, at_once, make_stage
from tests.e2e.test_notices import suggested, told, waiting
from tests.e2e.timing import Looks
from tests.integration.cli.program import ENVIRON, serving
from tests.lengths import short_or_long

HASTE = 200
"""How much faster a clock runs, so that nobody waits for a lease of half a minute."""


MOMENTS = (("telling", 1), ("stopped", 1), ("told", 2))
"""When it ends, and how often the result may then be told at most."""


def environ_of(stage: Stage) -> dict[str, str]:
    """The settings of a process that shares the stage's database and Slack."""
    return ENVIRON | {
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": stage.acme.bot_token,
        "SLACK_API_URL": stage.settings.slack_api_url,
        "DATABASE_URL": stage.settings.database_url.get_secret_value(),
        "SECRET_KEY": SECRET_KEY,
    }


async def ends(moment: str, stage: Stage, process: Process, value: str) -> None:
    """Press the button, and end the process while it tells the result, or right after it has told it."""
    asked = asyncio.Event()

    def silent(method: str) -> PlannedFault | None:
        if method == "response_url":
            asked.set()
        return PlannedFault(Fault.TIMEOUT, 1, None, 500) if moment != "told" else None

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stage.slack.faults, "next_for", silent)
        await chooses(stage.anna, value)
        await asked.wait()
        if moment == "told":
            await stage.slack.until(lambda: told(stage))
        if moment == "stopped":
            process.terminate()
        else:
            process.kill()
        ended = await process.wait()

    assert {"stopped": 0}.get(moment, -signal.SIGKILL) == ended


@pytest.mark.row("R13")
async def test_what_a_process_that_ended_had_to_tell_is_told(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: where the change wrote no row of the outbox, it was told 0 times."""
    looks = Looks(monkeypatch)
    haste = Chances(monotonic=lambda: time.monotonic() * HASTE, sleep=at_once, look=0.02)
    async with make_stage(database_url) as stage:
        for turn in range(short_or_long(1, 12)):
            moment, most = MOMENTS[turn % 3]
            async with serving(environ_of(stage), tmp_path) as (address, process, _):
                stage.slack.deliver_to(f"{address}/slack/events")
                value = await suggested(stage, stage.anna)
                stage.slack.calls.clear()
                await ends(moment, stage, process, value)
            await stage.start(chances=haste)
            await looks.more(1)
            while await waiting(stage):
                await looks.more(1)

            assert 1 <= told(stage) <= most, moment
            assert value == await stage.pmi(stage.anna)
            await stage.stop()

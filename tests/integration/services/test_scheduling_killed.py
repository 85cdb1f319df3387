"""A process that is killed while it schedules leaves whole meetings or none, and whoever was told has theirs."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.rules import Repeats
from storage.tables import change_log, invitees, meeting_numbers, meetings, postings, schedules, seen_requests
from storage.transactions import Store, Transaction, open_store
from tests.integration.services.planned import Planner, wish
from tests.integration.services.scheduling_process import call

ROOT = Path(__file__).resolve().parents[3]
OF_EACH = {
    "schedule": sa.select(schedules.c.meeting_id),
    "number": sa.select(meeting_numbers.c.holder_id).join(meetings, meetings.c.id == meeting_numbers.c.holder_id),
    "invited": sa.select(invitees.c.meeting_id),
    "posting": sa.select(postings.c.subject),
    "change": sa.select(change_log.c.new).where(change_log.c.action == "meeting.scheduled"),
    "answer": sa.select(seen_requests.c.key),
}
"""What there is of each meeting."""


async def kept(store: Store) -> dict[str, int]:
    def work(tx: Transaction) -> dict[str, int]:
        return {name: len(tx.execute(wanted).all()) for name, wanted in OF_EACH.items()}

    return await store.read(work)


@pytest.mark.row("R10")
@pytest.mark.row("R11")
async def test_a_process_that_is_killed_leaves_whole_meetings_and_none_that_was_told_is_lost(
    database_url: str,
) -> None:
    """Seen red: where the invitations were planned in a transaction of their own, some meetings had none."""
    words = ("-m", "tests.integration.services.scheduling_process", database_url)
    told = 0
    for answered in (1, 4, 9):
        process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=PIPE)
        assert process.stdout is not None
        while told <= answered:
            told = int(await process.stdout.readline()) + 1
        process.kill()
        await process.wait()

    store = await open_store(database_url)
    found = await kept(store)
    count = found["schedule"]
    # Two people and a channel, invited each, and reminded of three days with the holder.
    whole = {"schedule": 1, "number": 1, "invited": 2, "posting": 3 + 3 * 4, "change": 1, "answer": 1}
    again = Planner(store)
    for number in range(told):
        await again.cases.schedule(call(number), wish(date="2026-03-02", repeats=Repeats.DAILY, count=5))
    after = await kept(store)
    await store.close()

    assert count >= told
    assert {name: each * count for name, each in whole.items()} == found
    assert found == after

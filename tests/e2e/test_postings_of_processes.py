"""Processes of their own post what is due: side by side, killed, told to stop."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from bot.services.postings import Plan, PostingKind, Target
from storage import posting_lanes
from storage.transactions import Transaction
from tests.e2e.postings import SUBJECT, Answers, Board, RealTime, make_board
from tests.lengths import short_or_long

ROOT = Path(__file__).resolve().parents[2]
CHANNELS = 20
MESSAGES = 300
HASTE = 5
"""How much faster the clocks of those run who post, so that a lease of theirs lasts six seconds."""
FOLLOWING = 200
"""How much faster they run where a lease of half a minute is waited for."""


@pytest.fixture
async def board(database_url: str) -> AsyncIterator[Board]:
    async with make_board(database_url, RealTime()) as made:
        made.url_of_database = database_url
        yield made


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(monkeypatch)


@asynccontextmanager
async def posting(board: Board, haste: float = HASTE) -> AsyncIterator[Process]:
    """A process that has begun to look for what is due."""
    words = ("-m", "tests.posters", board.url_of_database, board.url, board.token, str(haste))
    process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=PIPE)
    try:
        assert process.stdout is not None
        assert b"ready\n" == await process.stdout.readline()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def until_nothing_is_due(board: Board) -> None:
    """Wait until everything shows what it should, or is given up."""
    for _ in range(600):
        due, _ = await board.store.read(lambda tx: posting_lanes.backlog(tx, datetime.now(UTC)))
        if not due:
            return
        await asyncio.sleep(0.1)
    raise TimeoutError


@pytest.mark.row("R24")
async def test_two_processes_post_each_message_once_and_never_two_in_a_second_in_a_channel(board: Board) -> None:
    """Seen red: where a lane was free for whoever had not seen it before, some were posted by both."""
    acme = board.general.workspace
    channels = [acme.add_channel(f"C0{number:03}", f"c{number}", with_bot=True) for number in range(CHANNELS)]
    at = datetime.now(UTC)

    def plan(tx: Transaction) -> None:
        for number in range(MESSAGES):
            target = Target(channel=channels[number % CHANNELS].id)
            board.records.plan(tx, Plan("T0ACME", PostingKind.REMINDER, SUBJECT, target, at, str(number)))

    await board.store.write(plan)
    async with posting(board) as one, posting(board) as other:
        await until_nothing_is_due(board)
        assert (None, None) == (one.returncode, other.returncode)

    calls = board.posts()
    assert sorted(map(str, range(MESSAGES))) == sorted(call.arguments["text"] for call in calls)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for call in calls:
        times[call.arguments["channel"]].append(call.at)
    gaps = [after - before for each in times.values() for before, after in pairwise(sorted(each))]
    assert 1 / HASTE <= min(gaps)


@pytest.mark.row("R13")
@pytest.mark.parametrize("kills", [1, short_or_long(2, 4)])
async def test_what_a_killed_process_had_posted_is_posted_at_most_twice(
    board: Board, answers: Answers, kills: int
) -> None:
    """Killed between the post and the note of it: as often as it happens, it is there twice and no more.

    Seen red: without the count, each process that followed posted it once more.
    """
    await board.plans("a")
    for number in range(kills):
        done, _ = answers.hold()
        async with posting(board, FOLLOWING if number else HASTE) as process:
            ways = [asyncio.ensure_future(way) for way in (done.wait(), until_nothing_is_due(board))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            process.kill()
            assert -signal.SIGKILL == await process.wait()
    async with posting(board, FOLLOWING):
        await until_nothing_is_due(board)

    assert ["a", "a"] == board.texts


@pytest.mark.row("R13")
async def test_a_process_that_is_told_to_stop_finishes_what_it_posts_and_leaves_the_rest(
    board: Board, answers: Answers
) -> None:
    """Seen red: where a channel was written into to its end, all three were posted before the process was gone."""
    for detail in "abc":
        await board.plans(detail)
    done, go_on = answers.hold()
    async with posting(board) as process:
        await done.wait()
        process.terminate()
        await asyncio.sleep(0)
        go_on.set()
        assert 0 == await process.wait()
    assert ["a"] == board.texts

    async with posting(board):
        await until_nothing_is_due(board)

    assert ["a", "b", "c"] == board.texts

"""Meetings that all begin in one minute, of which two processes remind: `python -m tests.bench.schedules` alone.

Each meeting has a channel and a holder, and each of the two is reminded, with what the meeting is at that moment.
"""

import asyncio
import itertools
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial

from aiohttp import web

from storage import meetings, members, numbers, schedules, schema, workspaces
from storage.ids import new_id
from storage.meetings import MeetingRow
from storage.schedules import ScheduleRow
from storage.transactions import Transaction, open_store
from tests.databases import PostgresTemplates, postgres_server

MEETINGS = 10_000
HOLDERS = 500
"""And as many channels."""
PROCESSES = 2
A_PIECE = 500
REMIND = 11


class Heard:
    """What was posted: of which meeting, where, when."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        self.posted: Counter[tuple[str, str]] = Counter()
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.all = asyncio.Event()

    async def post(self, request: web.Request) -> web.Response:
        """`chat.postMessage`."""
        body = await request.json()
        self.posted[body["channel"], body["text"]] += 1
        self.times[body["channel"]].append(time.monotonic())
        if len(self.posted) == self._messages:
            self.all.set()
        return web.json_response({"ok": True, "channel": body["channel"], "ts": f"{time.time():.6f}"})

    async def open(self, request: web.Request) -> web.Response:
        """`conversations.open`."""
        body = await request.post() if request.content_type != "application/json" else await request.json()
        return web.json_response({"ok": True, "channel": {"id": "D" + str(body["users"])}})

    async def test(self, _request: web.Request) -> web.Response:
        """`auth.test`, which is asked before a message is posted again whose answer was lost."""
        return web.json_response({"ok": True, "team_id": "T0ACME"})

    def shortest_gap(self) -> float:
        """The least number of seconds between two messages into one channel."""
        return min(after - before for each in self.times.values() for before, after in itertools.pairwise(each))


async def schedule_all(url: str) -> None:
    """Write every meeting as if it had been scheduled days ago."""
    store = await open_store(url)
    now = datetime.now(UTC)
    starts = (now + timedelta(minutes=REMIND)).replace(second=0, microsecond=0)
    holders = [new_id(now) for _ in range(HOLDERS)]

    def people(tx: Transaction) -> None:
        workspaces.ensure(tx, "T0ACME", now)
        for place, holder in enumerate(holders):
            pmi = f"58290{place:05}"
            numbers.claim(tx, pmi, holder, now)
            members.add(tx, member_id=holder, workspace="T0ACME", slack_user=f"U{place:05}", pmi=pmi, at=now)

    def some(tx: Transaction, first: int) -> None:
        for place in range(first, first + A_PIECE):
            meeting = MeetingRow(
                new_id(now), "T0ACME", holders[place % HOLDERS], "scheduled", None, f"Topic {place}", None, now, None
            )
            meetings.add(tx, meeting)
            row = ScheduleRow(
                meeting_id=meeting.id,
                zone="UTC",
                starts_local=starts.strftime("%Y-%m-%dT%H:%M"),
                minutes=30,
                repeats="none",
                ends_count=None,
                ends_on=None,
                remind_minutes=REMIND,
                channel=f"C{place % HOLDERS:05}",
                sequence=0,
                timed=0,
                first_at=starts,
                last_until=starts + timedelta(minutes=30),
                plan_at=now - timedelta(days=2),
            )
            schedules.add(tx, row)

    await store.write(people)
    for first in range(0, MEETINGS, A_PIECE):
        await store.write(partial(some, first=first))
    await store.close()


async def started(url: str, slack_url: str) -> Process:
    """A process that has planned what is due, and posts."""
    words = ("-m", "tests.bench.reminding", url, slack_url)
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def one(kind: str, url: str) -> str:
    """A line of the table."""
    await schedule_all(url)
    heard = Heard(2 * MEETINGS)
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", heard.post)
    app.router.add_post("/api/conversations.open", heard.open)
    app.router.add_post("/api/auth.test", heard.test)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    began = time.monotonic()
    processes = await asyncio.gather(*(started(url, slack_url) for _ in range(PROCESSES)))
    planned = time.monotonic() - began
    await asyncio.wait_for(heard.all.wait(), 600)
    seconds = time.monotonic() - began
    for process in processes:
        process.terminate()
    await asyncio.gather(*(process.wait() for process in processes))
    await runner.cleanup()
    twice = sum(count > 1 for count in heard.posted.values())
    return f"| {kind} | {planned:.0f} | {seconds:.0f} | {len(heard.posted):,} | {twice} | {heard.shortest_gap():.3f} |"


async def due_in_one_minute(urls: dict[str, str]) -> str:
    """The table; each database must be migrated and empty."""
    lines = [await one(kind, url) for kind, url in urls.items()]
    head = f"{MEETINGS:,} meetings due in one minute, each told to one of {HOLDERS} channels and holders, two processes"
    return "\n".join(
        [f"| {head} | planned, s | told, s | messages | twice | gap, s |", "|---|---|---|---|---|---|", *lines]
    )


def main() -> None:
    """This part alone."""
    with tempfile.TemporaryDirectory() as folder, postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        urls = {"sqlite": f"sqlite:///{folder}/bench.db", "postgresql": templates.fresh()}
        schema.upgrade(urls["sqlite"])
        sys.stdout.write(asyncio.run(due_in_one_minute(urls)) + "\n")
        templates.drop(urls["postgresql"])
        templates.close()


if __name__ == "__main__":
    main()

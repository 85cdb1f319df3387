"""Scheduled meetings on a store, with the clock in the test's hand, and what was planned for Slack."""

import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.rules import PRODUCT_POLICY, Code, Policy, ScheduleWish
from bot.services.people import Actor, Call
from bot.services.postings import PostingRecords
from bot.services.refusals import ScheduleRefused
from bot.services.reminders import Reminders
from bot.services.schedules import Schedules
from bot.services.timetable import Scheduled
from storage.tables import change_log, postings
from storage.transactions import Store, Transaction
from tests.integration.services.houses import house_of, new_call

ANNA, BEN, CARL = Actor("T0ACME", "U0ANNA"), Actor("T0ACME", "U0BEN"), Actor("T0ACME", "U0CARL")
STRANGER = Actor("T0OTHER", "U0ANNA")
CHANNEL = "C0GENERAL"
BEGIN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
WISH = ScheduleWish(
    "Weekly",
    "Europe/Berlin",
    30,
    date="2026-03-10",
    time="09:30",
    invitees=("U0BEN", "U0CARL"),
    channel=CHANNEL,
    remind_minutes=10,
)


@dataclass
class Planner:
    """The use cases of scheduled meetings for one process."""

    store: Store
    policy: Policy = PRODUCT_POLICY
    at: datetime = BEGIN
    cases: Schedules = field(init=False)
    reminders: Reminders = field(init=False)

    def __post_init__(self) -> None:
        house = replace(house_of(self.store, lambda: self.at), policy=self.policy)
        records = PostingRecords(house)
        self.cases = Schedules(house, records)
        self.reminders = Reminders(house, records)
        self.records = records

    async def scheduled(self, actor: Actor = ANNA, **changes: Any) -> Scheduled:
        return await self.cases.schedule(new_call(actor), wish(**changes))

    async def posted(self) -> None:
        """Everything that is due by now is posted, and shows what it should."""
        shown = sa.update(postings).where(postings.c.due_at <= self.at, postings.c.ended_at.is_(None))
        values = {"shown": postings.c.wanted, "posted_at": self.at, "ts": "1.2", "posted_in": "C0POSTED"}

        def work(tx: Transaction) -> None:
            tx.execute(shown.values(values))

        await self.store.write(work)

    async def planned(self, kind: str) -> list[tuple[str, str, str]]:
        """Where, what and when: what is to be posted or changed."""
        wanted = sa.select(postings).where(postings.c.kind == kind, postings.c.ended_at.is_(None))
        wanted = wanted.where(postings.c.shown < postings.c.wanted)
        rows = await self.store.read(lambda tx: tx.execute(wanted).all())
        return sorted(
            (row.channel or row.slack_user, row.detail.partition("/")[0], row.due_at.strftime("%m-%d %H:%M"))
            for row in rows
        )

    async def log(self) -> Counter[tuple[str, str | None, str | None]]:
        """What the change log says of meetings."""
        wanted = sa.select(change_log.c.action, change_log.c.old, change_log.c.new)
        rows = await self.store.read(lambda tx: tx.execute(wanted).all())
        ours = ("meeting", "occurrence", "invitee")
        return Counter((row.action, row.old, row.new) for row in rows if row.action.split(".")[0] in ours)

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)


def wish(**changes: Any) -> ScheduleWish:
    return replace(WISH, **changes)


def repeat_of(actor: Actor = ANNA) -> Call:
    """A request that a test makes several times."""
    return Call(actor, secrets.token_hex(32))


async def codes_of(awaited: Any) -> list[Code]:
    """What was refused."""
    try:
        await awaited
    except ScheduleRefused as refused:
        return [violation.code for violation in refused.violations]
    return []

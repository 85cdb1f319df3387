"""What a button changed is told although Slack does not let us, or the process ends."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.chances import Chances
from bot.handlers.relay import Relay
from bot.playground import Fault, Person
from bot.playground.log import Call
from bot.services.outbox import Told
from bot.services.progress import WatchedStore
from storage import outbox, tables
from storage.errors import OutcomeUnknown, Unavailable
from storage.outbox import Waiting
from storage.transactions import Transaction
from tests.e2e.reading import asks, choices, chooses, dialog
from tests.e2e.stage import Stage, at_once, make_stage
from tests.e2e.timing import DAY, Clock, Looks
from tests.lengths import short_or_long

LOOK = 0.01
"""Seconds between two looks at the outbox, here."""
MANY = 1000


@dataclass(frozen=True, slots=True)
class Ticking:
    """A running application that looks often, and whose every clock the test moves."""

    stage: Stage
    clock: Clock
    looks: Looks

    async def until_put_off(self) -> None:
        """Wait, while no time passes, until what could not be told at once rests."""
        async with asyncio.timeout(10):
            while [2] != [row.generation for row in await waiting(self.stage)]:
                await self.looks.more(1)

    async def until(self, calls: int, method: str = "chat.postMessage", step: float = 0.25) -> list[Call]:
        """Let time pass in small steps until a method was called so often in all."""
        for _ in range(MANY):
            if len(self.stage.slack.calls.of(method)) >= calls:
                return self.stage.slack.calls.of(method)
            self.clock.passes(step)
            await self.looks.more()
        raise TimeoutError(method)


def ticking_chances(clock: Clock) -> Chances:
    """Clocks that the test moves, pauses that make time pass, the longest of all jitter."""

    async def sleep(seconds: float) -> None:
        clock.passes(seconds)

    def below(limit: int) -> int:
        # Pauses are drawn in milliseconds, up to whole seconds.
        return limit - 1 if limit % 1000 == 1 else secrets.randbelow(limit)

    return Chances(clock=clock, monotonic=clock, sleep=sleep, below=below, look=LOOK)


@asynccontextmanager
async def make_ticking(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ticking]:
    looks, clock = Looks(monkeypatch), Clock()
    async with make_stage(database_url, ticking_chances(clock)) as stage:
        await stage.start()
        yield Ticking(stage, clock, looks)


@pytest.fixture
async def ticking(make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ticking]:
    """On SQLite: what Slack does wrong is the same on both databases."""
    async with make_ticking(make_database("sqlite"), monkeypatch) as made:
        yield made


@pytest.fixture
async def ticking_on_each(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ticking]:
    """On each database."""
    async with make_ticking(database_url, monkeypatch) as made:
        yield made


async def waiting(stage: Stage) -> tuple[Waiting, ...]:
    """What is still to be told."""
    return await stage.store.read(lambda tx: outbox.waiting(tx, MANY))


async def suggested(stage: Stage, person: Person) -> str:
    """A free number on a button before somebody."""
    await asks(person, "/pmi suggest")
    return choices(person.private_messages[-1])[0]


def told(stage: Stage) -> int:
    """How often "Saved" has reached somebody, at a response URL or by a direct message."""
    answered = [call for call in stage.slack.calls.of("response_url") if call.answer == "ok"]
    posted = [call for call in stage.slack.calls.of("chat.postMessage") if ok(call)]
    return sum("Saved" in str(call.arguments) for call in answered + posted)


def more_told(stage: Stage, before: int) -> bool:
    """Whether something was told since."""
    return told(stage) > before


def ok(call: Call) -> bool:
    """Whether Slack did what it was asked."""
    return isinstance(call.answer, dict) and call.answer.get("ok") is True


async def nothing(_relay: Relay, _told: Told) -> None:
    """What a dead process tells."""


async def metrics(url: str) -> str:
    """What `/metrics` says."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/metrics") as response:
        return await response.text()


def gaps(calls: list[Call]) -> list[float]:
    """The seconds between each call and the next."""
    return [after.at - before.at for before, after in pairwise(calls)]


# While Slack is unwell


@pytest.mark.row("R24")
@pytest.mark.parametrize(("retry_after", "seconds"), [(1, 1), (30, 30), ("abc", 30), (None, 30)])
async def test_a_message_is_not_tried_again_before_slack_wants_it(
    ticking: Ticking, retry_after: int | str | None, seconds: int
) -> None:
    """Seen red: where the pause was drawn in spite of a Retry-After, the other process tried after 9 s; where only a
    number counted as one, `abc` was tried again after 3.
    """
    stage = ticking.stage
    await stage.start()  # another process, which was not told to wait
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("chat.postMessage", Fault.RATE_LIMITED, times=2, retry_after=retry_after)

    await chooses(stage.anna, value)
    step = seconds / 10
    calls = await ticking.until(3, step=step)
    await stage.slack.until(lambda: stage.anna.direct_messages)

    assert all(seconds <= gap < 10 * seconds for gap in gaps(calls)), gaps(calls)
    assert 1 == told(stage)
    assert value == await stage.pmi(stage.anna)
    await ticking.looks.more()
    assert () == await waiting(stage)


@pytest.mark.row("R24")
async def test_no_message_to_anybody_goes_before_slack_wants_it(ticking: Ticking) -> None:
    """Seen red: where nobody asked whether it was too soon, the second person's message went after 2 s."""
    stage = ticking.stage
    values = {person: await suggested(stage, person) for person in (stage.anna, stage.ben)}
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("chat.postMessage", Fault.RATE_LIMITED, retry_after=20)

    for person, value in values.items():
        await chooses(person, value)
        await stage.slack.until(lambda: stage.slack.calls.of("chat.postMessage"))
    calls = await ticking.until(3, step=2)

    assert 20 <= gaps(calls)[0]
    assert 2 == told(stage)


@pytest.mark.row("R24")
@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.RESET], ids=lambda fault: fault.kind)
async def test_pauses_double_while_slack_fails_and_it_is_told_once_slack_is_well(
    ticking: Ticking, fault: Fault
) -> None:
    """Seen red: with pauses that stay the same, they were 1, 1, 1, 1."""
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("chat.postMessage", fault, times=4)

    await chooses(stage.anna, value)
    await ticking.until_put_off()
    calls = await ticking.until(5)
    await stage.slack.until(lambda: stage.anna.direct_messages)

    assert [1, 2, 4, 8] == [round(gap - 0.3) for gap in gaps(calls)], gaps(calls)
    assert 1 == told(stage)


@pytest.mark.row("R24")
async def test_a_silent_slack_is_waited_for(ticking: Ticking) -> None:
    """Seen red: where every failure was one for good, Slack was not asked again."""
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("chat.postMessage", Fault.TIMEOUT)

    await chooses(stage.anna, value)
    await stage.until_called("conversations.open", 1)
    await ticking.until(2, "conversations.open")
    await stage.slack.until(lambda: stage.anna.direct_messages)

    assert 1 == told(stage)


@pytest.mark.row("R24")
async def test_one_message_a_second_into_a_channel(ticking: Ticking) -> None:
    """Time passes while a message is on its way here, so that all are timed together.

    Seen red: where nobody waited for their turn, they were 0.03 s apart.
    """
    stage = ticking.stage
    await asks(stage.anna, "/pmi suggest")
    message = stage.anna.private_messages[-1]
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)

    for value in choices(message):
        await chooses(stage.anna, value, on=message)
    calls = await ticking.until(5)

    assert sum(gaps(calls)) > 3.5, gaps(calls)
    assert 5 == told(stage)


@pytest.mark.parametrize(("fault", "answered"), [(Fault.TIMEOUT, 1), (Fault.RESET, 3)], ids=["timeout", "reset"])
async def test_an_answer_that_may_have_come_through_is_not_given_again_elsewhere(
    ticking: Ticking, fault: Fault, answered: int
) -> None:
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", fault, times=2)

    await chooses(stage.anna, value)
    await ticking.until_put_off()
    await ticking.until(answered, "response_url", step=0.5)

    assert "Saved" in stage.anna.private_messages[-1].shown
    assert [] == stage.anna.direct_messages


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.RESET], ids=lambda fault: fault.kind)
async def test_a_response_url_that_stays_silent_is_not_waited_for_for_ever(ticking: Ticking, fault: Fault) -> None:
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", fault, times=MANY)

    await chooses(stage.anna, value)
    await ticking.until_put_off()
    await ticking.until(1, step=0.5)
    await stage.slack.until(lambda: stage.anna.direct_messages)

    assert "Saved" in stage.anna.direct_messages[-1].shown


async def test_who_is_not_there_is_not_bothered_again(ticking: Ticking) -> None:
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("conversations.open", Fault.NOT_OK("user_disabled"))

    with capture_logs() as logs:
        await chooses(stage.anna, value)
        await ticking.until(1, "conversations.open")
        await ticking.looks.more()

    assert ["user_disabled"] == [line["reason"] for line in logs if line["event"] == "notice_given_up"]
    ticking.clock.passes(3600)
    await ticking.looks.more()
    assert 1 == len(stage.slack.calls.of("conversations.open"))
    assert () == await waiting(stage)


@pytest.mark.parametrize("fault", [Fault.NOT_OK("user_disabled"), Fault.SERVER_ERROR], ids=lambda fault: fault.kind)
async def test_what_another_process_has_meanwhile_is_not_counted_here(
    ticking: Ticking, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = ticking.stage
    url = stage.slack._delivery.url.removesuffix("/slack/events")
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("conversations.open", fault, times=MANY)
    asked: list[str] = []

    def not_ours(_tx: Transaction, request: str, *_: object, **__: object) -> bool:
        asked.append(request)
        return False

    monkeypatch.setattr(outbox, "end", not_ours)
    monkeypatch.setattr(outbox, "put_off", not_ours)
    with capture_logs() as logs:
        await chooses(stage.anna, value)
        async with asyncio.timeout(10):
            while not asked:
                await ticking.looks.more(1)
        await ticking.looks.more()

    assert [] == [line for line in logs if line["event"] in ("notice_given_up", "notice_put_off")]
    counted = await metrics(url)
    assert 'outcome="given_up"} 1.0' not in counted
    assert 'outcome="put_off"} 1.0' not in counted


async def test_a_notice_ends_after_twenty_tries_and_is_counted(ticking: Ticking) -> None:
    stage = ticking.stage
    url = stage.slack._delivery.url.removesuffix("/slack/events")
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("conversations.open", Fault.SERVER_ERROR, times=MANY)

    await chooses(stage.anna, value)
    await ticking.until(1, "conversations.open")
    counted = await metrics(url)
    await ticking.until(20, "conversations.open", step=300)
    await ticking.looks.more()

    assert () == await waiting(stage)
    ticking.clock.passes(3600)
    await ticking.looks.more()
    assert 20 == len(stage.slack.calls.of("conversations.open"))
    assert "standing_room_outbox_waiting 1.0" in counted
    after = await metrics(url)
    assert "standing_room_outbox_waiting 0.0" in after
    assert 'standing_room_notices_total{outcome="put_off"} 19.0' in after
    assert 'standing_room_notices_total{outcome="given_up"} 1.0' in after


async def test_after_a_day_a_notice_is_given_up_and_that_is_logged(ticking: Ticking) -> None:
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("chat.postMessage", Fault.RATE_LIMITED, times=MANY, retry_after=100_000)

    with capture_logs() as logs:
        await chooses(stage.anna, value)
        await ticking.until_put_off()
        ticking.clock.passes(DAY + 1)
        await ticking.looks.more()

    assert ["too old, or tried too often"] == [line["reason"] for line in logs if line["event"] == "notice_given_up"]
    assert () == await waiting(stage)
    assert 1 == len(stage.slack.calls.of("chat.postMessage"))


async def test_what_cannot_be_struck_out_is_not_told_again(ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    strike, failures = outbox.strike, [Unavailable("a bad day")] * 3

    def failing(tx: Transaction, request: str) -> None:
        if failures:
            raise failures.pop()
        strike(tx, request)

    monkeypatch.setattr(outbox, "strike", failing)
    with capture_logs() as logs:
        await chooses(stage.anna, value)
        await stage.slack.until(lambda: told(stage))
        ticking.clock.passes(60)
        async with asyncio.timeout(5):
            while "outbox_unwritten" not in [line["event"] for line in logs]:
                await ticking.looks.more(1)
        await ticking.looks.more(2)

    assert () == await waiting(stage)
    assert 1 == told(stage)


async def test_what_this_version_cannot_read_is_left_alone_and_logged(ticking: Ticking) -> None:
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("conversations.open", Fault.SERVER_ERROR, times=MANY)
    await chooses(stage.anna, value)
    await ticking.until_put_off()
    await stage.store.write(lambda tx: tx.execute(sa.update(tables.outbox).values(kind="room.moved")))

    with capture_logs() as logs:
        ticking.clock.passes(2)
        await ticking.looks.more()

    assert ["Unreadable"] == [line["error"] for line in logs if line["event"] == "notice_not_taken"]
    assert 1 == len(await waiting(stage))


async def test_a_defect_in_one_look_does_not_keep_back_the_next(
    ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = ticking.stage
    value = await suggested(stage, stage.anna)
    stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
    stage.slack.faults.set("conversations.open", Fault.SERVER_ERROR)
    look, failures = outbox.waiting, [ZeroDivisionError("a defect"), Unavailable("a bad day")]

    def failing(tx: Transaction, *how: Any) -> tuple[Waiting, ...]:
        if failures:
            raise failures.pop()
        return look(tx, *how)

    monkeypatch.setattr(outbox, "waiting", failing)
    with capture_logs() as logs:
        await chooses(stage.anna, value)
        await ticking.until(1)

    noted = [line["event"] for line in logs if line["event"] in ("outbox_unread", "outbox_look_failed")]
    assert ["outbox_unread", "outbox_look_failed"] == noted
    assert 1 == told(stage)


async def test_a_dialog_in_which_somebody_went_on_is_not_covered_later(ticking: Ticking) -> None:
    stage = ticking.stage
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    value = choices(dialog(stage.anna))[0]
    stage.slack.faults.set("views.update", Fault.SERVER_ERROR)
    stage.slack.faults.set("conversations.open", Fault.SERVER_ERROR)
    await chooses(stage.anna, value)
    await stage.until_called("conversations.open", 1)
    await stage.anna.fills("pmi", "1")
    await stage.until_dialog_says(stage.anna, "this has 1")

    await ticking.until(2, "conversations.open")
    await stage.slack.until(lambda: stage.anna.direct_messages)

    assert "this has 1" in dialog(stage.anna).shown
    assert "Saved" in stage.anna.direct_messages[-1].shown


async def test_a_dialog_that_waits_is_shown_the_result_later(ticking: Ticking) -> None:
    stage = ticking.stage
    await stage.anna.types("/pmi edit")
    await stage.anna.fills("pmi", "555 111 2222")
    await stage.slack.until(lambda: choices(dialog(stage.anna)))
    value = choices(dialog(stage.anna))[0]
    updates = len(stage.slack.calls.of("views.update"))
    stage.slack.faults.set("views.update", Fault.SERVER_ERROR)
    stage.slack.faults.set("conversations.open", Fault.SERVER_ERROR)

    await chooses(stage.anna, value)
    await ticking.until(updates + 2, "views.update")
    await stage.until_dialog_says(stage.anna, "Saved")

    assert [] == stage.anna.direct_messages


async def test_a_command_and_a_saved_dialog_write_nothing_to_tell_later(stage: Stage) -> None:
    written: list[str] = []
    add = outbox.add

    def noted(*_: object, **row: object) -> None:
        written.append(str(row))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(outbox, "add", noted)
        await asks(stage.anna, "/pmi set 582 904 7316")
        await asks(stage.anna, "/personal-link set blue.harbour")
        await stage.anna.types("/pmi edit")
        await stage.anna.fills("pmi", "617 555 0142")
        await stage.anna.submits()

    assert add is outbox.add
    assert [] == written
    assert "6175550142" == await stage.pmi(stage.anna)


async def test_who_was_told_to_look_again_is_told_what_became_of_it(
    ticking_on_each: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = ticking_on_each.stage
    value = await suggested(stage, stage.anna)
    write = WatchedStore.write

    async def lost(store: WatchedStore, work: Callable[[Transaction], Any]) -> Any:
        await write(store, work)
        raise OutcomeUnknown("the connection broke during the commit")

    with monkeypatch.context() as patched:
        patched.setattr(WatchedStore, "write", lost)
        await chooses(stage.anna, value)
        await stage.until_told(stage.anna, "Look again")
    await ticking_on_each.until(2, "response_url", step=2)
    await ticking_on_each.looks.more()

    assert 1 == told(stage)
    assert () == await waiting(stage)


# When the process ends


@pytest.mark.row("R13")
async def test_what_was_not_told_when_the_process_ended_is_told_once_by_the_next(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: where the change wrote no row of the outbox, the next process told nothing; where what was told was
    not struck out, its row was still there to be told again.
    """
    looks = Looks(monkeypatch)
    async with make_stage(database_url, Chances(sleep=at_once, look=LOOK)) as stage:
        for turn in range(short_or_long(6, 100)):
            await stage.start()
            value = await suggested(stage, stage.anna)
            before = told(stage)
            unwell = turn % 3 > 0
            if unwell:
                stage.slack.faults.set("response_url", Fault.SERVER_ERROR, times=MANY)
                stage.slack.faults.set("conversations.open", Fault.SERVER_ERROR, times=MANY)

            await chooses(stage.anna, value)
            if turn % 3 == 1:  # else the process ends in the midst of telling
                await stage.slack.until(lambda: stage.slack.calls.of("conversations.open"))
            await stage.stop()
            assert not (unwell and told(stage) > before)
            stage.slack.faults.clear()
            await stage.start()
            await stage.slack.until(partial(more_told, stage, before))
            await looks.more()

            assert before + 1 == told(stage)
            assert () == await waiting(stage)
            await stage.stop()
            stage.slack.calls.clear()
        assert ["pmi.changed"] * (turn + 1) == (await stage.actions(stage.anna))[1:]


@pytest.mark.row("R13")
async def test_what_another_process_left_behind_is_told_within_a_minute(ticking_on_each: Ticking) -> None:
    """Seen red: with a lease of 90 s it was told after 92."""
    ticking = ticking_on_each
    stage, clock = ticking.stage, ticking.clock
    value = await suggested(stage, stage.anna)
    async with make_stage(stage.settings.database_url.get_secret_value(), stage.chances) as dead:
        # A process of its own, whose telling never comes to anything: as if it had been killed right after the commit.
        url = await dead.start(stage.settings)
        press = await stage.unsent(lambda: chooses(stage.anna, value))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Relay, "tell", nothing)
            await stage.sent_to(url, press)
            await dead.stop()
    (left,) = await waiting(stage)
    began = clock()

    await ticking.until(1, "response_url", step=2.0)
    await ticking.looks.more()

    assert 30 <= clock() - began <= 60
    assert "Saved" in stage.anna.private_messages[-1].shown
    assert 1 == told(stage)
    assert 1 == left.generation
    assert () == await waiting(stage)

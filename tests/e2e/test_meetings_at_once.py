"""Starts and ends that meet: in two processes, with the same request, and with a process that is killed."""

import asyncio
import os
import signal
from functools import partial

import aiohttp
import pytest

from bot.playground.delivery import Exchange
from bot.playground.state import Message
from tests.e2e.dying import Point
from tests.e2e.meetings import cards, labels_on, link_on, posted, running, starts_on_pmi
from tests.e2e.stage import BASE, Stage, make_stage
from tests.e2e.test_killed import integrity, mortals


async def chosen(stage: Stage, label: str) -> None:
    """Have Anna start once, so that nothing is asked any more, and end it."""
    await stage.anna.types("/room start")
    await stage.anna.presses(label)
    await stage.until_told(stage.anna, "Your meeting runs.")
    host = stage.anna.private_messages[-1]
    await stage.anna.presses("End", on=host)
    await stage.slack.until(lambda: "is over" in host.shown)


@pytest.mark.row("R09")
@pytest.mark.parametrize("label", ["Use My PMI", "Use a One-off Number"])
async def test_two_starts_at_once_in_two_processes_leave_one_meeting(stage: Stage, label: str) -> None:
    """Seen red: without the look for a meeting that began a moment ago, six ran on six one-off numbers."""
    stage.general.members.append(stage.acme.bot_user_id)
    await chosen(stage, label)
    first = stage.slack._delivery.url
    second = await stage.start()

    for _ in range(2):
        requests = [await stage.unsent(partial(stage.anna.types, "/room start")) for _ in range(6)]
        ways = zip(requests, (first, second) * 3, strict=True)
        answers = await asyncio.gather(*(stage.sent_to(url, request) for request, url in ways))

        (session,) = await running(stage, stage.anna)
        assert 1 == sum(b"Your meeting runs." in body for _, body in answers)
        assert 5 == sum(b"This meeting runs already." in body for _, body in answers)
        (host,) = {body for _, body in answers if b"Your meeting runs." in body}
        assert session.id.encode() in host
        await ends(stage, session.id)

    await stage.slack.until(lambda: not any(labels_on(card) for card in cards(stage)), 15.0)
    assert 3 >= len(cards(stage))
    assert 3 == (await stage.actions(stage.anna)).count("meeting.started")


async def ends(stage: Stage, session_id: str) -> None:
    await stage.anna.types("/room")
    await stage.anna.presses("End", value=session_id, on=stage.anna.private_messages[-1])
    await stage.until_told(stage.anna, "is over")


@pytest.mark.row("R09")
async def test_one_request_in_two_processes_at_once_starts_one_meeting_and_is_answered_alike(stage: Stage) -> None:
    """Seen red: without the answer that is kept, the others were told that this meeting ran already."""
    stage.general.members.append(stage.acme.bot_user_id)
    await chosen(stage, "Use a One-off Number")
    first = stage.slack._delivery.url
    second = await stage.start()
    request = await stage.unsent(partial(stage.anna.types, "/room start Budget"))

    answers = await asyncio.gather(*(stage.sent_to(url, request) for url in (first, second) * 3))

    assert {(200, answers[0][1])} == set(answers)
    assert 1 == len(await running(stage, stage.anna))
    await posted(stage, "Budget")


async def test_a_start_and_an_end_that_cross_leave_one_meeting_that_runs_or_none(stage: Stage) -> None:
    host = await starts_on_pmi(stage, stage.anna)
    second = await stage.start()
    first = stage.slack._delivery.url
    end = await stage.unsent(partial(stage.anna.presses, "End", on=host))
    start = await stage.unsent(partial(stage.anna.types, "/room start"))

    (ended, _), (started, body) = await asyncio.gather(stage.sent_to(first, end), stage.sent_to(second, start))

    assert (200, 200) == (ended, started)
    left = await running(stage, stage.anna)
    assert len(left) == (b"Your meeting runs." in body)
    assert 1 == (await stage.actions(stage.anna)).count("meeting.ended")


@pytest.mark.row("R10")
@pytest.mark.row("R11")
async def test_a_process_that_is_killed_around_a_start_leaves_one_meeting_with_one_card_or_none(
    database_url: str,
) -> None:
    """At each point once: the button that answers the question, whose way in is told at its response URL.

    Seen red: without one transaction around a start (AUTOCOMMIT on PostgreSQL), a process killed within it left a
    meeting that runs behind.
    """
    async with make_stage(database_url) as stage, mortals(stage) as processes:
        stage.general.members.append(stage.acme.bot_user_id)
        for number, point in enumerate(Point):
            person = stage.add(f"U{number:04}", f"Person {number}")
            await processes.born(point, person.member.id)
            await person.types("/room start")
            question = person.private_messages[-1]
            request = await stage.unsent(partial(person.presses, "Use My PMI", on=question))
            exchange = await stage.slack.resend(request)
            assert -signal.SIGKILL == await processes.ended()
            left = await running(stage, person)
            assert len(left) == (point not in (Point.BEFORE_BEGIN, Point.IN_TRANSACTION, Point.BEFORE_COMMIT))
            assert [] == integrity(database_url)

            await processes.born()
            await repeated(stage, request, exchange, question)

            (session,) = await running(stage, person)
            assert not left or left == [session]
            assert 1 == (await stage.actions(person)).count("meeting.started")
            # A channel that a dead process was writing into is somebody else's once its lease is over.
            await stage.slack.until(partial(_is_carded, stage, person.member.id), 60.0)
            os.kill(processes.pid, signal.SIGINT)
            assert 0 == await processes.ended()

        assert len(Point) == len(cards(stage))


async def repeated(stage: Stage, request: Exchange, exchange: Exchange, question: Message) -> None:
    """The same press comes again: it is acknowledged, and the host's way in stands there at last."""
    again = await stage.slack.resend(request)
    assert 200 == again.status
    assert exchange.status in (0, 200)
    await stage.slack.until(lambda: "Start as Host" in labels_on(question))


def _is_carded(stage: Stage, user: str) -> bool:
    return any(f"<@{user}> has started a meeting." in card.shown for card in cards(stage))


@pytest.mark.parametrize("label", ["Use My PMI", "Use a One-off Number"])
async def test_a_start_button_and_its_own_link_start_one_meeting_whichever_comes_first(
    stage: Stage, label: str
) -> None:
    await chosen(stage, label)
    here = stage.slack._delivery.url.removesuffix("/slack/events")
    await stage.anna.types("/pmi")
    card = stage.anna.private_messages[-1]
    address = link_on(card, "Start").replace(BASE, here)

    async with aiohttp.ClientSession() as session:

        async def followed() -> tuple[int, str]:
            async with session.get(address, allow_redirects=False) as response:
                return response.status, response.headers.get("Location", "")

        first, second, _ = await asyncio.gather(followed(), followed(), stage.anna.presses("Start", on=card))
        (begun,) = await running(stage, stage.anna)
        later = await followed()

    assert begun.in_room is (label == "Use My PMI")
    assert 1 == len({found.partition("#")[0] for _, found in (first, second, later)}), (first, second, later)
    assert [303] * 3 == [status for status, _ in (first, second, later)]
    assert 2 == (await stage.actions(stage.anna)).count("meeting.started")

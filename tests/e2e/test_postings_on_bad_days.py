"""Messages that were planned, where the app is no member, where Slack is unwell, and where a process falls silent."""

from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.playground import Fault
from bot.playground.faults import PlannedFault
from bot.services.postings import Target
from tests.e2e.postings import LEASE, Answers, Board, looks

HALF_AN_HOUR = 1800.0
DAY = 24 * 3600.0


# Where the app is no member


async def test_by_a_response_url_it_is_posted_and_changed_for_half_an_hour(board: Board) -> None:
    """Seen red: without a count of the uses, Slack was asked a sixth time; without a look at the time, after it."""
    poster = await board.process()
    board.leaves()
    await board.plans("card", Target("C0GENERAL", response_url=board.response_url()))
    await looks(poster)
    assert ["card"] == board.texts

    board.time.passes(HALF_AN_HOUR - 10)
    await board.changes(card="changed")
    await looks(poster)
    assert ["changed"] == board.texts

    board.time.passes(20)
    await board.changes(card="too late")
    await looks(poster, 2)
    assert ["changed"] == board.texts
    assert 2 == len(board.slack.calls.of("response_url"))
    assert all(row["ended_at"] is not None for row in await board.rows())


async def test_a_response_url_is_used_five_times(board: Board) -> None:
    poster = await board.process()
    board.leaves()
    await board.plans("card", Target("C0GENERAL", response_url=board.response_url()))
    for time in range(6):
        await looks(poster)
        board.time.passes(2)
        await board.changes(card=f"changed {time}")
    await looks(poster)

    assert ["changed 3"] == board.texts
    assert 5 == len(board.slack.calls.of("response_url"))


async def test_by_the_response_url_of_a_button_it_is_only_posted(board: Board) -> None:
    """Else the message with the button would be what changes."""
    poster = await board.process()
    board.leaves()
    await board.plans("card", Target("C0GENERAL", response_url=board.response_url("actions")))
    await looks(poster)

    await board.changes(card="changed")
    await looks(poster)

    assert ["card"] == board.texts
    assert 1 == len(board.slack.calls.of("response_url"))


@pytest.mark.parametrize("why", ["no url", "too late", "archived"])
async def test_without_a_way_into_a_channel_it_is_given_up(board: Board, why: str) -> None:
    poster = await board.process()
    target = Target("C0GENERAL", response_url=board.response_url() if why == "too late" else "")
    board.general.archived = why == "archived"
    board.leaves()
    await board.plans("card", target)
    board.time.passes(HALF_AN_HOUR + 1)

    with capture_logs() as logs:
        await looks(poster, 2)

    reason = "is_archived" if why == "archived" else "not_in_channel"
    assert [reason] == [line["reason"] for line in logs if line["event"] == "posting_given_up"]
    assert 1 == len(board.posts())
    assert [] == board.texts


@pytest.mark.parametrize("reason", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_what_cannot_be_changed_is_left_alone(board: Board, reason: str) -> None:
    poster = await board.process()
    await board.plans("card")
    await looks(poster)
    board.slack.faults.set("chat.update", Fault.NOT_OK(reason))

    await board.changes(card="changed")
    await looks(poster, 3)
    await board.changes(card="more")
    await looks(poster)

    assert 1 == len(board.slack.calls.of("chat.update"))
    assert ["card"] == board.texts


# While Slack is unwell


@pytest.mark.row("R24")
@pytest.mark.parametrize(("asked", "seconds"), [(7, 7), ("abc", 30), (None, 30)])
async def test_slack_is_not_asked_again_before_it_wants_to_be(
    board: Board, answers: Answers, asked: int | str | None, seconds: int
) -> None:
    """By no process, and nothing else goes into the channel either; whoever was asked to wait is gone meanwhile.

    Seen red: where only the message rested, the next one was sent a second later; where the pause was drawn in spite
    of what Slack asked for, after less than two.
    """
    one, other = await board.process(), await board.process()
    await board.plans("a")
    await board.plans("b")
    board.slack.faults.set("chat.postMessage", Fault.RATE_LIMITED, retry_after=asked)
    done, go_on = answers.hold()
    await one.look()
    await done.wait()
    one.stopping.set()
    go_on.set()
    await one.late.drain()
    assert 1 == len(board.posts())

    for _ in range(4 * seconds + 12):
        board.time.passes(0.25)
        await looks(other)

    assert ["a", "b"] == board.texts
    assert seconds <= board.posts()[1].at - board.posts()[0].at < seconds + 3


@pytest.mark.row("R24")
async def test_pauses_double_while_slack_fails_and_it_is_posted_once_slack_is_well(board: Board) -> None:
    """Seen red: with pauses that stay the same, they were 1, 1, 1, 1, 1."""
    poster = await board.process()
    await board.plans("a")
    board.slack.faults.set("chat.postMessage", Fault.SERVER_ERROR, times=5)

    for _ in range(100):
        await looks(poster)
        board.time.passes(0.5)

    assert ["a"] == board.texts
    gaps = [after.at - before.at for before, after in pairwise(board.posts())]
    assert all(want <= gap <= want + 1.5 for want, gap in zip([1, 2, 4, 8, 16], gaps, strict=True)), gaps


@pytest.mark.row("R24")
async def test_an_answer_that_gets_lost_is_risked_once_more_and_no_further(board: Board, answers: Answers) -> None:
    """Seen red: where nobody kept count, it was there a dozen times."""
    poster = await board.process()
    await board.plans("a")

    answers.lose(times=40)

    with capture_logs() as logs:
        for _ in range(40):
            await looks(poster)
            board.time.passes(60)

    assert ["a", "a"] == board.texts
    assert 1 == len([line for line in logs if line["event"] == "posting_given_up"])


@pytest.mark.row("R24")
async def test_what_may_be_there_is_not_sent_again_while_slack_is_silent(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: where Slack was not asked for a word first, the second try was lost too, and the message with it."""
    poster = await board.process()
    await board.plans("a")
    well_at = board.time.now + 60
    silence = PlannedFault(Fault.RESET, 1, None, 500)
    monkeypatch.setattr(board.slack.faults, "next_for", lambda _: silence if board.time.now < well_at else None)

    for _ in range(40):
        await looks(poster)
        board.time.passes(5)

    assert ["a"] == board.texts
    assert 2 == len(board.posts())


async def test_a_change_whose_answer_gets_lost_is_made_again(board: Board, answers: Answers) -> None:
    poster = await board.process()
    await board.plans("card")
    await looks(poster)
    await board.changes(card="changed")
    answers.lose("chat.update", times=5)
    for _ in range(10):
        await looks(poster)
        board.time.passes(60)

    assert ["changed"] == board.texts
    assert [True] == [row["shown"] == row["wanted"] for row in await board.rows()]


async def test_it_is_given_up_after_a_day(board: Board) -> None:
    poster = await board.process()
    await board.plans("a")
    board.time.passes(DAY + 1)

    with capture_logs() as logs:
        await looks(poster, 2)

    assert ["too old"] == [line["reason"] for line in logs if line["event"] == "posting_given_up"]
    assert [] == board.posts()


async def test_it_is_given_up_after_twenty_tries(board: Board) -> None:
    poster = await board.process()
    await board.plans("a")
    board.slack.faults.set("chat.postMessage", Fault.SERVER_ERROR, times=100)

    for _ in range(40):
        await looks(poster)
        board.time.passes(901)

    assert 20 == len(board.posts())


async def test_with_a_dead_token_it_waits_for_a_process_with_a_living_one(board: Board) -> None:
    poster = await board.process()
    await board.plans("a")
    board.slack.faults.set("chat.postMessage", Fault.NOT_OK("token_revoked"))
    await looks(poster)
    for _ in range(5):
        board.time.passes(60)
        await looks(poster)
    assert 1 == len(board.posts())

    other = await board.process()
    await looks(other)
    board.time.passes(60)
    await looks(other)

    assert ["a"] == board.texts


# Leases


async def test_who_is_silent_for_as_long_as_the_lease_is_followed_by_another(board: Board, answers: Answers) -> None:
    """And says nothing of the message any more, which is not its own by then."""
    one, other = await board.process(), await board.process()
    await board.plans("a")
    done, go_on = answers.hold()
    await one.look()
    await done.wait()

    await looks(other)
    board.time.passes(LEASE - 2)
    await looks(other)
    assert ["a"] == board.texts
    board.time.passes(2)
    await looks(other)
    with capture_logs() as logs:
        go_on.set()
        await one.late.drain()

    assert ["a", "a"] == board.texts
    assert ["posting_lost"] == [line["event"] for line in logs]
    second = board.messages[1]
    assert [second.ts] == [row["ts"] for row in await board.rows()]


async def test_what_stops_takes_nothing_more(board: Board) -> None:
    poster = await board.process()
    await board.plans("a")
    poster.stopping.set()

    await looks(poster)

    assert [] == board.posts()

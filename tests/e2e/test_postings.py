"""Messages that were planned are posted once, and kept as what they are about is."""

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.playground import Fault
from bot.playground.faults import PlannedFault
from bot.services.postings import Target
from tests.e2e.postings import LEASE, Answers, Board, looks, make_board

HALF_AN_HOUR = 1800.0
DAY = 24 * 3600.0


@pytest.fixture
async def board(database_url: str) -> AsyncIterator[Board]:
    async with make_board(database_url) as made:
        yield made


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(monkeypatch)


# Posting


async def test_what_is_planned_twice_is_posted_once(board: Board) -> None:
    """Seen red: with the time in the key, it was posted twice."""
    poster = await board.process()

    assert await board.plans()
    board.time.passes(1)
    assert not await board.plans()
    await looks(poster, 3)

    assert ["hello"] == board.texts


async def test_a_posting_is_there_at_the_first_look_and_not_before_it_is_due(board: Board) -> None:
    poster = await board.process()
    await board.plans("now")
    await board.plans("later", seconds=3)

    assert pytest.approx(3.0) == await poster.look()
    await poster.late.drain()
    assert ["now"] == board.texts
    board.time.passes(3)
    await looks(poster)

    assert ["now", "later"] == board.texts


async def test_a_channel_gets_what_is_due_in_its_order_and_a_second_apart(board: Board) -> None:
    """Seen red: where the newest came first, so did "third".

    That they are a second apart is seen to twice: by the lane, and by whoever calls Slack.
    """
    poster = await board.process()
    for detail, seconds in (("third", 0.3), ("first", 0.1), ("second", 0.2)):
        await board.plans(detail, seconds=seconds)
    board.time.passes(1)

    await looks(poster)

    assert ["first", "second", "third"] == board.texts
    assert all(after.at - before.at >= 1 for before, after in pairwise(board.posts()))


async def test_two_processes_take_turns_in_a_channel(board: Board) -> None:
    """Seen red: where nobody looked whether the lane rests, both posted the second one."""
    one, other = await board.process(), await board.process()
    for detail in "abcdef":
        await board.plans(detail)

    for _ in range(20):
        for poster in (one, other):
            await poster.look()
        for poster in (one, other):
            await poster.late.drain()
        board.time.passes(0.5)

    assert list("abcdef") == board.texts
    assert all(after.at - before.at >= 1 for before, after in pairwise(board.posts()))


@pytest.mark.row("R24")
async def test_who_follows_another_process_waits_out_its_second(board: Board, answers: Answers) -> None:
    """Seen red: where a lane was free right after a message, the next one came 0.2 s later."""
    one, other = await board.process(), await board.process()
    await board.plans("a")
    await board.plans("b")
    done, go_on = answers.hold()
    await one.look()
    await done.wait()
    one.stopping.set()
    go_on.set()
    await one.late.drain()

    for _ in range(10):
        board.time.passes(0.2)
        await looks(other)

    assert ["a", "b"] == board.texts
    assert 1 <= board.posts()[1].at - board.posts()[0].at


async def test_another_channel_does_not_wait(board: Board, answers: Answers) -> None:
    """Seen red: where one message was on its way at a time, the other channel waited for ever."""
    poster = await board.process()
    await board.plans("a")
    done, go_on = answers.hold()
    await poster.look()
    await done.wait()

    await board.plans("to anna", Target(user="U0ANNA"))
    await poster.look()
    await board.slack.until(board.direct_messages)

    assert ["to anna"] == [each.text for each in board.direct_messages()]
    go_on.set()
    await poster.late.drain()


async def test_whose_direct_messages_are_which_is_asked_once(board: Board) -> None:
    poster = await board.process()
    for detail in "ab":
        await board.plans(detail, Target(user="U0ANNA"))

    await looks(poster)
    assert 1 == len(board.slack.calls.of("conversations.open"))
    board.time.passes(3601)
    await board.plans("c", Target(user="U0ANNA"))
    await looks(poster)

    assert 2 == len(board.slack.calls.of("conversations.open"))
    assert 3 == len(board.posts())


async def test_for_one_person_s_eyes_in_a_channel(board: Board) -> None:
    poster = await board.process()
    await board.plans(target=Target("C0GENERAL", "U0ANNA"))

    await looks(poster)
    await board.changes(hello="changed")
    await looks(poster)

    assert [] == board.texts
    assert ["hello"] == [each.text for each in board.anna.private_messages]
    assert 1 == len(board.slack.calls.of("chat.postEphemeral"))


@pytest.mark.parametrize("url", [True, False])
async def test_for_one_person_s_eyes_where_the_app_is_not(board: Board, *, url: bool) -> None:
    poster = await board.process()
    board.leaves()
    await board.plans(target=Target("C0GENERAL", "U0ANNA", board.response_url() if url else ""))

    await looks(poster)

    private = [each.text for each in board.anna.private_messages]
    assert (["hello"] if url else []) == private
    assert ([] if url else ["hello"]) == [each.text for each in board.direct_messages()]


# Changes


async def test_what_is_posted_follows_what_it_is_about(board: Board) -> None:
    poster = await board.process()
    await board.plans("card")
    await looks(poster)

    await board.changes(card="ended after 5 minutes")
    await looks(poster)

    assert ["ended after 5 minutes"] == board.texts
    assert 1 == len(board.posts())


async def test_a_change_before_it_is_posted_is_posted_and_many_changes_are_one(board: Board) -> None:
    poster = await board.process()
    await board.plans("card")
    await board.changes(card="changed")
    await looks(poster)
    await board.changes(card="more")
    await board.changes(card="most")
    await looks(poster, 2)

    assert ["most"] == board.texts
    assert 1 == len(board.posts())
    assert 1 == len(board.slack.calls.of("chat.update"))


async def test_a_change_while_it_is_being_posted_is_shown_after_it(board: Board, answers: Answers) -> None:
    """Seen red: where what was posted showed all that was wanted by then, it stayed as it was."""
    poster = await board.process()
    await board.plans("card")
    done, go_on = answers.hold()
    await poster.look()
    await done.wait()

    await board.changes(card="changed")
    go_on.set()
    await poster.late.drain()
    await looks(poster)

    assert ["changed"] == board.texts


async def test_one_of_several_about_a_subject_can_be_meant(board: Board) -> None:
    poster = await board.process()
    await board.plans("a")
    await board.plans("b")
    await looks(poster)

    await board.store.write(lambda tx: board.records.refresh(tx, "s" * 26, detail="a"))
    await looks(poster)

    assert ["a"] == [call.arguments["text"] for call in board.slack.calls.of("chat.update")]


async def test_what_is_moved_is_posted_then(board: Board) -> None:
    poster = await board.process()
    await board.plans("reminder", seconds=10)

    await board.moves("reminder", 20)
    board.time.passes(10)
    await looks(poster)
    assert [] == board.texts
    board.time.passes(10)
    await looks(poster)

    assert ["reminder"] == board.texts


async def test_what_is_taken_back_is_not_posted_until_it_is_planned_anew(board: Board) -> None:
    """Seen red: where a plan that was there before stayed taken back, the second one was never posted."""
    poster = await board.process()
    await board.plans("reminder", seconds=10)
    await board.plans("other", seconds=10)

    await board.withdraws("reminder")
    board.time.passes(10)
    await looks(poster)
    assert ["other"] == board.texts
    assert await board.plans("reminder")
    await looks(poster)

    assert ["other", "reminder"] == board.texts


async def test_what_is_posted_is_not_taken_back(board: Board) -> None:
    poster = await board.process()
    await board.plans("card")
    await looks(poster)

    await board.withdraws()
    await board.changes(card="changed")
    await looks(poster)

    assert ["changed"] == board.texts


async def test_what_is_taken_back_while_it_is_being_posted_is_brought_up_to_date(
    board: Board, answers: Answers
) -> None:
    """Seen red: where it was over at once, it said for ever what was no longer true."""
    poster = await board.process()
    await board.plans("invitation")
    done, go_on = answers.hold()
    await poster.look()
    await done.wait()

    board.shows["invitation"] = "cancelled"
    await board.withdraws()
    go_on.set()
    await poster.late.drain()
    await looks(poster)

    assert ["cancelled"] == board.texts


async def test_where_there_is_nothing_to_show_any_more_nothing_is_posted(board: Board) -> None:
    poster = await board.process()
    await board.plans("card")
    board.shows["card"] = None

    await looks(poster)
    await board.changes(card="back")
    await looks(poster)

    assert [] == board.texts
    assert [] == board.posts()
    assert [False] == [row["ended_at"] is None for row in await board.rows()]


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

"""Messages that were planned are posted once, and kept as what they are about is."""

from itertools import pairwise

import pytest

from bot.services.postings import Target
from tests.e2e.postings import Answers, Board, looks

HALF_AN_HOUR = 1800.0
DAY = 24 * 3600.0


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

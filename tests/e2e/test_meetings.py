"""Meetings in Slack: the question, the card in the channel, the host's own way in, the end."""

from unittest.mock import patch

import pytest
import sqlalchemy as sa

from bot.playground.faults import Fault
from bot.playground.state import Message
from bot.providers import ProviderUnavailable
from bot.providers.jitsi import Jitsi
from storage.meeting_tables import invitations
from storage.outbox import waiting
from tests.e2e.conftest import TimedStage
from tests.e2e.homes import all_done, opened, shows
from tests.e2e.meetings import cards, labels_on, link_on, posted, running, starts_on_pmi
from tests.e2e.reading import asks, dialog
from tests.e2e.room_dialog import opens
from tests.e2e.stage import BASE, Stage


@pytest.fixture
def member(stage: Stage) -> Stage:
    """A stage where the app is a member of the channel."""
    stage.general.members.append(stage.acme.bot_user_id)
    return stage


async def test_the_first_start_asks_once_and_the_click_starts_and_is_remembered(member: Stage) -> None:
    stage = member
    shown = await asks(stage.anna, "/room start Budget <!channel> & *bold*")

    assert "On which number shall your instant meetings take place?" in shown
    assert [] == await running(stage, stage.anna)
    await stage.anna.presses("Use My PMI")
    await stage.until_told(stage.anna, "Your meeting runs.")
    assert "Budget <!channel> & *bold*" == (await running(stage, stage.anna))[0].topic
    card = await posted(stage, "has started a meeting")
    assert "Budget &lt;!channel&gt; &amp; *bold*" in card.shown

    await stage.anna.presses("End", on=stage.anna.private_messages[-1])
    assert "Your meeting runs." in await asks(stage.anna, "/room start")


async def test_the_card_tells_everybody_how_to_join_and_nothing_private(member: Stage) -> None:
    stage = member
    host = await starts_on_pmi(stage, stage.anna, "/room start Budget")
    card = await posted(stage, "has started a meeting")

    pmi = await stage.pmi(stage.anna)
    assert "<@U0ANNA> has started a meeting." in card.shown
    assert f"Meeting number: {pmi[:3]} {pmi[3:6]} {pmi[6:]}" in card.shown
    assert f"<{BASE}/j/{pmi}>" in card.shown
    assert "Since <!date^" in card.shown
    assert ["Join"] == labels_on(card)
    assert link_on(card, "Join").startswith(f"{BASE}/i/")
    assert ["Start as Host", "End"] == labels_on(host)
    passcode = host.shown.partition("Passcode `")[2].partition("`")[0]
    assert len(passcode) == 10
    start = link_on(host, "Start as Host")
    assert start.startswith(f"{BASE}/s/")
    assert f"<{start}>" in host.shown, "the address stands as text as well"
    assert passcode not in str(card.blocks)
    assert "/s/" not in str(card.blocks)


async def test_a_one_off_number_is_another_each_time(member: Stage) -> None:
    stage = member
    await stage.anna.types("/room start")
    await stage.anna.presses("Use a One-off Number")
    card = await posted(stage, "has started a meeting")

    (session,) = await running(stage, stage.anna)
    assert (11, False) == (len(session.number), session.in_room)
    assert f"<{BASE}/j/{session.number}>" in card.shown
    assert session.number not in await asks(stage.anna, "/pmi history")
    assert "taken" in await asks(stage.anna, f"/pmi check {session.number}")
    assert "instant.changed" in await stage.actions(stage.anna)


async def test_an_end_says_so_on_the_card_and_takes_its_buttons_away(member: Stage) -> None:
    stage = member
    host = await starts_on_pmi(stage, stage.anna)
    await posted(stage, "has started a meeting")

    await stage.anna.presses("End", on=host)

    card = await posted(stage, "is over")
    assert "The meeting that <@U0ANNA> started is over. It ran 1 minute." in card.shown
    assert [] == labels_on(card)
    assert 1 == len(cards(stage))
    assert "The meeting is over. It ran 1 minute." in host.shown
    assert [] == labels_on(host)
    assert [] == await running(stage, stage.anna)
    assert ["meeting.started", "meeting.ended"] == [one for one in await stage.actions(stage.anna) if "meeting" in one]


async def test_an_end_that_is_thought_better_of_ends_nothing(member: Stage) -> None:
    host = await starts_on_pmi(member, member.anna)
    await member.anna.presses("End", on=host, confirm=False)

    assert 1 == len(await running(member, member.anna))


async def test_where_the_app_is_no_member_the_card_comes_by_the_response_url_and_is_changed_there(
    stage: Stage,
) -> None:
    await stage.anna.types("/pmi edit")
    await stage.anna.ticks("instant", "yes")
    await stage.anna.submits()
    await stage.anna.closes()
    await stage.anna.types("/room start")
    await posted(stage, "has started a meeting")
    host = stage.anna.private_messages[-1]

    await stage.anna.presses("End", on=host)

    await posted(stage, "is over")
    assert 1 == len(cards(stage))


async def test_a_second_start_offers_the_meeting_that_runs_and_posts_no_second_card(member: Stage) -> None:
    stage = member
    await starts_on_pmi(stage, stage.anna)
    await posted(stage, "has started a meeting")

    shown = await asks(stage.anna, "/room start")

    assert "This meeting runs already." in shown
    assert 1 == len(await running(stage, stage.anna))
    await stage.restart()
    assert 1 == len(cards(stage))


async def test_the_same_command_again_starts_nothing_more(member: Stage) -> None:
    stage = member
    host = await starts_on_pmi(stage, stage.anna)
    await stage.anna.presses("End", on=host)
    exchange = await stage.anna.types("/room start")
    (session,) = await running(stage, stage.anna)

    again = await stage.sent_to(stage.slack._delivery.url, exchange)

    assert 200 == again[0]
    assert [session.id] == [each.id for each in await running(stage, stage.anna)]


async def test_alternative_hosts_start_and_end_from_the_holders_card_and_nobody_else_can(member: Stage) -> None:
    stage = member
    await stage.are_known(stage.anna, stage.ben, stage.carla)
    await opens(stage.anna)
    await stage.anna.chooses("hosts", users=[stage.ben.member])
    await stage.anna.submits()
    await stage.anna.closes()

    assert "Start" not in await asks(stage.carla, "/room @anna")
    await asks(stage.ben, "/room @anna")
    assert link_on(stage.ben.private_messages[-1], "Start").startswith(f"{BASE}/s/")
    await stage.ben.presses("Start")
    (session,) = await running(stage, stage.anna)
    assert "U0BEN" == session.started_by
    await asks(stage.ben, "/room @anna")
    assert ["Join as Host", "End"] == labels_on(stage.ben.private_messages[-1])
    await asks(stage.carla, "/room @anna")
    assert [] == labels_on(stage.carla.private_messages[-1])
    await stage.ben.presses("End", on=stage.ben.private_messages[-1])
    assert [] == await running(stage, stage.anna)


async def test_who_is_no_host_any_more_is_told_kindly_and_ends_nothing(member: Stage) -> None:
    stage = member
    await stage.are_known(stage.anna, stage.ben)
    host = await starts_on_pmi(stage, stage.anna)
    stage.ben.member.private_messages.append(host)

    await stage.ben.presses("End", on=host)

    await stage.until_told(stage.ben, "Only the holder of this room and its alternative hosts may do that.")
    assert 1 == len(await running(stage, stage.anna))


async def test_a_start_button_is_a_link_that_starts_the_room_posts_no_card_and_shows_at_home(member: Stage) -> None:
    stage = member
    await stage.are_known(stage.anna)
    await opened(stage, stage.anna)
    for command in ("/pmi", "/personal-link", "/room"):
        await stage.anna.types(command)
        assert link_on(stage.anna.private_messages[-1], "Start").startswith(f"{BASE}/s/"), command

    await stage.anna.presses("Start", on=stage.anna.private_messages[-1])

    await shows(stage, stage.anna, "A meeting runs on")
    assert [] == cards(stage)
    assert "A meeting runs on" in await asks(stage.anna, "/room")
    assert "Start" not in labels_on(stage.anna.private_messages[-1])


async def test_home_starts_shows_and_ends_what_runs(member: Stage) -> None:
    stage = member
    await opened(stage, stage.anna)
    assert stage.anna.home is not None
    assert link_on(stage.anna.home, "Start").startswith(f"{BASE}/s/")

    await stage.anna.presses("Start", on=stage.anna.home)
    await shows(stage, stage.anna, "A meeting runs on")
    await stage.anna.presses("End", on=stage.anna.home)

    await stage.slack.until(lambda: stage.anna.home and "A meeting runs on" not in stage.anna.home.shown)
    assert [] == await running(stage, stage.anna)
    assert [] == stage.anna.private_messages


async def test_the_global_shortcut_starts_with_one_click_and_shows_the_way_in(member: Stage) -> None:
    stage = member
    await stage.anna.uses_shortcut("start_my_room")
    await stage.until_dialog_says(stage.anna, "On which number")
    await stage.anna.presses("Use My PMI")
    await stage.until_dialog_says(stage.anna, "Your meeting runs.")
    assert stage.anna.view is not None
    assert link_on(stage.anna.view, "Start as Host").startswith(f"{BASE}/s/")
    assert [] == cards(stage)
    await stage.anna.presses("End")
    await stage.until_dialog_says(stage.anna, "The meeting is over.")
    await stage.anna.closes()

    await stage.anna.uses_shortcut("start_my_room")
    await stage.until_dialog_says(stage.anna, "Your meeting runs.")
    await all_done(stage)
    assert [] == await stage.store.read(lambda tx: list(waiting(tx, 10, None)))


async def test_where_no_dialog_opens_the_way_in_comes_as_a_direct_message(member: Stage) -> None:
    stage = member
    await starts_on_pmi(stage, stage.anna)
    stage.slack.faults.set("views.open", Fault.NOT_OK("expired_trigger_id"))

    await stage.anna.uses_shortcut("start_my_room")

    await stage.slack.until(lambda: stage.anna.direct_messages)
    assert "This meeting runs already." in stage.anna.direct_messages[-1].shown


async def test_discussing_a_message_posts_the_card_in_its_thread_and_repeats_nothing_of_it(member: Stage) -> None:
    stage = member
    said = await says(stage, "the budget is a secret")

    await stage.anna.uses_message_shortcut("discuss_in_my_room", said)
    await stage.until_told(stage.anna, "On which number")
    await stage.anna.presses("Use a One-off Number")

    card = await posted(stage, "would like to discuss this in a meeting")
    assert said.ts == card.thread_ts
    assert "secret" not in str(card.blocks)
    assert "secret" not in stage.anna.private_messages[-1].shown
    await stage.until_told(stage.anna, "Your meeting runs.")
    await stage.anna.presses("End", on=stage.anna.private_messages[-1])
    await posted(stage, "is over")

    await stage.ben.types("/pmi")
    await stage.ben.uses_message_shortcut("discuss_in_my_room", card)
    await stage.until_told(stage.ben, "On which number")


async def test_where_the_app_is_no_member_the_card_comes_into_the_thread_by_the_response_url(stage: Stage) -> None:
    said = await says(stage, "Shall we talk?")

    await stage.anna.uses_message_shortcut("discuss_in_my_room", said)
    await stage.until_told(stage.anna, "On which number")
    await stage.anna.presses("Use My PMI")

    card = await posted(stage, "would like to discuss this in a meeting")
    assert said.ts == card.thread_ts


async def says(stage: Stage, words: str) -> Message:
    await stage.ben.types(words)
    return stage.general.messages[-1]


async def test_a_topic_that_is_too_long_starts_nothing(member: Stage) -> None:
    shown = await asks(member.anna, f"/room start {'x' * 201}")

    assert "No meeting was started." in shown
    assert "A topic has 200 characters at most." in shown


async def test_a_meeting_on_a_number_of_its_own_goes_by_the_settings_too_and_keeps_them(member: Stage) -> None:
    """Seen red: where the room alone was looked at, they changed under the meeting."""
    stage = member
    await stage.anna.types("/room start")
    await stage.anna.presses("Use a One-off Number")
    await stage.until_told(stage.anna, "Your meeting runs.")
    host = stage.anna.private_messages[-1]
    await opens(stage.anna)
    await stage.anna.fills("topic", "Another")
    await stage.anna.submits()
    assert "A meeting of yours runs" in dialog(stage.anna).errors["topic"]
    await stage.anna.presses("End", on=host)
    await stage.anna.submits()

    assert "Another" in dialog(stage.anna).shown


async def test_settings_stay_as_they_are_while_a_meeting_runs_and_the_pmi_may_change(member: Stage) -> None:
    stage = member
    host = await starts_on_pmi(stage, stage.anna)
    await opens(stage.anna)
    await stage.anna.fills("topic", "Another")
    await stage.anna.submits()
    assert "A meeting of yours runs" in dialog(stage.anna).errors["topic"]
    await stage.anna.presses("Reset to Default")
    await stage.until_dialog_says(stage.anna, "A meeting of yours runs")
    await stage.anna.closes()

    assert "582 904 7316" in await asks(stage.anna, "/pmi set 5829047316")
    assert 1 == len(await running(stage, stage.anna))
    await stage.anna.presses("End", on=host)
    await opens(stage.anna)
    await stage.anna.fills("topic", "Another")
    await stage.anna.submits()
    assert "topic.changed" in await stage.actions(stage.anna)


async def test_a_meeting_whose_time_is_over_is_ended_by_whichever_process_looks(clocked: TimedStage) -> None:
    stage, clock = clocked.stage, clocked.clock
    stage.general.members.append(stage.acme.bot_user_id)
    await starts_on_pmi(stage, stage.anna)
    await posted(stage, "has started a meeting")
    clock.passes(24 * 3600)

    await stage.restart()

    card = await posted(stage, "is over")
    assert "It ran 24 h 0 min." in card.shown


async def test_where_the_question_opens_in_no_dialog_it_comes_as_a_direct_message(member: Stage) -> None:
    stage = member
    stage.slack.faults.set("views.open", Fault.NOT_OK("expired_trigger_id"))

    await stage.anna.uses_shortcut("start_my_room")

    await stage.slack.until(lambda: stage.anna.direct_messages)
    assert "On which number" in stage.anna.direct_messages[-1].shown


async def test_the_home_of_an_alternative_host_follows_what_runs(member: Stage) -> None:
    stage = member
    await stage.are_known(stage.anna, stage.ben)
    await opens(stage.anna)
    await stage.anna.chooses("hosts", users=[stage.ben.member])
    await stage.anna.submits()
    await stage.anna.closes()
    await opened(stage, stage.ben)

    host = await starts_on_pmi(stage, stage.anna)

    assert "A meeting of <@U0ANNA> runs on" in await shows(stage, stage.ben, "A meeting of")
    await stage.anna.presses("End", on=host)
    await stage.slack.until(lambda: stage.ben.home and "A meeting of" not in stage.ben.home.shown)


async def test_another_passcode_takes_back_the_rooms_own_invitations(member: Stage) -> None:
    stage = member
    host = await starts_on_pmi(stage, stage.anna)
    await stage.anna.presses("End", on=host)
    await stage.slack.until(lambda: "is over" in host.shown)
    await opens(stage.anna)
    await stage.anna.fills("topic", "Another")
    await stage.anna.submits()
    await stage.anna.closes()
    assert [None] == await revoked(stage)

    await opens(stage.anna)
    await stage.anna.fills("passcode", "aB3@-_*x9K")
    await stage.anna.submits()

    assert None not in await revoked(stage)


async def revoked(stage: Stage) -> list[object]:
    return await stage.store.read(lambda tx: list(tx.execute(sa.select(invitations.c.revoked_at)).scalars()))


async def test_a_provider_that_cannot_be_entered_leaves_everything_else_as_it_was(member: Stage) -> None:
    stage = member
    await stage.anna.types("/pmi edit")
    await stage.anna.ticks("instant", "yes")
    await stage.anna.submits()
    await stage.anna.closes()

    with patch.object(Jitsi, "open_session", side_effect=ProviderUnavailable("down")):
        shown = await asks(stage.anna, "/room start")

    assert "the service that carries them does not answer" in shown
    assert [] == await running(stage, stage.anna)

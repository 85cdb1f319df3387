"""Sharing one's room in a channel: a card for everybody there, after a question where many may see it."""

from collections.abc import AsyncIterator

import pytest

from bot.playground import Fault, Person
from bot.playground.state import Channel, Message
from bot.rules import group_digits
from bot.services.sharing import AGAIN
from tests.e2e.stage import BASE, Stage, make_stage
from tests.e2e.test_notices import ticking_chances
from tests.e2e.timing import Clock

FEW = 3


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def stage(database_url: str, clock: Clock) -> AsyncIterator[Stage]:
    async with make_stage(database_url, ticking_chances(clock), SHARE_CONFIRM_MEMBERS=str(FEW)) as made:
        await made.start()
        yield made


def among_few(stage: Stage) -> Channel:
    """A small private channel that the app is in: nothing is asked there."""
    members = [stage.anna.member, stage.ben.member]
    channel = stage.acme.add_channel("C0FEW", "few", members=members, private=True, with_bot=True)
    stage.anna.channel = channel
    return channel


async def shared(stage: Stage, channel: Channel, count: int = 1) -> Message:
    """The newest card in the channel, once there are so many."""
    await stage.slack.until(lambda: len(channel.messages) >= count)
    assert count == len(channel.messages)
    return channel.messages[-1]


def join_url(card: Message) -> str:
    """Where its Join button leads."""
    [join] = [block["elements"][0] for block in card.blocks if block["type"] == "actions"]
    return str(join["url"])


def answer(person: Person) -> str:
    return str(person.private_messages[-1].shown)


async def test_among_few_it_is_shared_at_once_with_all_that_is_needed_to_join(stage: Stage) -> None:
    channel = among_few(stage)
    await stage.anna.types("/personal-link set blue.harbour")
    await stage.anna.types("/room share")

    card = await shared(stage, channel)
    pmi = await stage.pmi(stage.anna)
    assert "comes into this channel" in answer(stage.anna)
    for words in (group_digits(pmi), f"{BASE}/j/{pmi}", f"{BASE}/my/blue.harbour", "<@U0ANNA>"):
        assert words in str(card.blocks)
    assert join_url(card).startswith(f"{BASE}/i/")


async def test_a_passcode_is_not_in_it(stage: Stage) -> None:
    channel = among_few(stage)
    await stage.anna.types("/room settings")
    view = stage.anna.view
    assert view is not None
    passcode = next(
        block["element"]["initial_value"] for block in view.blocks if block.get("block_id", "").startswith("passcode")
    )
    await stage.anna.types("/room share")

    card = await shared(stage, channel)
    assert passcode not in str(card.blocks) + card.text


async def test_it_follows_the_room(stage: Stage) -> None:
    """Seen red: where a change of the number did not speak of it, the old number stood there."""
    channel = among_few(stage)
    await stage.anna.types("/room share")
    card = await shared(stage, channel)
    old = await stage.pmi(stage.anna)

    await stage.anna.types("/pmi set 582 904 7316")
    await stage.slack.until(lambda: "5829047316" in str(card.blocks))
    await stage.anna.types("/personal-link set blue.harbour")
    await stage.slack.until(lambda: "blue.harbour" in str(card.blocks))
    await stage.anna.types("/personal-link remove")
    await stage.slack.until(lambda: "blue.harbour" not in str(card.blocks))

    assert old not in str(card.blocks)
    assert 1 == len(channel.messages)


async def test_another_passcode_gives_the_card_another_key(stage: Stage) -> None:
    """The one before is taken back with the passcode."""
    channel = among_few(stage)
    await stage.anna.types("/room share")
    card = await shared(stage, channel)
    before = join_url(card)
    await stage.anna.types("/room settings")
    await stage.anna.presses("Reset to Default")

    await stage.slack.until(lambda: join_url(card) != before)


async def test_a_double_click_posts_it_once(stage: Stage, clock: Clock) -> None:
    """Seen red: where nobody looked whether it was shared a moment ago, it was there twice."""
    channel = among_few(stage)
    await stage.anna.types("/room")
    card = stage.anna.private_messages[-1]

    for _ in range(2):
        await stage.anna.presses("Share", on=card)
    await shared(stage, channel)
    await stage.until_told(stage.anna, "a moment ago")
    assert 1 == len(channel.messages)
    clock.passes(AGAIN.total_seconds() + 1)
    await stage.anna.presses("Share", on=card)

    await shared(stage, channel, 2)


@pytest.mark.parametrize("command", ["/room", "/pmi", "/personal-link"])
async def test_every_card_of_one_s_own_has_the_button(stage: Stage, command: str) -> None:
    channel = among_few(stage)
    await stage.anna.types(command)
    await stage.anna.presses("Share")

    await shared(stage, channel)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("public", "The channel is public"),
        ("large", f"The channel has {FEW + 1} members"),
        ("outside", "other organisations"),
        ("unknown", "Slack does not say"),
        ("silent", "Slack does not say"),
        ("declined", "Slack does not say"),
    ],
)
async def test_where_many_may_see_it_the_reason_is_named_first(stage: Stage, name: str, words: str) -> None:
    """Seen red: where what Slack does not say was no reason, it was shared among nobody knows how many."""
    people = [stage.anna, stage.ben] if name != "large" else [stage.anna, stage.ben, stage.carla]
    channel = stage.acme.add_channel(
        "C0MANY",
        "many",
        members=[person.member for person in people],
        private=name != "public",
        shared=name == "outside",
        with_bot=name != "unknown",
    )
    stage.anna.channel = channel
    if name == "silent":
        stage.slack.faults.set("conversations.info", Fault.SERVER_ERROR)
    if name == "declined":
        stage.acme.scopes = stage.acme.scopes - {"channels:read", "groups:read"}

    await stage.anna.types("/room share")
    assert words in answer(stage.anna)
    assert [] == channel.messages
    await stage.anna.presses("Share")

    await shared(stage, channel)
    await stage.until_told(stage.anna, "comes into this channel")
    assert 1 == len(stage.anna.private_messages)


async def test_who_thinks_better_of_it_shares_nothing(stage: Stage) -> None:
    await stage.anna.types("/room share")
    await stage.anna.presses("Cancel")

    await stage.until_told(stage.anna, "Nothing was shared")
    assert [] == stage.general.messages
    assert 1 == len(stage.anna.private_messages)


async def test_between_two_people_nothing_is_asked(stage: Stage) -> None:
    channel = stage.acme.add_channel("D0BOTH", "both", members=[stage.anna.member, stage.ben.member], private=True)
    stage.anna.channel = channel

    await stage.anna.types("/room share")

    await shared(stage, channel)
    assert 0 == len(stage.slack.calls.of("conversations.info"))


async def test_where_the_app_is_not_it_follows_the_room_for_half_an_hour(stage: Stage) -> None:
    channel = stage.acme.add_channel("D0BOTH", "both", members=[stage.anna.member, stage.ben.member], private=True)
    stage.anna.channel = channel
    await stage.anna.types("/room share")
    card = await shared(stage, channel)

    await stage.anna.types("/pmi set 582 904 7316")

    await stage.slack.until(lambda: "5829047316" in str(card.blocks))


async def test_everybody_shares_their_own_room(stage: Stage) -> None:
    """Whoever presses a button on somebody else's message: here, a forged press on the question of another one."""
    channel = among_few(stage)
    stage.ben.channel = channel
    await stage.anna.types("/room")
    await stage.ben.presses("Share", on=stage.anna.private_messages[-1])

    card = await shared(stage, channel)
    assert "<@U0BEN>" in str(card.blocks)
    assert await stage.pmi(stage.ben) in str(card.blocks)

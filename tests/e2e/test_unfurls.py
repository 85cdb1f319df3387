"""Addresses of ours in messages: a small card with Join, which tells a used number from a free one to nobody."""

import json
from typing import Any

import pytest

from bot.playground import Fault
from bot.playground.state import Message
from tests.e2e.stage import BASE, Stage

FREE = f"{BASE}/j/5829047316"
LINK = f"{BASE}/my/blue.harbour"


def posted(stage: Stage) -> Message:
    """The newest message in the channel."""
    return stage.general.messages[-1]


def join_url(card: Any) -> str:
    """Where Join leads."""
    url: str = card["blocks"][0]["accessory"]["url"]
    return url


async def test_an_address_becomes_a_card_that_says_no_more_than_the_address(stage: Stage) -> None:
    exchange = await stage.anna.types(f"Meet me at {FREE} or {LINK}")

    assert 200 == exchange.status
    cards = posted(stage).unfurls
    assert {FREE, LINK} == set(cards)
    assert f"*Meeting room* 582 904 7316\n<{FREE}>" == cards[FREE]["blocks"][0]["text"]["text"]
    assert f"*Meeting room* blue.harbour\n<{LINK}>" == cards[LINK]["blocks"][0]["text"]["text"]
    assert (FREE, LINK) == (join_url(cards[FREE]), join_url(cards[LINK]))


async def test_a_used_number_and_a_free_one_look_alike(stage: Stage) -> None:
    await stage.anna.types("/pmi")
    used = f"{BASE}/j/{await stage.pmi(stage.anna)}"

    await stage.ben.types(used)
    of_used = json.dumps(posted(stage).unfurls[used])
    await stage.ben.types(FREE)
    of_free = json.dumps(posted(stage).unfurls[FREE])

    digits = used.rpartition("/")[2]
    grouped = f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    assert of_free == of_used.replace(digits, "5829047316").replace(grouped, "582 904 7316")


@pytest.mark.parametrize("behind", ["?pwd=4711", "#secret", "/?key=abc", "/"])
async def test_what_stands_behind_an_address_is_left_out(stage: Stage, behind: str) -> None:
    await stage.anna.types(FREE + behind)

    assert [FREE] == [join_url(card) for card in posted(stage).unfurls.values()]
    assert "4711" not in json.dumps(list(posted(stage).unfurls.values()))


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE}/i/AbCdEfGhIjKlMnOpQrStUvWx",
        f"{BASE}/s/v1.1a2b3c4d.abc.def",
        f"{BASE}/j/1234567890",
        f"{BASE}/j/58290473161234",
        f"{BASE}/j/\u0665829047316",
        f"{BASE}/my/jane-doe",
        f"{BASE}/healthz",
        f"{BASE}",
        "https://sub.rooms.example.com/j/5829047316",
        "https://rooms.example.com:8443/j/5829047316",
    ],
)
async def test_what_is_no_address_of_a_room_is_left_alone(stage: Stage, link: str) -> None:
    exchange = await stage.anna.types(link)

    assert 200 == exchange.status
    assert {} == posted(stage).unfurls
    assert [] == stage.slack.calls.of("chat.unfurl")


async def test_while_somebody_still_writes_the_card_is_shown_there(stage: Stage) -> None:
    event = {
        "type": "link_shared",
        "user": "U0ANNA",
        "channel": "COMPOSER",
        "message_ts": "Uabc",
        "links": [{"url": FREE, "domain": "rooms.example.com"}],
        "source": "composer",
        "unfurl_id": "Uabc",
    }

    exchange = await stage.slack.send_event(stage.acme, event)

    assert 200 == exchange.status
    call = stage.slack.calls.of("chat.unfurl")[-1]
    assert {"unfurl_id", "source", "unfurls"} == set(call.arguments)
    assert ("Uabc", "composer") == (call.arguments["unfurl_id"], call.arguments["source"])


async def test_where_slack_is_busy_it_sends_the_event_again_and_then_there_is_one_card(stage: Stage) -> None:
    stage.slack.faults.set("chat.unfurl", Fault.SERVER_ERROR)

    first = await stage.anna.types(FREE)
    again = await stage.slack.send_event(stage.acme, dict(first.payload["event"]), retry=1)

    assert (503, 200) == (first.status, again.status)
    assert 2 == len(stage.slack.calls.of("chat.unfurl"))


async def test_without_the_scope_nothing_happens_and_nothing_is_asked_twice(stage: Stage) -> None:
    stage.acme.scopes.discard("links:write")

    exchange = await stage.anna.types(FREE)

    assert 200 == exchange.status
    assert {} == posted(stage).unfurls


@pytest.mark.parametrize(
    "broken",
    [
        {"links": None},
        {"links": []},
        {"links": "x"},
        {"links": [None, 1, {"url": 2}]},
        {"unfurl_id": None},
        {"source": 5},
        {"links": [{"url": "https://[oops/j/5829047316"}]},
        {"links": [{"url": f"{FREE}?{place}"} for place in range(400)]},
    ],
)
async def test_events_of_any_shape_are_taken(stage: Stage, broken: dict[str, Any]) -> None:
    event = {
        "type": "link_shared",
        "user": "U0ANNA",
        "channel": "C0GENERAL",
        "message_ts": "1.2",
        "links": [{"url": FREE, "domain": "rooms.example.com"}],
        "source": "composer",
        "unfurl_id": "Uabc",
    }

    exchange = await stage.slack.send_event(stage.acme, event | broken)

    assert 200 == exchange.status
    for call in stage.slack.calls.of("chat.unfurl"):
        assert 5 >= len(call.arguments["unfurls"])


async def test_pressing_join_under_an_address_is_nothing_to_be_done_about(stage: Stage) -> None:
    await stage.anna.types(FREE)
    rows = await stage.row(stage.guest)

    payload = {
        "type": "block_actions",
        "team": {"id": "T0ACME", "domain": "acme"},
        "user": {"id": "U0ELSE", "team_id": "T0ELSEWHERE"},
        "trigger_id": "1.2.x",
        "actions": [{"type": "button", "action_id": "join", "block_id": "b", "action_ts": "1.2"}],
    }
    exchange = await stage.slack._delivery.interaction(payload)

    assert (200, b"") == (exchange.status, exchange.body)
    assert rows == await stage.row(stage.guest)

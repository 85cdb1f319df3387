"""Reading what people are shown: messages, dialogs, and the buttons on them."""

import re
from collections.abc import Iterator
from typing import Any

from bot.playground import Person
from bot.playground.blocks import placed
from bot.playground.delivery import Exchange
from bot.playground.modals import OpenView
from bot.playground.state import Message

CLAIMS = ("claim_pmi", "claim_link")
FREE = "582 904 7316"
ALSO_FREE = "617 555 0142"


async def asks(person: Person, line: str) -> str:
    """What the person privately reads in answer to a command."""
    before = len(person.private_messages)
    exchange = await person.types(line)

    assert exchange.ok, (line, exchange.failure, exchange.status)
    assert not person.troubles
    new = person.private_messages[before:]
    assert 1 == len(new), (line, [message.shown for message in new])
    return new[0].shown


def digits(grouped: str) -> str:
    """A number without the spaces that it is shown with."""
    return grouped.replace(" ", "")


def choices(place: Message | OpenView) -> list[str]:
    """What can be claimed here by one click, each once, in reading order."""
    buttons = [one for one in placed(place.blocks) if one.action_id.partition(":")[0] in CLAIMS]
    return list(dict.fromkeys(str(one.element["value"]) for one in buttons))


async def chooses(person: Person, value: str, *, on: Message | OpenView | None = None) -> Exchange:
    """Press the button that claims this."""
    if on is not None:
        place: Message | OpenView = on
    else:
        place = person.view or next(one for one in reversed(person.private_messages) if value in choices(one))
    one = next(
        one
        for one in placed(place.blocks)
        if one.element.get("value") == value and one.action_id.partition(":")[0] in CLAIMS
    )
    return await person.presses_this(one, on=place)


def dialog(person: Person) -> OpenView:
    """The dialog before this person."""
    assert person.view is not None, person.private_messages[-1].shown if person.private_messages else "nothing"
    return person.view


def mrkdwn_in(found: Any) -> Iterator[str]:
    """Every text in a payload that Slack reads as mrkdwn: text objects, and the text beside the blocks."""
    if isinstance(found, list):
        for each in found:
            yield from mrkdwn_in(each)
    elif isinstance(found, dict):
        if found.get("type") == "mrkdwn" or ("blocks" in found and isinstance(found.get("text"), str)):
            yield found["text"]
        for each in found.values():
            yield from mrkdwn_in(each)


def but_for_keys(body: bytes) -> bytes:
    """An answer without the key of a start link, which is made anew for each card."""
    return re.sub(rb"/s/[A-Za-z0-9_.-]+", b"/s/", body)

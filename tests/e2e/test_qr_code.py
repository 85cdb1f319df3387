"""The QR Code button of one's own cards, and the page behind it."""

import re
from typing import Any

import aiohttp
import pytest

from bot.playground import Person
from bot.playground.blocks import placed
from tests.e2e.reading import asks
from tests.e2e.stage import BASE, Stage


def codes(person: Person) -> list[dict[str, Any]]:
    """The buttons of the newest message that lead to a QR code."""
    found = [one.element for one in placed(person.private_messages[-1].blocks) if one.action_id == "open_qr"]
    return [dict(element) for element in found]


async def opened(stage: Stage, url: str) -> tuple[int, str]:
    """What a browser gets at one of our addresses from the process that runs."""
    assert url.startswith(f"{BASE}/")
    here = stage.slack._delivery.url.removesuffix("/slack/events")
    async with aiohttp.ClientSession() as session, session.get(here + url.removeprefix(BASE)) as response:
        return response.status, await response.text()


@pytest.mark.parametrize(
    ("command", "place", "label"),
    [
        ("/pmi", "j", "QR code of your PMI's address"),
        ("/room", "j", "QR code of your PMI's address"),
        ("/personal-link", "my", "QR code of your personal link's address"),
    ],
)
async def test_a_card_of_ones_own_leads_to_the_code_of_its_address(
    stage: Stage, command: str, place: str, label: str
) -> None:
    await asks(stage.anna, "/personal-link set Blue.Harbour")
    await asks(stage.anna, command)
    address = {"j": f"j/{await stage.pmi(stage.anna)}", "my": "my/Blue.Harbour"}[place]
    (button,) = codes(stage.anna)
    status, page = await opened(stage, button["url"])

    assert f"{BASE}/qr/{address}" == button["url"]
    assert ("QR Code", label) == (button["text"]["text"], button["accessibility_label"])
    assert 200 == status
    assert f'<a href="{BASE}/{address}">' in page
    assert f'aria-label="QR code of {BASE}/{address}"' in page


async def test_without_a_personal_link_its_card_leads_to_none(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link")

    assert [] == codes(stage.anna)


async def test_a_colleagues_card_leads_to_none(stage: Stage) -> None:
    await stage.are_known(stage.anna, stage.ben)
    await asks(stage.anna, "/personal-link set Blue.Harbour")

    for command in ("/pmi", "/personal-link", "/room"):
        await asks(stage.ben, f"{command} @anna")

        assert [] == codes(stage.ben), command


async def test_the_click_that_slack_reports_is_taken_and_changes_nothing(stage: Stage) -> None:
    await asks(stage.anna, "/pmi")
    before = len(stage.anna.private_messages)
    calls = len(stage.slack.calls.of("chat.postMessage"))
    exchange = await stage.anna.presses("QR Code")

    assert exchange.ok
    assert 200 == exchange.status
    assert not stage.anna.troubles
    assert before == len(stage.anna.private_messages)
    assert calls == len(stage.slack.calls.of("chat.postMessage"))
    counted = (await opened(stage, f"{BASE}/metrics"))[1]
    assert 'standing_room_requests_total{command="open_qr",kind="action",outcome="done"} 1.0' in counted


async def test_the_page_of_a_number_that_nobody_has_looks_like_anybody_elses(stage: Stage) -> None:
    (mine,) = await stage.are_known(stage.anna)
    pages = []
    for number in (mine, "2345678901" if mine != "2345678901" else "2345678902"):
        status, page = await opened(stage, f"{BASE}/qr/j/{number}")
        pages.append((status, re.sub(r'<path d="[^"]*"', "", page.replace(number, "NUMBER"))))

    assert 200 == pages[0][0]
    assert pages[0] == pages[1]

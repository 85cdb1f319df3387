"""A meeting on the page of the playground: started from the composer, a menu and Home, seen by others, and ended."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPage
from tests.browser.playground import ANNA, BEN, Playground, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_meeting_is_started_from_the_composer_seen_by_others_and_ended(
    playground: Playground, new_page: NewPage
) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)
    ben = await Window(await new_page(), playground.address).opens(BEN)

    await anna.sends("/room start Budget")
    await expect(anna.latest).to_contain_text("On which number shall your instant meetings take place?")
    await anna.latest.get_by_role("button", name="Use My PMI").click()

    card = ben.messages.filter(has_text="has started a meeting")
    await expect(card).to_contain_text("Budget")
    await expect(card).to_contain_text("Meeting number:")
    await expect(card.get_by_role("link", name="Join")).to_have_attribute("href", re.compile("/i/"))
    host = anna.messages.filter(has_text="Your meeting runs.")
    await expect(host.get_by_role("link", name="Enter this meeting as its host")).to_have_attribute(
        "href", re.compile("/s/")
    )
    await host.get_by_role("button", name="End").click()
    await anna.page.get_by_role("dialog", name="End this meeting?").get_by_role("button", name="End").click()

    await expect(ben.messages.filter(has_text="It ran 1 minute.")).to_have_count(1)
    await expect(ben.messages.filter(has_text="has started a meeting")).to_have_count(0)
    await expect(anna.messages.filter(has_text="The meeting is over.")).to_have_count(1)

"""Behind the curtain: what is asked in both directions, asking again, and faults on request."""

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.playground import ANNA, BEN, Playground, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def anna(playground: Playground, page: Page) -> Window:
    return await Window(page, playground.address).opens(ANNA)


def call(anna: Window, name: str) -> Locator:
    """The newest request of this name."""
    return anna.panel.get_by_role("listitem").filter(has=anna.page.get_by_role("button", name=name)).first


async def test_each_request_is_listed_with_its_payload_signature_and_answer(anna: Window) -> None:
    await anna.opens_panel()
    await anna.sends("/pmi check 555 111 2222")
    asked = call(anna, "Slack asked the app: /pmi check 555 111 2222")
    await expect(asked).to_contain_text("200")
    await asked.get_by_role("button").first.click()

    await expect(asked.get_by_role("region", name="Payload of /pmi")).to_contain_text('"text": "check 555 111 2222"')
    await expect(asked.get_by_role("region", name="Headers of /pmi")).to_contain_text("X-Slack-Signature")
    await expect(asked.get_by_role("region", name="Answer of /pmi")).to_contain_text("would not do")
    await expect(anna.panel).not_to_contain_text("xoxb-")


async def test_whoever_reads_the_newest_message_still_does_beside_the_panel(anna: Window) -> None:
    await anna.page.set_viewport_size({"width": 1120, "height": 720})
    for line in ("/pmi", "/pmi check 555 111 2222", "/pmi", "/pmi check 555 111 2222"):
        before = await anna.messages.count()
        await anna.sends(line)
        await expect(anna.messages).to_have_count(before + 1)

    await anna.opens_panel()

    await expect(anna.latest.get_by_role("button").last).to_be_in_viewport()


async def test_the_apps_own_requests_are_listed_and_can_be_looked_at_alone(anna: Window) -> None:
    await anna.edits_pmi()
    await anna.opens_panel()
    await expect(call(anna, "The app asked Slack: views.open")).to_be_visible()

    await anna.panel.get_by_label("Which requests").select_option("The app asks Slack")

    await expect(anna.panel.get_by_role("button", name="Slack asked the app")).to_have_count(0)
    await expect(call(anna, "views.open")).to_be_visible()
    await anna.button("Cancel").click()


async def test_a_request_can_be_sent_again(anna: Window) -> None:
    await anna.sends("/pmi help")
    await anna.opens_panel()
    listed = anna.panel.get_by_role("listitem").filter(has=anna.page.get_by_role("button", name="/pmi help"))
    await listed.first.get_by_role("button").first.click()
    before = await listed.count()

    await listed.first.get_by_role("button", name="Resend").click()

    await expect(listed).to_have_count(before + 1)
    # The newest stands first, so what was sent again is the second now.
    await expect(listed.nth(1).get_by_role("status")).to_contain_text("Answered 200 in")


async def test_a_fault_of_slacks_shows_once_and_is_announced_while_it_is_on(
    playground: Playground, anna: Window
) -> None:
    await anna.opens_panel("Faults")
    await anna.panel.get_by_label("What fails").select_option("views.open")
    await anna.panel.get_by_label("How", exact=True).select_option("500, server error")
    await anna.panel.get_by_role("button", name="Switch on").click()
    banner = anna.page.get_by_role("status").filter(has_text="Faults are on")
    await expect(banner).to_contain_text("views.open: 500, server error (once)")

    await anna.sends("/pmi edit")

    await expect(anna.latest).to_contain_text("Only visible to you")
    await expect(banner).to_have_count(0)
    await expect(anna.dialog).to_be_hidden()
    await anna.opens_panel("Requests")
    await expect(call(anna, "views.open")).to_contain_text("500")


async def test_a_database_that_does_not_answer_is_told_in_kind_words(anna: Window) -> None:
    await anna.opens_panel("Faults")
    switch = anna.panel.get_by_role("switch", name="The database does not answer")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    before = await anna.messages.count()
    await anna.sends("/pmi")
    await expect(anna.page.locator("#p-working")).to_be_visible()
    await expect(anna.messages).to_have_count(before + 1)
    await expect(anna.page.locator("#p-working")).to_be_hidden()
    await expect(anna.latest).not_to_contain_text("Your Personal Meeting ID is")

    await anna.page.get_by_role("button", name="Switch all off").click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await anna.sends("/pmi")

    await expect(anna.latest).to_contain_text("Your Personal Meeting ID is")


async def test_a_fault_that_was_switched_on_in_one_window_shows_in_another(
    playground: Playground, anna: Window, new_page: object
) -> None:
    assert callable(new_page)
    ben = await Window(await new_page(), playground.address).opens(BEN)
    await anna.opens_panel("Faults")
    await anna.panel.get_by_role("button", name="Switch on").click()
    await expect(anna.panel.get_by_role("button", name="Switch off: views.open")).to_be_visible()
    await anna.sends("Look at this")
    banner = ben.page.get_by_role("status").filter(has_text="Faults are on")
    await expect(banner).to_be_visible()

    await anna.panel.get_by_role("button", name="Switch off: views.open").click()
    await anna.sends("And at that")

    await expect(banner).to_have_count(0)

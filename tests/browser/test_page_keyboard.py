"""The page by keyboard alone, on a phone's width, and in the eyes of assistive technology."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import FindTroubles, NewPage
from tests.browser.playground import ANNA, BEN, CARLA, Playground, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_everything_can_be_done_by_keyboard(playground: Playground, new_page: NewPage) -> None:
    ben = await Window(await new_page(), playground.address).opens(BEN)
    keyboard = ben.page.keyboard
    await keyboard.press("Tab")
    assert "Skip to the messages" == await ben.focused()
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(ben.composer).to_be_focused()

    await keyboard.type("/")
    await keyboard.press("ArrowDown")
    await keyboard.press("ArrowUp")
    await keyboard.press("Tab")
    await expect(ben.composer).to_have_value("/pmi ")
    await keyboard.type("edit")
    await keyboard.press("Enter")
    field = ben.field("Personal Meeting ID")
    await expect(field).to_be_focused()
    await keyboard.press("Control+a")
    await keyboard.type("739 204 8516")
    await keyboard.press("Enter")
    await expect(ben.dialog).to_contain_text("739 204 8516")
    await expect(ben.button("Done")).to_be_visible()
    await keyboard.press("Escape")

    await expect(ben.dialog).to_be_hidden()
    await expect(ben.composer).to_be_focused()


async def test_escape_closes_the_list_and_arrow_up_brings_back_what_was_sent(
    playground: Playground, new_page: NewPage
) -> None:
    ben = await Window(await new_page(), playground.address).opens(BEN, "#C0RANDOM")
    choices = ben.page.get_by_role("listbox")
    await ben.page.keyboard.press("/")
    await expect(choices).to_be_visible()
    await ben.page.keyboard.press("p")
    await expect(ben.composer).to_have_attribute("aria-expanded", "true")
    await ben.composer.press("Escape")
    await expect(choices).to_be_hidden()
    await expect(ben.composer).to_have_value("/p")

    await ben.sends("one line")
    await expect(ben.latest).to_contain_text("one line")
    await ben.composer.press("ArrowUp")
    await expect(ben.composer).to_have_value("one line")
    await ben.composer.press("ArrowDown")
    await expect(ben.composer).to_have_value("")


async def test_a_draft_waits_in_its_channel(playground: Playground, new_page: NewPage) -> None:
    ben = await Window(await new_page(), playground.address).opens(BEN)
    await ben.composer.press_sequentially("half a")
    await ben.composer.press("Shift+Enter")
    await ben.composer.press_sequentially("thought")
    await ben.composer.press("Alt+ArrowDown")
    await expect(ben.page.get_by_role("heading", name="random", exact=True)).to_be_visible()
    await expect(ben.composer).to_have_value("")

    await ben.composer.press("Alt+ArrowUp")

    await expect(ben.composer).to_have_value("half a\nthought")


async def test_f6_goes_from_part_to_part_and_a_question_mark_shows_the_keys(
    playground: Playground, new_page: NewPage
) -> None:
    ben = await Window(await new_page(), playground.address).opens(BEN)
    regions = []
    for _ in range(3):
        await ben.page.keyboard.press("F6")
        regions.append(await ben.page.evaluate("document.activeElement.closest('[data-region]').id"))
    assert ["p-top", "p-side", "p-main"] == regions

    await ben.page.keyboard.press("Control+/")
    keys = ben.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(keys).to_contain_text("Go to the next part of the page")
    await ben.page.keyboard.press("Escape")
    await expect(keys).to_be_hidden()
    await expect(ben.composer).to_be_focused()


async def test_on_a_phone_channels_are_in_a_drawer_and_nothing_is_wider_than_the_page(
    playground: Playground, new_page: NewPage
) -> None:
    carla = await Window(await new_page(width=390, height=780, has_touch=True), playground.address).opens(CARLA)
    channel = carla.page.get_by_role("link", name="random")
    await expect(channel).to_be_hidden()
    await carla.page.get_by_role("button", name="Channels").tap()
    await expect(channel).to_be_in_viewport()
    await channel.tap()
    await expect(carla.page.get_by_role("heading", name="random", exact=True)).to_be_visible()
    await expect(channel).to_be_hidden()

    await carla.sends("/pmi")
    await expect(carla.latest).to_contain_text("Only visible to you")
    await carla.sends("/pmi edit")
    await expect(carla.dialog).to_be_visible()
    box = await carla.dialog.bounding_box()
    assert box is not None
    assert (0, 390) == (box["x"], box["width"])
    assert 390 == await carla.page.evaluate("document.scrollingElement.scrollWidth")
    await carla.button("Close").tap()

    await carla.opens_panel()
    box = await carla.panel.bounding_box()
    assert box is not None
    assert 390 == box["width"]
    await carla.panel.get_by_role("button", name="Close the panel").tap()
    await expect(carla.panel).to_be_hidden()


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (390, "light")])
async def test_assistive_technology_meets_nothing_serious(
    playground: Playground, new_page: NewPage, axe: FindTroubles, width: int, colours: str
) -> None:
    page = await new_page(width=width, color_scheme=colours, reduced_motion="reduce")
    anna = await Window(page, playground.address).opens(ANNA)
    await anna.sends("/pmi")
    await anna.sends("/pmi suggest")
    await expect(anna.latest).to_contain_text("Free numbers")
    await anna.composer.press_sequentially("/")
    await expect(anna.page.get_by_role("listbox")).to_be_visible()
    assert [] == await axe(anna.page)

    field = await anna.edits_pmi()
    await field.fill("555")
    await field.press("Enter")
    await expect(anna.error).to_be_visible()
    assert [] == await axe(anna.page)

    await anna.opens_panel()
    await anna.panel.locator(".p-call__line").first.click()
    assert [] == await axe(anna.page)
    await anna.opens_panel("Faults")
    assert [] == await axe(anna.page)
    await anna.panel.get_by_role("button", name="Close the panel").click()
    await anna.button("Cancel").click()
    await anna.page.get_by_role("button", name="You are Anna Larsson").click()
    assert [] == await axe(anna.page)


async def test_colours_can_be_switched_and_stay_so(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(color_scheme="light"), playground.address).opens(ANNA)
    background = "getComputedStyle(document.body).backgroundColor"
    light = await anna.page.evaluate(background)
    await anna.page.get_by_role("button", name="Switch to dark colours").click()
    dark = await anna.page.evaluate(background)
    await anna.page.reload()
    await expect(anna.page.get_by_role("button", name="Switch to light colours")).to_be_visible()

    assert light != dark == await anna.page.evaluate(background)

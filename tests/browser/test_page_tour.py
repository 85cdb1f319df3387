"""A newcomer's tour of the page: from the first slash to a room of one's own, and what other members meet."""

import pytest
from playwright.async_api import expect

from bot.grammar import GRAMMARS
from tests.browser.conftest import NewPage
from tests.browser.playground import ANNA, BEN, CARLA, ZOE, Playground, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")
NUMBER, GROUPED = "5829047317", "582 904 7317"


async def test_a_slash_lists_the_commands_and_a_choice_shows_the_card(
    playground: Playground, new_page: NewPage
) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA, "#C0LEADS")
    await anna.composer.press_sequentially("/")
    choices = anna.page.get_by_role("option")
    await expect(choices).to_have_count(len(GRAMMARS))
    await expect(choices.first).to_contain_text("suggest [digits]")
    await expect(choices.first).to_contain_text("See and change your Personal Meeting ID")

    await anna.composer.press_sequentially("pm")
    await anna.composer.press("Enter")
    await expect(anna.composer).to_have_value("/pmi ")
    await anna.composer.press("Enter")

    await expect(anna.latest).to_contain_text("Your Personal Meeting ID is")
    await expect(anna.latest).to_contain_text("Only visible to you")
    await expect(anna.latest.get_by_text("APP")).to_be_visible()
    await expect(anna.composer).to_have_value("")


async def test_a_dialog_refuses_under_the_field_keeps_what_was_typed_and_shows_what_was_saved(
    playground: Playground, new_page: NewPage
) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)
    await anna.sends("/pmi")
    await anna.latest.get_by_role("button", name="Edit").click()
    field = anna.field("Personal Meeting ID")
    await expect(field).to_be_focused()

    for typed, refusal in [
        ("555", "this has 3"),
        ("5551112222", "three groups of one repeated digit"),
        ("1829047317", "starts with a digit from 2 to 9"),
    ]:
        await field.fill(typed)
        await anna.button("Save").click()
        await expect(anna.error).to_contain_text(refusal)
        await expect(field).to_have_value(typed)
        await expect(field).to_be_focused()
        await expect(field).to_have_attribute("aria-invalid", "true")

    await field.fill(GROUPED)
    await field.press("Enter")
    await expect(anna.dialog).to_contain_text(f"Your Personal Meeting ID is now {GROUPED}")
    await anna.button("Done").click()

    await expect(anna.dialog).to_be_hidden()
    await anna.sends("/pmi")
    await expect(anna.latest).to_contain_text(GROUPED)


async def test_typing_shows_beneath_the_field_whether_a_number_would_do(
    playground: Playground, new_page: NewPage
) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA, "#C0RANDOM")
    field = await anna.edits_pmi()
    await field.fill("")
    await field.press_sequentially("5551112222", delay=20)

    await expect(anna.dialog).to_contain_text("would not do")
    await expect(field).to_have_value("5551112222")
    await expect(field).to_be_focused()
    await anna.dialog.get_by_role("button", name="Choose 5").first.click()

    await expect(anna.dialog).to_contain_text("Saved.")
    await anna.button("Done").click()
    await expect(anna.dialog).to_be_hidden()


async def test_a_personal_link_is_chosen_and_another_member_meets_taken(
    playground: Playground, new_page: NewPage
) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA, "#C0RANDOM")
    await anna.sends("/personal-link edit")
    link = anna.field("Personal link")
    await link.fill("ab")
    await link.press("Enter")
    await expect(anna.error).to_be_visible()
    await link.fill("blue.harbour")
    await link.press("Enter")
    await expect(anna.dialog).to_contain_text("blue.harbour")
    await expect(anna.button("Done")).to_be_visible()
    await anna.page.keyboard.press("Escape")
    await expect(anna.dialog).to_be_hidden()

    await anna.page.get_by_role("button", name="You are Anna Larsson").click()
    people = anna.page.get_by_role("dialog", name="Who would you like to be?")
    await expect(people.get_by_role("link", name="Carla Díaz Member")).to_contain_text("Basic licence")
    await people.get_by_role("link", name="Ben Okafor Member").click()
    await anna.page.get_by_role("button", name="You are Ben Okafor").wait_for()
    ben = anna
    assert f"as={BEN}" in ben.page.url

    await ben.sends("/personal-link edit")
    await link.fill("Blue.Harbour")
    await link.press("Enter")

    await expect(ben.error).to_contain_text("taken")
    await expect(link).to_have_value("Blue.Harbour")


async def test_a_basic_member_sees_why_there_is_nothing_to_choose(playground: Playground, new_page: NewPage) -> None:
    carla = await Window(await new_page(), playground.address).opens(CARLA)
    await carla.sends("/pmi edit")

    await expect(carla.dialog).to_contain_text("licen")
    await expect(carla.dialog.get_by_role("textbox")).to_have_count(0)
    await expect(carla.dialog.get_by_role("checkbox")).to_be_focused()


async def test_another_workspace_is_another_world(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)
    await anna.page.get_by_role("link", name="Globex, as Zoe Marchetti").click()
    await anna.page.get_by_role("button", name="You are Zoe Marchetti").wait_for()
    zoe = Window(anna.page, playground.address)

    assert f"as={ZOE}" in zoe.page.url
    await expect(zoe.page.get_by_role("heading", name="Globex")).to_be_visible()
    await expect(zoe.messages.first).to_contain_text("Is there a room for our call with Acme?")
    await expect(zoe.page.get_by_role("link", name="random")).to_have_count(0)


async def test_the_apps_own_messages_are_a_place_for_commands_too(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)
    await anna.page.get_by_role("link", name="Standing Room").click()
    await expect(anna.page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")

    await anna.sends("/room")

    await expect(anna.latest).to_contain_text("Only visible to you")


async def test_the_page_says_that_it_is_a_playground(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)

    await expect(anna.page.get_by_role("banner")).to_contain_text("Playground")
    await expect(anna.page.get_by_role("banner")).to_contain_text("Nothing here reaches Slack.")

"""The page as others change what it shows, and when the program behind it goes away."""

import asyncio
import json

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser.conftest import NewPage, listen, troubles_of
from tests.browser.playground import ANNA, BEN, GUS, Playground, Window, playing
from tests.browser.rehearsal import rehearsing

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_second_window_sees_what_is_said_and_not_what_is_private(
    playground: Playground, new_page: NewPage
) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)
    await anna.page.get_by_role("button", name="You are Anna Larsson").click()
    async with anna.page.context.expect_page() as opened:
        await anna.page.get_by_role("link", name="Open a second window as Gus Tremblay").click()
    gus = Window(await opened.value, playground.address)
    listen(gus.page)
    await gus.page.get_by_role("button", name="You are Gus Tremblay").wait_for()
    await anna.page.keyboard.press("Escape")
    elsewhere = await Window(await new_page(), playground.address).opens(GUS, "#C0RANDOM")
    await anna.sends("/pmi")
    await expect(anna.latest).to_contain_text("Your Personal Meeting ID")

    await anna.sends("Good news, <b>everybody</b>")

    await expect(gus.latest).to_contain_text("Good news, <b>everybody</b>")
    await expect(gus.latest).to_be_in_viewport()
    await expect(gus.page.get_by_role("status").filter(has_text="Anna Larsson: Good news")).to_have_count(1)
    await expect(gus.page.get_by_text("Only visible to you")).to_have_count(0)
    await expect(elsewhere.page.get_by_role("link", name="general 1 new")).to_be_visible()


async def test_two_windows_of_one_member_show_the_same_dialog(playground: Playground, new_page: NewPage) -> None:
    first = await Window(await new_page(), playground.address).opens(ANNA)
    second = await Window(await new_page(), playground.address).opens(ANNA)
    await first.edits_pmi()
    await expect(second.dialog).to_be_visible()

    await second.button("Cancel").click()

    await expect(first.dialog).to_be_hidden()


async def test_a_dialog_and_what_was_typed_outlive_a_reload(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)
    field = await anna.edits_pmi()
    await field.fill("582 90")
    await anna.page.reload()

    await expect(field).to_have_value("582 90")
    await expect(anna.dialog).to_be_visible()
    await anna.page.keyboard.press("Escape")
    await expect(anna.dialog).to_be_hidden()


async def test_what_could_not_be_sent_stays_and_is_sent_once(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA, "#C0RANDOM")
    await anna.page.route("**/api/act", lambda route: route.abort())
    await anna.sends("precious words")
    await expect(anna.page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    await expect(anna.composer).to_have_value("precious words")
    await anna.page.unroute("**/api/act")
    troubles_of(anna.page).clear()

    released = asyncio.Event()
    asked: list[Request] = []

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    def note(request: Request) -> None:
        asked.append(request)

    await anna.page.route("**/api/act", hold)
    anna.page.on("request", note)
    async with anna.page.expect_request("**/api/act"):
        await anna.composer.press("Enter")
    await anna.composer.press("Enter")
    async with anna.page.expect_request("**/api/act"):
        await anna.sends("and more")
    acts = [json.loads(request.post_data or "") for request in asked if request.url.endswith("/api/act")]
    assert ["precious words", "and more"] == [each["text"] for each in acts]
    released.set()

    await expect(anna.messages.filter(has_text="precious words")).to_have_count(1)
    await expect(anna.messages.filter(has_text="and more")).to_have_count(1)


async def test_a_dialog_that_cannot_be_sent_keeps_everything(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA)
    field = await anna.edits_pmi()
    await field.wait_for()
    await anna.page.route("**/api/act", lambda route: route.abort())
    await field.fill("647 203 9185")
    await anna.button("Save").click()
    await expect(anna.dialog.get_by_role("alert").filter(has_text="could not be sent")).to_be_visible()
    await expect(field).to_have_value("647 203 9185")
    await anna.page.unroute("**/api/act")
    troubles_of(anna.page).clear()

    await anna.button("Save").click()

    await expect(anna.dialog).to_contain_text("is now 647 203 9185")
    await anna.button("Done").click()


async def test_who_reads_what_is_older_is_told_of_what_is_new_and_stays_there(page: Page) -> None:
    async with rehearsing() as app:
        general = app.slack.world.workspaces["T0ACME"].channels["C0GENERAL"]
        for number in range(60):
            app.slack.world.post(general, {"text": f"Line {number}"}, user="U0BEN")
        anna = await Window(page, app.address).opens(ANNA)
        await expect(anna.latest).to_be_in_viewport()
        await anna.messages.first.scroll_into_view_if_needed()
        await expect(anna.messages.first).to_be_in_viewport()
        app.slack.world.post(general, {"text": "News"}, user="U0BEN")
        await expect(anna.latest).to_contain_text("News")
        await expect(anna.messages.first).to_be_in_viewport()

        await page.get_by_role("button", name="New messages").click()

        await expect(anna.latest).to_be_in_viewport()
        await expect(page.get_by_role("button", name="New messages")).to_be_hidden()
        await page.goto("about:blank")


async def test_a_window_that_is_hidden_for_long_hangs_up_and_catches_up_when_it_is_seen(
    playground: Playground, new_page: NewPage
) -> None:
    page = await new_page()
    await page.clock.install()
    hidden = await Window(page, playground.address).opens(BEN, "#C0RANDOM")
    hide = "is => { Object.defineProperty(document, 'hidden', { value: is, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    await page.evaluate(hide, True)
    async with page.expect_event("requestfailed", lambda request: "/api/events" in request.url):
        await page.clock.fast_forward(31_000)
    anna = await Window(await new_page(), playground.address).opens(ANNA, "#C0RANDOM")
    await anna.sends("While you were away")
    await expect(anna.latest).to_contain_text("While you were away")

    await page.evaluate(hide, False)

    await expect(hidden.latest).to_contain_text("While you were away")


async def test_the_page_says_that_the_program_is_gone_and_goes_on_when_it_is_back(new_page: NewPage) -> None:
    page = await new_page()
    async with playing() as first:
        anna = await Window(page, first.address).opens(ANNA)
        await anna.edits_pmi()
        await expect(anna.dialog).to_be_visible()
        await first.end()
        await expect(page.get_by_role("status").filter(has_text="Reconnecting")).to_be_visible()
        async with playing(first.port):
            await expect(page.get_by_role("status").filter(has_text="Reconnecting")).to_have_count(0, timeout=10_000)
            await expect(anna.dialog).to_be_hidden()
            await anna.sends("/pmi")
            await expect(anna.latest).to_contain_text("Your Personal Meeting ID")
    troubles_of(page).clear()

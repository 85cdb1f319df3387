"""Dialogs on the page: stacks, refusals, slow and wrong answers, closing; and what else an app may show there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import FindTroubles
from tests.browser.playground import Window
from tests.browser.rehearsal import ANNA, Json, Rehearsal, field_block, modal, plain, rehearsing, section

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def app() -> AsyncIterator[Rehearsal]:
    async with rehearsing() as rehearsal:
        yield rehearsal


@pytest_asyncio.fixture(loop_scope="session")
async def anna(app: Rehearsal, page: Page) -> Window:
    return await Window(page, app.address).opens(ANNA)


async def opened(app: Rehearsal, anna: Window, view: Json) -> None:
    """The dialog that `/go` opens."""
    app.answers["/go"] = lambda payload: app.opens(view, payload)
    await anna.sends("/go")
    await expect(anna.dialog).to_be_visible()


async def test_a_pushed_dialog_goes_back_to_what_was_typed_beneath_it(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("name", "Name"), submit="Next"))
    app.answers["view_submission"] = lambda _: {
        "response_action": "push",
        "view": modal("Second", field_block("more", "More"), notify_on_close=True),
    }
    await anna.field("Name").fill("Anna's room")
    await anna.button("Next").click()
    await expect(anna.page.get_by_role("heading", name="Second")).to_be_visible()
    await expect(anna.field("More")).to_be_focused()

    await anna.button("Back").click()

    await expect(anna.page.get_by_role("heading", name="First")).to_be_visible()
    await expect(anna.field("Name")).to_have_value("Anna's room")
    assert ["/go", "view_submission", "view_closed"] == app.names()


async def test_the_cross_closes_the_whole_stack_and_the_app_hears_of_it(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("name", "Name")))
    second = modal("Second", section("Two"), notify_on_close=True)
    app.answers["view_submission"] = lambda _: {"response_action": "push", "view": second}
    await anna.button("Save").click()
    await expect(anna.page.get_by_role("heading", name="Second")).to_be_visible()

    await anna.button("Close").click()

    await expect(anna.dialog).to_be_hidden()
    await expect(anna.composer).to_be_focused()
    await app.slack.until(lambda: app.names() == ["/go", "view_submission", "view_closed"])
    assert app.heard[-1]["is_cleared"]


async def test_clear_closes_everything(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("name", "Name")))
    app.answers["view_submission"] = lambda _: {"response_action": "clear"}

    await anna.button("Save").click()

    await expect(anna.dialog).to_be_hidden()


async def test_several_refusals_stand_under_their_fields_and_the_first_has_the_focus(
    app: Rehearsal, anna: Window
) -> None:
    await opened(app, anna, modal("First", *(field_block(one, one.title()) for one in ("good", "bad", "worse"))))
    app.answers["view_submission"] = lambda _: {
        "response_action": "errors",
        "errors": {"worse": "Far too long", "bad": "Too long"},
    }
    await anna.field("Worse").fill("w" * 20)
    await anna.button("Save").click()

    await expect(anna.field("Bad")).to_be_focused()
    await expect(anna.field("Bad")).to_have_accessible_description("Too long")
    await expect(anna.field("Worse")).to_have_accessible_description("Far too long")
    await expect(anna.field("Good")).not_to_have_attribute("aria-invalid", "true")
    await expect(anna.field("Worse")).to_have_value("w" * 20)


async def test_a_slow_submission_waits_once_and_ends_in_slacks_words(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("name", "Name")))
    app.answers["view_submission"] = lambda _: asyncio.sleep(2)
    await anna.field("Name").fill("Kept")
    save = anna.button("Save")
    await save.click()
    await expect(save).to_have_attribute("aria-disabled", "true")
    await save.dispatch_event("click")
    await anna.field("Name").press("Enter")

    await expect(anna.dialog.get_by_role("alert")).to_contain_text("We had some trouble connecting. Try again?")
    await expect(anna.dialog).to_contain_text("operation_timeout")
    await expect(save).to_have_attribute("aria-disabled", "false")
    await expect(anna.field("Name")).to_have_value("Kept")
    assert ["/go", "view_submission"] == app.names()


async def test_what_slack_refuses_of_an_answer_stands_on_the_page(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("name", "Name")))
    app.answers["view_submission"] = lambda _: {
        "response_action": "update",
        "view": modal("Second", {"type": "no such block"}),
    }
    await anna.button("Save").click()

    await expect(anna.dialog.get_by_role("alert")).to_contain_text("We had some trouble connecting")
    await expect(anna.page.get_by_label("What went wrong")).to_contain_text("view_submission failed")


@pytest.mark.parametrize(
    ("answer", "words"),
    [({"text": "Hi", "blocks": [{"type": "no such block"}]}, "invalid_blocks"), (None, "the app did not respond")],
    ids=["refused", "late"],
)
async def test_a_command_that_fails_says_so_where_it_was_typed_and_is_not_lost(
    app: Rehearsal, anna: Window, answer: Json | None, words: str
) -> None:
    app.answers["/go"] = lambda _: answer or asyncio.sleep(2)
    await anna.sends("/go there")

    await expect(anna.latest).to_contain_text(words)
    await expect(anna.latest).to_contain_text("Only visible to you")
    await expect(anna.page.get_by_role("alert").filter(has_text="The app failed")).to_be_visible()
    await expect(anna.composer).to_have_value("/go there")


async def test_everything_typed_is_there_when_the_dialog_is_submitted_at_once(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("name", "Name"), field_block("note", "Note", multiline=True)))
    await anna.field("Name").fill("first")
    await anna.field("Note").fill("second\nthird")

    await anna.field("Note").press("Control+Enter")

    await expect(anna.dialog).to_be_hidden()
    values = app.heard[-1]["view"]["state"]["values"]
    assert ["first", "second\nthird"] == [values[one]["typed"]["value"] for one in ("name", "note")]


async def test_enter_begins_a_line_in_a_long_field(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("note", "Note", multiline=True)))
    await anna.field("Note").press_sequentially("one")
    await anna.field("Note").press("Enter")
    await anna.field("Note").press_sequentially("two")

    await expect(anna.field("Note")).to_have_value("one\ntwo")
    assert ["/go"] == app.names()


async def test_a_dialog_keeps_the_focus_within_it(app: Rehearsal, anna: Window) -> None:
    await opened(app, anna, modal("First", field_block("name", "Name")))
    seen = []
    for _ in range(5):
        seen.append(await anna.focused())
        await anna.page.keyboard.press("Tab")

    assert ["Name", "Cancel", "Save", "Close"] == [one.removesuffix(" (optional)") for one in seen[:4]]
    assert seen[4] == seen[0]


async def test_the_focus_goes_back_to_the_button_that_opened_the_dialog_or_to_the_composer(
    app: Rehearsal, anna: Window
) -> None:
    card = {"type": "actions", "elements": [{"type": "button", "action_id": "open", "text": plain("Open")}]}
    app.answers["/go"] = lambda _: {"text": "A card", "blocks": [card]}
    app.answers["block_actions"] = lambda payload: app.opens(modal("First", section("Words")), payload)
    await anna.sends("/go")
    button = anna.latest.get_by_role("button", name="Open")
    await button.click()
    await expect(anna.page.get_by_role("heading", name="First")).to_be_focused()
    await anna.page.keyboard.press("Escape")
    await expect(button).to_be_focused()

    await button.press("Enter")
    await expect(anna.dialog).to_be_visible()
    app.slack.world.delete(app.slack.world.workspaces["T0ACME"].members["U0ANNA"].private_messages[-1])
    await expect(button).to_have_count(0)
    await anna.page.keyboard.press("Escape")

    await expect(anna.composer).to_be_focused()


async def test_a_shortcut_is_in_the_composers_menu(app: Rehearsal, anna: Window) -> None:
    await anna.page.get_by_role("button", name="Shortcuts", exact=True).click()
    await anna.page.get_by_role("menuitem", name="Start it").click()

    await app.slack.until(lambda: app.names() == ["shortcut"])
    assert "start" == app.heard[0]["callback_id"]


async def test_a_message_has_a_menu_of_shortcuts_and_a_private_one_has_none(app: Rehearsal, anna: Window) -> None:
    app.answers["/go"] = lambda _: {"text": "Only for Anna"}
    await anna.sends("/go")
    await expect(anna.latest).to_contain_text("Only for Anna")
    await expect(anna.latest.get_by_role("button", name="More actions")).to_have_count(0)

    await anna.messages.first.hover()
    await anna.messages.first.get_by_role("button", name="More actions").click()
    await anna.page.keyboard.press("ArrowDown")
    await anna.page.keyboard.press("Enter")

    await app.slack.until(lambda: app.names()[-1:] == ["message_action"])
    assert "Good morning" == app.heard[-1]["message"]["text"]


async def test_opening_home_asks_the_app_and_shows_what_it_publishes(app: Rehearsal, anna: Window) -> None:
    home = {"type": "home", "blocks": [section("Your room is *ready*")]}

    def opened_home(payload: Json) -> Any:
        event = payload["event"]
        return app.publishes(home, event["user"]) if event["tab"] == "home" else None

    app.answers["app_home_opened"] = opened_home
    await anna.page.get_by_role("link", name="Rehearsal").click()

    await anna.page.get_by_role("tab", name="Home").click()

    await expect(anna.page.get_by_role("tabpanel", name="Home")).to_contain_text("Your room is ready")


async def test_a_home_that_was_not_published_says_so(app: Rehearsal, anna: Window) -> None:
    await anna.page.get_by_role("link", name="Rehearsal").click()
    await anna.page.get_by_role("tab", name="Home").click()

    await expect(anna.page.get_by_role("heading", name="Nothing here yet")).to_be_visible()


async def test_an_app_without_home_or_shortcuts_is_shown_as_one(
    app: Rehearsal, anna: Window, axe: FindTroubles
) -> None:
    app.slack.world.manifest = replace(app.slack.manifest, home_tab=False, shortcuts={})
    await anna.page.reload()
    shortcuts = anna.page.get_by_role("button", name="Shortcuts", exact=True)
    await shortcuts.click()
    await expect(anna.page.get_by_text("Rehearsal has no global shortcuts.")).to_be_visible()
    assert [] == await axe(anna.page)
    await anna.page.keyboard.press("Escape")
    await expect(shortcuts).to_be_focused()

    await anna.page.get_by_role("link", name="Rehearsal").click()
    await anna.page.get_by_role("tab", name="Home").click()

    await expect(anna.page.get_by_role("heading", name="No Home tab")).to_be_visible()
    assert anna.page.url.endswith("#home")


async def test_a_button_that_asks_first_is_pressed_only_after_yes(app: Rehearsal, anna: Window) -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": plain("It cannot be undone."),
        "confirm": plain("Do it"),
        "deny": plain("No"),
    }
    button = {"type": "button", "action_id": "drop", "text": plain("Drop"), "confirm": confirm}
    app.answers["/go"] = lambda _: {"text": "A card", "blocks": [{"type": "actions", "elements": [button]}]}
    await anna.sends("/go")
    drop = anna.latest.get_by_role("button", name="Drop")
    await drop.click()
    await anna.page.get_by_role("button", name="No", exact=True).click()
    await expect(drop).to_be_focused()
    assert ["/go"] == app.names()

    await drop.click()
    await anna.page.get_by_role("button", name="Do it").click()

    await app.slack.until(lambda: app.names() == ["/go", "block_actions"])


async def test_a_button_that_is_pressed_twice_in_a_hurry_is_pressed_once(app: Rehearsal, anna: Window) -> None:
    button = {"type": "button", "action_id": "start", "text": plain("Start")}
    app.answers["/go"] = lambda _: {"text": "A card", "blocks": [{"type": "actions", "elements": [button]}]}
    app.answers["block_actions"] = lambda _: asyncio.sleep(0.4)
    await anna.sends("/go")
    await anna.latest.get_by_role("button", name="Start").dblclick()
    await anna.sends("/go")
    await app.slack.until(lambda: app.names().count("/go") == 2)

    assert ["/go", "block_actions", "/go"] == app.names()


async def test_markup_that_people_wrote_stays_text(app: Rehearsal, anna: Window) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    await anna.sends(evil)
    await expect(anna.latest).to_contain_text(evil)

    await opened(app, anna, modal("<b>T</b>", field_block("name", evil), section(evil.replace("<", "&lt;"))))

    await expect(anna.dialog).to_contain_text(evil)
    assert 0 == await anna.page.locator("img, b script, .p-modal b, body script").count()

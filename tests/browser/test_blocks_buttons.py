"""Buttons and "more" menus: pressed once, asked first where they ask."""

import json

import pytest

from tests.browser.surface import Json, Surface, actions, button, options, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")
CONFIRM: Json = {"title": plain("Sure?"), "text": plain("It stays."), "confirm": plain("Yes"), "deny": plain("No")}


async def test_a_button_is_called_by_its_words_or_by_what_it_is_for(surface: Surface) -> None:
    await surface.show(actions(button("Edit", accessibility_label="Edit my PMI"), button("Go :tada:", "go")))

    await surface.page.get_by_role("button", name="Edit my PMI").click()
    await surface.page.get_by_role("button", name="Go 🎉").press("Enter")

    assert [{"kind": "press", "block": "a1", "action": one} for one in ("press", "go")] == await surface.told()


async def test_a_second_press_waits_for_the_first(surface: Surface) -> None:
    await surface.answer("act", "() => new Promise((done) => (window.done = done))")
    await surface.show(actions(button("Start")))
    start = surface.of("button")

    await start.dblclick()
    assert 1 == len(await surface.told())
    assert "true" == await start.get_attribute("aria-busy")
    await surface.page.evaluate("done()")
    await start.click()

    assert 2 == len(await surface.told())


@pytest.mark.parametrize("sure", [True, False])
async def test_a_button_that_asks_is_pressed_only_after_yes(surface: Surface, *, sure: bool) -> None:
    await surface.answer("confirm", json.dumps(sure))
    await surface.show(actions(button("Remove", style="danger", confirm=CONFIRM)))

    await surface.of("button").click()

    assert ["confirm", "press"][: 2 if sure else 1] == [one["kind"] for one in await surface.told()]


async def test_a_button_with_an_address_opens_it_and_tells_the_app(surface: Surface) -> None:
    await surface.show(
        actions(button("Open", url="https://x.example/?a=1"), button("Trap", "t", url="javascript:alert(1)"))
    )

    await surface.page.get_by_role("link", name="Open").click()
    await surface.page.get_by_role("button", name="Trap").click()

    assert [
        {"kind": "open", "url": "https://x.example/?a=1"},
        {"kind": "press", "block": "a1", "action": "press"},
        {"kind": "press", "block": "a1", "action": "t"},
    ] == await surface.told()


async def test_more_is_a_menu_for_keys_and_pointer(surface: Surface) -> None:
    more = {
        "type": "overflow",
        "action_id": "more",
        "options": [*options("History", "Remove"), {"text": plain("Out"), "value": "o", "url": "https://x.example/"}],
    }
    await surface.show(section("words", accessory=more))
    opener = surface.page.get_by_role("button", name="More actions")

    await opener.press("ArrowDown")
    at = []
    for key in ("ArrowDown", "End", "ArrowDown", "r", "Home", "ArrowUp"):
        await surface.page.keyboard.press(key)
        at.append(await surface.page.evaluate("document.activeElement.textContent"))
    assert ["Remove", "Out", "History", "Remove", "History", "Out"] == at

    await surface.page.keyboard.press("Escape")
    assert ("false", True) == (
        await opener.get_attribute("aria-expanded"),
        await opener.evaluate("(node) => node === document.activeElement"),
    )
    await opener.click()
    await surface.page.get_by_role("menuitem", name="Remove").click()
    await opener.click()
    await surface.page.get_by_role("menuitem", name="Out").press("Enter")

    assert [
        {"kind": "press", "block": "s1", "action": "more", "option": "r"},
        {"kind": "open", "url": "https://x.example/"},
        {"kind": "press", "block": "s1", "action": "more", "option": "o"},
    ] == await surface.told()


async def test_more_that_asks_does_nothing_after_no(surface: Surface) -> None:
    await surface.answer("confirm", "false")
    await surface.show(
        section("words", accessory={"type": "overflow", "action_id": "m", "options": options("Ay"), "confirm": CONFIRM})
    )

    await surface.page.get_by_role("button", name="More actions").click()
    await surface.page.get_by_role("menuitem", name="Ay").click()

    assert ["confirm"] == [one["kind"] for one in await surface.told()]

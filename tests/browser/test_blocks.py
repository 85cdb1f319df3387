"""Blocks as they are drawn: all of them, in every look, and what is said of them to those who do not see."""

import os
from pathlib import Path

import pytest

from tests.browser import gallery
from tests.browser.conftest import FindTroubles, NewPage
from tests.browser.surface import Json, Surface, actions, button, field, mrkdwn, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")
THEMES = ("light", "dark")
WIDTHS = (1280, 390)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
async def test_nothing_is_serious_for_assistive_technology(
    new_page: NewPage, static_url: str, axe: FindTroubles, theme: str, width: int
) -> None:
    page = await new_page(width=width, color_scheme=theme)
    await page.goto(static_url)
    surface = Surface(page)

    for name, blocks in (("message", gallery.MESSAGE), ("dialog", gallery.DIALOG)):
        await surface.show(*blocks, **gallery.CONTEXT, errors=gallery.ERRORS)
        if folder := os.environ.get("PICTURES"):
            await page.screenshot(path=Path(folder) / f"{name}-{theme}-{width}.png", full_page=True)

        assert [] == await axe(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_what_is_not_known_is_shown_and_not_dropped(surface: Surface) -> None:
    await surface.show(
        {"type": "hologram", "block_id": "b"},
        section("x", block_id="s", accessory={"type": "lever", "action_id": "l"}),
        field("dial", block={"block_id": "i"}),
        {"type": "rich_text", "block_id": "r", "elements": [{"type": "rich_text_song", "elements": []}]},
        {"block_id": "n"},
    )

    assert [
        "unknown block: hologram",
        "unknown element: lever",
        "unknown element: dial",
        "unknown rich text: rich_text_song",
        "unknown block: undefined",
    ] == await surface.of(".b-unknown").all_text_contents()


async def test_a_section_has_words_fields_and_what_stands_beside_them(surface: Surface) -> None:
    await surface.show(section("*Words*", fields=[mrkdwn("*A*\n1"), plain("*B*")], accessory=button("Go")))

    assert ["Words", "A\n1", "*B*"] == await surface.of(".b-text").all_text_contents()
    words, beside = await surface.of(".b-section-words").bounding_box(), await surface.of(".b-accessory").bounding_box()
    assert words is not None
    assert beside is not None
    assert words["x"] + words["width"] <= beside["x"]
    first, second = [await one.bounding_box() for one in await surface.of(".b-fields > *").all()]
    assert first is not None
    assert second is not None
    assert (first["y"], True) == (second["y"], first["x"] < second["x"])


async def test_pictures_say_what_they_show_and_load_only_what_is_one(surface: Surface) -> None:
    def image(url: str, **more: Json) -> Json:
        return {"type": "image", "image_url": url, "alt_text": "A table", **more}

    await surface.show(
        {**image(gallery.PICTURE), "block_id": "p", "title": plain("Our :coffee: table")},
        {"type": "context", "block_id": "c", "elements": [image(gallery.PICTURE), mrkdwn("small *print*")]},
        {**image("javascript:alert(1)"), "block_id": "j"},
        {**image("data:text/html,<b>x"), "block_id": "h"},
    )

    assert 2 == await surface.page.get_by_role("img", name="A table").count()
    assert ["A table", "A table"] == await surface.of(".b-image-missing").all_text_contents()
    assert "Our ☕ table" == await surface.of(".b-image-title").text_content()
    assert ["no-referrer"] * 2 == await surface.of("img").evaluate_all("(all) => all.map((one) => one.referrerPolicy)")


async def test_an_alert_says_how_grave_it_is_in_words_too(surface: Surface) -> None:
    levels = ("default", "info", "warning", "error", "success")
    await surface.show(*({"type": "alert", "block_id": one, "level": one, "text": plain("Text")} for one in levels))

    assert ["Text", "Information: Text", "Warning: Text", "Error: Text", "Success: Text"] == (
        await surface.of(".b-alert-box").all_text_contents()
    )
    roles = await surface.of(".b-alert-box").evaluate_all("(all) => all.map((one) => one.getAttribute('role'))")
    assert ["status", "status", "alert", "alert", "status"] == roles


async def test_a_call_can_be_joined_until_it_has_ended(surface: Surface) -> None:
    call = {"name": "Weekly", "display_id": "582", "join_url": "https://meet.example/1"}
    block: Json = {"type": "call", "block_id": "c", "call_id": "R1", "call": {"v1": call}}
    await surface.show(block)
    assert "https://meet.example/1" == await surface.page.get_by_role("link", name="Join").get_attribute("href")
    assert "WeeklyMeeting ID: 582" == await surface.of(".b-call-words").text_content()

    await surface.update({**block, "call": {"v1": {**call, "date_end": 1}}})
    assert 0 == await surface.page.get_by_role("link", name="Join").count()
    assert "WeeklyThis call has ended" == await surface.of(".b-call-words").text_content()


async def test_rich_text_and_markdown_are_what_their_parts_say(surface: Surface) -> None:
    rich, markdown = (next(one for one in gallery.MESSAGE if one["type"] == kind) for kind in ("rich_text", "markdown"))
    hostile = {
        "type": "markdown",
        "block_id": "m",
        "text": "[x](javascript:alert(1)) <b>x</b> **<i>y</i>** a_b_c",
    }
    await surface.show(rich, markdown, hostile, **gallery.CONTEXT)

    assert "Nov 24, 2026 at 11:00 AM" == await surface.of("time").text_content()
    assert "3" == await surface.of("ol").get_attribute("start")
    assert ["@cleo", "#general", "@channel"] == await surface.of(".b-mention").all_text_contents()
    assert "rgb(74, 21, 75)" == await surface.of(".b-color-sample").evaluate("(node) => node.style.backgroundColor")
    assert ["one", "two"] == await surface.of(".b-markdown li").all_text_contents()
    assert ["Bold", "<i>y</i>"] == await surface.of(".b-markdown strong").all_text_contents()
    last = surface.of("[data-block-id=m] p")
    assert "[x](javascript:alert(1)) <b>x</b> <i>y</i> a_b_c" == await last.text_content()


async def test_right_to_left_words_run_their_own_way(surface: Surface) -> None:
    await surface.show(section("שלום 123\nhello"), actions(button("مرحبا")), field(initial_value="שלום"))

    assert ["auto", "auto"] == await surface.of(".b-text, #surface input").evaluate_all(
        "(all) => all.map((one) => one.dir)"
    )
    assert "rtl" == await surface.of("input").evaluate("(node) => getComputedStyle(node).direction")
    assert "plaintext" == await surface.of(".b-text").evaluate("(node) => getComputedStyle(node).unicodeBidi")


async def test_what_can_be_touched_is_large_enough_for_a_finger(new_page: NewPage, static_url: str) -> None:
    page = await new_page(width=390, has_touch=True, is_mobile=True)
    await page.goto(static_url)
    await Surface(page).show(*gallery.MESSAGE, *gallery.DIALOG, **gallery.CONTEXT)

    small = await page.evaluate(
        "[...document.querySelectorAll('#surface :is(button, input:not([type=checkbox], [type=radio], .b-combo-input),"
        ".b-combo-box, a.b-button, .b-choice)')].filter((one) => one.checkVisibility())"
        ".filter((one) => one.getBoundingClientRect().height < (one.matches('.b-combo-box *') ? 36 : 44))"
        ".map((one) => one.outerHTML.slice(0, 100))"
    )
    assert [] == small


async def test_nothing_moves_for_those_who_want_it_still(new_page: NewPage, static_url: str) -> None:
    page = await new_page(reduced_motion="reduce")
    await page.goto(static_url)
    await Surface(page).show(*gallery.MESSAGE, *gallery.DIALOG, **gallery.CONTEXT)

    moves = "(all) => all.filter((one) => parseFloat(getComputedStyle(one).transitionDuration)).length"
    assert 0 == await page.locator("#surface *").evaluate_all(moves)

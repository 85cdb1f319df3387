"""Bringing blocks up to date: what is being typed, the focus and the caret stay."""

import pytest

from tests.browser.gallery import CONTEXT
from tests.browser.surface import Json, Surface, actions, button, field, mrkdwn, options, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")
LIVE: Json = {"dispatch_action": True}
EACH_KEY: Json = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}


def values(state: Json, block_id: str = "i1", action_id: str = "typed") -> Json:
    return {block_id: {action_id: state}}


def holding(text: str | None) -> Json:
    return values({"type": "plain_text_input", "value": text})


async def test_each_change_of_a_field_is_told(surface: Surface) -> None:
    await surface.show(field(block=LIVE, **EACH_KEY))

    await surface.of("input").press_sequentially("ab")

    told = [{"kind": "fill", "block": "i1", "action": "typed", "text": text, "enter": False} for text in ("a", "ab")]
    assert told == await surface.told()


async def test_what_is_being_typed_is_not_written_over(surface: Surface) -> None:
    await surface.show(field(initial_value="1"))
    control = surface.of("input")
    await control.focus()
    await control.press("End")
    await control.press_sequentially("234")
    await control.press("ArrowLeft")

    await surface.update(field(initial_value="1"), values=holding("12"))
    await surface.update(field(initial_value="1"), values=holding("something else"))

    assert "1234" == await control.input_value()
    assert [3, 3] == await control.evaluate("(node) => [node.selectionStart, node.selectionEnd]")
    assert await control.evaluate("(node) => node === document.activeElement")


async def test_old_news_does_not_undo_what_was_typed_before_leaving_the_field(surface: Surface) -> None:
    await surface.show(field())
    control = surface.of("input")
    await control.press_sequentially("abc")
    await control.blur()

    for heard in ("a", "ab"):
        await surface.update(field(), values=holding(heard))

        assert "abc" == await control.input_value()

    await surface.update(field(), values=holding("abc"))
    await surface.update(field(), values=holding("set by the app"))
    assert "set by the app" == await control.input_value()


async def test_a_composition_goes_on_while_the_dialog_changes_about_it(surface: Surface) -> None:
    await surface.show(field(block=LIVE, **EACH_KEY))
    control = surface.of("input")
    await control.focus()
    session = await surface.page.context.new_cdp_session(surface.page)
    await session.send("Input.imeSetComposition", {"text": "かん", "selectionStart": 2, "selectionEnd": 2})

    await surface.update(field(block={**LIVE, "hint": plain("Free")}, **EACH_KEY), values=holding("old"))

    assert "かん" == await control.input_value()
    assert [] == await surface.told()
    await session.send("Input.insertText", {"text": "漢"})
    await session.detach()
    assert "漢" == await control.input_value()
    assert ["漢"] == [one["text"] for one in await surface.told()]


async def test_label_hint_error_and_placeholder_change_about_the_field(surface: Surface) -> None:
    await surface.show(field(block={"hint": plain("Ten digits.")}))
    control = surface.of("input")
    await control.press_sequentially("x")
    before = await control.element_handle()

    await surface.update(
        field(label="Number", block={"optional": True}, placeholder=plain("Ex. 1")), errors={"i1": "That is taken."}
    )

    assert before is not None
    assert await before.evaluate("(node) => node === document.activeElement && node.isConnected")
    assert "x" == await control.input_value()
    assert "Number (optional)" == await surface.of("label").text_content()
    assert 0 == await surface.of(".b-hint").count()
    assert "That is taken." == await surface.of("[role=alert]").text_content()
    assert "true" == await control.get_attribute("aria-invalid")
    assert "That is taken." == await control.evaluate(
        "(node) => document.getElementById(node.getAttribute('aria-describedby')).textContent"
    )

    await surface.update(field(label="Number"), errors={})
    assert 0 == await surface.of("[role=alert]").count()
    assert await control.get_attribute("aria-invalid") is None


async def test_a_new_block_id_gives_a_field_what_the_app_set(surface: Surface) -> None:
    await surface.show(field(initial_value="old"))
    await surface.of("input").fill("typed")
    await surface.of("input").focus()

    await surface.update(field(initial_value="new", block={"block_id": "i2"}))

    assert "new" == await surface.of("input").input_value()


async def test_blocks_come_go_and_change_places_about_the_one_in_use(surface: Surface) -> None:
    above, below = section("above", block_id="above"), section("below", block_id="below")
    await surface.show(above, field(), below)
    control = surface.of("input")
    await control.press_sequentially("kept")
    await surface.page.evaluate("window.left = 0; addEventListener('focusout', () => (left += 1))")

    for blocks in ([below, field(), above], [field()], [above, below, section("new", block_id="n"), field()]):
        await surface.update(*blocks)

        order = await surface.of("> [data-block-id]").evaluate_all("(nodes) => nodes.map((one) => one.dataset.blockId)")
        assert [block["block_id"] for block in blocks] == order
        assert await control.evaluate("(node) => node === document.activeElement")
        assert "kept" == await control.input_value()
    # Focus that comes back after it was lost has closed lists and ended compositions.
    assert 0 == await surface.page.evaluate("left")


async def test_a_pressed_button_keeps_the_focus_when_its_words_change(surface: Surface) -> None:
    await surface.show(section("a", accessory=button("Admit")), actions(button("Start"), button("Stop", "stop")))
    await surface.of("[data-action-id=stop]").focus()

    await surface.update(section("b"), actions(button("Begin"), button("Stopped", "stop", style="danger")))

    assert "Stopped" == await surface.page.evaluate("document.activeElement.textContent")
    assert "b" == await surface.of(".b-section-words").text_content()
    assert 1 == await surface.of(".b-button-danger").count()


async def test_a_button_whose_address_appears_is_a_link_and_keeps_the_focus(surface: Surface) -> None:
    await surface.show(actions(button("Start")))
    await surface.of("button").focus()

    await surface.update(actions(button("Start", url="https://x.example/")))

    assert "https://x.example/" == await surface.page.evaluate("document.activeElement.href")


async def test_what_did_not_change_keeps_its_nodes(surface: Surface) -> None:
    picture = {
        "type": "image",
        "block_id": "p",
        "image_url": "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "alt_text": "x",
    }
    blocks = [section("words <@U0BEN>"), picture, actions(button("Go")), {"type": "divider", "block_id": "d"}]
    await surface.show(*blocks, **CONTEXT)
    await surface.page.evaluate("for (const one of document.querySelectorAll('#surface *')) one.seenBefore = true")

    await surface.update(*blocks)

    assert await surface.page.evaluate(
        "[...document.querySelectorAll('#surface *')].every((one) => one.seenBefore === true)"
    )
    await surface.update(*blocks, users={"U0BEN": {"name": "benedict"}})
    assert "words @benedict" == await surface.of(".b-text").text_content()


async def test_boxes_and_menus_follow_slack_but_not_its_old_news(surface: Surface) -> None:
    boxes = field("checkboxes", options=options("Ay", "Bee", "Cee"))
    await surface.show(boxes)
    for label in ("Ay", "Bee"):
        await surface.page.get_by_label(label).check()

    await surface.update(boxes, values=values({"type": "checkboxes", "selected_options": options("Ay")}))

    assert [True, True, False] == [await one.is_checked() for one in await surface.of("input").all()]
    await surface.update(boxes, values=values({"type": "checkboxes", "selected_options": options("Ay", "Bee")}))
    await surface.update(boxes, values=values({"type": "checkboxes", "selected_options": options("Cee")}))
    assert [False, False, True] == [await one.is_checked() for one in await surface.of("input").all()]


async def test_an_open_list_stays_open_while_other_things_change(surface: Surface) -> None:
    menu = field("static_select", options=options("Ay", "Bee"))
    await surface.show(section("a"), menu)
    await surface.of("[role=combobox]").press_sequentially("b")

    await surface.update(section("changed"), menu)

    assert "b" == await surface.of("[role=combobox]").input_value()
    assert ["Bee"] == await surface.of(".b-option bdi").all_text_contents()
    assert await surface.of("[role=listbox]").is_visible()


async def test_the_same_blocks_give_the_same_markup(surface: Surface) -> None:
    blocks = [section("words", fields=[mrkdwn("*a*")]), field(max_length=5), actions(button("Go"))]

    first = await surface.page.evaluate("(blocks) => window.markupOf(blocks)", blocks)

    assert first == await surface.page.evaluate("(blocks) => window.markupOf(blocks)", blocks)
    assert "<label" in first


async def test_brought_up_to_date_is_as_drawn_anew(surface: Surface) -> None:
    before = [section("a", accessory=button("Go")), field(max_length=5), actions(button("A"), button("B", "b"))]
    after = [
        section(
            "b", fields=[mrkdwn("*a*")], accessory={"type": "overflow", "action_id": "m", "options": options("Ay")}
        ),
        field("number_input", label="Number", block={"hint": plain("h")}),
        actions(button("B", "b"), button("New", "new")),
    ]
    await surface.show(*before)

    await surface.update(*after)

    anew = await surface.page.evaluate("(blocks) => window.markupOf(blocks)", after)
    assert anew == await surface.page.locator("#surface").evaluate("(node) => node.innerHTML")

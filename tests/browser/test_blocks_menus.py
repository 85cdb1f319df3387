"""Menus: found by typing, moved in by keys, one or several."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import FindTroubles
from tests.browser.gallery import CONTEXT, GROUPS
from tests.browser.surface import Json, Surface, field, options, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")


def box(surface: Surface) -> Locator:
    return surface.of("[role=combobox]")


async def offered(surface: Surface) -> list[str]:
    return await surface.of(".b-option bdi").all_text_contents()


async def pointed_at(surface: Surface) -> str | None:
    """The option that the keys are at, as assistive technology is told."""
    script = "(node) => document.getElementById(node.getAttribute('aria-activedescendant'))?.textContent ?? null"
    found: str | None = await box(surface).evaluate(script)
    return found


async def chosen(surface: Surface, key: str) -> list[Any]:
    return [one[key] for one in await surface.told() if one["kind"] == "choose"]


async def presses(surface: Surface, *keys: str) -> None:
    for key in keys:
        await box(surface).press(key)


async def test_arrows_home_end_and_enter_choose(surface: Surface) -> None:
    await surface.show(field("static_select", label="Plan", option_groups=GROUPS))
    assert "Select an option" == await box(surface).get_attribute("placeholder")

    at = []
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowDown", "ArrowUp", "Home", "PageDown", "ArrowUp"):
        await presses(surface, key)
        at.append(await pointed_at(surface))

    assert ["Apple", "Banana", "Rye", "Apple", "Rye", "Apple", "Rye", "Oats"] == at
    assert "true" == await box(surface).get_attribute("aria-expanded")
    await presses(surface, "Enter")
    assert ["o"] == await chosen(surface, "option")
    assert ("Oats", "false") == (await box(surface).input_value(), await box(surface).get_attribute("aria-expanded"))


async def test_an_open_menu_has_groups_and_nothing_serious(surface: Surface, axe: FindTroubles) -> None:
    await surface.show(field("static_select", label="Plan", option_groups=GROUPS, initial_option=options("Banana")[0]))

    await presses(surface, "ArrowDown")

    assert "Banana" == await pointed_at(surface)
    assert 1 == await surface.page.get_by_role("group", name="Grain").count()
    assert 1 == await surface.page.get_by_role("option", name="Banana", selected=True).count()
    assert [] == await axe(surface.page)


async def test_typing_filters_and_says_how_many_there_are(surface: Surface) -> None:
    await surface.show(field("static_select", option_groups=GROUPS))

    await box(surface).press_sequentially("AN")

    assert ["Banana"] == await offered(surface)
    assert "1 result" == await surface.of("[role=status]").last.text_content()
    await box(surface).press_sequentially("x")
    assert [] == await offered(surface)
    assert "No results" == await surface.of("[role=status]").last.text_content()
    await presses(surface, "Enter")
    assert [] == await surface.told()


async def test_escape_closes_the_list_only_and_puts_the_choice_back(surface: Surface) -> None:
    await surface.page.evaluate(
        "window.escapes = 0; addEventListener('keydown', (e) => (escapes += e.key === 'Escape'))"
    )
    await surface.show(field("static_select", option_groups=GROUPS, initial_option=options("Banana")[0]))
    await box(surface).press_sequentially("ap")

    await presses(surface, "Escape")

    assert not await surface.of("[role=listbox]").is_visible()
    assert "Banana" == await box(surface).input_value()
    assert 0 == await surface.page.evaluate("escapes")
    await presses(surface, "Escape")
    assert 1 == await surface.page.evaluate("escapes")
    assert [] == await surface.told()


async def test_a_dialog_stays_when_its_list_is_closed(surface: Surface) -> None:
    await surface.show(field("static_select", options=options("Ay")))
    await surface.page.evaluate(
        "const dialog = document.createElement('dialog'); document.body.append(dialog);"
        "dialog.append(document.getElementById('surface')); dialog.showModal()"
    )
    dialog = surface.page.locator("dialog")
    await presses(surface, "ArrowDown")
    assert await surface.of("[role=listbox]").is_visible()

    await presses(surface, "Escape")

    assert await dialog.is_visible()
    await presses(surface, "Escape")
    assert not await dialog.is_visible()


async def test_a_pointer_chooses_and_leaving_closes(surface: Surface) -> None:
    await surface.show(field("static_select", label="Plan", options=options("Ay", "Bee")))

    await box(surface).click()
    await surface.page.get_by_role("option", name="Bee").click()
    assert ["b"] == await chosen(surface, "option")
    assert await box(surface).evaluate("(node) => node === document.activeElement")

    await box(surface).click()
    await surface.page.locator("h1").click()
    assert not await surface.of("[role=listbox]").is_visible()
    assert "Bee" == await box(surface).input_value()


async def test_tab_leaves_a_menu_as_it_was(surface: Surface) -> None:
    await surface.show(field("static_select", options=options("Ay", "Bee")), field(block={"block_id": "i2"}))
    await presses(surface, "ArrowDown", "Tab")

    assert "i2" == await surface.page.evaluate("document.activeElement.dataset.blockId")
    assert not await surface.of("[role=listbox]").is_visible()
    assert [] == await surface.told()


async def test_an_optional_choice_can_be_cleared_and_a_required_one_not(surface: Surface) -> None:
    menu: Json = {"options": options("Ay"), "initial_option": options("Ay")[0]}
    await surface.show(field("static_select", block={"optional": True}, **menu))
    await surface.page.get_by_role("button", name="Clear").click()

    assert [None] == await chosen(surface, "option")
    assert "" == await box(surface).input_value()
    await surface.show(field("static_select", **menu))
    assert 0 == await surface.page.get_by_role("button", name="Clear").count()


async def test_several_are_chips_that_can_be_taken_away(surface: Surface) -> None:
    await surface.show(field("multi_static_select", label="Which", options=options("Ay", "Bee", "Cee")))

    await presses(surface, "ArrowDown", "Enter", "ArrowDown", "Enter", "ArrowDown", "Enter", "Escape")
    assert ["Ay", "Bee", "Cee"] == await surface.of(".b-chip bdi").all_text_contents()
    await surface.page.get_by_role("button", name="Remove Bee").click()
    await presses(surface, "Backspace", "ArrowDown", "Home", "Enter")

    changes = [["a"], ["a", "b"], ["a", "b", "c"], ["a", "c"], ["a"], []]
    assert changes == await chosen(surface, "options")
    assert await box(surface).evaluate("(node) => node === document.activeElement")


async def test_no_more_can_be_chosen_than_may_be(surface: Surface) -> None:
    await surface.show(field("multi_static_select", options=options("Ay", "Bee"), max_selected_items=1))

    await presses(surface, "ArrowDown", "Enter", "ArrowDown", "Enter")

    assert [["a"]] == await chosen(surface, "options")
    assert "You can choose up to 1." == await surface.of("[role=status]").last.text_content()
    assert "true" == await surface.page.get_by_role("option", name="Bee").get_attribute("aria-disabled")


@pytest.mark.parametrize(
    ("kind", "more", "labels"),
    [
        ("users_select", {}, ["Anna Berg", "Ben Okafor", "Cleo Marsh", "Standing Room"]),
        ("channels_select", {}, ["#general", "#partners"]),
        (
            "conversations_select",
            {},
            [
                "#general",
                "#partners",
                "#board",
                "Standing Room",
                "Anna Berg",
                "Ben Okafor",
                "Cleo Marsh",
                "Standing Room",
            ],
        ),
        ("conversations_select", {"filter": {"include": ["private"]}}, ["#board"]),
        (
            "conversations_select",
            {"filter": {"include": ["public"], "exclude_external_shared_channels": True}},
            ["#general"],
        ),
        (
            "conversations_select",
            {"filter": {"include": ["im"], "exclude_bot_users": True}},
            ["Standing Room", "Anna Berg", "Ben Okafor", "Cleo Marsh"],
        ),
    ],
)
async def test_people_and_places_are_those_of_the_workspace(
    surface: Surface, kind: str, more: Json, labels: list[str]
) -> None:
    await surface.show(field(kind, **more), **CONTEXT)

    await presses(surface, "ArrowDown")

    assert labels == await offered(surface)


@pytest.mark.parametrize(
    ("menu", "typed", "told", "shown"),
    [
        ({"kind": "users_select", "initial_user": "U0BEN"}, "cleo", {"user": "U0CLEO"}, "Cleo Marsh"),
        ({"kind": "multi_users_select", "initial_users": ["U0BEN"]}, "anna", {"users": ["U0BEN", "U0ANNA"]}, ""),
        ({"kind": "channels_select"}, "part", {"channel": "C0PARTNER"}, "#partners"),
        ({"kind": "multi_channels_select"}, "gen", {"channels": ["C0GENERAL"]}, ""),
        (
            {"kind": "conversations_select", "initial_conversation": "C0GENERAL"},
            "boa",
            {"conversation": "G0SECRET"},
            "#board",
        ),
        ({"kind": "multi_conversations_select"}, "ben", {"conversations": ["U0BEN"]}, ""),
    ],
)
async def test_each_kind_of_menu_tells_by_its_own_word(
    surface: Surface, menu: Json, typed: str, told: Json, shown: str
) -> None:
    await surface.show(field(**menu), **CONTEXT)

    await box(surface).click()
    await surface.page.keyboard.type(typed)
    await presses(surface, "Enter")

    assert [{"kind": "choose", "block": "i1", "action": "typed", **told}] == await surface.told()
    assert shown == await box(surface).input_value()


async def test_the_app_is_asked_for_options_once_for_a_run_of_keys(surface: Surface) -> None:
    await surface.answer(
        "suggest",
        "async (query) => ({ option_groups: [{ label: { text: 'Found' },"
        "options: [{ text: { text: `for ${query}` }, value: query }] }] })",
    )
    await surface.show(field("external_select", label="Which", min_query_length=2))
    await box(surface).press_sequentially("a")
    assert ["Type 2 or more characters to search"] == await surface.of(".b-list-note").all_text_contents()

    await box(surface).press_sequentially("bc")

    await expect(surface.of(".b-option bdi")).to_have_text(["for abc"])
    assert ["abc"] == [one["query"] for one in await surface.told()]
    await presses(surface, "ArrowDown", "Enter")
    assert ["abc"] == await chosen(surface, "option")
    assert "for abc" == await box(surface).input_value()


async def test_only_the_last_answer_of_the_app_counts(surface: Surface) -> None:
    await surface.page.evaluate("window.waiting = {}")
    await surface.answer(
        "suggest",
        "(query) => new Promise((done) => { document.title = `asked for ${query}.`; waiting[query] = () =>"
        "done({ options: [{ text: { text: query }, value: query }] }); })",
    )
    await surface.show(field("multi_external_select", min_query_length=0))
    await presses(surface, "ArrowDown")
    await expect(surface.page).to_have_title("asked for .")
    await box(surface).press_sequentially("new")
    await expect(surface.page).to_have_title("asked for new.")
    assert ["Loading…"] == await surface.of(".b-list-note").all_text_contents()

    await surface.page.evaluate("waiting['new']()")
    await expect(surface.of(".b-option bdi")).to_have_text(["new"])
    await surface.page.evaluate("waiting['']()")

    assert ["new"] == await offered(surface)


async def test_an_app_that_has_no_options_or_fails_is_said(surface: Surface) -> None:
    await surface.show(field("external_select", min_query_length=1))
    await box(surface).press_sequentially("x")
    await expect(surface.of(".b-list-note")).to_have_text("No results")

    await surface.answer("suggest", "async () => { throw new Error('late'); }")
    await box(surface).press_sequentially("y")

    await expect(surface.of(".b-list-note")).to_have_text(re.compile("could not be loaded"))


async def test_a_menu_beside_words_is_called_by_them(surface: Surface) -> None:
    menu = {"type": "static_select", "action_id": "m", "options": options("Ay"), "placeholder": plain("Pick")}
    await surface.show(section("Which *plan*?", accessory=menu))

    assert 1 == await surface.page.get_by_role("combobox", name="Which plan?").count()


async def test_a_list_opens_upward_where_there_is_no_room_below(surface: Surface) -> None:
    await surface.show(
        *(section("x", block_id=f"s{n}") for n in range(24)), field("static_select", options=options(*"abcdefgh"))
    )
    await box(surface).scroll_into_view_if_needed()

    await box(surface).click()

    inside = "(node) => { const at = node.getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight; }"
    assert await surface.of("[role=listbox]").evaluate(inside)

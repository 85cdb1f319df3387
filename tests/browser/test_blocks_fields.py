"""Fields, boxes and pickers: what they take, what they tell, what they say."""

import pytest
from playwright.async_api import expect

from tests.browser.gallery import CONTEXT
from tests.browser.surface import Json, Surface, actions, field, mrkdwn, options, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")
CONFIRM: Json = {"title": plain("Sure?"), "text": plain("It stays."), "confirm": plain("Yes"), "deny": plain("No")}


async def described(surface: Surface) -> str:
    """What is said of the field beside its label."""
    script = (
        "(node) => (node.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)"
        ".map((id) => document.getElementById(id).textContent).join(' / ')"
    )
    words: str = await surface.of("input, #surface textarea").first.evaluate(script)
    return words


async def test_a_field_is_named_described_and_marked_as_required(surface: Surface) -> None:
    await surface.show(field(label="PMI", block={"hint": plain("Ten digits.")}, placeholder=plain("Ex. 1")))
    control = surface.page.get_by_label("PMI", exact=True)

    assert "true" == await control.get_attribute("aria-required")
    assert "Ex. 1" == await control.get_attribute("placeholder")
    assert ("i1", "typed") == (
        await control.get_attribute("data-block-id"),
        await control.get_attribute("data-action-id"),
    )
    assert "Ten digits." == await described(surface)


async def test_the_counter_says_how_much_is_left(surface: Surface) -> None:
    await surface.show(field(max_length=12, initial_value="a"))
    control, left = surface.of("input"), surface.of("[role=status]").last

    assert ("11", "") == (await surface.of(".b-count").text_content(), await left.text_content())
    assert "Up to 12 characters" == await described(surface)
    await control.fill("12345678é𝐣")
    assert ("2", "2 characters left") == (await surface.of(".b-count").text_content(), await left.text_content())
    await control.fill("123456789012345")
    assert ("-3", "3 characters too many") == (await surface.of(".b-count").text_content(), await left.text_content())
    assert "true" == await control.get_attribute("aria-invalid")
    await control.fill("1")
    assert await control.get_attribute("aria-invalid") is None


async def test_enter_is_told_where_the_app_listens_and_left_alone_elsewhere(surface: Surface) -> None:
    await surface.page.evaluate(
        "window.keys = []; addEventListener('keydown', (e) => keys.push([e.key, e.defaultPrevented]))"
    )
    await surface.show(field(block={"dispatch_action": True}))
    await surface.of("input").press_sequentially("a\n")

    assert [("a", False), ("a", True)] == [(one["text"], one["enter"]) for one in await surface.told()]
    assert "Press Enter to submit" == await described(surface)
    assert ["Enter", True] == await surface.page.evaluate("keys.at(-1)")

    await surface.show(field())
    await surface.of("input").press("Enter")
    assert [] == await surface.told()
    assert ["Enter", False] == await surface.page.evaluate("keys.at(-1)")


async def test_a_field_of_several_lines_takes_enter_and_sends_by_control_enter(surface: Surface) -> None:
    await surface.show(field(multiline=True, block={"dispatch_action": True}))
    control = surface.of("textarea")
    await control.press_sequentially("a\nb")
    await surface.forget()

    await control.press("Control+Enter")

    assert "a\nb" == await control.input_value()
    assert [{"kind": "fill", "block": "i1", "action": "typed", "text": "a\nb", "enter": True}] == await surface.told()


@pytest.mark.parametrize(
    ("element", "rows"),
    [
        (
            {"kind": "number_input", "is_decimal_allowed": False, "min_value": "5", "max_value": "90"},
            {
                "": "",
                "30": "",
                "4": "Must be 5 or more.",
                "91": "Must be 90 or less.",
                "7.5": "Enter a whole number.",
                "1e1": "Enter a whole number.",
                "٣٠": "Enter a whole number.",
            },
        ),
        ({"kind": "number_input", "is_decimal_allowed": True}, {"-7.5": "", "7,5": "Enter a number."}),
        ({"kind": "email_text_input"}, {"a@b.example": "", "a@b": "Enter an email address."}),
        ({"kind": "url_text_input"}, {"https://a": "", "a.example": "Enter a link that begins with https://."}),
        ({"min_length": 3}, {"abc": "", "ab": "Must be at least 3 characters."}),
    ],
    ids=["whole", "decimal", "email", "url", "length"],
)
async def test_a_field_says_what_it_cannot_take_once_it_is_left(
    surface: Surface, element: Json, rows: dict[str, str]
) -> None:
    await surface.show(field(**element))
    control = surface.of("input")
    amiss = surface.of(".b-amiss")

    for text, words in rows.items():
        await control.fill("?")
        await control.blur()
        await expect(amiss).not_to_be_empty()
        await control.fill(text)
        await control.blur()
        await expect(amiss).to_have_text(words)

    await control.fill(next(text for text, words in rows.items() if text and not words))
    assert "" == await amiss.text_content()


async def test_the_first_field_to_fill_is_marked(surface: Surface) -> None:
    await surface.show(field(), field(focus_on_load=True, block={"block_id": "i2"}))

    assert ["i2"] == await surface.of("[data-focus-on-load]").evaluate_all(
        "(all) => all.map((one) => one.dataset.blockId)"
    )


async def test_boxes_tell_all_that_is_ticked_in_their_order(surface: Surface) -> None:
    boxes = [
        {"text": mrkdwn("*One*"), "value": "1", "description": mrkdwn("the _first_")},
        {"text": plain("Two"), "value": "2"},
    ]
    await surface.show(
        field("checkboxes", label="Which", options=boxes, initial_options=[{"text": plain("Two"), "value": "2"}])
    )

    await surface.page.get_by_label("One").check()
    await surface.page.get_by_label("Two").uncheck()

    told = [{"kind": "choose", "block": "i1", "action": "typed", "options": values} for values in (["1", "2"], ["1"])]
    assert told == await surface.told()
    assert 1 == await surface.page.get_by_role("group", name="Which").count()
    assert "the first" == await described(surface)
    assert 1 == await surface.of("label strong").count()


async def test_radio_buttons_tell_the_one_and_move_by_arrows(surface: Surface) -> None:
    await surface.show(
        field(
            "radio_buttons",
            label="Who waits",
            options=options("Nobody", "Everybody"),
            initial_option=options("Nobody")[0],
        )
    )

    await surface.page.get_by_label("Nobody").press("ArrowDown")

    assert [{"kind": "choose", "block": "i1", "action": "typed", "option": "e"}] == await surface.told()
    assert "true" == await surface.page.get_by_role("radiogroup", name="Who waits").get_attribute("aria-required")


async def test_thinking_better_of_a_choice_puts_it_back(surface: Surface) -> None:
    await surface.answer("confirm", "false")
    menu = {
        "type": "static_select",
        "action_id": "m",
        "options": options("Ay", "Bee"),
        "initial_option": options("Ay")[0],
    }
    boxes = {"type": "checkboxes", "action_id": "c", "options": options("Cee")}
    day = {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-24"}
    await surface.show(actions(*({**one, "confirm": CONFIRM} for one in (menu, boxes, day))))

    await surface.page.get_by_label("Cee").click()
    await surface.of("[data-action-id=d]").fill("2026-12-24")
    await surface.of("[role=combobox]").press("ArrowDown")
    await surface.of("[role=combobox]").press("ArrowDown")
    await surface.of("[role=combobox]").press("Enter")

    assert [{"kind": "confirm", "title": "Sure?"}] * 3 == await surface.told()
    assert not await surface.page.get_by_label("Cee").is_checked()
    assert "2026-11-24" == await surface.of("[data-action-id=d]").input_value()
    assert "Ay" == await surface.of("[role=combobox]").input_value()


async def test_days_and_times_are_told_as_slack_has_them(surface: Surface) -> None:
    await surface.show(
        field("datepicker", label="Day", block={"block_id": "d"}, initial_date="2026-11-24"),
        field("timepicker", label="Time", block={"block_id": "t"}, initial_time="10:30", timezone="America/New_York"),
        **CONTEXT,
    )
    day, time = surface.page.get_by_label("Day"), surface.page.get_by_label("Time")
    assert ("2026-11-24", "10:30") == (await day.input_value(), await time.input_value())
    assert "Eastern Standard Time" == await time.evaluate(
        "(node) => document.getElementById(node.getAttribute('aria-describedby')).textContent"
    )

    await day.fill("2026-12-31")
    await time.fill("23:05")
    await day.fill("")

    assert [
        {"kind": "choose", "block": "d", "action": "typed", "date": "2026-12-31"},
        {"kind": "choose", "block": "t", "action": "typed", "time": "23:05"},
        {"kind": "choose", "block": "d", "action": "typed", "date": None},
    ] == await surface.told()


async def test_a_year_half_typed_is_not_told(surface: Surface) -> None:
    await surface.show(field("datepicker", label="Day"))
    day = surface.page.get_by_label("Day")
    await day.focus()

    await day.press_sequentially("11242026")

    assert ["2026-11-24"] == [one["date"] for one in await surface.told()]


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (1_795_514_400, "Europe/Amsterdam", "2026-11-24T11:00"),
        (1_795_514_400, "Asia/Kolkata", "2026-11-24T15:30"),
        (1_711_850_400, "Europe/Amsterdam", "2024-03-31T04:00"),
        (1_729_994_400, "Europe/Amsterdam", "2024-10-27T03:00"),
    ],
)
async def test_a_moment_is_chosen_in_the_readers_zone(surface: Surface, moment: int, zone: str, shown: str) -> None:
    await surface.show(
        field("datetimepicker", label="Starts", initial_date_time=moment), **{**CONTEXT, "timeZone": zone}
    )
    control = surface.page.get_by_label("Starts")
    assert shown == await control.input_value()

    await control.fill("2027-01-01T00:00")
    await control.fill(shown)

    assert moment == (await surface.told())[-1]["at"]


async def test_a_skipped_hour_is_the_one_after_it(surface: Surface) -> None:
    await surface.show(field("datetimepicker", label="Starts"), **CONTEXT)

    await surface.page.get_by_label("Starts").fill("2024-03-31T02:30")

    assert 1_711_848_600 == (await surface.told())[-1]["at"]


async def test_a_field_beside_words_is_called_by_them(surface: Surface) -> None:
    await surface.show(section("*Which* day?", accessory={"type": "datepicker", "action_id": "d"}))

    await surface.page.get_by_label("Which day?").fill("2026-12-31")

    assert [{"kind": "choose", "block": "s1", "action": "d", "date": "2026-12-31"}] == await surface.told()

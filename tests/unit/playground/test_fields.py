"""What Slack does with fields by itself: keeps, checks, asks for options; and how dialogs close."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from bot.playground import NotThere, Person, StandIn

Api = Callable[..., Any]
Answers = dict[str, Any]
Json = dict[str, Any]
Opens = Callable[..., Any]


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": words(value.title()), "value": value}


def field(element: Json, block_id: str = "it", **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": words(block_id),
        "element": {"action_id": "act", **element},
        **more,
    }


@pytest.fixture
def opens(anna: Person, answers: Answers, api: Api, modal: Json) -> Opens:
    """Opens a dialog of these blocks before Anna; what it is made of can be changed by keywords."""

    async def open_it(*blocks: Json, **more: Any) -> Person:
        view = {**modal, "blocks": list(blocks) or modal["blocks"], **more}

        async def opening(heard: Json) -> None:
            answer = await api("views.open", trigger_id=heard["trigger_id"], view=view)
            assert answer["ok"], answer

        answers["/pmi"] = opening
        await anna.types("/pmi edit")
        return anna

    return open_it


async def pushed(anna: Person, answers: Answers, view: Json, times: int) -> None:
    """Put as many dialogs upon the open one."""
    answers["view_submission"] = {"response_action": "push", "view": view}
    for _ in range(times):
        assert (await anna.submits()).ok


def closings(slack: StandIn) -> list[tuple[str, bool]]:
    """Which dialogs were told to be closed, and whether with the whole stack."""
    return [(call.arguments["view"]["id"], call.arguments["is_cleared"]) for call in slack.calls.of("view_closed")]


async def test_closing_goes_back_to_the_dialog_beneath(
    slack: StandIn, opens: Opens, answers: Answers, modal: Json
) -> None:
    anna = await opens()
    await anna.fills("number", "222")
    root = anna.view
    await pushed(anna, answers, modal, 1)
    top = anna.view
    exchange = await anna.closes()

    assert exchange.ok
    assert root is anna.view
    assert root is not None
    assert "222" == root.value("number")
    assert top is not None
    assert [(top.id, False)] == closings(slack)


async def test_the_cross_closes_the_whole_stack_and_each_dialog_is_told(
    slack: StandIn, opens: Opens, answers: Answers, modal: Json
) -> None:
    anna = await opens()
    await pushed(anna, answers, {**modal, "notify_on_close": False}, 1)
    await pushed(anna, answers, modal, 1)
    root, _, top = anna.member.modals
    exchange = await anna.closes(everything=True)

    assert [(top.id, True), (root.id, True)] == closings(slack)
    assert top.id == exchange.payload["view"]["id"]
    assert anna.view is None
    assert root.closed


async def test_a_dialog_may_clear_the_stack_when_it_closes(
    slack: StandIn, opens: Opens, answers: Answers, modal: Json
) -> None:
    anna = await opens()
    await pushed(anna, answers, {**modal, "clear_on_close": True}, 1)
    await anna.closes()

    assert anna.view is None
    assert [True, True] == [cleared for _, cleared in closings(slack)]


async def test_nobody_is_told_who_did_not_ask(slack: StandIn, opens: Opens) -> None:
    anna = await opens(notify_on_close=False)

    assert not (await anna.closes(everything=True)).sent
    assert [] == closings(slack)


async def test_a_closing_that_the_app_fails_at_is_trouble(opens: Opens, answers: Answers) -> None:
    answers["view_closed"] = 500
    anna = await opens()
    exchange = await anna.closes()

    assert "dispatch_failed" == exchange.failure
    assert anna.view is None
    assert ['view_closed failed with the error "dispatch_failed"'] == anna.troubles


async def test_a_choice_stays_as_long_as_it_is_offered(opens: Opens, api: Api, modal: Json) -> None:
    menus = [
        field({"type": "static_select", "options": [option("a"), option("b")]}, "one"),
        field({"type": "checkboxes", "options": [option("a"), option("b")]}, "some"),
        field({"type": "users_select"}, "who", optional=True),
    ]
    anna = await opens(*menus)
    view = anna.view
    assert view is not None
    await anna.chooses("one", "b")
    await anna.ticks("some", "a")
    await anna.ticks("some", "b")
    await anna.chooses("who", user=anna.member)
    changed = deepcopy(menus)
    await api("views.update", view_id=view.id, view={**modal, "blocks": changed})

    assert "b" == view.value("one")["value"]
    assert ["a", "b"] == [one["value"] for one in view.value("some")]
    changed[0]["element"]["options"] = [option("a"), option("c")]
    changed[1]["element"]["options"] = [option("b"), option("c")]
    changed[1]["element"]["initial_options"] = [option("c")]
    await api("views.update", view_id=view.id, view={**modal, "blocks": changed})
    assert view.value("one") is None
    assert ["c"] == [one["value"] for one in view.value("some")]
    assert "U0ANNA" == view.value("who")


async def test_another_type_under_the_same_ids_begins_anew(opens: Opens, api: Api, modal: Json) -> None:
    anna = await opens(field({"type": "plain_text_input"}))
    view = anna.view
    assert view is not None
    await anna.fills("it", "12")
    blocks = [field({"type": "number_input", "is_decimal_allowed": False})]
    await api("views.update", view_id=view.id, view={**modal, "blocks": blocks})

    assert view.value("it") is None


WHOLE: Json = {"type": "number_input", "is_decimal_allowed": False}
BOUND: Json = {"type": "number_input", "is_decimal_allowed": True, "min_value": "-1.5", "max_value": "10"}
EMAIL: Json = {"type": "email_text_input"}
ADDRESS: Json = {"type": "url_text_input"}
TEXT: Json = {"type": "plain_text_input"}
REQUIRED = "Please complete this required field."


@pytest.mark.parametrize(
    ("element", "typed", "error"),
    [
        (WHOLE, "0", ""),
        (WHOLE, "-12", ""),
        (WHOLE, "", REQUIRED),
        (WHOLE, "1.5", "Enter a whole number."),
        (WHOLE, "ten", "Enter a number."),
        (WHOLE, "1e3", "Enter a number."),
        (WHOLE, "\u0661\u0662", "Enter a number."),
        (BOUND, "1.5", ""),
        (BOUND, ".5", ""),
        (BOUND, "-1.5", ""),
        (BOUND, "-1.51", "Enter -1.5 or more."),
        (BOUND, "10", ""),
        (BOUND, "10.1", "Enter 10 or less."),
        (BOUND, ".", "Enter a number."),
        (EMAIL, "anna@acme.example", ""),
        (EMAIL, "anna.larsson+room@mail.acme.example", ""),
        (EMAIL, "anna", "Enter an email address."),
        (EMAIL, "anna@acme", "Enter an email address."),
        (EMAIL, "anna @acme.example", "Enter an email address."),
        (EMAIL, "anna@ben@acme.example", "Enter an email address."),
        (EMAIL, "", REQUIRED),
        (ADDRESS, "https://room.example/j/1?pwd=x", ""),
        (ADDRESS, "mailto:anna@acme.example", ""),
        (ADDRESS, "room.example", "Enter a URL."),
        (ADDRESS, "https://", "Enter a URL."),
        (ADDRESS, "https://room.example/a b", "Enter a URL."),
        (TEXT, "x" * 3000, ""),
        (TEXT, "x" * 3001, "Must be less than 3001 characters."),
        ({**TEXT, "max_length": 2}, "xyz", "Must be less than 3 characters."),
        ({**TEXT, "min_length": 2}, "x", "Must be at least 2 characters."),
    ],
)
async def test_slack_checks_what_was_typed_before_it_asks_the_app(
    element: Json, typed: str, error: str, opens: Opens
) -> None:
    anna = await opens(field(element))
    view = anna.view
    assert view is not None
    await anna.fills("it", typed)
    exchange = await anna.submits()

    assert ({"it": error} if error else {}) == view.errors
    assert exchange.sent == (not error)


@pytest.mark.parametrize(
    "element",
    [
        {"type": "static_select", "options": [option("a")]},
        {"type": "multi_users_select"},
        {"type": "checkboxes", "options": [option("a")]},
        {"type": "datepicker"},
        {"type": "datetimepicker"},
        {"type": "conversations_select"},
        {"type": "rich_text_input"},
    ],
    ids=lambda element: element["type"],
)
async def test_what_is_not_optional_is_required(element: Json, opens: Opens) -> None:
    anna = await opens(field(element))
    view = anna.view
    assert view is not None

    assert not (await anna.submits()).sent
    assert {"it": REQUIRED} == view.errors
    again = await opens(field(element, optional=True))
    assert (await again.submits()).sent


async def test_every_field_in_error_is_told_at_once_and_nothing_is_lost(opens: Opens) -> None:
    anna = await opens(field(WHOLE, "a"), field(EMAIL, "b"), field(TEXT, "c"))
    view = anna.view
    assert view is not None
    await anna.fills("a", "x")
    await anna.fills("b", "y")
    await anna.fills("c", "z")
    await anna.submits()

    assert {"a": "Enter a number.", "b": "Enter an email address."} == view.errors
    assert ["x", "y", "z"] == [view.value(name) for name in "abc"]


async def test_no_more_is_chosen_than_may_be(opens: Opens) -> None:
    several = {"type": "multi_static_select", "options": [option("a"), option("b")], "max_selected_items": 1}
    anna = await opens(field(several))
    with pytest.raises(NotThere, match="'it' lets one choose 1 at most"):
        await anna.chooses("it", options=["a", "b"])
    await anna.chooses("it", options=["b"])
    view = anna.view
    assert view is not None

    assert ["b"] == [one["value"] for one in view.value("it")]


@pytest.mark.parametrize(
    ("element", "query", "asked"),
    [
        ({"min_query_length": 0}, "", [""]),
        ({"min_query_length": 2}, "n", []),
        ({"min_query_length": 2}, "ne", ["ne"]),
        ({}, "ne", []),
        ({}, "nea", ["nea"]),
    ],
)
async def test_a_menu_asks_once_enough_was_typed(
    element: Json, query: str, asked: list[str], opens: Opens, answers: Answers
) -> None:
    heard: list[str] = []

    def offers(payload: Json) -> Json:
        heard.append(payload["value"])
        return {"options": [option("near")]}

    answers["block_suggestion"] = offers
    anna = await opens(field({"type": "external_select", **element}))
    exchange, shown = await anna.suggests("it", query)

    assert asked == heard
    assert bool(asked) == exchange.sent
    assert ["near"] * len(asked) == [one["value"] for one in shown.get("options", [])]


async def test_a_menu_may_show_groups_and_what_it_shows_can_be_chosen(opens: Opens, answers: Answers) -> None:
    group = {"label": words("Nearby"), "options": [option("near")]}
    answers["block_suggestion"] = {"option_groups": [group]}
    anna = await opens(field({"type": "multi_external_select", "min_query_length": 0}))
    _, shown = await anna.suggests("it", "")
    await anna.chooses("it", options=["near"], offered=await anna.looks_for("it", ""))
    view = anna.view
    assert view is not None

    assert {"option_groups": [group]} == shown
    assert shown == await anna.suggestions("it", "")
    assert [option("near")] == view.value("it")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ({"options": [{"text": words("x" * 76), "value": "x"}]}, "invalid_options: [ERROR]"),
        ({"options": [option(str(number)) for number in range(101)]}, "invalid_options: [ERROR] no more than 100"),
        ({"suggestions": []}, "invalid_options: [ERROR] invalid additional property: suggestions"),
        (None, "invalid_options: [ERROR] must provide an object"),
        ("words", "invalid_options: [ERROR] must provide an object"),
        (500, "dispatch_failed"),
    ],
)
async def test_bad_suggestions_are_not_shown(answer: Any, failure: str, opens: Opens, answers: Answers) -> None:
    answers["block_suggestion"] = answer
    anna = await opens(field({"type": "external_select", "min_query_length": 0}))
    exchange, shown = await anna.suggests("it", "")

    assert {} == shown
    assert exchange.failure.startswith(failure)
    assert 1 == len(anna.troubles)


async def test_only_menus_that_the_app_fills_ask_it(opens: Opens) -> None:
    anna = await opens(field({"type": "static_select", "options": [option("a")]}))
    with pytest.raises(NotThere, match="'it' is a static_select, not a menu whose options the app supplies"):
        await anna.suggests("it", "near")


async def test_only_inputs_bring_an_address_to_answer_to(opens: Opens) -> None:
    menu = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    beside = {"type": "actions", "block_id": "beside", "elements": [menu]}
    anna = await opens(field(menu), beside)
    await anna.chooses("it", conversation="C0GENERAL")
    await anna.chooses("beside", conversation="C0GENERAL")
    exchange = await anna.submits()

    assert ["it"] == [one["block_id"] for one in exchange.payload["response_urls"]]


async def test_inputs_come_back_with_their_flags(opens: Opens) -> None:
    anna = await opens(field(TEXT))
    exchange = await anna.fills("it", "x")
    submitted = await anna.submits()
    [block] = submitted.payload["view"]["blocks"]

    assert not exchange.sent
    assert (False, False) == (block["optional"], block["dispatch_action"])


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, ["on_enter_pressed"]),
        ({"trigger_actions_on": ["on_character_entered"]}, ["on_character_entered"]),
        (
            {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]},
            ["on_character_entered", "on_enter_pressed"],
        ),
    ],
)
async def test_typing_and_enter_are_told_where_the_app_listens(config: Json, told: list[str], opens: Opens) -> None:
    element = {**TEXT, **({"dispatch_action_config": config} if config else {})}
    anna = await opens(field(element, dispatch_action=True))
    typing = await anna.fills("it", "x")
    enter = await anna.presses_enter("it")

    assert ("on_character_entered" in told) == typing.sent
    assert ("on_enter_pressed" in told) == enter.sent


async def test_views_are_kept_over_an_update_a_push_and_the_way_back(
    opens: Opens, answers: Answers, modal: Json
) -> None:
    anna = await opens(field(TEXT))
    root = anna.view
    assert root is not None
    await anna.fills("it", "typed")
    answers["view_submission"] = {"response_action": "update", "view": {**modal, "blocks": [field(TEXT)]}}
    await anna.submits()
    await pushed(anna, answers, {**modal, "blocks": [field(TEXT)]}, 1)

    assert anna.view is not root
    assert anna.view is not None
    assert anna.view.value("it") is None
    await anna.closes()
    assert root is anna.view
    assert "typed" == root.value("it")
    answers["view_submission"] = {"response_action": "clear"}
    await anna.submits()
    assert anna.view is None

"""Who asks and what for, as it is read from what Slack signed."""

from typing import Any

import pytest

from bot.grammar import GRAMMARS, AskedForHelp, Bare, Mention, Subcall, Typed
from bot.handlers.asks import Ask, Kind, read_action, read_command, read_shortcut, read_submission
from bot.services.people import Actor

BODY: dict[str, Any] = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "1.2.a"}
ACTION = {"action_id": "claim_pmi:1", "value": "5829047316", "action_ts": "1.2"}


@pytest.mark.parametrize(
    ("more", "actor", "foreign"),
    [
        ({}, Actor("T1", "U1"), False),
        ({"user": {"id": "U1", "team_id": "T2"}}, Actor("T1", "U1"), True),
        ({"user": {"id": "U1"}}, Actor("T1", "U1"), False),
        ({"team": None, "user": {"id": "U1", "team_id": "T2"}}, Actor("T2", "U1"), True),
        ({"enterprise": {"id": "E1"}}, Actor("E1", "U1"), False),
        ({"enterprise": {"id": "E1"}, "user": {"id": "U1", "team_id": "E1"}}, Actor("E1", "U1"), False),
        ({"enterprise": {"id": "E1"}, "user": {"id": "U1", "team_id": "T2"}}, Actor("E1", "U1"), True),
        ({"team": {"id": "T1", "enterprise_id": "E1"}}, Actor("E1", "U1"), False),
        (
            {"team": {"id": "T1", "enterprise_id": "E1"}, "user": {"id": "U1", "team_id": "E1"}},
            Actor("E1", "U1"),
            False,
        ),
        ({"team": {"id": "T1", "enterprise_id": "E2"}, "enterprise": {"id": "E1"}}, Actor("E1", "U1"), False),
        ({"enterprise": {"id": 1}, "team": {"id": "T1", "enterprise_id": None}}, Actor("T1", "U1"), False),
    ],
)
def test_a_person_is_of_the_organisation_or_the_team_and_foreign_where_their_own_team_is_neither(
    more: dict[str, Any], actor: Actor, *, foreign: bool
) -> None:
    for ask in (read_action(BODY | more), read_submission(BODY | more), read_shortcut(BODY | more)):
        assert (actor, foreign) == (ask.actor, ask.foreign)


@pytest.mark.parametrize(("enterprise", "workspace"), [("E1", "E1"), ("", "T1"), (None, "T1")])
def test_a_command_is_of_the_organisation_or_the_team_and_never_foreign(enterprise: object, workspace: str) -> None:
    ask = read_command(GRAMMARS[0], {"team_id": "T1", "enterprise_id": enterprise, "user_id": "U1", "text": ""})

    assert (Actor(workspace, "U1"), False) == (ask.actor, ask.foreign)


@pytest.mark.parametrize(
    ("actions", "label", "value"),
    [
        ([ACTION], "claim_pmi", "5829047316"),
        ([ACTION, {"action_id": "other"}], "claim_pmi", "5829047316"),
        ([], "", ""),
        ([ACTION, "x"], "claim_pmi", "5829047316"),
        (["x", ACTION], "", ""),
        ({"0": ACTION}, "", ""),
        (None, "", ""),
    ],
)
def test_of_the_actions_the_first_is_read_if_it_is_one(actions: object, label: str, value: str) -> None:
    ask = read_action(BODY | {"actions": actions})

    assert (label, value) == (ask.label, ask.value)


def test_an_action_is_of_the_message_or_the_dialog_that_it_is_in() -> None:
    assert Kind.MESSAGE_ACTION is read_action(BODY | {"actions": [ACTION]}).kind
    assert Kind.DIALOG_ACTION is read_action(BODY | {"actions": [ACTION], "view": {"id": "V1"}}).kind


def test_home_is_no_dialog_and_nothing_on_it_can_be_updated_in_its_place() -> None:
    ask = read_action(BODY | {"actions": [ACTION], "view": {"id": "V1", "type": "home", "hash": "1.2"}})

    assert (Kind.HOME_ACTION, "", "") == (ask.kind, ask.view_id, ask.view_hash)


@pytest.mark.parametrize(
    ("person", "name"),
    [({"name": "anna", "username": "other"}, "anna"), ({"username": "anna"}, "anna"), ({"name": ""}, "")],
)
def test_a_person_is_called_by_the_name_that_slack_gives(person: dict[str, str], name: str) -> None:
    assert name == read_action(BODY | {"user": person}).user_name == read_submission(BODY | {"user": person}).user_name


@pytest.mark.parametrize(
    "changed",
    [
        {"user": {"id": "U2", "team_id": "T1"}},
        {"team": {"id": "T2"}},
        {"trigger_id": "1.2.b"},
        {"actions": [ACTION | {"action_id": "claim_pmi:2"}]},
        {"actions": [ACTION | {"value": "2035134243"}]},
        {"actions": [ACTION | {"action_ts": "1.3"}]},
    ],
)
def test_another_person_button_or_moment_is_another_request(changed: dict[str, Any]) -> None:
    pressed = BODY | {"actions": [ACTION]}

    assert read_action(pressed).once == read_action(dict(reversed(pressed.items()))).once
    assert read_action(pressed).once != read_action(pressed | changed).once


def test_a_dialog_with_the_same_values_in_another_order_is_the_same_request() -> None:
    view = {"id": "V1", "callback_id": "pmi_modal", "state": {"values": {"a": {"x": 1}, "b": {"y": 2}}}}
    turned = view | {"state": {"values": {"b": {"y": 2}, "a": {"x": 1}}}}
    other = view | {"state": {"values": {"a": {"x": 1}, "b": {"y": 3}}}}

    once, same, another = (read_submission(BODY | {"view": each}).once for each in (view, turned, other))
    assert once == same
    assert once != another


@pytest.mark.parametrize(
    ("typed", "passes_by"),
    [
        (AskedForHelp(), True),
        (Subcall("check", "582 904 7316"), True),
        (Subcall("set", "582 904 7316"), False),
        (Bare(), False),
        (Mention("U2"), False),
    ],
)
def test_help_and_check_are_no_contact(typed: Typed, *, passes_by: bool) -> None:
    ask = Ask(Kind.COMMAND, "/pmi", Actor("T1", "U1"), "", "", "", foreign=False, typed=typed)

    assert passes_by is ask.passes_by


MESSAGE = {"ts": "5.6", "text": "a secret"}
ON_A_MESSAGE = BODY | {
    "type": "message_action",
    "callback_id": "discuss_in_my_room",
    "action_ts": "1.2",
    "response_url": "https://hooks.example/1",
    "channel": {"id": "C1", "name": "general"},
    "message": MESSAGE,
}


def test_a_shortcut_on_a_message_knows_where_it_stands_and_nothing_of_what_it_says() -> None:
    ask = read_shortcut(ON_A_MESSAGE)

    assert (Kind.MESSAGE_SHORTCUT, "discuss_in_my_room") == (ask.kind, ask.label)
    assert ("C1", "5.6", "https://hooks.example/1") == (ask.channel, ask.thread, ask.response_url)
    assert "secret" not in str(ask)


def test_a_shortcut_on_an_answer_belongs_to_the_thread_of_the_answer() -> None:
    ask = read_shortcut(ON_A_MESSAGE | {"message": MESSAGE | {"thread_ts": "3.4"}})

    assert "3.4" == ask.thread


@pytest.mark.parametrize("message", [None, "x", {}, {"ts": 5}, {"ts": None, "thread_ts": []}])
def test_a_shortcut_on_a_message_without_a_time_stamp_stands_in_no_thread(message: object) -> None:
    assert not read_shortcut(ON_A_MESSAGE | {"message": message, "channel": None}).thread


def test_a_global_shortcut_is_one_request_for_each_time_that_it_is_used() -> None:
    used = BODY | {"type": "shortcut", "callback_id": "start_my_room", "action_ts": "1.2"}
    asks = [read_shortcut(used | more) for more in ({}, {}, {"trigger_id": "1.2.b"}, {"action_ts": "1.3"})]

    assert Kind.SHORTCUT is asks[0].kind
    assert asks[0].once == asks[1].once
    assert 3 == len({each.once for each in asks})

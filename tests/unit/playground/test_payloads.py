"""Everything that the stand-in sends has the keys and types that real ones have."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.playground import Channel, Person, StandIn, Workspace, events
from tests.unit.playground.slack_payloads import (
    CONVERSATION,
    DIRECT_MESSAGES,
    ENVELOPE,
    EVENTS,
    MEMBER,
    MESSAGE,
    PAYLOADS,
    VIEW,
    differences,
)

Api = Callable[..., Any]
Answers = dict[str, Any]
Json = dict[str, Any]
Sent = Callable[[Person], Awaitable[Any]]
LINK = "https://room.example/j/1"
MENU: Json = {"type": "external_select", "action_id": "who", "min_query_length": 0}
ACTIONS: Json = {"type": "actions", "block_id": "menu", "elements": [MENU]}


@pytest.fixture
async def stage(*, slack: StandIn, api: Api, anna: Person, answers: Answers, modal: Json, card: Json) -> Json:
    """Whatever may be acted upon: a posted message, a private one, Home, a dialog."""
    slack.world.manifest = replace(slack.world.manifest, unfurl_domains=("room.example",))
    modal["blocks"].append(ACTIONS)
    card["blocks"].append(ACTIONS)

    async def opens(heard: Json) -> Json:
        assert (await api("views.open", trigger_id=heard["trigger_id"], view=modal))["ok"]
        return card

    answers["/pmi"] = opens
    answers["block_suggestion"] = {"options": []}
    await api("chat.postMessage", channel="C0GENERAL", **card)
    await api("views.publish", user_id="U0ANNA", view={"type": "home", "blocks": card["blocks"]})
    command = await anna.types("/pmi edit")
    return {"command": command}


async def edit(person: Person, on: Any) -> Any:
    return await person.presses("Edit", on=on)


async def looks(person: Person, on: Any = None) -> Any:
    return (await person.suggests("menu", "", on=on))[0]


SENT: dict[str, Sent] = {
    "slash command": lambda anna: anna.types("/pmi"),
    "block_actions on a message": lambda anna: edit(anna, anna.channel.messages[0]),
    "block_actions on a private message": lambda anna: edit(anna, anna.private_messages[-1]),
    "block_actions in a dialog": lambda anna: anna.fills("number", "222"),
    "block_actions on Home": lambda anna: edit(anna, anna.home),
    "block_suggestion on a message": lambda anna: looks(anna, anna.channel.messages[0]),
    "block_suggestion in a dialog": looks,
    "view_submission": lambda anna: anna.submits(),
    "view_closed": lambda anna: anna.closes(),
    "shortcut": lambda anna: anna.uses_shortcut("start"),
    "message_action": lambda anna: anna.uses_message_shortcut("discuss", anna.channel.messages[0]),
}


def test_every_payload_is_sent_here() -> None:
    assert set(PAYLOADS) == set(SENT)


@pytest.mark.parametrize("name", PAYLOADS)
async def test_a_payload_has_what_real_ones_have(name: str, anna: Person, stage: Json) -> None:
    exchange = await SENT[name](anna)

    assert exchange.sent
    assert [] == list(differences(dict(exchange.payload), PAYLOADS[name]))


@pytest.mark.parametrize("name", PAYLOADS)
async def test_an_organisations_payload_has_what_real_ones_have(
    name: str, anna: Person, acme: Workspace, stage: Json
) -> None:
    acme.enterprise_id, acme.enterprise_name = "E0ORG", "Org"
    exchange = await SENT[name](anna)

    assert [] == list(differences(dict(exchange.payload), PAYLOADS[name]))
    assert "E0ORG" in str(exchange.payload)


async def happenings(slack: StandIn, anna: Person) -> dict[str, Any]:
    """Every kind of event, sent."""
    workspace, stamp = anna.workspace, slack.world.mint.stamp(slack.world.clock())
    uninstalled = await slack.send_event(workspace, events.app_uninstalled(stamp))
    revoked = await slack.send_event(workspace, events.tokens_revoked([workspace.bot_user_id], stamp))
    changed = await slack.send_event(workspace, events.user_change(anna.member, slack.world.clock(), stamp))
    typed = await slack.send_event(workspace, events.link_typed(anna.member, [LINK], "U0ANNA-1", stamp))
    return {
        "app_home_opened": await anna.opens_home(),
        "app_uninstalled": uninstalled,
        "tokens_revoked": revoked,
        "user_change": changed,
        "link_shared": await anna.types(f"see {LINK} and {LINK} and https://elsewhere.example/"),
        "link_shared in the composer": typed,
    }


async def test_an_event_has_what_real_ones_have(slack: StandIn, anna: Person, stage: Json) -> None:
    sent = await happenings(slack, anna)

    assert set(EVENTS) == set(sent)
    for name, exchange in sent.items():
        assert [] == list(differences(dict(exchange.payload), ENVELOPE))
        assert [] == list(differences(exchange.payload["event"], EVENTS[name]))
    assert [{"url": LINK, "domain": "room.example"}] == sent["link_shared"].payload["event"]["links"]


async def test_links_are_told_of_only_where_the_app_may_hear_of_them(
    slack: StandIn, anna: Person, acme: Workspace, stage: Json
) -> None:
    assert (await anna.types(f"see {LINK}")).sent
    assert not (await anna.types("see https://room.example.evil.example/")).sent
    acme.scopes.discard("links:read")
    assert not (await anna.types(f"see {LINK}")).sent
    acme.scopes.add("links:read")
    slack.world.manifest = replace(slack.world.manifest, events=frozenset({"app_uninstalled"}))
    assert not (await anna.types(f"see {LINK}")).sent


async def test_a_link_in_a_thread_says_so(anna: Person, general: Channel, stage: Json) -> None:
    message = general.messages[0]
    message.thread_ts = "1.2"

    assert "1.2" == events.link_shared(message, [LINK], "C1", "2.3")["thread_ts"]


async def test_what_the_web_api_shows_has_what_real_ones_have(
    api: Api, acme: Workspace, general: Channel, modal: Json, anna: Person
) -> None:
    acme.add_member("U0GONE", real_name="Gone", deleted=True)
    acme.add_member("W0OUT", real_name="Out", outside=True)
    for user in ("U0ANNA", "U0GONE", "W0OUT", acme.bot_user_id):
        shown = await api("users.info", form=True, user=user, include_locale=True)
        assert [] == list(differences(shown["user"], MEMBER))
    channel = await api("conversations.info", form=True, channel="C0GENERAL", include_num_members=True)
    assert [] == list(differences(channel["channel"], CONVERSATION))
    opened = await api("conversations.open", users="U0ANNA", return_im=True)
    assert [] == list(differences(opened["channel"], DIRECT_MESSAGES))
    posted = await api("chat.postMessage", channel="C0GENERAL", text="x", thread_ts="1.2")
    assert [] == list(differences(posted["message"], MESSAGE))
    changed = await api("chat.update", channel="C0GENERAL", ts=posted["ts"], text="y")
    assert [] == list(differences(changed["message"], MESSAGE))
    trigger = (await anna.types("/pmi")).payload["trigger_id"]
    view = await api("views.open", trigger_id=trigger, view=modal)
    assert [] == list(differences(view["view"], VIEW))


@pytest.mark.parametrize(
    ("element", "chosen", "action"),
    [
        ({"type": "static_select", "options": [0, 1], "initial_option": 0}, {"option": "1"}, "selected_option"),
        ({"type": "radio_buttons", "options": [0, 1]}, {"option": "1"}, "selected_option"),
        ({"type": "checkboxes", "options": [0, 1]}, {"options": ["1"]}, "selected_options"),
        ({"type": "datepicker", "initial_date": "2026-11-24"}, {"date": "2026-11-25"}, "selected_date"),
        ({"type": "timepicker", "initial_time": "09:30"}, {"time": "10:00"}, "selected_time"),
        ({"type": "datetimepicker"}, {"at": 1_800_000_000}, "selected_date_time"),
        ({"type": "users_select", "initial_user": "U0BEN"}, {"user": "U0ANNA"}, "selected_user"),
        ({"type": "conversations_select"}, {"conversation": "C0GENERAL"}, "selected_conversation"),
        ({"type": "channels_select"}, {"conversation": "C0GENERAL"}, "selected_channel"),
    ],
)
async def test_an_action_says_what_was_chosen_and_what_stood_there_at_first(
    element: Json, chosen: Json, action: str, anna: Person, api: Api
) -> None:
    made = {key: _option(value) if "option" in key else value for key, value in element.items()}
    blocks = [{"type": "actions", "block_id": "menu", "elements": [{**made, "action_id": "pick"}]}]
    assert (await api("chat.postMessage", channel="C0GENERAL", text="x", blocks=blocks))["ok"]
    wanted: Json = {key: anna.member if key == "user" else value for key, value in chosen.items()}
    exchange = await anna.chooses("menu", on=anna.channel.messages[-1], **wanted)
    [told] = exchange.payload["actions"]
    initial = {key for key in element if key.startswith("initial")}

    assert {"type", "action_id", "block_id", "action_ts", action} | initial == set(told)
    assert told[action] == exchange.payload["state"]["values"]["menu"]["pick"][action]


def _option(value: Any) -> Any:
    if isinstance(value, list):
        return [_option(one) for one in value]
    return {"text": {"type": "plain_text", "text": f"Option {value}"}, "value": str(value)}

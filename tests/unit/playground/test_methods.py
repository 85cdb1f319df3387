"""Every Web API method keeps to Slack's reference: its arguments, scopes, answers and errors."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Channel, Person, StandIn, TokenState, Workspace
from bot.playground.methods import METHODS, WITHOUT_JSON
from tests.unit.playground.slack_methods import EVERYWHERE, REFERENCE

Api = Callable[..., Any]
Json = dict[str, Any]
SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
HOME: Json = {"type": "home", "blocks": [SECTION]}
LINK = "https://room.example/j/1"
MANY: list[Json] = [{}] * 101
LONG_TEXT = "x" * 4001


@pytest.fixture
async def known(*, slack: StandIn, api: Api, anna: Person, modal: Json, clock: Any) -> Json:
    """What the arguments below speak of, by the words that stand for it there."""
    acme = anna.workspace
    acme.add_channel("C0RANDOM", "random")
    acme.add_channel("C0OLD", "old", with_bot=True)
    acme.add_channel("G0SECRET", "secret", private=True)
    acme.add_member("U0GONE", real_name="Gone", deleted=True)
    acme.add_member("U0DAN", real_name="Dan")
    slack.world.manifest = replace(slack.world.manifest, unfurl_domains=("room.example",))
    await anna.types(f"see {LINK}")
    theirs = anna.channel.messages[-1].ts
    ours = (await api("chat.postMessage", channel="C0GENERAL", text="ours"))["ts"]
    old = (await api("chat.postMessage", channel="C0OLD", text="old"))["ts"]
    acme.channels["C0OLD"].archived = True
    late = (await anna.types("/pmi")).payload["trigger_id"]
    clock.now += 4
    named = {**modal, "external_id": "taken"}
    used = (await anna.types("/pmi")).payload["trigger_id"]
    opened = (await api("views.open", trigger_id=used, view=named))["view"]
    pushing = (await anna.fills("number", "222")).payload["trigger_id"]
    fresh = (await anna.types("/pmi")).payload["trigger_id"]
    home = (await api("views.publish", user_id="U0ANNA", view=HOME))["view"]
    return {
        "@theirs": theirs,
        "@ours": ours,
        "@old": old,
        "@late": late,
        "@used": used,
        "@fresh": fresh,
        "@pushing": pushing,
        "@view": opened["id"],
        "@hash": opened["hash"],
        "@home hash": home["hash"],
        "@modal": modal,
        "@taken": named,
        "@huge": {**modal, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 90},
    }


def meant(arguments: Json, known: Json) -> Json:
    return {key: known.get(value, value) if isinstance(value, str) else value for key, value in arguments.items()}


GOOD: dict[str, Json] = {
    "views.open": {"trigger_id": "@fresh", "view": "@modal"},
    "views.push": {"trigger_id": "@pushing", "view": "@modal"},
    "views.update": {"view_id": "@view", "view": "@modal", "hash": "@hash"},
    "views.publish": {"user_id": "U0ANNA", "view": HOME, "hash": "@home hash"},
    "chat.postMessage": {"channel": "C0GENERAL", "text": "x", "blocks": [SECTION], "thread_ts": "@theirs"},
    "chat.postEphemeral": {"channel": "C0GENERAL", "user": "U0ANNA", "text": "x"},
    "chat.update": {"channel": "C0GENERAL", "ts": "@ours", "text": "x", "blocks": [SECTION]},
    "chat.delete": {"channel": "C0GENERAL", "ts": "@ours"},
    "chat.unfurl": {"channel": "C0GENERAL", "ts": "@theirs", "unfurls": {LINK: {"blocks": [SECTION]}}},
    "chat.getPermalink": {"channel": "C0GENERAL", "message_ts": "@ours"},
    "conversations.open": {"users": "U0ANNA"},
    "conversations.info": {"channel": "C0GENERAL"},
    "conversations.members": {"channel": "C0GENERAL", "limit": "2"},
    "users.info": {"user": "U0ANNA"},
    "users.list": {"limit": "1"},
    "auth.test": {},
}
POST, UPDATE, UNFURL = "chat.postMessage", "chat.update", "chat.unfurl"
ERRORS: list[tuple[str, Json, str]] = [
    ("views.open", {"trigger_id": "@late"}, "expired_trigger_id"),
    ("views.open", {"trigger_id": "@used"}, "exchanged_trigger_id"),
    ("views.open", {"trigger_id": "1.2.3"}, "invalid_trigger_id"),
    ("views.open", {"view": "@taken"}, "duplicate_external_id"),
    ("views.open", {"view": "@huge"}, "view_too_large"),
    ("views.open", {"view": HOME}, "invalid_arguments"),
    ("views.open", {"view": "{"}, "invalid_arguments"),
    ("views.push", {"trigger_id": "@late"}, "expired_trigger_id"),
    ("views.push", {"trigger_id": "@used"}, "exchanged_trigger_id"),
    ("views.push", {"trigger_id": "1.2.3"}, "invalid_trigger_id"),
    ("views.push", {"trigger_id": "@fresh"}, "not_found"),
    ("views.push", {"view": "@taken"}, "duplicate_external_id"),
    ("views.push", {"view": "@huge"}, "view_too_large"),
    ("views.update", {"view_id": "V0"}, "not_found"),
    ("views.update", {"view_id": None, "external_id": "nobody's"}, "not_found"),
    ("views.update", {"hash": "1.2"}, "hash_conflict"),
    ("views.update", {"view": "@huge"}, "view_too_large"),
    ("views.update", {"view_id": None}, "invalid_arguments"),
    ("views.update", {"external_id": "taken"}, "invalid_arguments"),
    ("views.publish", {"hash": "1.2"}, "hash_conflict"),
    ("views.publish", {"view": "@huge"}, "view_too_large"),
    ("views.publish", {"view": "@modal"}, "invalid_arguments"),
    ("views.publish", {"view": {**HOME, "external_id": "taken"}}, "duplicate_external_id"),
    ("views.publish", {"user_id": "U0NOBODY"}, "invalid_arguments"),
    (POST, {"channel": "C0NOWHERE"}, "channel_not_found"),
    (POST, {"channel": "#nowhere"}, "channel_not_found"),
    (POST, {"channel": "U0NOBODY"}, "channel_not_found"),
    (POST, {"channel": "G0SECRET"}, "channel_not_found"),
    (POST, {"channel": "C0RANDOM"}, "not_in_channel"),
    (POST, {"channel": "C0OLD"}, "is_archived"),
    (POST, {"text": "", "blocks": None}, "no_text"),
    (POST, {"text": "x" * 40_001}, "msg_too_long"),
    (POST, {"blocks": [SECTION] * 51}, "invalid_blocks"),
    (POST, {"blocks": [{"type": "alert", "text": SECTION["text"]}]}, "invalid_blocks"),
    (POST, {"blocks": {}}, "invalid_blocks_format"),
    (POST, {"blocks": "["}, "invalid_blocks_format"),
    (POST, {"attachments": MANY}, "too_many_attachments"),
    (POST, {"attachments": "["}, "invalid_attachments"),
    (POST, {"markdown_text": "x"}, "markdown_text_conflict"),
    (POST, {"markdown_text": "x" * 12_001, "text": None, "blocks": None}, "invalid_arguments"),
    ("chat.postEphemeral", {"user": "U0DAN"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"user": "U0NOBODY"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "C0NOWHERE"}, "channel_not_found"),
    ("chat.postEphemeral", {"channel": "C0RANDOM"}, "not_in_channel"),
    ("chat.postEphemeral", {"channel": "C0OLD"}, "is_archived"),
    ("chat.postEphemeral", {"text": ""}, "no_text"),
    ("chat.postEphemeral", {"text": "x" * 40_001}, "msg_too_long"),
    ("chat.postEphemeral", {"blocks": [{}]}, "invalid_blocks"),
    ("chat.postEphemeral", {"attachments": MANY}, "too_many_attachments"),
    (UPDATE, {"ts": "@theirs"}, "cant_update_message"),
    (UPDATE, {"ts": "1.1"}, "message_not_found"),
    (UPDATE, {"channel": "C0NOWHERE"}, "channel_not_found"),
    (UPDATE, {"channel": "U0ANNA"}, "channel_not_found"),
    (UPDATE, {"channel": "C0OLD", "ts": "@old"}, "is_inactive"),
    (UPDATE, {"text": LONG_TEXT}, "msg_too_long"),
    (UPDATE, {"text": "", "blocks": None}, "no_text"),
    (UPDATE, {"blocks": [{}]}, "invalid_blocks"),
    (UPDATE, {"blocks": "["}, "invalid_blocks_format"),
    (UPDATE, {"attachments": MANY}, "too_many_attachments"),
    ("chat.delete", {"ts": "@theirs"}, "cant_delete_message"),
    ("chat.delete", {"ts": "1.1"}, "message_not_found"),
    ("chat.delete", {"channel": "C0NOWHERE"}, "channel_not_found"),
    (UNFURL, {"unfurls": None}, "missing_unfurls"),
    (UNFURL, {"unfurls": {}}, "missing_unfurls"),
    (UNFURL, {"unfurls": "{"}, "invalid_unfurls_format"),
    (UNFURL, {"unfurls": [LINK]}, "invalid_unfurls_format"),
    (UNFURL, {"unfurls": {LINK: {"blocks": [{"type": "alert"}]}}}, "cannot_parse_attachment"),
    (UNFURL, {"unfurls": {"https://elsewhere.example/": {}}}, "cannot_unfurl_url"),
    (UNFURL, {"unfurls": {"https://room.example/j/2": {}}}, "cannot_unfurl_message"),
    (UNFURL, {"channel": None}, "missing_channel"),
    (UNFURL, {"ts": None}, "missing_ts"),
    (UNFURL, {"channel": "C0NOWHERE"}, "cannot_find_channel"),
    (UNFURL, {"ts": "1.1"}, "cannot_find_message"),
    (UNFURL, {"unfurl_id": "C1"}, "missing_source"),
    (UNFURL, {"source": "composer"}, "missing_unfurl_id"),
    (UNFURL, {"unfurl_id": "C1", "source": "memory"}, "invalid_source"),
    ("chat.getPermalink", {"channel": "C0NOWHERE"}, "channel_not_found"),
    ("chat.getPermalink", {"message_ts": "1.1"}, "message_not_found"),
    ("conversations.open", {"users": ""}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
    ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
    ("conversations.open", {"users": "U0BOTT0ACME"}, "cannot_dm_bot"),
    ("conversations.open", {"users": ",".join(f"U{n}" for n in range(9))}, "too_many_users"),
    ("conversations.open", {"users": "U0ANNA,U0BEN"}, "missing_scope"),
    ("conversations.open", {"channel": "C0GENERAL"}, "method_not_supported_for_channel_type"),
    ("conversations.open", {"channel": "C0NOWHERE"}, "channel_not_found"),
    ("conversations.info", {"channel": "C0NOWHERE"}, "channel_not_found"),
    ("conversations.info", {"channel": "G0SECRET"}, "channel_not_found"),
    ("conversations.members", {"channel": "C0NOWHERE"}, "channel_not_found"),
    ("conversations.members", {"limit": "1001"}, "invalid_limit"),
    ("conversations.members", {"limit": "-1"}, "invalid_limit"),
    ("conversations.members", {"cursor": "next"}, "invalid_cursor"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("users.info", {"user": None}, "user_not_found"),
    ("users.list", {"cursor": "next"}, "invalid_cursor"),
    ("users.list", {"limit": "many"}, "invalid_arguments"),
]


async def called(api: Api, method: str, arguments: Json, **more: Any) -> Json:
    given = {key: value for key, value in arguments.items() if value is not None}
    answer: Json = await api(method, form=method in WITHOUT_JSON, **given, **more)
    return answer


def test_every_method_is_in_the_reference() -> None:
    assert set(REFERENCE) == set(METHODS)
    assert set(REFERENCE) == set(GOOD)
    assert {name for name, one in REFERENCE.items() if not one.json} == WITHOUT_JSON


@pytest.mark.parametrize("method", REFERENCE)
async def test_a_good_call_is_answered_as_slack_answers_it(method: str, api: Api, known: Json) -> None:
    answer = await called(api, method, meant(GOOD[method], known))
    optional = {"no_op", "already_open"} if method == "conversations.open" else set()

    assert answer["ok"], answer
    assert set(REFERENCE[method].says) == set(answer) - {"ok"} - optional
    assert all(isinstance(answer[key], kind) for key, kind in REFERENCE[method].says.items())
    assert set(GOOD[method]) <= REFERENCE[method].takes


@pytest.mark.parametrize("method", REFERENCE)
async def test_the_sdk_takes_every_answer(method: str, client: AsyncWebClient, known: Json) -> None:
    call = getattr(client, method.replace(".", "_"))
    answer = await call(**meant(GOOD[method], known))

    assert 200 == answer.status_code
    assert answer["ok"]


@pytest.mark.parametrize(("method", "arguments", "error"), ERRORS, ids=str)
async def test_a_bad_call_is_refused_as_slack_refuses_it(
    method: str, arguments: Json, error: str, api: Api, known: Json
) -> None:
    answer = await called(api, method, meant(GOOD[method] | arguments, known))

    assert (False, error) == (answer["ok"], answer.get("error"))
    assert error in REFERENCE[method].errors | EVERYWHERE
    assert set(arguments) <= REFERENCE[method].takes


@pytest.mark.parametrize("method", REFERENCE)
async def test_every_method_wants_a_good_token(method: str, api: Api, acme: Workspace, known: Json) -> None:
    arguments = meant(GOOD[method], known)

    assert "not_authed" == (await called(api, method, arguments, bearer=None))["error"]
    assert "invalid_auth" == (await called(api, method, arguments, bearer="xoxb-wrong"))["error"]
    for state, error in [(TokenState.REVOKED, "token_revoked"), (TokenState.INACTIVE, "account_inactive")]:
        acme.token_state = state
        assert error == (await called(api, method, arguments))["error"]
    acme.token_state = TokenState.ACTIVE
    if method != "auth.test":
        refused = await called(api, method, arguments, bearer=acme.app_token)
        assert "not_allowed_token_type" == refused["error"]


@pytest.mark.parametrize("method", [name for name, one in REFERENCE.items() if one.scopes])
async def test_every_method_wants_one_of_its_scopes(method: str, api: Api, acme: Workspace, known: Json) -> None:
    acme.scopes = {"commands", "files:read"}
    refused = await called(api, method, {})

    assert ("missing_scope", "commands,files:read") == (refused["error"], refused["provided"])
    assert REFERENCE[method].scopes == set(refused["needed"].split(","))


@pytest.mark.parametrize("method", [name for name, one in REFERENCE.items() if not one.scopes])
async def test_some_methods_want_no_scope(method: str, api: Api, acme: Workspace, known: Json) -> None:
    acme.scopes = set()

    assert (await called(api, method, meant(GOOD[method], known)))["ok"]


@pytest.mark.parametrize(
    ("method", "name"), [(method, name) for method, one in REFERENCE.items() for name in one.needs]
)
async def test_what_a_method_needs_it_asks_for(method: str, name: str, api: Api, known: Json) -> None:
    arguments = meant(GOOD[method], known)
    del arguments[name]
    refused = await called(api, method, arguments)

    assert "invalid_arguments" == refused["error"]
    assert [f"[ERROR] missing required field: {name}"] == refused["response_metadata"]["messages"]


@pytest.mark.parametrize("method", REFERENCE)
async def test_names_of_arguments_are_overlooked_or_refused(method: str, api: Api, known: Json) -> None:
    arguments = meant(GOOD[method], known)

    assert "invalid_arg_name" == (await called(api, method, {**arguments, "chan-nel": "x"}))["error"]
    assert "invalid_arg_name" == (await called(api, method, {**arguments, "c" * 256: "x"}))["error"]
    assert (await called(api, method, {**arguments, "chanel": "x"}))["ok"]


async def test_a_method_that_there_is_not_is_unknown_to_everybody(api: Api) -> None:
    for bearer in (None, "xoxb-wrong"):
        answer = await api("rtm.start", bearer=bearer)
        assert ("unknown_method", "rtm.start") == (answer["error"], answer["req_method"])


async def test_declined_scopes_switch_features_off_and_nothing_else(api: Api, acme: Workspace, known: Json) -> None:
    acme.scopes -= {"links:read", "links:write", "channels:read", "groups:read"}

    assert "links:write" == (await called(api, UNFURL, meant(GOOD[UNFURL], known)))["needed"]
    assert "channels:read" == (await called(api, "conversations.info", {"channel": "C0GENERAL"}))["needed"]
    assert (await called(api, POST, meant(GOOD[POST], known)))["ok"]


async def test_a_refused_view_says_where(api: Api, anna: Person, modal: Json) -> None:
    trigger = (await anna.types("/pmi")).payload["trigger_id"]
    modal["blocks"][0]["label"]["text"] = ""
    refused = await api("views.open", trigger_id=trigger, view=modal)

    assert [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] failed to match all allowed schemas [json-pointer:/view/blocks/0/label]",
        "[ERROR] must be more than 0 characters [json-pointer:/view/blocks/0/label/text]",
    ] == refused["response_metadata"]["messages"]
    assert {"ok", "error", "response_metadata"} == set(refused)


async def test_the_sdk_hears_the_reason(client: AsyncWebClient, known: Json) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[{"type": "section"}])

    assert "invalid_blocks" == caught.value.response["error"]
    assert ["must define either `text` or `fields` [json-pointer:/blocks/0/type]"] == caught.value.response["errors"]


async def test_messages_go_to_channels_by_name_and_to_members(api: Api, general: Channel, anna: Person) -> None:
    by_name = await api(POST, channel="#general", text="x")
    to_anna = await api(POST, channel="U0ANNA", text="y")

    assert ("C0GENERAL", "D00ANNA") == (by_name["channel"], to_anna["channel"])
    assert ["y"] == [message.text for message in anna.direct_messages]


async def test_direct_messages_need_the_messages_tab(slack: StandIn, api: Api, anna: Person) -> None:
    slack.world.manifest = replace(slack.world.manifest, messages_tab=False)

    assert "messages_tab_disabled" == (await api(POST, channel="U0ANNA", text="x"))["error"]
    assert (await api(POST, channel="C0GENERAL", text="x"))["ok"]


async def test_home_must_be_enabled(slack: StandIn, api: Api, anna: Person) -> None:
    slack.world.manifest = replace(slack.world.manifest, home_tab=False)

    assert "not_enabled" == (await api("views.publish", user_id="U0ANNA", view=HOME))["error"]


async def test_direct_messages_are_opened_once(api: Api, anna: Person) -> None:
    first = await api("conversations.open", users="U0ANNA")
    second = await api("conversations.open", users="U0ANNA", return_im=True)

    assert {"ok", "channel"} == set(first)
    assert (True, True) == (second["no_op"], second["already_open"])
    assert first["channel"]["id"] == second["channel"]["id"]


async def test_several_at_once_are_not_shown_here(api: Api, anna: Person, ben: Person, acme: Workspace) -> None:
    acme.scopes.add("mpim:write")
    refused = await api("conversations.open", users="U0ANNA,U0BEN")

    assert "method_not_supported_for_channel_type" == refused["error"]


async def test_markdown_can_be_a_whole_message(api: Api, general: Channel) -> None:
    await api(POST, channel="C0GENERAL", markdown_text="**x**")

    assert [{"type": "markdown", "text": "**x**"}] == [
        {key: block[key] for key in ("type", "text")} for block in general.messages[-1].blocks
    ]


async def test_a_message_has_an_address(api: Api, general: Channel) -> None:
    posted = await api(POST, channel="C0GENERAL", text="x")
    reply = await api(POST, channel="C0GENERAL", text="y", thread_ts=posted["ts"])
    digits = [one["ts"].replace(".", "") for one in (posted, reply)]
    found = [
        (await api("chat.getPermalink", form=True, channel="C0GENERAL", message_ts=one["ts"]))["permalink"]
        for one in (posted, reply)
    ]

    assert [
        f"https://acme.slack.com/archives/C0GENERAL/p{digits[0]}",
        f"https://acme.slack.com/archives/C0GENERAL/p{digits[1]}?thread_ts={posted['ts']}&cid=C0GENERAL",
    ] == found


async def test_links_are_unfurled_below_a_domain_too(slack: StandIn, api: Api, anna: Person) -> None:
    slack.world.manifest = replace(slack.world.manifest, unfurl_domains=("room.example",))
    url = "https://my.room.example/j/1?a=1&b=2"
    await anna.types(f"see {url}")
    message = anna.channel.messages[-1]

    assert (await api(UNFURL, channel="C0GENERAL", ts=message.ts, unfurls={url: {"text": "x"}}))["ok"]
    assert {url: {"text": "x"}} == message.unfurls
    strange: Json = {"https://evilroom.example/": {}}
    refused = await api(UNFURL, unfurl_id="C1", source="composer", unfurls=strange)
    assert "cannot_unfurl_url" == refused["error"]


async def test_a_message_is_unfurled_by_the_id_that_the_app_was_told(slack: StandIn, api: Api, anna: Person) -> None:
    slack.world.manifest = replace(
        slack.world.manifest, unfurl_domains=("room.example",), events=frozenset(("link_shared",))
    )
    await anna.types(f"see {LINK}")
    message, unfurl_id = anna.channel.messages[-1], slack.calls.of("link_shared")[-1].arguments["event"]["unfurl_id"]

    shown = await api(UNFURL, unfurl_id=unfurl_id, source="conversations_history", unfurls={LINK: {"text": "x"}})

    assert shown["ok"]
    assert {LINK: {"text": "x"}} == message.unfurls


async def test_scopes_stand_in_the_headers(slack: StandIn, api: Api, acme: Workspace) -> None:
    acme.scopes = {"commands", "chat:write"}
    async with aiohttp.ClientSession() as session:
        for token, scopes in [(acme.bot_token, "chat:write,commands"), (acme.app_token, "connections:write")]:
            header = {"Authorization": f"Bearer {token}"}
            async with session.post(slack.api_url + "auth.test", headers=header) as response:
                assert scopes == response.headers["X-OAuth-Scopes"]

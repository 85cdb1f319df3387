"""The Web API: arguments, tokens, scopes, each method's answers and errors, faults."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Channel, Fault, Person, StandIn, TokenState, Workspace

Api = Callable[..., Any]
Post = Callable[..., Any]
Answers = dict[str, Any]
Json = dict[str, Any]


async def triggered(anna: Person) -> str:
    """A fresh trigger."""
    exchange = await anna.types("/pmi")
    return str(exchange.payload["trigger_id"])


async def test_the_sdk_gets_along_with_it(client: AsyncWebClient, anna: Person, modal: Json) -> None:
    me = await client.auth_test()
    user = await client.users_info(user="U0ANNA", include_locale=True)
    people = await client.users_list(limit=1)
    opened = await client.views_open(trigger_id=await triggered(anna), view=modal)
    posted = await client.chat_postMessage(channel="C0GENERAL", text="hi", blocks=[{"type": "divider"}])

    assert ("T0ACME", "U0BOTT0ACME") == (me["team_id"], me["user_id"])
    assert "commands" in me.headers["X-OAuth-Scopes"]
    assert "en-US" == user["user"]["locale"]
    assert "1" == people["response_metadata"]["next_cursor"]
    assert "Number" == opened["view"]["title"]["text"]
    assert "divider" == posted["message"]["blocks"][0]["type"]
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.3", view=modal)


async def test_tokens_are_checked(api: Api, acme: Workspace) -> None:
    assert "not_authed" == (await api("auth.test", bearer=None))["error"]
    assert "not_authed" == (await api("auth.test", bearer=None, token=acme.bot_token))["error"]
    assert "invalid_auth" == (await api("auth.test", bearer="xoxb-wrong"))["error"]
    acme.token_state = TokenState.REVOKED
    assert "token_revoked" == (await api("auth.test"))["error"]
    acme.token_state = TokenState.INACTIVE
    assert "account_inactive" == (await api("auth.test"))["error"]


async def test_an_organisations_workspaces_share_a_token(slack: StandIn, api: Api) -> None:
    one, two = (
        slack.add_workspace(team, name=team, domain="d", enterprise_id="E0ORG", org_install=True)
        for team in ("T0ONE", "T0TWO")
    )
    two.add_member("W0DORA", real_name="Dora")
    mine = await api("auth.test", bearer=one.bot_token)
    other = await api("users.info", form=True, bearer=one.bot_token, user="W0DORA")
    listed = await api("users.list", form=True, bearer=one.bot_token, team_id="T0TWO")

    assert ("E0ORG", True) == (mine["enterprise_id"], mine["is_enterprise_install"])
    assert "E0ORG" == other["user"]["enterprise_user"]["enterprise_id"]
    assert "W0DORA" in [member["id"] for member in listed["members"]]


async def test_scopes_are_checked(api: Api, acme: Workspace, general: Channel) -> None:
    acme.scopes = {"commands", "chat:write"}
    refused = await api("users.info", form=True, user="U0ANNA")

    assert ("missing_scope", "users:read", "chat:write,commands") == (
        refused["error"],
        refused["needed"],
        refused["provided"],
    )
    acme.scopes = set()
    for method in ("users.list", "conversations.open", "chat.postMessage", "chat.update", "chat.delete"):
        assert "missing_scope" == (await api(method))["error"]
    for method in ("chat.postEphemeral", "chat.unfurl"):
        assert "missing_scope" == (await api(method))["error"]
    assert "missing_scope" == (await api("conversations.info", form=True, channel="C0GENERAL"))["error"]


async def test_scopes_come_from_the_manifest() -> None:
    scopes = {"bot": ["commands"], "bot_optional": ["links:read"]}
    slack = StandIn("secret", manifest={"oauth_config": {"scopes": scopes}, "display_information": {"name": "Room"}})
    workspace = slack.add_workspace("T1", name="T", domain="t")

    assert {"commands", "links:read"} == workspace.scopes
    assert "Room" == slack.manifest.name


async def test_arguments_are_read_in_every_form(
    slack: StandIn, api: Api, post: Post, acme: Workspace, general: Channel
) -> None:
    header = {"Authorization": f"Bearer {acme.bot_token}"}
    url = slack.api_url + "chat.postMessage"
    form = await api("chat.postMessage", form=True, channel="C0GENERAL", text="a", blocks='[{"type": "divider"}]')

    assert form["ok"]
    broken = await api("chat.postMessage", form=True, channel="C0GENERAL", blocks="[")
    assert "invalid_blocks_format" == broken["error"]
    assert "failed to parse JSON" in str(await api("views.open", form=True, trigger_id="1.2.3", view="{"))
    assert '"invalid_json"' in (await post(url, data=b"{", headers={**header, "Content-Type": "application/json"}))[1]
    assert '"json_not_object"' in (await post(url, ["list"], headers=header))[1]
    assert '"invalid_post_type"' in (await post(url, data=b"x", headers={**header, "Content-Type": "text/plain"}))[1]
    assert '"unknown_method"' in (await post(slack.api_url + "rtm.start", {}, headers=header))[1]
    async with (
        aiohttp.ClientSession() as session,
        session.get(slack.api_url + "users.info", params={"user": "U0ANNA"}, headers=header) as response,
    ):
        assert (await response.json())["ok"]
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + "auth.test", headers=header) as response,
    ):
        assert (await response.json())["ok"]


@pytest.mark.parametrize(
    ("method", "arguments", "answer"),
    [
        ("users.info", {"user": "U0ANNA"}, "user_not_found"),
        ("conversations.info", {"channel": "C0GENERAL"}, "[ERROR] missing required field: channel"),
        ("conversations.members", {"channel": "C0GENERAL"}, "[ERROR] missing required field: channel"),
        ("users.list", {"limit": 1}, "'next_cursor': ''"),
    ],
)
async def test_methods_that_read_ignore_json(
    api: Api, general: Channel, method: str, arguments: Json, answer: str
) -> None:
    as_json = await api(method, **arguments)
    as_form = await api(method, form=True, **arguments)

    assert answer in str(as_json)
    assert as_form["ok"]
    assert answer not in str(as_form)


async def test_methods_that_read_take_the_address_beside_a_json_body(
    slack: StandIn, post: Post, acme: Workspace, general: Channel
) -> None:
    url = slack.api_url + "users.info?user=U0BEN"
    _, text = await post(url, {"user": "U0ANNA"}, headers={"Authorization": f"Bearer {acme.bot_token}"})

    assert '"id": "U0BEN"' in text


async def test_members_are_shown_as_slack_shows_them(api: Api, acme: Workspace, general: Channel) -> None:
    acme.add_member("U0OWEN", real_name="Owen", role="owner")
    acme.add_member("U0GAST", real_name="Gast", role="guest")
    acme.add_member("U0GONE", real_name="Gone", deleted=True)
    acme.add_member("U0OTTO", real_name="Otto", outside=True)
    shown = {
        user: (await api("users.info", form=True, user=user))["user"]
        for user in ("U0ANNA", "U0BEN", "U0OWEN", "U0GAST", "U0GONE", "U0OTTO", acme.bot_user_id)
    }

    assert {
        "id", "team_id", "name", "deleted", "color", "real_name", "profile", "is_bot", "is_app_user", "updated", "tz",
        "tz_label", "tz_offset", "is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted",
        "is_email_confirmed", "who_can_share_contact_card",
    } == set(shown["U0BEN"])  # fmt: skip
    assert [True, False, True] == [shown[user]["is_admin"] for user in ("U0ANNA", "U0BEN", "U0OWEN")]
    assert shown["U0GAST"]["is_restricted"]
    assert shown["U0GONE"]["deleted"]
    assert "is_admin" not in shown["U0GONE"]
    assert ("T0ELSEWHERE", True) == (shown["U0OTTO"]["team_id"], shown["U0OTTO"]["is_stranger"])
    assert shown[acme.bot_user_id]["is_bot"]
    assert "user_not_found" == (await api("users.info", form=True, user="U0NOBODY"))["error"]


async def test_lists_come_in_pages(api: Api, general: Channel) -> None:
    first = await api("users.list", form=True, limit=2)
    second = await api("users.list", form=True, limit="2", cursor=first["response_metadata"]["next_cursor"])
    channel = await api("conversations.members", form=True, channel="C0GENERAL", limit=2)

    assert [2, 1] == [len(first["members"]), len(second["members"])]
    assert "" == second["response_metadata"]["next_cursor"]
    assert ["U0ANNA", "U0BEN"] == channel["members"]
    assert "2" == channel["response_metadata"]["next_cursor"]
    assert "invalid_cursor" == (await api("users.list", form=True, cursor="x"))["error"]
    assert "must be a valid integer" in str(await api("users.list", form=True, limit="x"))


async def test_direct_messages_are_opened(api: Api, acme: Workspace, anna: Person) -> None:
    acme.add_member("U0GONE", real_name="Gone", deleted=True)
    opened = await api("conversations.open", users="U0ANNA", return_im=True)
    channel = opened["channel"]["id"]

    assert ("U0ANNA", True) == (opened["channel"]["user"], opened["channel"]["is_im"])
    assert {"id": channel} == (await api("conversations.open", channel=channel))["channel"]
    assert "users_list_not_supplied" == (await api("conversations.open"))["error"]
    assert "missing_scope" == (await api("conversations.open", users="U0ANNA,U0BEN"))["error"]
    assert "user_not_found" == (await api("conversations.open", users="U0NOBODY"))["error"]
    assert "cannot_dm_bot" == (await api("conversations.open", users=acme.bot_user_id))["error"]
    assert "user_disabled" == (await api("conversations.open", users="U0GONE"))["error"]
    await api("chat.postMessage", channel="U0ANNA", text="psst")
    assert ["psst"] == [message.text for message in anna.direct_messages]
    assert "psst" == anna.messages[-1].text
    assert (await api("conversations.info", form=True, channel=channel))["channel"]["is_im"]


async def test_channels_are_shown_as_slack_shows_them(api: Api, acme: Workspace, general: Channel) -> None:
    acme.add_channel("G0SECRET", "secret", private=True)
    shared = acme.add_channel("C0SHARED", "shared", shared=True)
    shown = (await api("conversations.info", form=True, channel="C0GENERAL", include_num_members=True))["channel"]

    assert (3, True, True) == (shown["num_members"], shown["is_member"], shown["is_general"])
    assert (await api("conversations.info", form=True, channel=shared.id))["channel"]["is_ext_shared"]
    assert "channel_not_found" == (await api("conversations.info", form=True, channel="G0SECRET"))["error"]
    assert "channel_not_found" == (await api("conversations.members", form=True, channel="C0NOWHERE"))["error"]


async def test_messages_are_posted_where_the_app_may(api: Api, acme: Workspace, general: Channel, card: Json) -> None:
    acme.add_channel("C0RANDOM", "random")
    acme.add_channel("G0SECRET", "secret", private=True)
    acme.add_channel("C0OLD", "old", with_bot=True).archived = True
    posted = await api("chat.postMessage", channel="C0GENERAL", thread_ts="1.2", **card)

    assert {"ok", "channel", "ts", "message"} == set(posted)
    assert "1.2" == posted["message"]["thread_ts"]
    assert "missing required field: channel" in str(await api("chat.postMessage", text="x"))
    for channel, error in [
        ("C0NOWHERE", "channel_not_found"),
        ("C0RANDOM", "not_in_channel"),
        ("G0SECRET", "channel_not_found"),
        ("C0OLD", "is_archived"),
    ]:
        assert error == (await api("chat.postMessage", channel=channel, text="x"))["error"]
    bad = await api("chat.postMessage", channel="C0GENERAL", text="x", blocks=[{"type": "sektion"}])
    assert "invalid_blocks" == bad["error"]
    assert ["[ERROR] unsupported type: sektion [json-pointer:/blocks/0/type]"] == bad["response_metadata"]["messages"]
    assert ["unsupported type: sektion [json-pointer:/blocks/0/type]"] == bad["errors"]
    assert "no_text" == (await api("chat.postMessage", channel="C0GENERAL"))["error"]


async def test_private_posts_reach_members_of_the_channel_only(api: Api, anna: Person, acme: Workspace) -> None:
    acme.add_member("U0DAN", real_name="Dan")
    posted = await api("chat.postEphemeral", channel="C0GENERAL", user="U0ANNA", text="psst")

    assert posted["message_ts"] == anna.private_messages[-1].ts
    refused = await api("chat.postEphemeral", channel="C0GENERAL", user="U0DAN", text="psst")
    assert "user_not_in_channel" == refused["error"]
    assert "missing required field: user" in str(await api("chat.postEphemeral", channel="C0GENERAL", text="x"))


async def test_messages_are_changed_and_deleted(api: Api, anna: Person, general: Channel) -> None:
    posted = await api("chat.postMessage", channel="C0GENERAL", text="old")
    await anna.types("mine")
    mine = general.messages[-1].ts
    changed = await api("chat.update", channel="C0GENERAL", ts=posted["ts"], text="new")

    assert ("new", "new") == (changed["text"], general.messages[0].text)
    assert "edited" in changed["message"]
    assert "cant_update_message" == (await api("chat.update", channel="C0GENERAL", ts=mine, text="x"))["error"]
    assert "cant_delete_message" == (await api("chat.delete", channel="C0GENERAL", ts=mine))["error"]
    assert (await api("chat.delete", channel="C0GENERAL", ts=posted["ts"]))["ok"]
    assert "message_not_found" == (await api("chat.delete", channel="C0GENERAL", ts=posted["ts"]))["error"]
    assert ["mine"] == [message.text for message in general.messages]


async def test_links_are_unfurled(api: Api, anna: Person, general: Channel) -> None:
    await anna.types("see https://x.example/j/1")
    message = general.messages[-1]
    unfurls: Json = {"https://x.example/j/1": {"blocks": []}}

    assert (await api("chat.unfurl", channel="C0GENERAL", ts=message.ts, unfurls=unfurls))["ok"]
    assert unfurls == message.unfurls
    assert (await api("chat.unfurl", unfurl_id="1", source="composer", unfurls=unfurls))["ok"]
    assert "missing_unfurls" == (await api("chat.unfurl", channel="C0GENERAL", ts=message.ts))["error"]
    gone = await api("chat.unfurl", channel="C0GENERAL", ts="1.1", unfurls=unfurls)
    assert "cannot_find_message" == gone["error"]


async def test_a_trigger_opens_one_dialog_within_three_seconds(
    api: Api, anna: Person, modal: Json, clock: Any, slack: StandIn
) -> None:
    first = await triggered(anna)
    clock.now += 3

    assert (await api("views.open", trigger_id=first, view=modal))["ok"]
    assert "exchanged_trigger_id" == (await api("views.open", trigger_id=first, view=modal))["error"]
    late = await triggered(anna)
    clock.now += 3.001
    assert "expired_trigger_id" == (await api("views.open", trigger_id=late, view=modal))["error"]
    assert "invalid_trigger_id" == (await api("views.open", trigger_id="1.2.3", view=modal))["error"]
    other = slack.add_workspace("T0OTHER", name="Other", domain="other")
    strange = await api("views.open", bearer=other.bot_token, trigger_id=await triggered(anna), view=modal)
    assert "invalid_trigger_id" == strange["error"]
    missing = await api("views.open", view=modal)
    assert ["[ERROR] missing required field: trigger_id"] == missing["response_metadata"]["messages"]


async def test_a_refused_view_leaves_the_trigger_usable(api: Api, anna: Person, modal: Json) -> None:
    trigger = await triggered(anna)
    refused = await api("views.open", trigger_id=trigger, view={**modal, "titel": "x"})

    assert "invalid_arguments" == refused["error"]
    assert "[ERROR] missing" not in str(refused)
    assert (await api("views.open", trigger_id=trigger, view=modal))["ok"]


async def test_views_are_pushed_upon_the_one_they_come_from(
    api: Api, anna: Person, answers: Answers, modal: Json
) -> None:
    assert "not_found" == (await api("views.push", trigger_id=await triggered(anna), view=modal))["error"]
    opened = await api("views.open", trigger_id=await triggered(anna), view=modal)
    seen: list[Json] = []

    async def pushes(heard: Json) -> None:
        seen.append(await api("views.push", trigger_id=heard["trigger_id"], view=modal))

    answers["block_actions"] = pushes
    for text in ("1", "2", "3"):
        await anna.fills("number", text)

    assert [True, True, False] == [answer["ok"] for answer in seen]
    assert "push_limit_reached" == seen[2]["error"]
    assert opened["view"]["id"] == seen[1]["view"]["root_view_id"]
    assert seen[0]["view"]["id"] == seen[1]["view"]["previous_view_id"]


async def test_opening_anew_takes_the_place_of_what_is_open(api: Api, anna: Person, modal: Json) -> None:
    await api("views.open", trigger_id=await triggered(anna), view=modal)
    first = anna.view
    await api("views.open", trigger_id=await triggered(anna), view=modal)

    assert first is not None
    assert first.closed
    assert first is not anna.view


async def test_views_are_updated_by_id_or_external_id(api: Api, anna: Person, modal: Json) -> None:
    modal["external_id"] = "mine"
    opened = (await api("views.open", trigger_id=await triggered(anna), view=modal))["view"]
    updated = await api("views.update", view_id=opened["id"], hash=opened["hash"], view=modal)

    assert opened["hash"] != updated["view"]["hash"]
    assert (
        "hash_conflict" == (await api("views.update", view_id=opened["id"], hash=opened["hash"], view=modal))["error"]
    )
    assert (await api("views.update", external_id="mine", view=modal))["ok"]
    assert "not_found" == (await api("views.update", view_id="V0", view=modal))["error"]
    assert "view_id or external_id" in str(await api("views.update", view=modal))
    again = await api("views.open", trigger_id=await triggered(anna), view=modal)
    assert "duplicate_external_id" == again["error"]


async def test_home_is_published_with_a_hash(api: Api, anna: Person, modal: Json) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = await api("views.publish", user_id="U0ANNA", view=home)
    second = await api("views.publish", user_id="U0ANNA", view=home, hash=first["view"]["hash"])

    assert first["view"]["id"] == second["view"]["id"]
    stale = await api("views.publish", user_id="U0ANNA", view=home, hash=first["view"]["hash"])
    assert "hash_conflict" == stale["error"]
    assert "hash_conflict" == (await api("views.publish", user_id="U0BEN", view=home, hash="1"))["error"]
    strange = await api("views.publish", user_id="U0X", view=home)
    assert ("invalid_arguments", ["invalid `user_id`"]) == (strange["error"], strange["response_metadata"]["messages"])
    assert "invalid_arguments" == (await api("views.publish", user_id="U0ANNA", view=modal))["error"]
    assert "not_found" == (await api("views.update", view_id=first["view"]["id"], view=modal))["error"]


async def test_an_app_token_opens_connections_and_nothing_else(api: Api, acme: Workspace) -> None:
    opened = await api("apps.connections.open", bearer=acme.app_token)

    assert opened["url"].startswith("ws://127.0.0.1:")
    assert "not_allowed_token_type" == (await api("apps.connections.open"))["error"]
    assert "not_allowed_token_type" == (await api("users.list", form=True, bearer=acme.app_token))["error"]


async def test_a_response_url_takes_five_posts(anna: Person, general: Channel, api: Api, post: Post) -> None:
    url = (await anna.types("/pmi")).payload["response_url"]
    taken = [await post(url, {"text": str(number)}) for number in range(5)]

    assert [(200, "ok")] * 5 == taken
    assert ["0", "1", "2", "3", "4"] == [message.text for message in anna.private_messages]
    status, body = await post(url, {"text": "6"})
    assert (404, True) == (status, "used_url" in body)
    in_channel = (await anna.types("/pmi")).payload["response_url"]
    await post(in_channel, {"text": "all", "response_type": "in_channel"})
    assert ["all"] == [message.text for message in general.messages]


async def test_a_response_url_lives_thirty_minutes(anna: Person, api: Api, post: Post, clock: Any) -> None:
    url = (await anna.types("/pmi")).payload["response_url"]
    clock.now += 1800

    assert 200 == (await post(url, {"text": "in time"}))[0]
    clock.now += 1
    status, body = await post(url, {"text": "late"})
    assert (404, True) == (status, "expired_url" in body)
    assert 404 == (await post(url + "x", {"text": "strange"}))[0]


async def test_a_response_url_replaces_and_deletes_the_original(
    anna: Person, answers: Answers, api: Api, post: Post, card: Json
) -> None:
    answers["/pmi"] = card
    await anna.types("/pmi")
    message = anna.private_messages[-1]
    url = (await anna.presses("Edit")).payload["response_url"]
    await post(url, {"text": "replaced", "replace_original": True})

    assert ("replaced", 1) == (message.shown, len(anna.private_messages))
    await post(url, {"delete_original": True})
    assert [] == anna.private_messages
    await post(url, {"delete_original": True})
    await post(url, {"text": "anew", "replace_original": True})
    assert ["anew"] == [one.text for one in anna.private_messages]
    command = (await anna.types("/pmi")).payload["response_url"]
    await post(command, {"delete_original": True})
    assert 2 == len(anna.private_messages)


async def test_a_response_url_of_a_command_replaces_what_was_written_by_it(
    anna: Person, api: Api, post: Post, answers: Answers, card: Json
) -> None:
    """In the channel, for all to see; the private answer stays as it was."""
    answers["/pmi"] = card
    url = (await anna.types("/pmi")).payload["response_url"]
    await post(url, {"text": "for all", "response_type": "in_channel"})
    await post(url, {"text": "changed", "response_type": "in_channel", "replace_original": True})

    assert ["changed"] == [one.text for one in anna.channel.messages]
    assert 1 == len(anna.private_messages)


async def test_a_response_url_deletes_a_posted_message(
    anna: Person, general: Channel, api: Api, post: Post, card: Json
) -> None:
    await api("chat.postMessage", channel="C0GENERAL", **card)
    url = (await anna.presses("Edit")).payload["response_url"]
    await post(url, {"delete_original": True})

    assert [] == general.messages


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        (["list"], "invalid_payload"),
    ],
)
async def test_a_response_url_refuses_what_slack_refuses(
    content: object, error: str, anna: Person, api: Api, post: Post
) -> None:
    url = (await anna.types("/pmi")).payload["response_url"]
    status, body = await post(url, content)

    assert (400, True) == (status, error in body)
    assert 400 == (await post(url, data=b"{"))[0]


async def test_faults_show_as_often_as_they_are_set(slack: StandIn, api: Api, acme: Workspace) -> None:
    slack.faults.set("auth.test", Fault.NOT_OK("fatal_error"), times=2)
    seen = [await api("auth.test") for _ in range(3)]

    assert ["fatal_error", "fatal_error", None] == [answer.get("error") for answer in seen]
    slack.faults.set("auth.test", Fault.NOT_OK("fatal_error"))
    slack.faults.clear()
    assert (await api("auth.test"))["ok"]


async def test_each_fault_is_what_it_says(slack: StandIn, api: Api, post: Post, acme: Workspace) -> None:
    url = slack.api_url + "auth.test"
    header = {"Authorization": f"Bearer {acme.bot_token}"}
    async with aiohttp.ClientSession(headers=header, timeout=aiohttp.ClientTimeout(total=0.2)) as session:
        slack.faults.set("auth.test", Fault.RATE_LIMITED, retry_after="abc")
        slack.faults.set("auth.test", Fault.RATE_LIMITED, retry_after=None)
        slack.faults.set("auth.test", Fault.SERVER_ERROR, status=503)
        slack.faults.set("auth.test", Fault.BROKEN_JSON)
        slack.faults.set("auth.test", Fault.RESET)
        slack.faults.set("auth.test", Fault.TIMEOUT)
        async with session.post(url) as response:
            assert (429, "abc") == (response.status, response.headers["Retry-After"])
        async with session.post(url) as response:
            assert "Retry-After" not in response.headers
        async with session.post(url) as response:
            assert 503 == response.status
        async with session.post(url) as response:
            assert '{"ok": tru' == await response.text()
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(url)
        with pytest.raises(TimeoutError):
            await session.post(url)


async def test_a_response_url_can_fail_too(slack: StandIn, anna: Person, api: Api, post: Post) -> None:
    url = (await anna.types("/pmi")).payload["response_url"]
    slack.faults.set("response_url", Fault.SERVER_ERROR)

    assert 500 == (await post(url, {"text": "x"}))[0]
    assert 200 == (await post(url, {"text": "x"}))[0]

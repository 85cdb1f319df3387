"""Typing: what the app receives, what the person sees of the answer."""

import asyncio
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest

from bot.playground import Channel, Member, Person, StandIn, Workspace
from bot.playground.escaping import escaped, plain
from bot.playground.signing import signature

Api = Callable[..., Any]
Answers = dict[str, Any]
COMMAND_FIELDS = {
    "token",
    "team_id",
    "team_domain",
    "channel_id",
    "channel_name",
    "user_id",
    "user_name",
    "command",
    "text",
    "api_app_id",
    "is_enterprise_install",
    "response_url",
    "trigger_id",
}


def test_the_signature_is_slacks_published_one() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    assert "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" == signature(
        "8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body
    )


async def test_a_command_has_every_field_of_a_real_one(anna: Person, api: Api) -> None:
    exchange = await anna.types("/pmi set 582 904 7316")
    fields = dict(urllib.parse.parse_qsl(exchange.request_body.decode(), keep_blank_values=True))

    assert COMMAND_FIELDS == set(fields)
    assert "set 582 904 7316" == fields["text"]
    assert ("T0ACME", "U0ANNA", "C0GENERAL", "general") == (
        fields["team_id"],
        fields["user_id"],
        fields["channel_id"],
        fields["channel_name"],
    )
    assert {"X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Type", "User-Agent", "Accept"} == set(
        exchange.request_headers
    )


async def test_an_organisation_is_named_in_its_commands(slack: StandIn, api: Api) -> None:
    grid = slack.add_workspace(
        "T0GRID", name="Grid", domain="grid", enterprise_id="E0ORG", enterprise_name="Org", org_install=True
    )
    carla = grid.add_member("W0CARLA", real_name="Carla")
    private = grid.add_channel("G0SECRET", "secret", members=[carla], private=True)
    exchange = await slack.person(carla, private).types("/pmi")

    assert COMMAND_FIELDS | {"enterprise_id", "enterprise_name"} == set(exchange.payload)
    assert "true" == exchange.payload["is_enterprise_install"]
    assert "privategroup" == exchange.payload["channel_name"]


async def test_the_answer_is_seen_by_the_one_who_typed(anna: Person, ben: Person, answers: Answers, api: Api) -> None:
    answers["/pmi"] = {"text": "only you"}
    exchange = await anna.types("/pmi")

    assert exchange.ok
    assert "only you" == anna.private_messages[-1].shown
    assert [] == ben.private_messages


async def test_a_plain_text_answer_is_shown_too(anna: Person, answers: Answers, api: Api) -> None:
    answers["/pmi"] = "hello"
    await anna.types("/pmi")

    assert "hello" == anna.private_messages[-1].shown


async def test_an_answer_in_channel_is_seen_by_all(
    anna: Person, ben: Person, general: Channel, answers: Answers, api: Api
) -> None:
    answers["/room"] = {"response_type": "in_channel", "text": "for all"}
    await anna.types("/room share")

    assert ["for all"] == [message.shown for message in general.messages]
    assert "for all" == ben.messages[-1].shown


async def test_an_empty_answer_shows_nothing(anna: Person, answers: Answers, api: Api) -> None:
    exchange = await anna.types("/pmi")
    answers["/pmi"] = {}
    again = await anna.types("/pmi")

    assert exchange.ok
    assert again.ok
    assert [] == anna.private_messages


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (404, "dispatch_failed"),
        (500, "dispatch_failed"),
        ({"text": "x", "blocks": [{"type": "sektion"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}]}, "no_text"),
        (["a list"], "invalid_command_response"),
    ],
)
async def test_a_bad_answer_shows_slacks_failure(
    answer: object, failure: str, anna: Person, answers: Answers, api: Api
) -> None:
    answers["/pmi"] = answer
    exchange = await anna.types("/pmi")

    assert failure == exchange.failure
    assert f'/pmi failed with the error "{failure}"' == anna.private_messages[-1].shown
    assert "USLACKBOT" == anna.private_messages[-1].user
    assert not exchange.ok


async def test_no_answer_in_time_shows_slacks_failure(anna: Person, answers: Answers, api: Api) -> None:
    async def never(_: Any) -> None:
        await asyncio.Event().wait()

    answers["/pmi"] = never
    exchange = await anna.types("/pmi")

    assert exchange.timed_out
    assert (0, "operation_timeout") == (exchange.status, exchange.failure)
    assert "/pmi failed because the app did not respond." == anna.private_messages[-1].shown
    assert ["/pmi failed because the app did not respond."] == anna.troubles


async def test_an_app_that_is_gone_is_a_failed_dispatch(slack: StandIn, anna: Person, api: Api) -> None:
    slack.deliver_to("http://127.0.0.1:9/slack/events")
    gone = await anna.types("/pmi")
    slack.deliver_to("")
    nowhere = await anna.types("/pmi")

    assert ["dispatch_failed", "dispatch_failed"] == [gone.failure, nowhere.failure]


async def test_an_unknown_command_never_reaches_the_app(anna_member: Member) -> None:
    slack = StandIn("secret", manifest={"features": {"slash_commands": [{"command": "/pmi"}]}})
    acme = slack.add_workspace("T1", name="T", domain="t")
    dan = acme.add_member("U0DAN", real_name="Dan")
    person = slack.person(dan, acme.add_channel("C1", "c", members=[dan]))
    exchange = await person.types("/pim")

    assert not exchange.sent
    assert person.private_messages[-1].shown.startswith("/pim is not a valid command.")
    assert 0 == len(slack.calls)


async def test_slack_holds_back_commands_of_outsiders_unless_told(
    slack: StandIn, acme: Workspace, general: Channel, api: Api
) -> None:
    otto = acme.add_member("U0OTTO", real_name="Otto", outside=True)
    person = slack.person(otto, general)
    held = await person.types("/pmi")
    sent = await person.types("/pmi", anyway=True)

    assert not held.sent
    assert sent.sent
    assert "T0ELSEWHERE" == otto.team_id


async def test_words_without_a_slash_are_a_message(anna: Person, ben: Person, general: Channel, api: Api) -> None:
    exchange = await anna.types("hello @ben")

    assert not exchange.sent
    assert "hello <@U0BEN|ben>" == ben.messages[-1].shown
    assert "U0ANNA" == general.messages[-1].user


@pytest.mark.parametrize(
    ("typed", "received"),
    [
        ("@ben", "<@U0BEN|ben>"),
        ("@BEN's room", "<@U0BEN|ben>'s room"),
        ("@nobody", "@nobody"),
        ("#general", "<#C0GENERAL|general>"),
        ("#nowhere", "#nowhere"),
        ("Q&A 3 < 5 > 4", "Q&amp;A 3 &lt; 5 &gt; 4"),
        ("<@U0BEN>", "&lt;@U0BEN&gt;"),
        ("https://zoom.us/j/1?a=b&c=d", "<https://zoom.us/j/1?a=b&amp;c=d>"),
        ("see https://x.example/my/a.", "see <https://x.example/my/a>."),
        ("zoom.us/j/5829047316", "<http://zoom.us/j/5829047316|zoom.us/j/5829047316>"),
        ("set jane.do", "set <http://jane.do|jane.do>"),
        ("set blue.harbour", "set blue.harbour"),
        ("set jane.com.harbour", "set jane.com.harbour"),
        ("anna@acme.com", "anna@acme.com"),
        ("582 904 7316", "582 904 7316"),
    ],
)
def test_typed_text_is_escaped_as_slack_does(
    typed: str, received: str, acme: Workspace, ben_member: Member, general: Channel
) -> None:
    assert received == escaped(typed, acme)


def test_entities_are_read_back() -> None:
    assert "<a> & b" == plain("&lt;a&gt; &amp; b")


async def test_a_command_that_wants_no_escaping_gets_none() -> None:
    slack = StandIn("secret", manifest={"features": {"slash_commands": [{"command": "/pmi", "should_escape": False}]}})
    acme = slack.add_workspace("T1", name="T", domain="t")
    dan = acme.add_member("U0DAN", real_name="Dan", display_name="dan")
    async with slack.serve():
        exchange = await slack.person(dan, acme.add_channel("C1", "c")).types("/pmi @dan <x>")

    assert "@dan <x>" == exchange.payload["text"]


async def test_the_same_bytes_can_be_sent_again(slack: StandIn, anna: Person, answers: Answers, api: Api) -> None:
    answers["/pmi"] = {"text": "hi"}
    first = await anna.types("/pmi")
    second = await slack.resend(first)

    assert (first.request_body, first.request_headers) == (second.request_body, second.request_headers)
    assert {"text": "hi"} == second.json
    assert 1 == len(anna.private_messages)


async def test_both_directions_are_logged_without_tokens(
    slack: StandIn, acme: Workspace, anna: Person, api: Api
) -> None:
    await anna.types("/pmi")
    await api("auth.test", bearer=None, form=True, token=acme.bot_token)

    assert ["/pmi", "auth.test"] == [call.name for call in slack.calls]
    assert ["auth.test"] == [call.name for call in slack.calls.from_app()]
    assert "xoxb" not in repr(list(slack.calls))
    assert slack.calls[-1].answer["ok"]
    assert 1 == len(slack.calls.of("/pmi"))
    slack.calls.clear()
    assert 0 == len(slack.calls)


async def test_waiting_gives_up_in_words(slack: StandIn) -> None:
    with pytest.raises(TimeoutError, match="nothing made the condition true within"):
        await slack.until(lambda: False, timeout=0.01)


async def test_waiting_ends_when_something_changes(slack: StandIn, anna: Person, answers: Answers, api: Api) -> None:
    waiting = asyncio.create_task(slack.until(lambda: len(anna.private_messages) == 2))
    answers["/pmi"] = {"text": "hi"}
    await anna.types("/pmi")
    await anna.types("/pmi")
    await waiting

    assert waiting.done()

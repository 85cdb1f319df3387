"""The calls in both directions, sending one again, and what goes wrong on request."""

import asyncio
from typing import Any

import pytest

from bot.playground import Person, StandIn, Workspace
from bot.playground.delivery import MOST_SENT
from bot.playground.payloads import VERIFICATION_TOKEN
from tests.unit.playground.conftest import SECRET, Api, Clock
from tests.unit.playground.page.conftest import Browser, Listen


async def test_a_call_to_the_app_shows_all_but_its_secrets(
    slack: StandIn, acme: Workspace, browser: Browser, answers: dict[str, Any], listen: Listen
) -> None:
    answers["/pmi"] = {"text": "Your room"}
    await browser.does("type", channel="C0GENERAL", text="/pmi")

    async with listen() as window:
        call = await window.hears("call")

    assert call["request_headers"]["X-Slack-Signature"].startswith("v0=")
    assert call["request_headers"]["X-Slack-Request-Timestamp"] == "1800000000"
    assert ("to_app", "/pmi", 200, "", True) == tuple(
        call[name] for name in ("direction", "name", "status", "failure", "can_resend")
    )
    assert {"text": "Your room"} == call["answer"]
    assert "/pmi" == call["payload"]["command"]
    for secret in (SECRET, acme.bot_token, acme.app_token, VERIFICATION_TOKEN):
        assert secret not in str(call)


async def test_a_call_of_the_app_shows_all_but_its_token(
    acme: Workspace, browser: Browser, api: Api, listen: Listen
) -> None:
    await api("chat.postMessage", form=True, token=acme.bot_token, channel="C0GENERAL", text="hello")
    await api("chat.postMessage", channel="C0NOWHERE", text="hello")

    async with listen() as window:
        calls = [await window.hears("call"), await window.hears("call")]

    assert [
        ("from_app", "chat.postMessage", "", False),
        ("from_app", "chat.postMessage", "channel_not_found", False),
    ] == [(call["direction"], call["name"], call["failure"], call["can_resend"]) for call in calls]
    assert "hello" == calls[0]["payload"]["text"]
    assert calls[0]["request_headers"] is None
    assert acme.bot_token not in str(calls)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("just words", ("just words", 200, "")),
        (None, (None, 200, "")),
        (503, (None, 503, "dispatch_failed")),
    ],
)
async def test_an_answer_that_is_no_json_is_shown_as_it_is(
    browser: Browser, answers: dict[str, Any], listen: Listen, answer: Any, expected: Any
) -> None:
    answers["/pmi"] = answer
    await browser.does("type", channel="C0GENERAL", text="/pmi")

    async with listen() as window:
        call = await window.hears("call")

    assert expected == (call["answer"], call["status"], call["failure"])


async def test_why_slack_could_not_use_an_answer_is_told_with_the_call(
    browser: Browser, answers: dict[str, Any], listen: Listen
) -> None:
    answers["/pmi"] = {"text": "x", "blocks": [{"type": "nonsense"}]}
    async with listen() as window:
        await browser.does("type", channel="C0GENERAL", text="/pmi")
        call = await window.hears("call")
        while not call["failure"]:
            call = await window.hears("call")
    async with listen() as window:
        later = await window.hears("call")
        await window.hears("comment")

    assert (1, "invalid_blocks", 200) == (call["id"], call["failure"], call["status"])
    assert [later] == window.calls
    assert call == later


async def test_an_answer_that_never_comes_is_told(browser: Browser, answers: dict[str, Any], listen: Listen) -> None:
    answers["/pmi"] = lambda _: asyncio.Event().wait()

    told = await browser.does("type", channel="C0GENERAL", text="/pmi")

    assert (False, "operation_timeout") == (told["ok"], told["failure"])
    async with listen() as window:
        assert "operation_timeout" == (await window.hears("call"))["failure"]


async def test_a_call_is_sent_again_with_the_same_body_signed_anew(
    slack: StandIn, clock: Clock, browser: Browser, answers: dict[str, Any]
) -> None:
    answers["/pmi"] = {"text": "Your room"}
    await browser.does("type", channel="C0GENERAL", text="/pmi")
    clock.now += 3600

    status, told = await browser.post("/api/resend", {"id": slack.calls[0].id})

    assert (200, True, 200) == (status, told["ok"], told["status"])
    first, second = (slack.sent(call.id) for call in slack.calls)
    assert first is not None
    assert second is not None
    assert first.request_body == second.request_body
    assert first.body == second.body
    assert first.request_headers["X-Slack-Signature"] != second.request_headers["X-Slack-Signature"]
    assert 1 == len((await browser.state())["messages"]["C0GENERAL"])


async def test_an_event_that_is_sent_again_counts_its_attempts(slack: StandIn, browser: Browser) -> None:
    await browser.does("home")
    await browser.post("/api/resend", {"id": slack.calls[0].id})
    await browser.post("/api/resend", {"id": slack.calls[1].id})

    headers = [(call.headers or {}).get("X-Slack-Retry-Num") for call in slack.calls]
    assert [None, "1", "2"] == headers
    assert "http_timeout" == (slack.calls[1].headers or {})["X-Slack-Retry-Reason"]


async def test_what_was_not_sent_to_the_app_is_not_sent_again(slack: StandIn, browser: Browser, api: Api) -> None:
    await api("auth.test")

    assert 409 == (await browser.post("/api/resend", {"id": slack.calls[0].id}))[0]
    assert 409 == (await browser.post("/api/resend", {"id": 12345}))[0]
    for wrong in ({}, {"id": "1"}, {"id": True}, {"id": -1}, {"id": 1.5}):
        assert 400 == (await browser.post("/api/resend", wrong))[0]


async def test_only_the_newest_requests_can_be_sent_again(
    slack: StandIn, browser: Browser, anna: Person, listen: Listen
) -> None:
    for _ in range(MOST_SENT + 1):
        await anna.types("/pmi")

    assert MOST_SENT == len(slack._delivery.sent)
    assert 409 == (await browser.post("/api/resend", {"id": slack.calls[0].id}))[0]
    assert 200 == (await browser.post("/api/resend", {"id": slack.calls[-1].id}))[0]
    async with listen() as window:
        assert slack.calls[2].id == (await window.hears("call"))["id"]


async def test_a_fault_shows_as_often_as_it_is_set(slack: StandIn, browser: Browser, api: Api) -> None:
    status, told = await browser.post(
        "/api/faults", {"endpoint": "auth.test", "kind": "not_ok", "times": 2, "error": "fatal_error"}
    )

    assert 200 == status
    (fault,) = told["set"]
    assert ("auth.test", "not_ok", 2, "fatal_error", None) == tuple(
        fault[name] for name in ("endpoint", "kind", "times", "error", "retry_after")
    )
    assert "fatal_error" == (await api("auth.test"))["error"]
    assert 1 == (await browser.get("/api/faults"))[1]["set"][0]["times"]
    assert "fatal_error" == (await api("auth.test"))["error"]
    assert (await api("auth.test"))["ok"]
    assert [] == (await browser.get("/api/faults"))[1]["set"]


async def test_a_fault_shows_in_the_calls(browser: Browser, api: Api, listen: Listen) -> None:
    await browser.post("/api/faults", {"endpoint": "auth.test", "kind": "rate_limited", "retry_after": 7})
    assert 7 == (await browser.get("/api/faults"))[1]["set"][0]["retry_after"]
    await api("auth.test")

    async with listen() as window:
        call = await window.hears("call")

    assert ("auth.test", 429, "rate_limited") == (call["name"], call["status"], call["failure"])


async def test_one_fault_is_cleared_or_all(browser: Browser, api: Api) -> None:
    for endpoint in ("auth.test", "views.open", "response_url"):
        await browser.post("/api/faults", {"endpoint": endpoint, "kind": "server_error"})
    first, *others = (await browser.get("/api/faults"))[1]["set"]

    async with browser.session.delete(f"{browser.address}/api/faults", params={"id": first["id"]}) as response:
        assert others == (await response.json())["set"]
    assert (await api("auth.test"))["ok"]
    async with browser.session.delete(f"{browser.address}/api/faults", params={"id": first["id"]}) as response:
        assert 409 == response.status
    async with browser.session.delete(f"{browser.address}/api/faults", params={"id": "x"}) as response:
        assert 400 == response.status
    async with browser.session.delete(f"{browser.address}/api/faults") as response:
        assert [] == (await response.json())["set"]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"endpoint": "auth.test"},
        {"endpoint": "auth.test", "kind": "boring"},
        {"endpoint": "nothing.here", "kind": "reset"},
        {"endpoint": "auth.test", "kind": "reset", "times": 0},
        {"endpoint": "auth.test", "kind": "reset", "times": "many"},
        {"endpoint": "auth.test", "kind": "rate_limited", "retry_after": -1},
        {"outside": "snow", "on": True},
        {"outside": "rain", "on": "yes"},
    ],
)
async def test_a_fault_that_there_is_not_is_told(
    slack: StandIn, browser: Browser, outside: list[tuple[str, bool]], content: Any
) -> None:
    status, answer = await browser.post("/api/faults", content)

    assert 400 == status
    assert answer["error"]
    assert not slack.faults.waiting()
    assert not outside


async def test_what_is_outside_is_turned_on_and_off(browser: Browser, outside: list[tuple[str, bool]]) -> None:
    assert [{"name": "rain", "label": "It rains", "on": False}] == (await browser.get("/api/faults"))[1]["outside"]

    _, told = await browser.post("/api/faults", {"outside": "rain", "on": True})
    assert [{"name": "rain", "label": "It rains", "on": True}] == told["outside"]
    await browser.post("/api/faults", {"outside": "rain", "on": False})

    assert [("rain", True), ("rain", False)] == outside


async def test_the_page_names_what_can_go_wrong(browser: Browser) -> None:
    _, told = await browser.get("/api/faults")

    assert ["rate_limited", "server_error", "timeout", "reset", "broken_json", "not_ok"] == told["kinds"]
    assert {"views.open", "chat.postMessage", "users.info", "response_url"} <= set(told["endpoints"])


async def test_who_waits_on_a_fault_is_let_go_when_all_ends(slack: StandIn, browser: Browser) -> None:
    await browser.post("/api/faults", {"endpoint": "auth.test", "kind": "timeout"})
    await browser.post("/api/faults", {"endpoint": "users.list", "kind": "reset"})

    async def ask() -> int:
        async with browser.session.post(f"{slack.api_url}auth.test") as response:
            return response.status

    hanging = asyncio.create_task(ask())
    while len(slack.faults.waiting()) > 1:  # noqa: ASYNC110 - nothing tells that a call has come
        await asyncio.sleep(0)
    await slack.let_go()

    assert 504 == await asyncio.wait_for(hanging, 5)
    assert [] == slack.faults.waiting()

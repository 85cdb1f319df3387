"""The waiting page and what it is told: every stage, what is not right about a request, and how a stream ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from bot.providers import ProviderUnavailable
from bot.services import hall as hall_module
from bot.services.guest_views import Stage
from bot.services.passes import read_way
from bot.services.refusals import Declined
from bot.web import waiting_news
from bot.web.comers import SigningIn
from storage.errors import Unavailable
from storage.secrets import KeyRing
from tests.integration.services.houses import KEY
from tests.unit.web.lobbies import NOON
from tests.unit.web.waiting_desk import DOOR, GUEST, WaitingDesk, waiting_desk

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TITLES = {
    Stage.WAITS: (200, "The host will let you in"),
    Stage.EARLY: (200, "The host has not started yet"),
    Stage.NAME: (200, "Who is coming?"),
    Stage.SIGN_IN: (403, "This meeting is for members"),
    Stage.MEMBERS: (403, "This meeting is for members"),
    Stage.SKIPPED: (200, "This meeting is cancelled today"),
    Stage.DENIED: (403, "The host did not let you in"),
    Stage.OVER: (410, "This meeting is over"),
    Stage.OFF: (410, "This room is closed"),
    Stage.CLOSED: (410, "This way in is closed"),
    Stage.FULL: (429, "Too many people are waiting"),
}


@pytest.fixture
async def desk() -> AsyncIterator[WaitingDesk]:
    async with waiting_desk() as made:
        yield made


@pytest.mark.parametrize("stage", TITLES)
async def test_each_stage_has_its_page_and_only_those_who_wait_have_a_script(desk: WaitingDesk, stage: Stage) -> None:
    desk.guests.stands(stage)

    response, text = await desk.ask("GET", "/wait")

    status, title = TITLES[stage]
    assert status == response.status
    assert f"<h1>{title}</h1>" in text
    assert (stage in (Stage.WAITS, Stage.EARLY)) == ("<script src=" in text) == ('http-equiv="refresh"' in text)
    assert ("60" if stage is Stage.FULL else None) == response.headers.get("Retry-After")


async def test_only_who_may_ask_again_is_offered_it(desk: WaitingDesk) -> None:
    desk.guests.stands(Stage.OVER)
    assert "Ask Again" not in (await desk.ask("GET", "/wait"))[1]

    desk.guests.view = replace(desk.guests.view, may_ask_again=True)
    assert "Ask Again" in (await desk.ask("GET", "/wait"))[1]


async def test_the_page_may_run_our_script_ask_us_and_lead_to_the_meeting(desk: WaitingDesk) -> None:
    response, text = await desk.ask("GET", "/wait")

    assert (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; base-uri 'none'; "
        "form-action 'self' https://meet.example.com; frame-ancestors 'none'"
    ) == response.headers["Content-Security-Policy"]
    assert "no-store" == response.headers["Cache-Control"]
    assert "Meeting: \u2068Harbour\u2069" in text
    script, _ = await desk.ask("GET", "/static/waiting.js")
    assert "text/javascript" == script.content_type


async def test_who_may_goes_on_to_the_meeting(desk: WaitingDesk) -> None:
    desk.guests.stands(Stage.ON)

    response, _ = await desk.ask("GET", "/wait")

    assert (303, DOOR) == (response.status, response.headers["Location"])


async def test_who_comes_too_late_or_too_early_is_told_so(desk: WaitingDesk) -> None:
    desk.guests.stands(Stage.ON)
    desk.guests.address = None
    response, text = await desk.ask("GET", "/wait")
    assert (200, True) == (response.status, "The host has not started yet" in text)

    desk.guests.fails_at_door = Declined("meeting.over")
    response, text = await desk.ask("GET", "/wait")
    assert (410, True) == (response.status, "This meeting is over" in text)

    desk.guests.fails_at_door = ProviderUnavailable()
    response, text = await desk.ask("GET", "/wait")
    assert (503, True) == (response.status, "The meeting cannot be opened just now" in text)


async def test_a_browser_that_only_looks_ahead_lets_nobody_wait(desk: WaitingDesk) -> None:
    for header in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}):
        response, _ = await desk.ask("GET", "/wait", headers=header)

        assert 403 == response.status
    assert [] == desk.guests.came


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("name=Zoe", {}, 303),
        ("again=1", {}, 303),
        ("name=", {}, 422),
        ("name=%E2%80%8B", {}, 422),
        (f"name={'x' * 81}", {}, 422),
        ("name=Zoe%0AYan", {}, 422),
        ("name=Zoe", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("name=Zoe", {"Origin": "https://evil.example"}, 403),
        ("name=%FF", {}, 400),
        (f"name={'x' * 20_000}", {}, 413),
        ("{}", {"Content-Type": "application/json"}, 415),
    ],
)
async def test_a_name_is_read_with_care(desk: WaitingDesk, body: str, headers: dict[str, str], status: int) -> None:
    response, text = await desk.ask("POST", "/wait", data=body, headers=FORM | headers)

    assert status == response.status
    assert (status == 303) == ("way" in response.cookies)
    assert (status != 303) == ('aria-invalid="true"' in text)


async def test_a_name_goes_with_the_way_and_the_way_is_new_from_then_on(desk: WaitingDesk) -> None:
    response, _ = await desk.ask("POST", "/wait", data="name=Yan", headers=FORM)

    held = read_way(KeyRing.from_text(KEY), response.cookies["way"].value, NOON)
    assert held is not None
    assert ("Yan", NOON) == (held.name, held.at)


async def test_without_a_way_there_is_nothing_to_fill_in(desk: WaitingDesk) -> None:
    desk.cookies = {}

    response, text = await desk.ask("POST", "/wait", data="name=Zoe", headers=FORM)

    assert (404, True) == (response.status, "This page has lost its way" in text)


async def test_signing_in_leads_back_to_the_page() -> None:
    class Zoe:
        workspace, user, name = "T0ACME", "U0ZOE", "Zoe"

    signing_in = SigningIn(lambda _request: Zoe(), lambda: "/slack/sign-in?to=wait")
    async with waiting_desk(signing_in=signing_in) as desk:
        desk.guests.stands(Stage.SIGN_IN)

        _, text = await desk.ask("GET", "/wait")

        assert '<a class="button" href="/slack/sign-in?to=wait">Sign In with Slack</a>' in text
        assert ["U0ZOE"] == [come.signed_in.user for come in desk.guests.came if come.signed_in]


async def test_a_stream_tells_each_stage_and_ends_with_the_last(desk: WaitingDesk) -> None:
    async with desk.client.get("/wait/events", cookies=desk.cookies) as response:
        assert ("text/event-stream", "no") == (response.content_type, response.headers["X-Accel-Buffering"])
        assert b"retry: 200\n" == await response.content.readline()
        assert b"data: waits\n" == await response.content.readline()
        desk.becomes(Stage.EARLY)
        assert b"data: early\n" == await _next(response.content)
        desk.becomes(Stage.ON)
        assert b"data: on\n" == await _next(response.content)
        assert b"" == (await response.content.read()).strip()


async def _next(content: "asyncio.StreamReader | object") -> bytes:
    while not (line := await content.readline()).strip() or line == b"data: waits\n":  # type: ignore[union-attr]
        pass
    return bytes(line)


async def test_a_stream_ends_with_the_process_and_none_begins_then(desk: WaitingDesk) -> None:
    async with desk.client.get("/wait/events", cookies=desk.cookies) as response:
        await response.content.readline()
        desk.stopping.set()
        async with asyncio.timeout(2):
            await response.content.read()
    response_, _ = await desk.ask("GET", "/wait/events")

    assert 404 == response_.status
    async with asyncio.timeout(2):
        await asyncio.gather(*desk.work)


async def test_a_stream_is_short(desk: WaitingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_news, "STREAM_SECONDS", 0.01)
    async with desk.client.get("/wait/events", cookies=desk.cookies) as response:
        async with asyncio.timeout(2):
            text = await response.text()

    assert text.startswith("retry: 200\ndata: waits\n\n")


async def test_a_stream_beats_while_nothing_happens(desk: WaitingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_news, "BEAT_SECONDS", 0.01)
    async with desk.client.get("/wait/events", cookies=desk.cookies) as response, asyncio.timeout(2):
        beats = [await response.content.readline() for _ in range(8)]

    assert 3 <= beats.count(b"data: waits\n")


async def test_a_browser_that_does_not_read_has_its_stream_cut(
    desk: WaitingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_response: web.StreamResponse, _data: bytes) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(waiting_news, "WRITE_SECONDS", 0.01)
    monkeypatch.setattr(web.StreamResponse, "write", never)
    async with desk.client.get("/wait/events", cookies=desk.cookies) as response, asyncio.timeout(2):
        assert b"" == await response.read()
    async with asyncio.timeout(2):
        await asyncio.gather(*desk.work)


async def test_where_too_many_pages_are_open_the_next_looks_by_itself(
    desk: WaitingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hall_module, "MOST_PAGES", 1)
    async with desk.client.get("/wait/events", cookies=desk.cookies) as response:
        await response.content.readline()
        refused, _ = await desk.ask("GET", "/wait/events")
        at_once, text = await desk.ask("GET", "/wait/state?from=waits")

        assert (503, 200, '{"stage": "waits"}') == (refused.status, at_once.status, text)
        desk.becomes(Stage.ON)


async def test_an_answer_is_held_back_until_there_is_something_to_say(
    desk: WaitingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shown in ("early", "", "nonsense"):
        assert '{"stage": "waits"}' == (await desk.ask("GET", f"/wait/state?from={shown}"))[1]
    asked = asyncio.ensure_future(desk.ask("GET", "/wait/state?from=waits"))
    # Whoever waits in the hall has it look.
    await desk.store.asked.wait()
    assert not asked.done()
    desk.becomes(Stage.DENIED)
    assert '{"stage": "denied"}' == (await asked)[1]

    monkeypatch.setattr(waiting_news, "HOLD_SECONDS", 0.01)
    desk.guests.stands(Stage.WAITS)
    assert '{"stage": "waits"}' == (await desk.ask("GET", "/wait/state?from=waits"))[1]


async def test_a_database_that_does_not_answer_sends_nobody_away(desk: WaitingDesk) -> None:
    desk.guests.fails = Unavailable()

    assert [503, 503, 503] == [
        (await desk.ask("GET", path))[0].status for path in ("/wait", "/wait/state", "/wait/events")
    ]


async def test_a_stream_ends_where_the_database_does_not_answer_any_more(desk: WaitingDesk) -> None:
    async with desk.client.get("/wait/events", cookies=desk.cookies) as response:
        await response.content.readline()
        desk.guests.fails = Unavailable()
        desk.hall.changed((GUEST,))
        async with asyncio.timeout(2):
            await response.content.read()

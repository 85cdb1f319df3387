"""Bolt stumbles over much that is signed: nothing that the guard lets through makes it answer 5xx."""

import copy
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.guard import RefusedError, parse
from bot.payload_shape import well_shaped
from tests.lengths import short_or_long
from tests.unit.guard.payloads import GOOD, places
from tests.unit.guard.signed_requests import COMMAND, FORM, SECRET, form, payload

ANYTHING = re.compile("")
JSON = "application/json"


async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=enterprise_id,
        team_id=team_id,
        bot_id="B0ROOM",
        bot_user_id="U0BOT",
        bot_token="xoxb-made-up",
    )


@pytest.fixture
def bolt() -> AsyncApp:
    app = AsyncApp(
        signing_secret=SECRET, authorize=authorize, process_before_response=True, request_verification_enabled=False
    )

    async def answer(ack: AsyncAck) -> None:
        await ack()

    for listen in (app.command, app.action, app.view, app.view_closed, app.shortcut, app.options, app.event):
        register: Callable[..., Callable[[Callable[..., Awaitable[None]]], object]] = listen
        register(ANYTHING)(answer)
    return app


async def status_behind_the_guard(app: AsyncApp, raw: bytes, content_type: str) -> int:
    try:
        body = parse(raw, [content_type])
    except RefusedError as refused:
        return refused.reason.status
    headers: dict[str, Any] = {"content-type": content_type}
    over_http = await app.async_dispatch(AsyncBoltRequest(body=raw.decode(), headers=headers))
    as_parsed = await app.async_dispatch(AsyncBoltRequest(body=copy.deepcopy(body), mode="socket_mode"))
    return max(over_http.status, as_parsed.status)


FIELDS = sorted({place[-1] for body in GOOD.values() for place in places(body) if place and isinstance(place[-1], str)})
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["T0ACME", "U0ANNA"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    body = copy.deepcopy(draw(st.sampled_from([*GOOD.values(), COMMAND])))
    for _ in range(draw(st.integers(0, 3))):
        *way, last = draw(st.sampled_from([place for place in places(body) if place] or [("x",)]))
        inside: Any = body
        for step in way:
            inside = inside[step]
        act = draw(st.sampled_from(("put", "put", "add", "drop")))
        if act == "put":
            inside[last] = draw(JUNK)
        elif act == "add" and isinstance(inside, dict):
            inside[draw(st.sampled_from([*FIELDS, "item", "previous_message", "function", "thread_ts"]))] = draw(JUNK)
        else:
            del inside[last]
    return body


ROUNDS = range(short_or_long(1, 25))
"""Fifty thousand cases in the long form, in rounds that a test's time allows."""
MANY = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.row("R33")
@pytest.mark.parametrize("_round", ROUNDS)
@settings(MANY, max_examples=short_or_long(500, 1200))
@given(body=spoiled(), kind=st.sampled_from((FORM, JSON)))
async def test_no_spoiled_payload_makes_bolt_answer_5xx(bolt: AsyncApp, _round: int, body: Any, kind: str) -> None:
    """Seen red: with every shape taken for good, Bolt answered 500 to an `event` that is null."""
    if isinstance(body, dict) and "command" in body and all(isinstance(value, str) for value in body.values()):
        raw, content_type = form(body), FORM
    elif kind == JSON:
        raw, content_type = json.dumps(body).encode(), JSON
    else:
        raw, content_type = payload(body), FORM
    status = await status_behind_the_guard(bolt, raw, content_type)
    event(str(status))

    assert status in {200, 400, 404}


@pytest.mark.row("R33")
@pytest.mark.parametrize("_round", ROUNDS)
@settings(MANY, max_examples=short_or_long(1500, 800))
@given(
    raw=st.binary() | st.text().map(str.encode) | st.dictionaries(st.text(), st.text()).map(form) | JUNK.map(payload),
    content_type=st.sampled_from((FORM, JSON, "", f"{FORM}; charset=utf-8")) | st.text(),
)
async def test_no_bytes_make_bolt_answer_5xx(bolt: AsyncApp, _round: int, raw: bytes, content_type: str) -> None:
    """Seen red: with bodies that are no objects taken for good, reading an array raised in Bolt."""
    assert await status_behind_the_guard(bolt, raw, content_type) in {200, 400, 404}


@settings(MANY, max_examples=100)
@given(body=st.dictionaries(st.sampled_from(FIELDS) | st.text(), JUNK))
def test_the_shape_of_anything_can_be_asked(body: dict[str, Any]) -> None:
    assert well_shaped(body) in {True, False}


@pytest.mark.parametrize("name", GOOD)
async def test_bolt_handles_what_comes_through(bolt: AsyncApp, name: str) -> None:
    status = await status_behind_the_guard(bolt, payload(GOOD[name]), FORM)

    assert (404 if name == "app_rate_limited" else 200) == status


async def test_without_the_guard_bolt_does_stumble(bolt: AsyncApp) -> None:
    raw = form({**COMMAND, "event": "x"}).decode()
    answer = await bolt.async_dispatch(AsyncBoltRequest(body=raw, headers={"content-type": FORM}))

    assert 500 == answer.status

"""Slack as OpenID Connect has it: where its addresses are, and that an answer of any kind comes to an end."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.services.sign_in import Begun, Finished
from bot.services.signed_in import Page, Return
from bot.web import openid
from bot.web.exchange import MOST_BYTES, Client, NotExchanged, Why
from bot.web.openid import OpenID

CLIENT = Client("1.2", "the secret", "https://rooms.example/slack/sign-in/callback")
FINISHED = Finished(Return(Page.NUMBER, "5829047316"), "the nonce", "the verifier")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def slack(token: Handler) -> AsyncIterator[OpenID]:
    """A client of a Slack that answers so."""
    app = web.Application()
    app.router.add_post("/api/openid.connect.token", token)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield OpenID(CLIENT, str(server.make_url("/api/")), session, clock=time.time, monotonic=time.monotonic)


async def came_to(token: Handler) -> tuple[Why, str]:
    async with slack(token) as client:
        with pytest.raises(NotExchanged) as caught:
            await client.vouch("the code", FINISHED)
    return caught.value.why, caught.value.reason


@pytest.mark.parametrize(
    ("api_url", "authorize"),
    [
        ("https://slack.com/api/", "https://slack.com/openid/connect/authorize"),
        ("https://www.slack.com/api/", "https://slack.com/openid/connect/authorize"),
        ("https://slack-gov.com/api/", "https://slack-gov.com/openid/connect/authorize"),
        ("http://127.0.0.1:4321/api/", "http://127.0.0.1:4321/openid/connect/authorize"),
    ],
)
async def test_people_are_sent_to_the_slack_whose_api_is_used(api_url: str, authorize: str) -> None:
    begun = Begun("the state", "the nonce", "the challenge")
    async with aiohttp.ClientSession() as session:
        client = OpenID(CLIENT, api_url, session, clock=time.time, monotonic=time.monotonic)
        anywhere, acme = client.authorize_url(begun, ""), client.authorize_url(begun, "T0ACME")
        without = client.authorize_url(Begun("the state", "the nonce", ""), "")

    assert anywhere.partition("?")[0] == authorize
    asked = {
        "response_type": ["code"],
        "client_id": ["1.2"],
        "scope": ["openid profile"],
        "redirect_uri": [CLIENT.redirect_uri],
        "state": ["the state"],
        "nonce": ["the nonce"],
        "code_challenge": ["the challenge"],
        "code_challenge_method": ["S256"],
    }
    assert asked == parse_qs(urlsplit(anywhere).query)
    assert asked | {"team": ["T0ACME"]} == parse_qs(urlsplit(acme).query)
    assert not [name for name in asked if name.startswith("code_challenge") and name in without]


async def test_the_secret_goes_in_the_body_and_nowhere_else() -> None:
    heard: list[tuple[str, dict[str, str]]] = []

    async def token(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        heard.append((request.path_qs + str(request.headers), form))
        return web.json_response({"ok": False, "error": "invalid_code"})

    assert (Why.OVER, "invalid_code") == await came_to(token)
    (head, form) = heard[0]
    assert "the secret" not in head
    assert {
        "grant_type": "authorization_code",
        "client_id": "1.2",
        "client_secret": "the secret",
        "code": "the code",
        "redirect_uri": CLIENT.redirect_uri,
        "code_verifier": "the verifier",
    } == form


@pytest.mark.parametrize(
    ("status", "text", "why", "reason"),
    [
        (200, '{"ok": false, "error": "code_already_used"}', Why.OVER, "code_already_used"),
        (200, '{"ok": false, "error": "invalid_grant"}', Why.OVER, "invalid_grant"),
        (200, '{"ok": false, "error": "bad_client_secret"}', Why.MISSET, "bad_client_secret"),
        (200, '{"ok": false, "error": "bad_redirect_uri"}', Why.MISSET, "bad_redirect_uri"),
        (200, '{"ok": false, "error": "internal_error"}', Why.SILENT, "not_ok"),
        (200, '{"ok": false, "error": "<script> the secret"}', Why.SILENT, "not_ok"),
        (200, '{"ok": false, "error": ["invalid_code"]}', Why.SILENT, "not_ok"),
        (200, '{"ok": 1, "id_token": "a.b.c"}', Why.SILENT, "not_ok"),
        (200, '{"ok": true}', Why.SILENT, "no_id_token"),
        (200, '{"ok": true, "id_token": 7}', Why.SILENT, "no_id_token"),
        (200, '{"ok": true, "id_token": "a.b.c"}', Why.UNTRUSTED, "no_token"),
        (200, "[]", Why.SILENT, "http_200"),
        (200, "", Why.SILENT, "http_200"),
        (200, "[" * 60_000, Why.SILENT, "http_200"),
        (200, "\xff", Why.SILENT, "http_200"),
        (200, "x" * (MOST_BYTES + 1), Why.SILENT, "too_long"),
        (302, "", Why.SILENT, "http_302"),
        (500, '{"ok": true}', Why.SILENT, "http_500"),
    ],
)
async def test_every_answer_of_slacks_has_a_meaning(status: int, text: str, why: Why, reason: str) -> None:
    async def token(_request: web.Request) -> web.Response:
        headers = {"Location": "http://127.0.0.1:1/"} if status == 302 else {}
        return web.Response(status=status, body=text.encode("latin-1"), headers=headers)

    assert (why, reason) == await came_to(token)


async def test_an_answer_that_drips_for_ever_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "EXCHANGE_SECONDS", 0.2)
    over = asyncio.Event()

    async def token(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"ok": true, ')
        await over.wait()
        return response

    async with slack(token) as client:
        async with asyncio.timeout(5):
            with pytest.raises(NotExchanged) as caught:
                await client.vouch("the code", FINISHED)
        over.set()

    assert (Why.SILENT, "TimeoutError") == (caught.value.why, caught.value.reason)


def test_secrets_do_not_show() -> None:
    shown = repr((CLIENT, FINISHED, Begun("the state", "the nonce", "the challenge")))

    assert not [word for word in ("the secret", "the nonce", "the verifier", "the state") if word in shown]


@pytest.mark.parametrize(
    "key",
    [
        7,
        {},
        {"kty": "RSA"},
        {"kty": "RSA", "kid": "a"},
        {"kty": "RSA", "kid": "a", "n": "!", "e": "AQAB"},
        {"kty": "oct", "kid": "a", "k": "AAAA"},
        {"kty": "RSA", "kid": "a", "n": 7, "e": "AQAB"},
        {"kty": "RSA", "kid": "a", "use": "enc", "n": "AQAB", "e": "AQAB"},
    ],
)
def test_what_is_no_key_for_this_is_left_out(key: object) -> None:
    assert {} == openid._keys_in({"keys": [key]})

"""What is made of Slack's answers to an install and to a refresh, of whatever kind they are."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.services.installations import NotRefreshed, Tokens
from bot.web import oauth
from bot.web.exchange import EXCHANGE_SECONDS, Client, NotExchanged, Why
from bot.web.oauth import OAuth

HERE = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
AT = datetime(2026, 5, 4, 12, 1, 30, tzinfo=UTC)
DATE = "Mon, 04 May 2026 12:01:30 GMT"
BACK = "https://rooms.example.com/slack/oauth_redirect"
GOOD: dict[str, Any] = {
    "ok": True,
    "access_token": "xoxb-1",
    "token_type": "bot",
    "scope": "commands,chat:write",
    "bot_user_id": "U0BOT",
    "app_id": "A0APP",
    "team": {"id": "T0ACME", "name": "Acme"},
    "enterprise": None,
    "is_enterprise_install": False,
    "authed_user": {"id": "U0ANNA"},
}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def slack(answer: Answer) -> AsyncIterator[OAuth]:
    app = web.Application()
    app.router.add_post("/api/oauth.v2.access", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    async with aiohttp.ClientSession() as session:
        yield OAuth(Client("1.2", "the-secret", BACK), url, session, lambda: HERE)
    await runner.cleanup()


def saying(answer: object, status: int = 200, **headers: str) -> Answer:
    async def say(_request: web.Request) -> web.StreamResponse:
        if isinstance(answer, bytes):
            return web.Response(body=answer, status=status)
        return web.json_response(answer, status=status, headers={"Date": DATE} | headers)

    return say


async def reason(answer: Answer) -> tuple[Why, str]:
    async with slack(answer) as one:
        with pytest.raises(NotExchanged) as failed:
            await one.exchange("a-code")
    return failed.value.why, failed.value.reason


async def test_an_install_is_what_slack_says_by_slacks_clock() -> None:
    async with slack(saying(GOOD)) as one:
        grant = await one.exchange("a-code")

    assert ("", "T0ACME", False, "A0APP", "U0BOT", "U0ANNA") == (
        grant.enterprise,
        grant.team,
        grant.of_organisation,
        grant.app_id,
        grant.bot_user,
        grant.installer,
    )
    assert (("commands", "chat:write"), Tokens("xoxb-1"), AT) == (grant.scopes, grant.tokens, grant.at)
    assert "xoxb-1" not in repr(grant)


async def test_without_slacks_clock_ours_counts() -> None:
    async with slack(saying(GOOD, Date="yesterday")) as one:
        assert HERE == (await one.exchange("a-code")).at


async def test_the_code_goes_with_what_shows_who_asks() -> None:
    asked: dict[str, Any] = {}

    async def say(request: web.Request) -> web.StreamResponse:
        asked.update(await request.post())
        return web.json_response(GOOD)

    async with slack(say) as one:
        await one.exchange("a-code")

    assert {"client_id": "1.2", "client_secret": "the-secret", "code": "a-code", "redirect_uri": BACK} == asked


async def test_an_organisation_has_no_team_and_a_team_may_be_in_one() -> None:
    enterprise = {"enterprise": {"id": "E0ORG"}}
    async with slack(saying(GOOD | enterprise | {"is_enterprise_install": True, "team": None})) as one:
        whole = await one.exchange("a-code")
    async with slack(saying(GOOD | enterprise)) as one:
        alone = await one.exchange("a-code")

    assert ("E0ORG", "", True, "E0ORG") == (whole.enterprise, whole.team, whole.of_organisation, whole.workspace)
    assert ("E0ORG", "T0ACME", False, "E0ORG") == (
        alone.enterprise,
        alone.team,
        alone.of_organisation,
        alone.workspace,
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"team": None},
        {"is_enterprise_install": True},
        {"access_token": None},
        {"access_token": "no token"},
        {"access_token": "xoxb-\r\nA: b"},
        {"app_id": "../"},
        {"bot_user_id": 7},
        {"authed_user": None},
        {"team": {"id": "T0/ACME"}},
        {"scope": "<script>"},
        {"expires_in": -1},
        {"refresh_token": ["xoxe-1"]},
    ],
)
async def test_what_is_no_install_is_none(changed: dict[str, Any]) -> None:
    assert Why.SILENT == (await reason(saying(GOOD | changed)))[0]


@pytest.mark.parametrize(
    ("answer", "status", "expected"),
    [
        ({"ok": False, "error": "invalid_code"}, 200, (Why.OVER, "invalid_code")),
        ({"ok": False, "error": "code_already_used"}, 200, (Why.OVER, "code_already_used")),
        ({"ok": False, "error": "bad_client_secret"}, 200, (Why.MISSET, "bad_client_secret")),
        ({"ok": False, "error": "bad_redirect_uri"}, 200, (Why.MISSET, "bad_redirect_uri")),
        ({"ok": False, "error": "the-secret"}, 200, (Why.SILENT, "not_ok")),
        ({"ok": False, "error": {"a": 1}}, 200, (Why.SILENT, "not_ok")),
        ({}, 200, (Why.SILENT, "not_ok")),
        (GOOD, 500, (Why.SILENT, "http_500")),
        (GOOD, 302, (Why.SILENT, "http_302")),
        ([], 200, (Why.SILENT, "http_200")),
        (b'{"ok": tru', 200, (Why.SILENT, "http_200")),
        (b"[" * 60_000, 200, (Why.SILENT, "http_200")),
        (b" " * 70_000, 200, (Why.SILENT, "too_long")),
    ],
)
async def test_each_refusal_and_each_bad_answer_has_its_word(
    answer: object, status: int, expected: tuple[Why, str]
) -> None:
    assert expected == await reason(saying(answer, status))


async def test_slack_has_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2.0 == EXCHANGE_SECONDS
    monkeypatch.setattr(oauth, "EXCHANGE_SECONDS", 0.05)

    async def never(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    assert (Why.SILENT, "TimeoutError") == await reason(never)


async def test_where_nobody_listens_slack_is_silent() -> None:
    async with aiohttp.ClientSession() as session:
        one = OAuth(Client("1.2", "the-secret", BACK), "http://127.0.0.1:1/api/", session, lambda: HERE)
        with pytest.raises(NotExchanged) as failed:
            await one.exchange("a-code")

    assert Why.SILENT == failed.value.why


async def test_a_refresh_gives_the_next_pair_of_tokens() -> None:
    answer = {"ok": True, "access_token": "xoxe.xoxb-2", "refresh_token": "xoxe-2", "expires_in": 43200}
    async with slack(saying(answer)) as one:
        assert Tokens("xoxe.xoxb-2", "xoxe-2", AT + timedelta(hours=12)) == await one.refresh("xoxe-1")


@pytest.mark.parametrize(
    ("answer", "status", "expected"),
    [
        ({"ok": False, "error": "invalid_refresh_token"}, 200, ("invalid_refresh_token", True)),
        ({"ok": False, "error": "token_revoked"}, 200, ("token_revoked", True)),
        ({"ok": False, "error": "ratelimited"}, 200, ("not_ok", False)),
        ({"ok": True}, 200, ("no_tokens", False)),
        ({}, 503, ("http_503", False)),
    ],
)
async def test_only_slacks_own_word_ends_a_refresh_token(
    answer: object, status: int, expected: tuple[str, bool]
) -> None:
    async with slack(saying(answer, status)) as one:
        with pytest.raises(NotRefreshed) as failed:
            await one.refresh("xoxe-1")

    assert expected == (failed.value.reason, failed.value.for_good)


def test_somebody_is_sent_to_slack_with_every_scope_and_without_a_secret() -> None:
    one = OAuth(Client("1.2", "the-secret", BACK), "https://www.slack.com/api/", None, lambda: HERE)  # type: ignore[arg-type]
    url = one.authorize_url("a-state", ("commands", "links:read"))

    assert url.startswith("https://slack.com/oauth/v2/authorize?client_id=1.2&scope=commands%2Clinks%3Aread&")
    assert url.endswith("&state=a-state")
    assert "the-secret" not in url

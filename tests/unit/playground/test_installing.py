"""The stand-in as it installs the app: whom it sends back, what codes and tokens are worth, and for how long."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from yarl import URL

from bot.playground import StandIn
from bot.playground.installing import LASTS

BACK = "https://rooms.example.com/slack/oauth_redirect"
MANIFEST: Mapping[str, Any] = {
    "display_information": {"name": "Standing Room"},
    "oauth_config": {
        "redirect_urls": [BACK],
        "scopes": {"bot": ["commands", "chat:write"], "bot_optional": ["links:read"]},
    },
}


@dataclass
class Slack:
    """The stand-in over HTTP, at a time that the test sets."""

    standin: StandIn
    session: aiohttp.ClientSession
    now: list[float]

    async def page(self, **query: str) -> aiohttp.ClientResponse:
        asked = {"client_id": self.standin.sign_in.client.id, "scope": "commands,chat:write", "redirect_uri": BACK}
        url = URL(f"{self.standin.world.base_url}/oauth/v2/authorize").with_query(asked | query)
        return await self.session.get(url, allow_redirects=False)

    async def code(self, who: str = "T0ACME/U0ANNA", **query: str) -> str:
        answer = await self.page(**{"as": who, **query})
        assert 302 == answer.status
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    async def access(self, **arguments: str) -> Any:
        client = self.standin.sign_in.client
        form = {"client_id": client.id, "client_secret": client.secret, "redirect_uri": BACK} | arguments
        async with self.session.post(f"{self.standin.api_url}oauth.v2.access", data=form) as answer:
            return await answer.json()

    async def test(self, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(f"{self.standin.api_url}auth.test", headers=headers) as answer:
            return await answer.json()


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    now = [1_700_000_000.0]
    standin = StandIn("a-secret", lambda: now[0], manifest=MANIFEST)
    standin.add_workspace("T0ACME", name="Acme", domain="acme").add_member("U0ANNA", real_name="Anna Larsson")
    for team in ("T0ONE", "T0TWO"):
        made = standin.add_workspace(team, name=team, domain=team, enterprise_id="E0ORG", enterprise_name="Orga")
        made.add_member(f"U0{team}", real_name="Olga Grid")
    async with standin.serve(), aiohttp.ClientSession() as session:
        yield Slack(standin, session, now)


async def test_whoever_says_yes_is_sent_back_with_a_code_that_works_once(slack: Slack) -> None:
    code = await slack.code(state="a-state")
    first, again = [await slack.access(code=code) for _ in range(2)]

    assert ("T0ACME", None, False, "U0ANNA") == (
        first["team"]["id"],
        first["enterprise"],
        first["is_enterprise_install"],
        first["authed_user"]["id"],
    )
    assert "chat:write,commands" == first["scope"]
    assert "expires_in" not in first
    assert "code_already_used" == again["error"]
    assert (await slack.test(first["access_token"]))["ok"]
    assert not (await slack.test("xoxb-T0ACME-token"))["ok"]


async def test_whoever_says_no_is_sent_back_with_that_and_the_state(slack: Slack) -> None:
    answer = await slack.page(**{"as": "", "state": "a-state"})

    assert f"{BACK}?error=access_denied&state=a-state" == answer.headers["Location"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"as": "T0ACME/U0NOBODY"}, "nobody"),
    ],
)
async def test_what_is_wrong_is_said_and_nobody_is_sent_on(slack: Slack, query: dict[str, str], error: str) -> None:
    answer = await slack.page(**query)

    assert (400, True) == (answer.status, error in await answer.text())


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "none"}, "bad_client_secret"),
        ({"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"),
        ({"code": "none"}, "invalid_code"),
        ({"grant_type": "refresh_token", "refresh_token": "none"}, "invalid_refresh_token"),
    ],
)
async def test_nothing_is_given_for_what_is_wrong(slack: Slack, arguments: dict[str, str], error: str) -> None:
    code = await slack.code()

    assert {"ok": False, "error": error} == await slack.access(**{"code": code, **arguments})


async def test_a_code_is_good_for_ten_minutes(slack: Slack) -> None:
    code = await slack.code()
    slack.now[0] += 601

    assert "code_expired" == (await slack.access(code=code))["error"]


async def test_where_tokens_expire_each_is_refreshed_once_and_good_until_it_expires(slack: Slack) -> None:
    slack.standin.installing.rotates = True
    first = await slack.access(code=await slack.code())
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second, again = [await slack.access(**form) for _ in range(2)]

    assert (LASTS, LASTS) == (first["expires_in"], second["expires_in"])
    assert "invalid_refresh_token" == again["error"]
    assert [True, True] == [(await slack.test(each["access_token"]))["ok"] for each in (first, second)]
    slack.now[0] += LASTS
    assert ["token_expired"] * 2 == [(await slack.test(each["access_token"]))["error"] for each in (first, second)]


async def test_an_organisation_as_a_whole_has_one_token(slack: Slack) -> None:
    whole = await slack.access(code=await slack.code("T0ONE/U0T0ONE+org"))
    alone = await slack.access(code=await slack.code("T0ONE/U0T0ONE"))

    assert (None, "E0ORG", True) == (whole["team"], whole["enterprise"]["id"], whole["is_enterprise_install"])
    assert ("T0ONE", "E0ORG", False) == (alone["team"]["id"], alone["enterprise"]["id"], alone["is_enterprise_install"])


async def test_the_page_shows_who_can_install_it_where(slack: Slack) -> None:
    text = await (await slack.page()).text()

    for words in ("Anna Larsson · Acme", "Olga Grid · T0ONE", "Olga Grid · all of Orga", "chat:write, commands"):
        assert words in text


async def test_the_page_answers_only_as_itself(slack: Slack) -> None:
    url = f"{slack.standin.world.base_url}/oauth/v2/authorize"
    async with slack.session.get(url, headers={"Host": "evil.example"}) as answer:
        assert 403 == answer.status

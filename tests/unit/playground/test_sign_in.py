"""Sign in with Slack as the stand-in plays it: what Slack would refuse, it refuses in Slack's words."""

import base64
import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import jwt
import pytest
from joserfc import jwk as jose_keys
from joserfc import jwt as jose

from bot.playground import Fault, Member, StandIn, Workspace
from bot.playground.sign_in import KEYS, TOKEN
from tests.unit.playground.conftest import Clock

REDIRECT = "https://app.example/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Slack:
    """The stand-in as a browser and an app meet it."""

    slack: StandIn
    session: aiohttp.ClientSession

    def authorize(self, **changes: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": self.slack.sign_in.client.id,
            "scope": "openid profile",
            "redirect_uri": REDIRECT,
            "state": "the state",
            "nonce": "the nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        return f"{self.slack.world.base_url}/openid/connect/authorize?{urlencode(asked)}"

    async def look(self, address: str, **headers: str) -> tuple[int, str, str]:
        async with self.session.get(address, headers=headers, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", ""), await response.text()

    async def code(self, **changes: str) -> str:
        _, location, _ = await self.look(self.authorize(**{"as": "T0ACME/U0ANNA", **changes}))
        return parse_qs(urlsplit(location).query)["code"][0]

    async def exchange(self, code: str, **changes: str) -> dict[str, Any]:
        client = self.slack.sign_in.client
        form = {
            "client_id": client.id,
            "client_secret": client.secret,
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
            **changes,
        }
        async with self.session.post(f"{self.slack.api_url}openid.connect.token", data=form) as response:
            assert 200 == response.status
            answer: dict[str, Any] = await response.json()
            return answer

    async def keys(self) -> Any:
        async with self.session.get(f"{self.slack.world.base_url}/openid/connect/keys") as response:
            return await response.json()


@pytest.fixture
async def served(slack: StandIn, anna_member: Member, ben_member: Member) -> AsyncIterator[Slack]:
    async with slack.serve(), aiohttp.ClientSession() as session:
        yield Slack(slack, session)


async def test_the_page_shows_the_people_who_can_say_yes(served: Slack, acme: Workspace) -> None:
    acme.add_member("U0BOT", real_name="Robot", is_bot=True)
    acme.add_member("U0LEFT", real_name="Lena Left", deleted=True)
    acme.add_member("U0OLGA", real_name="Olga Outside", outside=True)
    acme.add_member("U0EVE", real_name="<b>Eve & Co</b>")
    other = served.slack.add_workspace("T0GLOBEX", name="Globex", domain="globex")
    other.add_member("U0ZOE", real_name="Zoe Marchetti")
    status, _, everybody = await served.look(served.authorize())
    _, _, only_acme = await served.look(served.authorize(team="T0ACME"))

    assert 200 == status
    assert [name in everybody for name in ("Anna Larsson · Acme", "Ben Okafor · Acme", "Zoe Marchetti · Globex")] == [
        True
    ] * 3
    assert not [name for name in ("Robot", "Lena", "Olga", "<b>") if name in everybody]
    assert "Anna" in only_acme
    assert "Zoe" not in only_acme


async def test_whoever_says_yes_goes_back_with_a_code_and_the_state(served: Slack) -> None:
    status, location, _ = await served.look(served.authorize(**{"as": "T0ACME/U0ANNA"}))
    _, cancelled, _ = await served.look(served.authorize(**{"as": ""}))

    assert (302, REDIRECT) == (status, location.partition("?")[0])
    assert ["the state"] == parse_qs(urlsplit(location).query)["state"]
    assert f"{REDIRECT}?error=access_denied&state=the+state" == cancelled


async def test_a_code_is_exchanged_for_a_token_that_others_can_check(served: Slack) -> None:
    answer = await served.exchange(await served.code())
    token = jose.decode(answer["id_token"], jose_keys.KeySet.import_key_set(await served.keys()), algorithms=["RS256"])

    assert (True, "Bearer") == (answer["ok"], answer["token_type"])
    claims = token.claims
    assert (served.slack.world.base_url, served.slack.sign_in.client.id) == (claims["iss"], claims["aud"])
    assert ("T0ACME", "U0ANNA") == (claims["https://slack.com/team_id"], claims["https://slack.com/user_id"])
    assert ("the nonce", "Anna Larsson", 300) == (claims["nonce"], claims["name"], claims["exp"] - claims["iat"])
    assert "https://slack.com/enterprise_id" not in claims


async def test_the_organisation_is_named_where_there_is_one(served: Slack) -> None:
    labs = served.slack.add_workspace("T0LABS", name="Labs", domain="labs", enterprise_id="E0ORG")
    labs.add_member("U0DORA", real_name="Dora Díaz")
    answer = await served.exchange(await served.code(**{"as": "T0LABS/U0DORA"}))
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})

    assert "E0ORG" == claims["https://slack.com/enterprise_id"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1.1"}, "invalid_client_id"),
        ({"client_secret": "another"}, "bad_client_secret"),
        ({"grant_type": "password"}, "invalid_grant_type"),
        ({"code": "another"}, "invalid_code"),
        ({"redirect_uri": f"{REDIRECT}/"}, "bad_redirect_uri"),
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
    ],
)
async def test_what_does_not_fit_is_refused(served: Slack, changes: dict[str, str], error: str) -> None:
    code = await served.code()

    assert {"ok": False, "error": error} == await served.exchange(**{"code": code, **changes})


async def test_a_code_works_once_and_for_ten_minutes(served: Slack, clock: Clock) -> None:
    code, late = await served.code(), await served.code()
    first, again = await served.exchange(code), await served.exchange(code)
    clock.now += 601
    stale = await served.exchange(late)

    assert [True, "code_already_used", "code_expired"] == [first["ok"], again["error"], stale["error"]]


async def test_the_discovery_document_has_the_addresses_that_there_are(served: Slack) -> None:
    base = served.slack.world.base_url
    async with served.session.get(f"{base}/.well-known/openid-configuration") as response:
        said = await response.json()

    assert base == said["issuer"]
    assert f"{served.slack.api_url}openid.connect.token" == said["token_endpoint"]
    assert served.authorize().startswith(f"{said['authorization_endpoint']}?")
    async with served.session.get(said["jwks_uri"]) as response:
        assert await response.json() == await served.keys()
    assert "code_challenge_methods_supported" not in said


async def test_without_a_challenge_there_must_be_no_verifier(served: Slack) -> None:
    codes = [await served.code(code_challenge="", code_challenge_method="") for _ in range(2)]

    assert (await served.exchange(codes[0], code_verifier=""))["ok"]
    assert "invalid_grant" == (await served.exchange(codes[1]))["error"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1.1"}, "invalid_client_id"),
        ({"response_type": "token"}, "invalid_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_code_challenge_method"),
        ({"as": "T0ACME/U0NOBODY"}, "nobody of that name"),
    ],
)
async def test_slack_sends_nobody_back_whom_the_app_did_not_send_well(
    served: Slack, changes: dict[str, str], error: str
) -> None:
    status, location, page = await served.look(served.authorize(**changes))

    assert (400, "") == (status, location)
    assert error in page


async def test_only_addresses_of_the_manifest_are_sent_back_to(served: Slack) -> None:
    manifest = {"oauth_config": {"redirect_urls": [REDIRECT]}}
    strict = StandIn("a secret", time.time, manifest=manifest)
    async with strict.serve():
        here = Slack(strict, served.session)
        for allowed in (REDIRECT, f"{REDIRECT}/more"):
            assert 200 == (await here.look(here.authorize(redirect_uri=allowed)))[0]
        for other in ("https://evil.example/", f"{REDIRECT}s", "https://app.example/", ""):
            status, location, page = await here.look(here.authorize(redirect_uri=other))

            assert (400, "") == (status, location)
            assert "bad_redirect_uri" in page


async def test_the_page_answers_by_its_own_name_alone_and_is_framed_by_nobody(served: Slack) -> None:
    status, _, page = await served.look(served.authorize(), Host="evil.example")
    async with served.session.get(served.authorize()) as response:
        policy = response.headers["Content-Security-Policy"]

    assert 403 == status
    assert "Anna" not in page
    assert "frame-ancestors 'none'" in policy


async def test_no_secret_is_in_the_log_of_calls(served: Slack) -> None:
    code = await served.code()
    answer = await served.exchange(code)
    await served.keys()
    logged = repr(list(served.slack.calls))

    secrets = (code, VERIFIER, served.slack.sign_in.client.secret, answer["id_token"], answer["access_token"])
    assert not [secret for secret in secrets if secret in logged]
    assert [TOKEN, KEYS] == [call.name for call in served.slack.calls]


@pytest.mark.parametrize("method", [TOKEN, KEYS])
async def test_both_can_have_a_bad_day(served: Slack, method: str) -> None:
    served.slack.faults.set(method, Fault.NOT_OK("fatal_error"))
    code = await served.code()
    answer = await (served.exchange(code) if method == TOKEN else served.keys())

    assert {"ok": False, "error": "fatal_error"} == answer

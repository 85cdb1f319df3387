"""What join pages ask of Sign in with Slack: who visits, and where signing in begins."""

from datetime import UTC, datetime
from typing import Never
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.services.signed_in import Page, Return, Seals, SignedIn
from bot.web.sign_in import SignIn
from storage.secrets import KeyRing

SEALS = Seals(KeyRing.from_text("a key of the tests of 32 characters or more"), lambda: datetime.now(UTC))
ANNA = SignedIn("T0ACME", "U0ANNA", "Anna Larsson")
PLACE = Return(Page.LINK, "blue.harbour")
HTTP, HTTPS = "http://localhost:3000", "https://rooms.example.com"
MEMBER = "standing_room_member"


def no_desk() -> Never:
    raise AssertionError("nothing is to be asked")


def sign_in(public_url: str) -> SignIn:
    return SignIn(SEALS, public_url, no_desk, str, lambda _outcome: None)


async def visitor(public_url: str, cookie: str) -> str:
    one = sign_in(public_url)

    async def who(request: web.Request) -> web.Response:
        return web.Response(text=repr(one.visitor(request)))

    app = web.Application()
    app.router.add_get("/", who)
    async with TestClient(TestServer(app)) as client, client.get("/", headers={"Cookie": cookie}) as response:
        return await response.text()


@pytest.mark.parametrize(
    ("public_url", "name"),
    [(HTTP, MEMBER), (HTTPS, f"__Host-{MEMBER}"), ("https://rooms.example/a/b", f"__Host-{MEMBER}")],
)
async def test_a_visitor_is_who_their_cookie_says(public_url: str, name: str) -> None:
    assert repr(ANNA) == await visitor(public_url, f"a=b; {name}={SEALS.member(ANNA)}")


@pytest.mark.parametrize(
    "cookie", ["", "a=b", f"{MEMBER}=", f"{MEMBER}=x.y", f"{MEMBER}={SEALS.ticket(PLACE)}", ";;;=;\xff"]
)
async def test_whoever_shows_nothing_of_ours_is_nobody(cookie: str) -> None:
    assert "None" == await visitor(HTTP, cookie)


async def test_over_https_only_the_cookie_that_no_neighbour_can_set_counts() -> None:
    assert "None" == await visitor(HTTPS, f"{MEMBER}={SEALS.member(ANNA)}")


@pytest.mark.parametrize(
    ("public_url", "begin"), [(HTTPS, "/slack/sign-in"), ("https://rooms.example/a/b", "/a/b/slack/sign-in")]
)
def test_a_link_leads_to_where_signing_in_begins_and_hides_where_it_comes_back_to(public_url: str, begin: str) -> None:
    link = urlsplit(sign_in(public_url).link(PLACE))

    assert ("", "", begin, "") == (link.scheme, link.netloc, link.path, link.fragment)
    assert PLACE == SEALS.read_ticket(parse_qs(link.query)["to"][0])
    assert "harbour" not in link.query

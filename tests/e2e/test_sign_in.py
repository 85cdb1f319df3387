"""Sign in with Slack on join pages: who comes back from Slack is who Slack says, once, in the browser that began."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest

from bot.chances import Chances
from bot.cli.trouble import Trouble
from bot.playground import Fault
from bot.playground.sign_in import CONFIGURATION, KEYS, TOKEN
from bot.services.signed_in import Page, Return, SignedIn
from tests.e2e.reading import dialog
from tests.e2e.room_dialog import opens
from tests.e2e.signing_in import BROWSER, CALLBACK, MEMBER, PLACE, Browser, browsing, in_query, seals
from tests.e2e.stage import Stage, make_stage
from tests.e2e.timing import Clock
from tests.overheard import told

STATE = "A" * 43


@pytest.fixture
async def unstarted(database_url: str) -> AsyncIterator[Stage]:
    async with make_stage(database_url) as made:
        yield made


@pytest.fixture
async def browser(unstarted: Stage) -> AsyncIterator[Browser]:
    async with browsing(unstarted) as (one,):
        yield one


async def test_a_member_signs_in_and_comes_back_to_where_they_began(browser: Browser) -> None:
    at_slack = await browser.begins()
    back = await browser.says_yes(at_slack, browser.stage.anna)
    done = await browser.get(back)

    assert (303, "/j/5829047316", "") == (done.status, done.location, done.text)
    assert SignedIn("T0ACME", "U0ANNA", "Anna Larsson") == browser.who()
    cookie = done.cookies[MEMBER]
    assert (True, True, "Lax", "/", "", "43200") == (
        cookie["secure"],
        cookie["httponly"],
        cookie["samesite"],
        cookie["path"],
        cookie["domain"],
        cookie["max-age"],
    )
    passed_by = {in_query(at_slack, name) for name in ("state", "nonce")} | {
        in_query(back, "code"),
        *browser.jar.values(),
    }
    assert not told(browser.stage.heard.getvalue(), passed_by)
    assert '"outcome": "done", "workspace": "T0ACME"' in browser.stage.heard.getvalue()
    assert 'standing_room_sign_ins_total{outcome="done"} 1.0' in (await browser.get("/metrics")).text


async def test_slack_is_asked_for_no_more_than_is_used(browser: Browser) -> None:
    at_slack = await browser.begins()

    assert at_slack.startswith(f"{browser.stage.slack.world.base_url}/openid/connect/authorize?")
    assert "openid profile" == in_query(at_slack, "scope")
    assert "code_challenge" not in at_slack
    assert f"https://rooms.example.com{CALLBACK}" == in_query(at_slack, "redirect_uri")
    assert browser.stage.slack.sign_in.client.secret not in at_slack


async def test_where_slack_says_that_it_compares_verifiers_it_gets_one(browser: Browser) -> None:
    browser.stage.slack.sign_in.offers_pkce = True
    at_slack = await browser.begins()
    done = await browser.get(await browser.says_yes(at_slack, browser.stage.anna))

    assert ("S256", 43) == (in_query(at_slack, "code_challenge_method"), len(in_query(at_slack, "code_challenge")))
    assert 303 == done.status


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.SERVER_ERROR, Fault.BROKEN_JSON, Fault.NOT_OK("fatal")])
async def test_where_slack_does_not_say_what_it_can_do_nothing_is_taken_for_granted(
    browser: Browser, fault: Fault
) -> None:
    browser.stage.slack.sign_in.offers_pkce = True
    browser.stage.slack.faults.set(CONFIGURATION, fault)

    assert "code_challenge" not in await browser.begins()
    assert 303 == (await browser.signs_in(browser.stage.anna)).status
    # One that it still waits for is not among them yet.
    assert 1 >= len(browser.stage.slack.calls.of(CONFIGURATION))


@pytest.mark.row("R39")
@pytest.mark.parametrize(
    ("place", "path"),
    [
        (Return(Page.LINK, "Blue.Harbour"), "/my/Blue.Harbour"),
        (Return(Page.NUMBER, "//evil.example/"), "/j/%2F%2Fevil.example%2F"),
        (Return(Page.NUMBER, "\r\nSet-Cookie: a=b"), "/j/%0D%0ASet-Cookie%3A%20a%3Db"),
        (Return(Page.NUMBER, ".."), "/j/"),
        (Return(Page.WAIT, "anything"), "/wait"),
        (Return(Page.LINK, "é\ud800" + "x" * 500), "/my/%C3%A9%3F" + "x" * 98),
    ],
)
async def test_any_name_leads_back_to_a_page_of_ours(browser: Browser, place: Return, path: str) -> None:
    """Seen red: with names as they are, `Location` was `/j///evil.example/`, `/j/..`, or broken in two lines."""
    done = await browser.signs_in(browser.stage.anna, place)

    assert (303, path) == (done.status, done.location)


@pytest.mark.row("R39")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?to=",
        "?to=https://evil.example/",
        "?to=//evil.example",
        "?to=number",
        "?return_to=https://evil.example/&redirect_uri=https://evil.example/&next=//evil.example",
    ],
)
async def test_nobody_is_led_to_a_place_that_we_did_not_seal(browser: Browser, query: str) -> None:
    """Seen red: with a place of our own where none was sealed, Slack's page followed."""
    answer = await browser.get(f"/slack/sign-in{query}")

    assert (400, "") == (answer.status, answer.location)
    assert "This link leads nowhere" in answer.text
    assert "evil" not in answer.text


async def test_a_ticket_does_for_no_member_and_what_a_member_shows_for_no_ticket(browser: Browser) -> None:
    await browser.signs_in(browser.stage.anna)
    sealed = browser.jar[MEMBER]

    assert 400 == (await browser.get(f"/slack/sign-in?to={sealed}")).status
    assert seals(browser.stage).read_member(seals(browser.stage).ticket(PLACE)) is None


@pytest.mark.row("R39")
async def test_of_ten_callbacks_at_once_in_two_processes_one_signs_in(unstarted: Stage) -> None:
    """Seen red: with a state that stays in the table, Slack was asked for all ten."""
    async with browsing(unstarted, processes=2) as (first, second):
        back = await first.comes_back_as(unstarted.anna)
        answers = await asyncio.gather(*(one.get(back) for one in (first, second) * 5))

    assert {303: 1, 400: 9} == Counter(answer.status for answer in answers)
    assert 1 == len(unstarted.slack.calls.of(TOKEN))


@pytest.mark.row("R39")
@pytest.mark.parametrize("query", ["", "?state=", f"?state={STATE}", "?state=%00", f"?code=1&state={'x' * 4000}"])
async def test_a_state_that_was_never_given_out_is_refused(browser: Browser, query: str) -> None:
    """Seen red: with a state that is looked up and not judged, the answer was 500."""
    answer = await browser.get(CALLBACK + query)

    assert (400, "") == (answer.status, answer.location)
    assert "This sign-in is over" in answer.text
    assert MEMBER not in browser.jar


@pytest.mark.row("R39")
async def test_a_state_that_came_back_before_or_stands_there_twice_is_refused(browser: Browser) -> None:
    """Seen red: with a state that stays in the table, Slack was asked twice."""
    back = await browser.comes_back_as(browser.stage.anna)
    twice = await browser.get(f"{back}&state={in_query(back, 'state')}")
    first, again = await browser.get(back), await browser.get(back)

    assert [400, 303, 400] == [twice.status, first.status, again.status]
    assert 1 == len(browser.stage.slack.calls.of(TOKEN))


@pytest.mark.row("R39")
@pytest.mark.parametrize("held", ["nothing", "another"])
async def test_a_state_is_of_no_use_in_another_browser(browser: Browser, held: str) -> None:
    """So that nobody can be signed in as somebody else by a link.

    Seen red: without the comparison of browsers, the victim was signed in as Anna.
    """
    victim = Browser(browser.stage, browser.session, browser.address)
    if held == "another":
        await victim.begins()
    answer = await victim.get(await browser.comes_back_as(browser.stage.anna))

    assert 400 == answer.status
    assert MEMBER not in victim.jar
    assert not browser.stage.slack.calls.of(TOKEN)


@pytest.mark.row("R39")
async def test_a_state_lives_ten_minutes_and_who_signed_in_stays_so_for_twelve_hours(database_url: str) -> None:
    """Seen red: without the time in the statement, Slack was asked for a stale state."""
    clock = Clock()
    async with make_stage(database_url, Chances(clock=clock)) as stage, browsing(stage) as (browser,):
        late = await browser.comes_back_as(stage.anna)
        clock.passes(601)
        stale = await browser.get(late)
        asked = len(stage.slack.calls.of(TOKEN))
        await browser.signs_in(stage.anna)
        clock.passes(12 * 3600 - 60)
        before = browser.who()
        clock.passes(61)

        assert (400, 0) == (stale.status, asked)
        assert before is not None
        assert browser.who() is None


@pytest.mark.row("R39")
async def test_a_code_is_worth_nothing_a_second_time(browser: Browser) -> None:
    """Seen red: with codes that work twice and a nonce that is not compared, 303."""
    used = await browser.comes_back_as(browser.stage.anna)
    assert 303 == (await browser.get(used)).status
    begun = await browser.begins()
    replayed = await browser.get(f"{CALLBACK}?code={in_query(used, 'code')}&state={in_query(begun, 'state')}")

    assert (400, "") == (replayed.status, replayed.location)
    assert "This sign-in is over" in replayed.text


@pytest.mark.row("R39")
@pytest.mark.parametrize(("offers_pkce", "status"), [(True, 400), (False, 403)])
async def test_somebody_elses_code_is_worth_nothing(browser: Browser, *, offers_pkce: bool, status: int) -> None:
    """The verifier is the other browser's, and Slack compares it; without one, the nonce is, and we compare it.

    Seen red: without verifier and nonce, the browser was signed in as Ben, who began in another.
    """
    browser.stage.slack.sign_in.offers_pkce = offers_pkce
    other = Browser(browser.stage, browser.session, browser.address)
    stolen = await other.comes_back_as(browser.stage.ben)
    begun = await browser.begins()
    answer = await browser.get(f"{CALLBACK}?code={in_query(stolen, 'code')}&state={in_query(begun, 'state')}")

    assert status == answer.status
    assert MEMBER not in browser.jar


async def test_a_cookie_of_any_bytes_is_no_more_than_none(browser: Browser) -> None:
    back = await browser.comes_back_as(browser.stage.anna)
    cookies = b"; ".join(name.encode() + b"=\xff\xed\xa0\x80" for name in (BROWSER, MEMBER))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(browser.address.rpartition(":")[2]))
    writer.write(f"GET {back} HTTP/1.0\r\nHost: x\r\nCookie: ".encode() + cookies + b"\r\n\r\n")
    status = await reader.readline()
    writer.close()

    assert b"400" in status


async def test_several_sign_ins_of_one_browser_do_not_disturb_each_other(browser: Browser) -> None:
    ways = [await browser.comes_back_as(one) for one in (browser.stage.anna, browser.stage.ben)]

    assert [303, 303] == [(await browser.get(way)).status for way in ways]
    assert 1 == len({browser.jar[BROWSER]})


async def test_whoever_says_no_is_told_how_to_go_on(browser: Browser) -> None:
    answer = await browser.signs_in(None)

    assert 403 == answer.status
    assert "You did not sign in" in answer.text
    assert 'href="/j/5829047316"' in answer.text
    assert 'href="/slack/sign-in?to=' in answer.text
    assert MEMBER not in browser.jar


async def test_trouble_at_slacks_page_is_told_and_not_shown(browser: Browser) -> None:
    state = in_query(await browser.begins(), "state")
    answer = await browser.get(f"{CALLBACK}?error=%3Cscript%3E&state={state}")

    assert 424 == answer.status
    assert "Slack does not answer" in answer.text
    assert "script" not in answer.text + browser.stage.heard.getvalue()


@pytest.mark.parametrize("method", [TOKEN, KEYS])
@pytest.mark.parametrize(
    "fault",
    [Fault.TIMEOUT, Fault.RESET, Fault.SERVER_ERROR, Fault.BROKEN_JSON, Fault.RATE_LIMITED, Fault.NOT_OK("fatal")],
)
async def test_where_slack_is_unwell_that_is_said_in_time(browser: Browser, method: str, fault: Fault) -> None:
    back = await browser.comes_back_as(browser.stage.anna)
    # Twice at least: a connection that breaks under a request for keys makes aiohttp ask once more.
    browser.stage.slack.faults.set(method, fault, times=3)
    began = asyncio.get_running_loop().time()
    answer = await browser.get(back)
    took = asyncio.get_running_loop().time() - began

    assert 424 == answer.status
    assert "Slack does not answer" in answer.text
    assert took < 3.0
    assert MEMBER not in browser.jar
    browser.stage.slack.faults.clear()
    assert 303 == (await browser.signs_in(browser.stage.anna)).status


async def test_keys_are_asked_for_once_and_again_when_there_are_new_ones(browser: Browser) -> None:
    for _ in range(2):
        await browser.signs_in(browser.stage.anna)
    once = len(browser.stage.slack.calls.of(KEYS))
    browser.stage.slack.sign_in.change_key()
    answer = await browser.signs_in(browser.stage.anna)

    assert (1, 303, 2) == (once, answer.status, len(browser.stage.slack.calls.of(KEYS)))


async def test_a_secret_that_slack_does_not_take_is_for_the_operator(browser: Browser) -> None:
    back = await browser.comes_back_as(browser.stage.anna)
    browser.stage.slack.faults.set(TOKEN, Fault.NOT_OK("bad_client_secret"))
    answer = await browser.get(back)

    assert 424 == answer.status
    assert "Sign in with Slack is not set up as it should be" in answer.text
    assert '"reason": "bad_client_secret"' in browser.stage.heard.getvalue()


async def test_somebody_of_a_workspace_without_rooms_here_is_told_so(browser: Browser) -> None:
    globex = browser.stage.slack.add_workspace("T0GLOBEX", name="Globex", domain="globex")
    answer = await browser.signs_in(browser.stage.add("U0ZOE", "Zoe Marchetti", workspace=globex))

    assert 403 == answer.status
    assert "That is another workspace" in answer.text
    assert MEMBER not in browser.jar


async def test_somebody_of_an_organisation_belongs_to_all_of_it(browser: Browser) -> None:
    stage = browser.stage
    labs = stage.slack.add_workspace("T0LABS", name="Labs", domain="labs", enterprise_id="E0ORG")
    dora = stage.add("U0DORA", "Dora Díaz", workspace=labs)
    await stage.are_known(dora)

    assert 303 == (await browser.signs_in(dora)).status
    assert SignedIn("E0ORG", "U0DORA", "Dora Díaz") == browser.who()


async def test_where_the_token_names_no_organisation_our_own_installation_does(
    unstarted: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in = unstarted.slack.sign_in
    signed = sign_in.token

    def without_organisation(claims: Mapping[str, object]) -> str:
        return signed({name: claim for name, claim in claims.items() if not name.endswith("/enterprise_id")})

    monkeypatch.setattr(sign_in, "token", without_organisation)
    unstarted.acme.enterprise_id = "E0ORG"
    async with browsing(unstarted) as (browser,):
        unstarted.slack.faults.set("auth.test", Fault.SERVER_ERROR)
        unknown = await browser.signs_in(unstarted.anna)
        known = await browser.signs_in(unstarted.anna)

        assert (403, 303) == (unknown.status, known.status)
        assert SignedIn("E0ORG", "U0ANNA", "Anna Larsson") == browser.who()


async def test_people_are_asked_to_sign_in_to_our_own_workspace_once_it_is_known(browser: Browser) -> None:
    before = await browser.begins()
    await browser.get("/readyz")
    at_slack = await browser.begins()

    assert "team=" not in before
    assert "T0ACME" == in_query(at_slack, "team")
    assert 303 == (await browser.get(await browser.says_yes(at_slack, browser.stage.ben))).status


async def test_a_database_that_does_not_answer_is_told_of(database_url: str) -> None:
    trouble = Trouble()
    async with make_stage(database_url, Chances(around=trouble.around)) as stage, browsing(stage) as (browser,):
        back = await browser.comes_back_as(stage.anna)
        ticket = seals(stage).ticket(PLACE)
        trouble.switches()[-1].set(on=True)
        answers = [await browser.get(path) for path in (f"/slack/sign-in?to={ticket}", back)]
        trouble.calm()

        assert [424, 424] == [answer.status for answer in answers]
        assert all("Not just now" in answer.text for answer in answers)
        assert 303 == (await browser.get(back)).status


async def test_where_it_is_not_set_up_nobody_can_sign_in_and_the_option_says_why(stage: Stage) -> None:
    address = stage.slack._delivery.url.removesuffix("/slack/events")
    async with aiohttp.ClientSession() as session:
        browser = Browser(stage, session, address)
        answers = [await browser.get(path) for path in ("/slack/sign-in", CALLBACK)]
    await opens(stage.anna)

    assert [404, 404] == [answer.status for answer in answers]
    assert "It needs Sign in with Slack, which is not set up here." in dialog(stage.anna).shown


async def test_members_only_guards_a_room_until_nobody_can_sign_in_any_more(unstarted: Stage) -> None:
    """Then everybody waits, and the room is not open for a moment."""
    anna = unstarted.anna
    without = unstarted.settings
    async with browsing(unstarted):
        await opens(anna)
        await anna.ticks("options", "members_only")
        await anna.fills("passcode", "")
        await anna.submits()
        saved = dialog(anna).shown
        await anna.closes()
    await unstarted.stop()
    await unstarted.start(without)
    await opens(anna)

    assert "*Workspace members only:* Yes" in saved
    assert "*Passcode:* None" in saved
    view = dialog(anna)
    assert "everybody" == view.value("waiting_room")["value"]
    assert "*Workspace members only:* No. It needs Sign in with Slack, which is not set up here." in view.shown

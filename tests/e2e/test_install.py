"""Installing by OAuth: each workspace has its own token; what comes back from Slack counts once, and ends in words."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from bot.chances import Chances
from bot.manifest import OPTIONAL_SCOPES, SCOPES
from bot.playground import Fault
from bot.playground.installing import ACCESS, LASTS
from bot.playground.state import TokenState
from tests.e2e.installing import BACK, COOKIE, Installer, add_globex, installed, installing, leaves, tells
from tests.e2e.signing_in import in_query
from tests.e2e.stage import BASE, at_once
from tests.e2e.timing import Clock
from tests.overheard import told

STATE = "A" * 43


@pytest.fixture
async def browser(database_url: str) -> AsyncIterator[Installer]:
    async with installing(database_url) as (one,):
        yield one


def tokens_used(browser: Installer) -> int:
    """How often Slack was asked anything with a token."""
    free = {ACCESS, "response_url", "api.test"}
    return len([call for call in browser.stage.slack.calls.from_app() if call.name not in free])


async def test_whoever_adds_it_comes_back_to_what_to_do_first_and_is_welcomed(browser: Installer) -> None:
    stage = browser.stage
    at_slack = await browser.begins_install()
    back = await browser.allows(at_slack, stage.anna)
    done = await browser.get(back)
    await stage.slack.until(lambda: stage.anna.direct_messages, timeout=10.0)
    await stage.anna.types("/pmi")

    assert 200 == done.status
    assert "Standing Room is in your workspace" in done.text
    assert "https://slack.com/app_redirect?app=A0STANDIN&amp;team=T0ACME" in done.text
    assert "/room settings" in stage.anna.direct_messages[-1].shown
    assert "Personal Meeting ID" in stage.anna.private_messages[-1].shown
    one = await installed(stage, "T0ACME")
    assert one is not None
    assert stage.acme.bot_token == one.tokens.bot
    assert not told(stage.heard.getvalue(), {in_query(at_slack, "state"), in_query(back, "code"), one.tokens.bot})
    assert 'standing_room_installs_total{outcome="done"} 1.0' in (await browser.get("/metrics")).text


async def test_slack_is_asked_for_all_scopes_and_shown_no_secret(browser: Installer) -> None:
    begun = await browser.get("/slack/install")

    assert begun.location.startswith(f"{browser.stage.slack.world.base_url}/oauth/v2/authorize?")
    assert ",".join((*SCOPES, *OPTIONAL_SCOPES)) == in_query(begun.location, "scope")
    assert f"{BASE}{BACK}" == in_query(begun.location, "redirect_uri")
    assert browser.stage.slack.sign_in.client.secret not in begun.location
    cookie = begun.cookies[COOKIE]
    assert (True, True, "Lax", "/", "") == (
        cookie["secure"],
        cookie["httponly"],
        cookie["samesite"],
        cookie["path"],
        cookie["domain"],
    )


async def test_the_front_page_says_what_it_does_and_what_it_asks_for(browser: Installer) -> None:
    page = await browser.get("/")

    assert 200 == page.status
    for words in ('href="/slack/install">Add to Slack', "<code>chat:write</code>", "It reads no messages", "decline"):
        assert words in page.text


async def test_what_may_be_declined_may_be_declined(browser: Installer) -> None:
    at_slack = URL(await browser.begins_install()).update_query(scope="commands,chat:write,im:write,users:read")
    done = await browser.get(await browser.allows(str(at_slack), browser.stage.anna))

    assert 200 == done.status
    one = await installed(browser.stage, "T0ACME")
    assert one is not None
    assert "links:read" not in one.scopes


@pytest.mark.row("R39")
@pytest.mark.parametrize(
    "query",
    [
        "",
        f"?code=abc&state={STATE}",
        "?code=abc&state=",
        "?code=abc",
        "?error=access_denied",
        f"?error=x&state={STATE}&state={STATE}",
        "?state=%00%0d%0a",
        f"?code=abc&state={STATE}&redirect_uri=https://evil.example/",
    ],
)
async def test_what_was_never_begun_is_no_install(browser: Installer, query: str) -> None:
    """Seen red: with `finish` left out: Slack was asked about the code."""
    await browser.begins_install()
    answer = await browser.get(BACK + query)

    assert (400, "") == (answer.status, answer.location)
    assert "This way back is over" in answer.text
    assert 'href="/slack/install"' in answer.text
    assert [] == browser.stage.slack.calls.of(ACCESS)


@pytest.mark.row("R39")
async def test_of_ten_who_come_back_at_once_in_two_processes_one_passes(database_url: str) -> None:
    """Seen red: with a state that is looked at and not deleted: Slack was asked ten times."""
    async with installing(database_url, processes=2) as browsers:
        back = await browsers[0].allows(await browsers[0].begins_install(), browsers[0].stage.anna)
        answers = await asyncio.gather(*(browsers[number % 2].get(back) for number in range(10)))

        assert Counter({200: 1, 400: 9}) == Counter(answer.status for answer in answers)
        assert 1 == len(browsers[0].stage.slack.calls.of(ACCESS))


@pytest.mark.row("R39")
async def test_it_comes_back_to_the_browser_that_began_and_not_to_a_sign_in(browser: Installer) -> None:
    """Seen red: with no browser compared: the other one got 200."""
    back = await browser.allows(await browser.begins_install(), browser.stage.anna)
    other = Installer(browser.stage, browser.session, browser.address)

    assert [400, 400] == [(await each.get(back)).status for each in (other, browser)]
    state = in_query(await browser.begins_install(), "state")
    assert 400 == (await browser.get(f"/slack/sign-in/callback?code=a&state={state}")).status
    assert await installed(browser.stage, "T0ACME") is None


@pytest.mark.row("R39")
async def test_a_code_that_was_used_before_is_over(browser: Installer) -> None:
    """Seen red: with every word of Slack's taken for its silence: 424."""
    back = await browser.allows(await browser.begins_install(), browser.stage.anna)
    await browser.get(back)
    state = in_query(await browser.begins_install(), "state")
    answer = await browser.get(f"{BACK}?code={in_query(back, 'code')}&state={state}")

    assert 400 == answer.status
    assert "This way back is over" in answer.text


@pytest.mark.row("R39")
async def test_after_ten_minutes_it_is_over(database_url: str) -> None:
    """Seen red: with states that never end: Slack was asked about the code."""
    clock = Clock()
    async with installing(database_url, chances=Chances(clock=clock, sleep=at_once)) as (browser,):
        back = await browser.allows(await browser.begins_install(), browser.stage.anna)
        clock.passes(601)

        assert 400 == (await browser.get(back)).status
        assert [] == browser.stage.slack.calls.of(ACCESS)


async def test_whoever_says_no_reads_that_nothing_was_installed(browser: Installer) -> None:
    answer = await browser.installs(None)

    assert 403 == answer.status
    assert "Nothing was installed" in answer.text
    assert 200 == (await browser.installs(browser.stage.anna)).status


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.SERVER_ERROR, "Slack does not answer"),
        (Fault.BROKEN_JSON, "Slack does not answer"),
        (Fault.RESET, "Slack does not answer"),
        (Fault.TIMEOUT, "Slack does not answer"),
        (Fault.RATE_LIMITED, "Slack does not answer"),
        (Fault.NOT_OK("bad_client_secret"), "Installing is not set up"),
        (Fault.NOT_OK("bad_redirect_uri"), "Installing is not set up"),
        (Fault.NOT_OK("fatal_error"), "Slack does not answer"),
    ],
)
async def test_where_slack_gives_nothing_there_are_words_and_no_5xx(
    browser: Installer, fault: Fault, words: str
) -> None:
    browser.stage.slack.faults.set(ACCESS, fault)
    answer = await browser.installs(browser.stage.anna)

    assert 424 == answer.status
    assert words in answer.text
    assert await installed(browser.stage, "T0ACME") is None


@pytest.mark.row("R38")
@pytest.mark.row("R50")
async def test_two_workspaces_have_their_own_tokens_and_one_goes_on_when_the_other_leaves(browser: Installer) -> None:
    """Seen red: with one token for all: Gina's dialog was asked for with Acme's token, and refused."""
    stage = browser.stage
    gina = add_globex(stage)
    for person in (stage.anna, gina):
        assert 200 == (await browser.installs(person)).status
    for person in (stage.anna, gina):
        await person.types("/pmi edit")
        assert person.view is not None
    numbers = [await stage.pmi(person) for person in (stage.anna, gina)]

    assert 200 == await leaves(stage, stage.acme)
    assert await installed(stage, "T0ACME") is None
    stage.slack.calls.clear()
    await stage.anna.types("/pmi")
    assert f"{BASE}/slack/install" in stage.anna.private_messages[-1].shown
    assert 0 == tokens_used(browser)
    await gina.types("/pmi edit")
    assert 1 == tokens_used(browser)

    assert 200 == (await browser.installs(stage.anna)).status
    await stage.anna.types("/pmi edit")
    assert "Personal Meeting ID" in (stage.anna.view.shown if stage.anna.view else "")
    assert numbers == [await stage.pmi(person) for person in (stage.anna, gina)]


async def test_an_unknown_workspace_gets_the_link_and_slack_is_asked_nothing(browser: Installer) -> None:
    stage = browser.stage
    for typed in ("/pmi", "/pmi help", "/room settings", "/personal-link set blue.harbour"):
        await stage.anna.types(typed)
        assert f"{BASE}/slack/install" in stage.anna.private_messages[-1].shown
    await stage.slack.send_event(stage.acme, {"type": "app_home_opened", "user": "U0ANNA", "tab": "home"})

    assert 0 == tokens_used(browser)
    assert await stage.row(stage.anna) is None


@pytest.mark.row("R50")
@pytest.mark.parametrize("kinds", [("app_uninstalled", "tokens_revoked"), ("tokens_revoked", "app_uninstalled")])
async def test_events_in_either_order_and_doubled_end_it_and_no_later_install(
    browser: Installer, kinds: tuple[str, str]
) -> None:
    """Seen red: without asking Slack about an event as old as the install: the new token was deleted."""
    stage = browser.stage
    await browser.installs(stage.anna)
    for kind in (*kinds, *kinds):
        assert 200 == await leaves(stage, stage.acme, kind)
    assert await installed(stage, "T0ACME") is None

    await browser.installs(stage.anna)
    assert [200, 200] == [await tells(stage, stage.acme, kind) for kind in kinds]
    one = await installed(stage, "T0ACME")
    assert one is not None
    assert stage.acme.bot_token == one.tokens.bot


@pytest.mark.row("R50")
async def test_long_after_an_install_an_event_ends_it_without_asking_and_long_before_it_never(
    database_url: str,
) -> None:
    """Seen red: without looking at the age: the event from before the install asked Slack."""
    clock = Clock()
    async with installing(database_url, chances=Chances(clock=clock, sleep=at_once)) as (browser,):
        stage = browser.stage
        await browser.installs(stage.anna)
        stage.slack.calls.clear()
        for seconds, stays in ((-4000.0, True), (8000.0, False)):
            clock.passes(seconds)
            assert 200 == await tells(stage, stage.acme)
            assert stays is (await installed(stage, "T0ACME") is not None)

        assert 0 == tokens_used(browser)


@pytest.mark.row("R50")
async def test_while_slack_does_not_say_whether_a_token_lives_the_event_comes_again(browser: Installer) -> None:
    """Seen red: with Slack's silence taken for an answer: 200 at once, and nothing was ended."""
    stage = browser.stage
    await browser.installs(stage.anna)
    stage.slack.faults.set("auth.test", Fault.SERVER_ERROR, times=100)
    first = await tells(stage, stage.acme)
    stage.slack.faults.clear()

    assert (503, 200) == (first, await leaves(stage, stage.acme))
    assert await installed(stage, "T0ACME") is None


@pytest.mark.row("R25")
async def test_a_token_that_slack_refuses_is_used_no_more_and_that_of_others_is(browser: Installer) -> None:
    """Seen red: where nobody hears that a token is dead: Slack was asked with it again."""
    stage = browser.stage
    gina = add_globex(stage)
    for person in (stage.anna, gina):
        await browser.installs(person)
    await stage.slack.until(lambda: stage.anna.direct_messages and gina.direct_messages, timeout=10.0)
    stage.acme.token_state = TokenState.REVOKED
    await stage.anna.types("/pmi edit")
    stage.slack.calls.clear()
    for _ in range(3):
        await stage.anna.types("/pmi edit")

    assert 0 == tokens_used(browser)
    assert f"{BASE}/slack/install" in stage.anna.private_messages[-1].shown
    await gina.types("/pmi edit")
    assert gina.view is not None
    assert await installed(stage, "T0ACME") is None
    assert 'standing_room_installations_ended_total{reason="token_revoked"} 1.0' in (await browser.get("/metrics")).text


@pytest.mark.row("R38")
async def test_a_pause_that_slack_asks_for_in_one_workspace_holds_nobody_up_in_another(browser: Installer) -> None:
    """Seen red: with one pace for all, Gina was told nothing."""
    stage = browser.stage
    gina = add_globex(stage)
    stage.slack.faults.set("conversations.open", Fault.RATE_LIMITED, retry_after=60)
    await browser.installs(stage.anna)
    await stage.slack.until(lambda: stage.slack.calls.of("conversations.open"), timeout=10.0)
    stage.slack.faults.clear()
    await browser.installs(gina)
    await stage.slack.until(lambda: gina.direct_messages, timeout=10.0)

    assert [] == stage.anna.direct_messages


async def test_an_organisations_install_serves_all_its_teams(browser: Installer) -> None:
    stage = browser.stage
    people = []
    for team in ("T0ONE", "T0TWO"):
        made = stage.slack.add_workspace(
            team, name=team, domain=team.lower(), enterprise_id="E0ORG", enterprise_name="Orga"
        )
        people.append(stage.add(f"U0{team}", f"Member of {team}", workspace=made))
    one, two = people
    assert 200 == (await browser.installs(one)).status
    await two.types("/pmi")
    assert f"{BASE}/slack/install" in two.private_messages[-1].shown

    assert 200 == (await browser.installs(one, everywhere=True)).status
    for person in people:
        await person.types("/pmi edit")
        assert person.view is not None


async def test_a_token_near_its_end_is_refreshed_once_for_all_who_come(database_url: str) -> None:
    clock = Clock()
    async with installing(database_url, processes=2, chances=Chances(clock=clock, sleep=at_once)) as browsers:
        stage = browsers[0].stage
        stage.slack.installing.rotates = True
        await browsers[0].installs(stage.anna)
        await stage.slack.until(lambda: stage.anna.direct_messages, timeout=10.0)
        stage.slack.calls.clear()
        clock.passes(LASTS - 60)
        await asyncio.gather(*(person.types("/pmi edit") for person in (stage.anna, stage.ben, stage.carla) * 2))

        assert 1 == len(stage.slack.calls.of(ACCESS))
        assert all(person.view is not None for person in (stage.anna, stage.ben, stage.carla))
        clock.passes(120)
        await stage.anna.types("/pmi edit")
        one = await installed(stage, "T0ACME")
        assert one is not None
        assert stage.acme.bot_token == one.tokens.bot


async def test_readiness_asks_slack_whether_it_answers_and_needs_no_token(browser: Installer) -> None:
    ready = await browser.get("/readyz")

    assert 200 == ready.status
    assert 1 == len(browser.stage.slack.calls.of("api.test"))


async def test_with_a_bot_token_nobody_can_install_it(database_url: str) -> None:
    async with installing(database_url) as (browser,):
        stage = browser.stage
        token = stage.settings.model_copy(update={"slack_bot_token": stage.settings.slack_client_secret})
        address = (await stage.start(token)).removesuffix("/slack/events")
        one = Installer(stage, browser.session, address)

        assert [404, 404, 404] == [(await one.get(path)).status for path in ("/", "/slack/install", BACK)]

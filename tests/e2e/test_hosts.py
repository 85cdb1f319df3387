"""A host of a workspace's own: in every address that is shown there, and leading where the others lead."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.playground import Person
from tests.e2e.reading import asks, dialog
from tests.e2e.signing_in import BROWSER, MEMBER, PLACE, Browser, browsing, in_query, seals
from tests.e2e.stage import BASE, Stage, make_stage

OFFERED = "*.rooms.acme.example, meet.acme.example"
TALK = "https://talk.rooms.acme.example"
MEET = "https://meet.acme.example"


@pytest.fixture
async def unstarted(database_url: str) -> AsyncIterator[Stage]:
    async with make_stage(database_url, VANITY_HOSTS=OFFERED) as made:
        yield made


async def chooses(person: Person, host: str) -> None:
    """Set the host by the dialog, which shows what came of it."""
    await person.types("/room admin")
    await person.presses(action_id="admin_host")
    await person.fills("admin_host_name", host)
    await person.submits()


async def page(stage: Stage, host: str, path: str) -> tuple[int, str]:
    """What a browser gets that asks for a path on a host."""
    here = stage.slack._delivery.url.removesuffix("/slack/events")
    async with aiohttp.ClientSession() as session, session.get(here + path, headers={"Host": host}) as response:
        return response.status, await response.text()


async def test_it_stands_in_every_address_and_all_hosts_lead_to_the_same_place(unstarted: Stage) -> None:
    """Seen red: with the addresses of this service on the join card, it was the one that showed them."""
    stage, ben = unstarted, unstarted.ben
    await stage.start()
    assert f"{BASE}/j/" in await asks(ben, "/pmi")
    await chooses(stage.anna, "  HTTPS://Talk.Rooms.Acme.Example/ ")
    assert f"addresses begin with *{TALK}*" in dialog(stage.anna).shown
    assert f"Addresses that begin with {BASE} lead on" in dialog(stage.anna).shown
    await stage.anna.closes(everything=True)

    await ben.types("/room start")
    await ben.presses("Use My PMI")
    await stage.until_told(ben, f"{TALK}/")
    for line in ("/pmi", "/room", "/personal-link set ben.okafor", "/personal-link", "/pmi @anna"):
        answer = await asks(ben, line)
        assert f"{TALK}/" in answer, line
        assert BASE not in answer, line
    await ben.opens_home()
    await stage.slack.until(lambda: ben.home is not None and TALK in ben.home.shown)
    await ben.types("/room share")
    await ben.presses(action_id="share_room_here")
    await stage.slack.until(lambda: len(stage.general.messages) > 1)
    cards = [message.shown for message in stage.general.messages]
    assert 2 == len([card for card in cards if f"{TALK}/j/" in card])
    assert not any(BASE in card for card in cards)

    number = await stage.pmi(ben)
    pages = [await page(stage, host, f"/j/{number}") for host in ("talk.rooms.acme.example", "rooms.example.com")]
    assert 200 == pages[0][0]
    assert pages[0] == pages[1]
    assert f"{TALK}/j/{number}" in (await page(stage, "talk.rooms.acme.example:443", f"/qr/j/{number}"))[1]
    assert f"{BASE}/j/{number}" in (await page(stage, "elsewhere.example", f"/qr/j/{number}"))[1]


async def test_another_one_takes_its_place_and_the_first_stays_the_workspaces(unstarted: Stage) -> None:
    stage = unstarted
    await stage.start()
    await chooses(stage.anna, "talk.rooms.acme.example")
    await stage.anna.closes(everything=True)
    await chooses(stage.anna, "meet.acme.example")
    await stage.anna.closes(everything=True)
    await stage.anna.types("/room admin")
    await stage.anna.presses(action_id="admin_host")

    assert f"begin with *{MEET}*" in dialog(stage.anna).shown
    assert "earlier hosts lead on: talk.rooms.acme.example" in dialog(stage.anna).shown
    await stage.anna.fills("admin_host_name", "")
    await stage.anna.submits()
    assert f"begin with *{BASE}*" in dialog(stage.anna).shown
    assert f"{BASE}/j/" in await asks(stage.ben, "/pmi")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rooms.acme.example:8443", "not a host name"),
        ("a.b.rooms.acme.example", "a.b.rooms.acme.example is not among the hosts that are offered here"),
        ("rooms.example.com", "rooms.example.com is taken"),
    ],
)
async def test_what_cannot_be_is_said_under_the_field(unstarted: Stage, typed: str, said: str) -> None:
    await unstarted.start()
    await chooses(unstarted.anna, typed)

    assert said in dialog(unstarted.anna).errors["admin_host_name"]
    assert f"{BASE}/j/" in await asks(unstarted.ben, "/pmi")


async def test_where_none_are_offered_the_dialog_says_so(stage: Stage) -> None:
    await stage.anna.types("/room admin")
    await stage.anna.presses(action_id="admin_host")

    assert "offers no other hosts" in dialog(stage.anna).shown
    assert dialog(stage.anna).submit is None


async def test_an_address_on_it_becomes_a_card_with_that_address(unstarted: Stage) -> None:
    """Seen red: with the host of this service alone, there was no card."""
    stage = unstarted
    await stage.start()
    domains = ("rooms.example.com", "talk.rooms.acme.example", "evil.example")
    stage.slack.world.manifest = replace(stage.slack.world.manifest, unfurl_domains=domains)
    await stage.anna.types(f"{TALK}/j/5829047316 and https://evil.example/j/5829047316")

    assert [f"{TALK}/j/5829047316"] == list(stage.general.messages[-1].unfurls)


async def test_whoever_signs_in_on_it_comes_back_to_it(unstarted: Stage) -> None:
    """Seen red: without the way over, Slack sent them back to a host where nobody knew their browser."""
    async with browsing(unstarted) as (ours,):
        # A browser keeps cookies by host.
        theirs = Browser(ours.stage, ours.session, ours.address, host="talk.rooms.acme.example")
        begun = await theirs.get(f"/slack/sign-in?to={seals(unstarted).ticket(PLACE)}")
        assert begun.location.startswith(f"{BASE}/slack/sign-in?to=")
        at_slack = (await ours.get(begun.location.removeprefix(BASE))).location
        over = await ours.get(await ours.says_yes(at_slack, unstarted.anna))
        assert over.location.startswith(f"{TALK}/slack/sign-in/over?with=")
        done = await theirs.get(over.location.removeprefix(TALK))

        assert (303, "/j/5829047316") == (done.status, done.location)
        assert {BROWSER, MEMBER} == set(theirs.jar)
        assert MEMBER not in ours.jar
        who = theirs.who()
        assert who is not None
        assert "U0ANNA" == who.user


async def test_nobody_is_taken_over_in_a_browser_that_did_not_begin_there(unstarted: Stage) -> None:
    """Seen red: without the mark of the browser, somebody else's link signed them in."""
    async with browsing(unstarted) as (ours,):
        theirs = Browser(ours.stage, ours.session, ours.address, host="talk.rooms.acme.example")
        begun = await theirs.get(f"/slack/sign-in?to={seals(unstarted).ticket(PLACE)}")
        at_slack = (await ours.get(begun.location.removeprefix(BASE))).location
        over = await ours.get(await ours.says_yes(at_slack, unstarted.anna))
        path = over.location.removeprefix(TALK)
        another = Browser(ours.stage, ours.session, ours.address, host="talk.rooms.acme.example")
        elsewhere = Browser(ours.stage, ours.session, ours.address, jar=theirs.jar, host="b.rooms.acme.example")

        for browser in (another, elsewhere):
            assert 400 == (await browser.get(path)).status
            assert MEMBER not in browser.jar
        assert 400 == (await theirs.get(f"/slack/sign-in/over?with={in_query(path, 'with')[:-1]}")).status

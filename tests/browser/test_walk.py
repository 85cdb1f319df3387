"""The whole way, from the composer to the meeting: set up, schedule, invite, join on a phone, wait, be admitted.

And the ways that end before it: a wrong passcode again and again, an address of a number that was given up, a meeting
that was cancelled.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import FindTroubles, NewPage, troubles_of
from tests.browser.playground import ANNA, BEN, Playground, Window, playing

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = {"width": 390, "height": 780}
IN_THE_MEETING = re.compile(r"/[a-z2-9-]{34}#config")
Opens = Callable[[str], Awaitable[Window]]


@pytest_asyncio.fixture(loop_scope="session")
async def own_playground() -> AsyncIterator[Playground]:
    """A playground that nobody has been in: wrong tries and settings of one test are none of another's."""
    async with playing() as playground:
        yield playground


@pytest_asyncio.fixture(loop_scope="session")
async def opens(own_playground: Playground, new_page: NewPage) -> Opens:
    """Opens the page as somebody."""

    async def as_(who: str) -> Window:
        return await Window(await new_page(), own_playground.address).opens(who)

    return as_


async def with_a_waiting_room(seen: Window) -> None:
    """Have everybody wait."""
    await seen.sends("/room settings")
    await seen.dialog.get_by_label("Everybody").check()
    await seen.button("Save").click()
    await expect(seen.dialog).to_contain_text("Saved")
    await seen.button("Done").click()


async def schedules(seen: Window, topic: str) -> None:
    """Schedule a meeting, and invite Ben and a channel to it."""
    await seen.sends("/room schedule")
    await seen.field("Topic").fill(topic)
    await seen.dialog.get_by_label("Invite").fill("ben")
    await seen.page.get_by_role("option", name=re.compile("Ben")).click()
    await seen.dialog.get_by_label("Invite").press("Tab")
    await seen.dialog.get_by_label("Channel").fill("general")
    await seen.page.get_by_role("option", name=re.compile("general")).click()
    await seen.button("Schedule").click()
    await expect(seen.dialog).to_contain_text("is scheduled")


async def href(link: Locator) -> str:
    """Where a link leads."""
    found = await link.get_attribute("href")
    assert found is not None
    return found


async def direct_messages(seen: Window) -> Locator:
    """The messages between somebody and the app."""
    await seen.page.get_by_role("link", name="Standing Room").first.click()
    await seen.page.get_by_role("tab", name="Messages").click()
    return seen.messages


def forgive_statuses(page: Page) -> None:
    """What a browser says of a page with a status of 400 and more is no trouble; all else stays."""
    troubles = troubles_of(page)
    troubles[:] = [each for each in troubles if not each.startswith("Failed to load resource")]


async def test_from_the_settings_to_the_meeting(opens: Opens, new_page: NewPage, axe: FindTroubles) -> None:
    anna, ben = await opens(ANNA), await opens(BEN)
    await with_a_waiting_room(anna)
    await schedules(anna, "Launch")
    start = await href(anna.dialog.locator("a[href*='/s/']").first)
    await anna.button("Done").click()

    invited = await direct_messages(ben)
    card = invited.filter(has_text="invites you")
    await expect(card).to_contain_text("Launch")
    await card.get_by_role("button", name="Accept this invitation").click()
    await expect(card).to_contain_text("1 accepted")
    posted = anna.messages.filter(has_text="invites you")
    await expect(posted).to_contain_text("1 accepted")
    join = await href(posted.get_by_role("link", name="Join this meeting"))

    guest = await new_page(**PHONE)
    await guest.goto(join)
    await guest.get_by_label("Your name").fill("Zoë")
    await guest.get_by_role("button").click()
    await expect(guest.get_by_role("heading")).to_have_text(re.compile("has not started|let you in"))
    assert [] == await axe(guest)

    host = await new_page()
    await host.goto(start)
    await expect(host.get_by_role("heading", name="You are in the meeting")).to_be_visible()
    assert IN_THE_MEETING.search(host.url)
    await expect(guest.get_by_role("heading", name="The host will let you in")).to_be_visible()

    knocks = (await direct_messages(anna)).filter(has_text="waiting to come in")
    await expect(knocks).to_contain_text("Zoë")
    await knocks.get_by_role("button", name=re.compile("^Admit")).first.click()

    await expect(guest.get_by_role("heading", name="You are in the meeting")).to_be_visible()
    await expect(guest.locator("#name")).to_have_text("Zoë")
    await expect(guest.locator("#topic")).to_have_text("Launch")
    assert host.url.partition("#")[0] == guest.url.partition("#")[0]


async def test_ten_wrong_passcodes_end_in_a_pause_that_an_invitation_does_not_share(
    opens: Opens, new_page: NewPage
) -> None:
    anna = await opens(ANNA)
    await anna.sends("/room start Budget")
    await anna.latest.get_by_role("button", name="Use My PMI").click()
    card = anna.messages.filter(has_text="has started a meeting")
    address = await href(card.locator("a[href*='/j/']").first)
    join = await href(card.get_by_role("link", name="Join", exact=False).last)

    stranger = await new_page(**PHONE)
    await stranger.goto(address)
    for tried in range(11):
        await stranger.get_by_label("Your name").fill("Mallory")
        await stranger.get_by_label("Passcode").fill(f"guess-{tried}")
        async with stranger.expect_navigation():
            await stranger.get_by_role("button", name="Join").click()
        if await stranger.get_by_label("Passcode").count() == 0:
            break
    await expect(stranger.get_by_text("There were many tries.")).to_be_visible()
    forgive_statuses(stranger)

    guest = await new_page(**PHONE)
    await guest.goto(join)
    await expect(guest.get_by_role("heading", name="You are in the meeting")).to_be_visible()


async def test_an_old_invitation_leads_on_with_the_notice(opens: Opens, new_page: NewPage) -> None:
    anna = await opens(ANNA)
    await anna.sends("/room start Budget")
    await anna.latest.get_by_role("button", name="Use My PMI").click()
    card = anna.messages.filter(has_text="has started a meeting")
    join = await href(card.get_by_role("link", name="Join", exact=False).last)
    await anna.sends("/pmi set 582 904 7316")
    await expect(anna.latest).to_contain_text("582 904 7316")

    guest = await new_page(**PHONE)
    await guest.goto(join)
    await expect(guest.get_by_role("heading", name="This address has changed")).to_be_visible()
    await expect(guest.get_by_text("582 904 7316")).to_be_visible()
    await guest.get_by_role("link", name="Join").click()

    await expect(guest.get_by_role("heading", name="You are in the meeting")).to_be_visible()


async def test_a_cancelled_meeting_says_so_at_its_door(opens: Opens, new_page: NewPage) -> None:
    anna, ben = await opens(ANNA), await opens(BEN)
    await schedules(anna, "Retrospective")
    await anna.button("Done").click()
    card = (await direct_messages(ben)).filter(has_text="invites you")
    join = await href(card.get_by_role("link", name="Join this meeting"))

    await anna.sends("/room meetings")
    coming = anna.messages.filter(has_text="Coming up")
    await coming.get_by_role("button", name="More actions").click()
    await anna.page.get_by_role("menuitem", name="Cancel").click()
    await anna.button("Cancel Meeting").click()
    await expect(anna.dialog).to_contain_text("is cancelled")

    await expect(ben.messages.filter(has_text="has cancelled")).to_have_count(1)
    guest = await new_page(**PHONE)
    await guest.goto(join)
    await expect(guest.get_by_role("heading")).to_contain_text("cancelled")
    forgive_statuses(guest)

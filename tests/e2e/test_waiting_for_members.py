"""Who has signed in with Slack at the door of a room: members come in, others stay out, hosts host."""

from collections.abc import AsyncIterator
from html import unescape

import pytest

from bot.playground import Person
from tests.e2e.guest_browsers import Browser, Page, comes, passcode, sets_room, told
from tests.e2e.signing_in import Browser as SigningBrowser
from tests.e2e.signing_in import browsing
from tests.e2e.stage import make_stage


@pytest.fixture
async def signing(database_url: str) -> AsyncIterator[SigningBrowser]:
    """A browser before an application where people can sign in."""
    async with make_stage(database_url) as stage, browsing(stage) as (one,):
        yield one


def guest_in(signing: SigningBrowser) -> Browser:
    """The same browser, for join pages."""
    return Browser(signing.address, signing.session, signing.jar)


async def signs_in(signing: SigningBrowser, page: Page, person: Person) -> Page:
    """Follow the button of a page, be somebody on Slack's page, and come back."""
    link = unescape(page.text.partition('class="button" href="')[2].partition('"')[0])
    assert link.startswith("/slack/sign-in?to=")
    at_slack = (await signing.get(link)).location
    return await guest_in(signing).opens(await signing.says_yes(at_slack, person))


async def test_a_room_for_members_asks_a_guest_to_sign_in_and_lets_a_member_wait_for_the_host(
    signing: SigningBrowser,
) -> None:
    stage = signing.stage
    await sets_room(stage, "", "members_only")
    page = await comes(stage, guest_in(signing), "Ben")
    assert (403, "This meeting is for members") == (page.status, page.title)
    assert [] == stage.anna.direct_messages

    page = await signs_in(signing, page, stage.ben)

    assert (200, "The host has not started yet") == (page.status, page.title)
    await told(stage, stage.anna, "signed in as")
    await stage.anna.presses("Admit")
    assert await guest_in(signing).gets_in()


async def test_a_host_who_signs_in_at_their_own_door_starts_the_meeting(signing: SigningBrowser) -> None:
    stage = signing.stage
    await sets_room(stage, "everybody", "members_only")
    guest = guest_in(signing)
    page = await guest.opens(
        f"/j/{await stage.pmi(stage.anna)}", {"name": "A", "passcode": await passcode(stage, stage.anna)}
    )

    page = await signs_in(signing, page, stage.anna)

    assert page.is_gone_on
    assert [] == [message for message in stage.anna.direct_messages if "waiting" in message.shown]


async def test_a_member_of_another_workspace_stays_out_of_a_room_for_members(signing: SigningBrowser) -> None:
    stage = signing.stage
    await sets_room(stage, "", "members_only")
    globex = stage.slack.add_workspace("T0GLOBEX", name="Globex", domain="globex")
    eve = stage.add("U0EVE", "Eve Globex", workspace=globex)
    guest = guest_in(signing)
    page = await comes(stage, guest, "Eve")

    page = await signs_in(signing, page, eve)

    assert 403 == page.status
    assert [] == stage.anna.direct_messages
    assert "This meeting is for members" == (await guest.looks()).title

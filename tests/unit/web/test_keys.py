"""Invitations become a cookie, start links the host's door; and the notice that an address has changed."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.providers import ProviderUnavailable
from bot.services.invitations import StartLink
from bot.services.passes import LASTS, Pass, read_way, seal_way
from bot.services.refusals import Declined
from bot.services.ways import Closed, HostWay, NoWay, Way
from storage.errors import Unavailable
from tests.unit.web.lobbies import DOOR, HOUSE, NOON, PLACE, Desk, desk, kept

LINK = StartLink("T0ACME", "U0ANNA", "m" * 26, None, NOON)


@pytest_asyncio.fixture
async def pages() -> AsyncIterator[Desk]:
    async with desk() as made:
        yield made


async def test_an_invitation_leads_on_without_a_question(pages: Desk) -> None:
    pages.doors.says = Way(PLACE, invited="U0GUEST")
    response, body = await pages.ask("GET", "/i/the-key")
    held = kept(response)

    assert (303, "/wait", "") == (response.status, response.headers["Location"], body)
    assert [("the-key",)] == pages.doors.asked
    assert Pass(Way(PLACE, invited="U0GUEST")) == held
    assert "no-store" == response.headers["Cache-Control"]
    assert "no-referrer" == response.headers["Referrer-Policy"]


async def test_an_invitation_is_opened_however_often_pages_were_asked_for_from_there(pages: Desk) -> None:
    pages.doors.says = Way(PLACE)
    found = {(await pages.ask("GET", "/i/the-key", alone=False))[0].status for _ in range(60)}

    assert {303} == found


async def test_by_an_invitation_with_an_old_number_the_notice_comes_first_and_leads_on(pages: Desk) -> None:
    pages.doors.says = Way(PLACE, moved=True)
    response, _ = await pages.ask("GET", "/i/the-key")
    shown, page = await pages.ask("GET", "/moved", Cookie=f"way={response.cookies['way'].value}")

    assert "/moved" == response.headers["Location"]
    assert 200 == shown.status
    assert "<h1>This address has changed</h1>" in page
    assert "582 904 7316" in page
    assert "http://rooms.acme.example/j/5829047316" in page
    assert '<a class="button" href="/wait">Join</a>' in page


@pytest.mark.parametrize("cookie", ["", "way=", "way=x", "way=v1.a.b.c", f"way={'x' * 5000}"])
async def test_without_a_way_there_is_no_notice(pages: Desk, cookie: str) -> None:
    response, body = await pages.ask("GET", "/moved", Cookie=cookie)

    assert (303, "/wait", "") == (response.status, response.headers["Location"], body)


async def test_a_way_that_has_not_moved_needs_no_notice(pages: Desk) -> None:
    text = seal_way(HOUSE.keys, Pass(Way(PLACE)), NOON)
    response, _ = await pages.ask("GET", "/moved", Cookie=f"way={text}")

    assert (303, "/wait") == (response.status, response.headers["Location"])


def test_a_way_is_kept_for_half_a_day_and_is_nothing_without_its_seal() -> None:
    held = Pass(Way(PLACE, invited="U0GUEST", session_id="s" * 26, proof="open"), "Zoë\u200d")
    text = seal_way(HOUSE.keys, held, NOON)

    assert held == read_way(HOUSE.keys, text, NOON + LASTS - timedelta(seconds=1))
    assert read_way(HOUSE.keys, text, NOON + LASTS) is None
    assert read_way(HOUSE.keys, text[:-1] + ("A" if text[-1] != "A" else "B"), NOON) is None
    foreign = HOUSE.keys.seal("{}", table="way_cookie", column="value", workspace="", key="")
    assert read_way(HOUSE.keys, foreign, NOON) is None


@pytest.mark.parametrize(
    ("why", "status", "words", "outcome"),
    [
        (Closed.KEY, 404, "does not open anything", "key"),
        (Closed.CANCELLED, 410, "was cancelled", "closed"),
        (Closed.OVER, 410, "is over", "closed"),
    ],
)
async def test_an_invitation_that_opens_nothing_says_why(
    pages: Desk, why: Closed, status: int, words: str, outcome: str
) -> None:
    pages.doors.says = NoWay(why)
    response, page = await pages.ask("GET", "/i/the-key")

    assert status == response.status
    assert words in page
    assert "the-key" not in page
    assert 1 == pages.counted(outcome)
    assert "Set-Cookie" not in response.headers


async def test_a_start_link_starts_the_meeting_and_lets_its_host_in(pages: Desk) -> None:
    pages.doors.says = HostWay(LINK)
    response, body = await pages.ask("GET", "/s/the-key")

    assert (303, DOOR, "") == (response.status, response.headers["Location"], body)
    assert ["U0ANNA starts", "door of s for Host, host: True", "host in s"] == pages.hosting.done
    assert "no-store" == response.headers["Cache-Control"]


@pytest.mark.parametrize("headers", [{"Sec_Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
async def test_what_a_browser_fetches_before_anybody_has_clicked_starts_nothing(
    pages: Desk, headers: dict[str, str]
) -> None:
    pages.doors.says = HostWay(LINK)
    response, _ = await pages.ask("GET", "/s/the-key", body=None, alone=True, **headers)

    assert (403, []) == (response.status, pages.hosting.done)


async def test_a_start_link_that_is_none_any_more_says_what_to_type(pages: Desk) -> None:
    pages.doors.says = NoWay(Closed.KEY)
    over, page = await pages.ask("GET", "/s/the-key")
    pages.doors.says, pages.hosting.fails = HostWay(LINK), Declined("meeting.over")
    declined, same = await pages.ask("GET", "/s/the-key")

    assert [410, 410] == [over.status, declined.status]
    assert page == same
    assert "Type /room start in Slack" in page
    assert [] == pages.hosting.done


@pytest.mark.parametrize(
    ("failure", "seconds", "words"),
    [
        (ProviderUnavailable(), "30", "The service that carries meetings does not answer."),
        (Unavailable(), "5", "Try again in a few seconds."),
    ],
)
async def test_a_host_is_told_when_what_is_needed_does_not_answer(
    pages: Desk, failure: Exception, seconds: str, words: str
) -> None:
    pages.doors.says, pages.hosting.fails = HostWay(LINK), failure
    response, page = await pages.ask("GET", "/s/the-key")

    assert (503, seconds) == (response.status, response.headers["Retry-After"])
    assert words in page
    assert 1 == pages.counted("unavailable")


async def test_calendar_files_are_somebody_elses(pages: Desk) -> None:
    response, _ = await pages.ask("GET", "/i/the-key.ics")

    assert (404, []) == (response.status, pages.doors.asked)

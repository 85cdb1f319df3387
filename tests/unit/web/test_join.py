"""Knocking at an address: what a form may hold, who may send it, and where it leads."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.services.ways import Closed, NoWay, Source, Way
from storage.errors import Busy
from tests.corpus import Line, lines
from tests.unit.web.lobbies import PLACE, Desk, desk, kept


@pytest_asyncio.fixture
async def pages() -> AsyncIterator[Desk]:
    async with desk() as made:
        yield made


@pytest.mark.parametrize(
    ("path", "kind", "text"), [("/j/582%20904", "j", "582 904"), ("/my/a.b", "my", "a.b"), ("/j", "j", "")]
)
async def test_what_was_typed_is_tried_and_a_right_passcode_leads_on_with_the_way_in_a_cookie(
    pages: Desk, path: str, kind: str, text: str
) -> None:
    pages.doors.says = Way(PLACE)
    response, body = await pages.knock(path, " Zoë ", "k7m2n9pqrs")
    held = kept(response)

    assert (303, "/wait", "") == (response.status, response.headers["Location"], body)
    assert [(kind, text, "k7m2n9pqrs")] == pages.doors.asked
    assert held is not None
    assert (Way(PLACE), "Zoë") == (held.way, held.name)
    assert 1 == pages.counted("opened")


async def test_the_cookie_is_for_this_host_and_no_script(pages: Desk) -> None:
    pages.doors.says = Way(PLACE)
    cookie = (await pages.knock())[0].headers["Set-Cookie"]

    assert cookie.startswith("way=v1.")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200"} == set(cookie.split("; ")[1:])
    assert PLACE.number not in cookie


async def test_over_https_the_cookie_goes_nowhere_else() -> None:
    async with desk(public_url="https://rooms.example.com") as pages:
        pages.doors.says = Way(PLACE)
        cookie = (await pages.knock())[0].headers["Set-Cookie"]

    assert cookie.startswith("__Host-way=v1.")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200", "Secure"} == set(cookie.split("; ")[1:])


async def test_by_an_old_address_the_notice_comes_first(pages: Desk) -> None:
    pages.doors.says = Way(PLACE, moved=True)

    assert "/moved" == (await pages.knock())[0].headers["Location"]


async def test_a_wrong_passcode_says_so_keeps_the_name_and_forgets_the_passcode(pages: Desk) -> None:
    response, page = await pages.knock(name="Zoë", passcode="wrong7777")

    assert 403 == response.status
    assert 'value="Zoë"' in page
    assert "wrong7777" not in page
    assert "This passcode opens nothing at this address." in page
    assert 'aria-invalid="true" autofocus>' in page
    assert "Set-Cookie" not in response.headers
    assert 1 == pages.counted("wrong")


async def test_who_tried_too_often_is_told_for_how_long_to_wait(pages: Desk) -> None:
    pages.doors.says = NoWay(Closed.SLOW, 30)
    response, page = await pages.knock(name="Zoë")
    pages.doors.says = NoWay(Closed.SLOW, 1500)
    later, longer = await pages.knock()

    assert (429, "30") == (response.status, response.headers["Retry-After"])
    assert "Wait 30 seconds, then try again." in page
    assert 'value="Zoë"' in page
    assert "1500" == later.headers["Retry-After"]
    assert "Wait 25 minutes" in longer
    assert 2 == pages.counted("slow")


@pytest.mark.parametrize(("why", "words"), [(Closed.CANCELLED, "was cancelled"), (Closed.OVER, "is over")])
async def test_that_there_is_no_meeting_any_more_is_told_in_words(pages: Desk, why: Closed, words: str) -> None:
    pages.doors.says = NoWay(why)
    response, page = await pages.knock()

    assert 410 == response.status
    assert f"<h1>This meeting {words}</h1>" in page
    assert "<form" not in page
    assert 1 == pages.counted("closed")


async def test_a_database_that_does_not_answer_is_told_in_words(pages: Desk) -> None:
    pages.doors.says = Busy()
    response, page = await pages.knock()

    assert (503, "5") == (response.status, response.headers["Retry-After"])
    assert "Try again in a few seconds." in page
    assert 1 == pages.counted("unavailable")


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "Type your name."), (" \u200b", "Type your name."), ("x" * 81, "80 characters"), ("a\nb", "on one line")],
)
async def test_a_name_that_does_not_do_is_told_at_its_field_before_anything_is_tried(
    pages: Desk, name: str, words: str
) -> None:
    response, page = await pages.knock(name=name)

    assert 422 == response.status
    assert words in page
    assert 'aria-describedby="name-problem" autofocus>' in page
    assert [] == pages.doors.asked


@pytest.mark.parametrize("line", lines("name"), ids=str)
async def test_whatever_name_is_typed_it_leads_on_or_is_told(pages: Desk, line: Line) -> None:
    pages.doors.says = Way(PLACE)
    typed = line.value.encode(errors="replace").decode()
    response, _ = await pages.knock(name=typed)

    assert response.status in ((303,) if line.accept is not None else (422, 303))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1.evil.example"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec_Fetch_Site": "none"}, 303),
        ({"Origin": "http://127.0.0.1"}, 303),
        ({}, 303),
    ],
)
async def test_a_form_that_another_site_sends_is_not_tried(pages: Desk, headers: dict[str, str], status: int) -> None:
    pages.doors.says = Way(PLACE)
    response, page = await pages.knock(**headers)

    assert status == response.status
    assert (status == 303) is bool(pages.doors.asked)
    assert (status == 403) is ("This came from another site." in page)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 422),
        (b"passcode=x", "application/x-www-form-urlencoded", 422),
        (b"name=%FF%FE", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"name=a&name=b", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"x%d=" % place for place in range(40)), "application/x-www-form-urlencoded", 400),
        (b"name=" + b"x" * 20_000, "application/x-www-form-urlencoded", 413),
        (b'{"name": "x"}', "application/json", 415),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415),
        (b"name=x", "", 415),
    ],
)
async def test_what_is_no_form_of_ours_is_told_in_words(
    pages: Desk, body: bytes, content_type: str, status: int
) -> None:
    response, page = await pages.ask("POST", "/j/1", body=body, Content_Type=content_type)

    assert status == response.status
    assert "<form" in page
    assert [] == pages.doors.asked


async def test_a_packed_form_is_not_unpacked(pages: Desk) -> None:
    response, _ = await pages.ask("POST", "/j/1", body=b"\x1f\x8b", Content_Encoding="gzip")

    assert 415 == response.status


@pytest.mark.parametrize("line", lines("address"), ids=str)
async def test_wherever_a_form_is_sent_the_next_page_is_one_of_ours(pages: Desk, line: Line) -> None:
    pages.doors.says = Way(PLACE)
    path = line.value if line.value.startswith("/") or not line.value else f"/{line.value}"
    response, _ = await pages.knock(f"/my{path}")

    assert (303, "/wait") == (response.status, response.headers["Location"])


async def test_each_try_is_counted_where_it_comes_from(pages: Desk) -> None:
    await pages.knock()
    await pages.knock()

    assert [Source("198.18.0.1"), Source("198.18.0.2")] == pages.doors.sources

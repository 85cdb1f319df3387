"""The waiting page in a browser: by events, by answers held back, without a script, on a phone and in the dark."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, Route, expect

from bot.services.guest_views import Stage
from bot.web.comers import SigningIn
from tests.browser.conftest import FindTroubles, NewPage, troubles_of
from tests.unit.web.waiting_desk import WaitingDesk, waiting_desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
SHOWN = [stage for stage in Stage if stage is not Stage.ON]


@dataclass(frozen=True, slots=True)
class House:
    """Waiting pages, and the place where meetings take place."""

    desk: WaitingDesk
    meeting: str

    @property
    def address(self) -> str:
        """Of the waiting page."""
        return f"http://127.0.0.1:{self.desk.client.port}/wait"

    async def opens(self, page: Page) -> None:
        """Have somebody with a way in open the page."""
        cookies = [{"name": name, "value": value, "url": self.address} for name, value in self.desk.cookies.items()]
        await page.context.add_cookies(cookies)  # type: ignore[arg-type]
        await page.goto(self.address)


async def landed(_request: web.Request) -> web.Response:
    """Where the meeting takes place."""
    return web.Response(text="The meeting.")


@asynccontextmanager
async def house_of(signing_in: SigningIn | None = None) -> AsyncIterator[House]:
    """A house whose guests go on to a server of the test's."""
    elsewhere = web.Application()
    elsewhere.router.add_get("/room", landed)
    # Which browsers ask for by themselves, at any moment.
    elsewhere.router.add_get("/favicon.ico", landed)
    async with TestServer(elsewhere) as server:
        meeting = f"http://127.0.0.1:{server.port}"
        async with waiting_desk(meeting, signing_in) as desk:
            desk.guests.address = f"{meeting}/room"
            yield House(desk, meeting)


@pytest_asyncio.fixture(loop_scope="session")
async def house() -> AsyncIterator[House]:
    async with house_of() as made:
        yield made


def forgive_statuses(page: Page) -> None:
    """What a browser says of a page with a status of 400 and more is no trouble; all else stays."""
    troubles = troubles_of(page)
    troubles[:] = [each for each in troubles if not each.startswith("Failed to load resource")]


async def test_the_page_moves_on_by_itself(house: House, new_page: NewPage) -> None:
    page = await new_page(width=390, height=780)
    house.desk.guests.stands(Stage.EARLY)
    async with page.expect_response(lambda answer: answer.url.endswith("/wait/events")):
        await house.opens(page)
    await expect(page.get_by_role("heading", name="The host has not started yet")).to_be_visible()
    await expect(page.get_by_text("This page moves on by itself.")).to_be_visible()

    house.desk.becomes(Stage.WAITS)
    await expect(page.get_by_role("heading", name="The host will let you in")).to_be_visible()
    house.desk.becomes(Stage.ON)

    await expect(page.get_by_text("The meeting.")).to_be_visible()
    assert f"{house.meeting}/room" == page.url
    forgive_statuses(page)


async def test_where_events_do_not_come_through_it_asks(house: House, new_page: NewPage) -> None:
    page = await new_page(width=390, height=780)

    async def refuse(route: Route) -> None:
        await route.fulfill(status=502)

    await page.route("**/wait/events", refuse)
    async with page.expect_request(lambda request: "/wait/state" in request.url):
        await house.opens(page)
    house.desk.becomes(Stage.ON)

    await expect(page.get_by_text("The meeting.")).to_be_visible()
    forgive_statuses(page)


async def test_where_events_are_kept_back_on_the_way_it_asks(house: House, new_page: NewPage) -> None:
    page = await new_page(width=390, height=780)

    async def keep_back(_route: Route) -> None:
        """Neither an answer nor a failure."""

    await page.route("**/wait/events", keep_back)
    async with page.expect_request(lambda request: "/wait/state" in request.url):
        await house.opens(page)
    house.desk.becomes(Stage.DENIED)

    await expect(page.get_by_role("heading", name="The host did not let you in")).to_be_visible()
    await page.unroute_all(behavior="ignoreErrors")
    forgive_statuses(page)


async def test_without_a_script_a_guest_looks_again(house: House, new_page: NewPage) -> None:
    page = await new_page(width=390, height=780, java_script_enabled=False)
    await house.opens(page)
    await expect(page.get_by_text("This page moves on by itself.")).to_be_hidden()
    house.desk.guests.stands(Stage.ON)
    await page.get_by_role("link", name="Look Again").click()

    await expect(page.get_by_text("The meeting.")).to_be_visible()
    forgive_statuses(page)


async def test_a_name_is_asked_for_by_keyboard_alone(house: House, new_page: NewPage) -> None:
    page = await new_page(width=390, height=780)
    house.desk.guests.stands(Stage.NAME)
    await house.opens(page)
    await page.get_by_label("Your name").fill("  ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("Your name")).to_be_focused()

    house.desk.guests.stands(Stage.ON)
    await page.keyboard.type("Zoe")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("The meeting.")).to_be_visible()
    forgive_statuses(page)


@pytest.mark.parametrize(("width", "colours"), LOOKS)
async def test_nothing_serious_stands_in_anybodys_way(
    new_page: NewPage, axe: FindTroubles, width: int, colours: str
) -> None:
    async with house_of(SigningIn(lambda _request: None, lambda: "/wait")) as house:
        page = await new_page(width=width, height=780, color_scheme=colours)
        for stage in SHOWN:
            await page.goto("about:blank")  # else it might be moving on by itself just then
            house.desk.guests.stands(stage)
            await house.opens(page)

            assert [] == await axe(page), stage
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert width >= wide, stage
        forgive_statuses(page)

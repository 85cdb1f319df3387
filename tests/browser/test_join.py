"""Join pages in a browser: without a script, by keyboard, on a phone, in the dark, and under their own policy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from bot.services.ways import Closed, NoWay, Way
from tests.browser.conftest import FindTroubles, NewPage, troubles_of
from tests.unit.web.lobbies import PLACE, Desk, desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]


@dataclass(frozen=True, slots=True)
class House:
    """Join pages, with a waiting page that sends everybody on to where the meeting takes place."""

    desk: Desk
    meeting: str

    def at(self, path: str) -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self.desk.client.port}{path}"


async def landed(_request: web.Request) -> web.Response:
    """Where the meeting takes place."""
    return web.Response(text="The meeting.")


@asynccontextmanager
async def house_by(leads_to: str) -> AsyncIterator[House]:
    """A house whose forms may lead to an origin; empty: to that of the meeting."""
    elsewhere = web.Application()
    elsewhere.router.add_get("/room", landed)
    # Which browsers ask for by themselves, at any moment.
    elsewhere.router.add_get("/favicon.ico", landed)
    async with TestServer(elsewhere) as server:
        meeting = f"http://127.0.0.1:{server.port}"

        async def wait(_request: web.Request) -> web.Response:
            return web.Response(status=303, headers={"Location": f"{meeting}/room"})

        async with desk((), leads_to=leads_to or meeting, beside=[web.get("/wait", wait)]) as made:
            yield House(made, meeting)


@pytest_asyncio.fixture(loop_scope="session")
async def house() -> AsyncIterator[House]:
    async with house_by("") as made:
        yield made


def forgive_statuses(page: Page) -> None:
    """What a browser says of a page with a status of 400 and more is no trouble; all else stays."""
    troubles = troubles_of(page)
    troubles[:] = [each for each in troubles if not each.startswith("Failed to load resource")]


async def fill_in(page: Page, name: str, passcode: str) -> None:
    """Fill in the form, and send it."""
    await page.get_by_label("Your name").fill(name)
    await page.get_by_label("Passcode").fill(passcode)
    await page.get_by_role("button", name="Join").click()


@pytest.mark.parametrize("script", [True, False])
async def test_a_guest_is_refused_once_and_then_on_their_way(house: House, new_page: NewPage, *, script: bool) -> None:
    page = await new_page(width=390, height=780, java_script_enabled=script)
    await page.goto(house.at("/j/5829047316"))
    await fill_in(page, "Zoë Andersson", "wrong7777")

    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("That did not work")
    await expect(page.get_by_label("Your name")).to_have_value("Zoë Andersson")
    await expect(page.get_by_label("Passcode")).to_have_value("")
    await expect(page.get_by_label("Passcode")).to_be_focused()
    await expect(page.get_by_label("Passcode")).to_have_attribute("aria-invalid", "true")
    assert house.at("/j/5829047316") == page.url

    house.desk.doors.says = Way(PLACE)
    await fill_in(page, "Zoë Andersson", "k7m2n9pqrs")
    await expect(page.get_by_text("The meeting.")).to_be_visible()
    assert f"{house.meeting}/room" == page.url
    (cookie,) = await page.context.cookies()
    assert ("way", True, "Lax") == (cookie["name"], cookie["httpOnly"], cookie["sameSite"])
    forgive_statuses(page)


async def test_by_keyboard_alone(house: House, new_page: NewPage) -> None:
    house.desk.doors.says = Way(PLACE, moved=True)
    page = await new_page()
    await page.goto(house.at("/my/blue.harbour"))
    for key in ("Tab", "Z", "o", "e", "Tab", "x", "Enter"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("heading", name="This address has changed")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("The meeting.")).to_be_visible()
    assert [("my", "blue.harbour", "x")] == house.desk.doors.asked
    forgive_statuses(page)


async def test_a_form_leads_to_the_meetings_service_alone(new_page: NewPage) -> None:
    async with house_by("https://meet.example.com") as house:
        house.desk.doors.says = Way(PLACE)
        page = await new_page()
        await page.goto(house.at("/j/1"))
        async with page.expect_console_message(lambda said: "form-action" in said.text):
            await fill_in(page, "Zoe", "x")

        assert house.at("/j/1") == page.url
        troubles_of(page).clear()


@pytest.mark.parametrize(("width", "colours"), LOOKS)
async def test_assistive_technology_meets_nothing_serious_and_nothing_is_wider_than_the_page(
    house: House, new_page: NewPage, axe: FindTroubles, width: int, colours: str
) -> None:
    page = await new_page(width=width, color_scheme=colours)
    await page.goto(house.at("/j/5829047316"))
    assert [] == await axe(page)
    assert await page.get_by_label("Your name").get_attribute("autocomplete") == "name"
    assert await page.get_by_label("Passcode").get_attribute("autocomplete") == "off"

    await fill_in(page, "Zoe", "wrong7777")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert [] == await axe(page)
    await page.get_by_label("Your name").fill("\u3164")
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("alert")).to_contain_text("Type your name.")
    assert [] == await axe(page)
    assert width == await page.evaluate("document.scrollingElement.scrollWidth")

    house.desk.doors.says = Way(PLACE, moved=True)
    await fill_in(page, "Zoe", "x")
    await expect(page.get_by_role("link", name="Join")).to_be_visible()
    assert [] == await axe(page)
    for why in (Closed.KEY, Closed.CANCELLED, Closed.OVER):
        house.desk.doors.says = NoWay(why)
        await page.goto(house.at("/i/key"))
        assert [] == await axe(page)
    assert width == await page.evaluate("document.scrollingElement.scrollWidth")
    forgive_statuses(page)

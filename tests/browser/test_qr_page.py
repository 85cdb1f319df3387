"""The page with a QR code in a real browser: reached from a card, readable by everybody, in light and in dark."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import FindTroubles, NewPage, listen, troubles_of
from tests.browser.playground import ANNA, Playground, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def app(playground: Playground, new_page: NewPage) -> str:
    """Where the app itself listens, as a card says."""
    anna = await Window(await new_page(), playground.address).opens(ANNA, "#C0RANDOM")
    await anna.sends("/pmi")
    address = anna.latest.get_by_role("link").filter(has_text="/j/")
    return (await address.inner_text()).partition("/j/")[0]


async def test_the_button_on_a_card_opens_the_page(playground: Playground, new_page: NewPage) -> None:
    anna = await Window(await new_page(), playground.address).opens(ANNA, "#C0RANDOM")
    await anna.sends("/pmi")
    button = anna.latest.get_by_text("QR Code", exact=True)
    async with anna.page.context.expect_page() as opening:
        await button.click()
    page = await opening.value
    listen(page)

    await expect(page.get_by_role("heading", name="QR code")).to_be_visible()
    address = await page.locator(".address a").inner_text()
    assert "/j/" in address
    await expect(page.get_by_role("img", name=f"QR code of {address}")).to_be_visible()
    await expect(anna.latest).to_contain_text(address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_everybody_can_use_the_page(
    app: str, new_page: NewPage, axe: FindTroubles, width: int, scheme: str
) -> None:
    page = await new_page(width=width, height=844, color_scheme=scheme)
    longest = "a." * 20
    for tail in ("j/5829047316", f"my/{longest}", "nothing"):
        await page.goto(f"{app}/qr/{tail}")
        measured: dict[str, Any] = await page.evaluate(
            "() => ({wide: document.documentElement.scrollWidth, "
            "grounds: [...document.querySelectorAll('.qr')].map(at => getComputedStyle(at).backgroundColor), "
            "inks: [...document.querySelectorAll('.qr path')].map(at => getComputedStyle(at).fill)})"
        )

        assert [] == await axe(page)
        assert measured["wide"] <= width
        assert set(measured["grounds"]) <= {"rgb(255, 255, 255)"}
        assert set(measured["inks"]) <= {"rgb(0, 0, 0)"}
    assert ["Failed to load resource: the server responded with a status of 404 (Not Found)"] == troubles_of(page)
    troubles_of(page).clear()


async def test_the_picture_is_saved_under_a_name_of_its_own(app: str, new_page: NewPage) -> None:
    page = await new_page(width=390)
    await page.goto(f"{app}/qr/my/blue.harbour")
    for words, name in (
        ("Save for screens (.png)", "standing-room-blue.harbour.png"),
        ("Save for print (.svg)", "standing-room-blue.harbour.svg"),
    ):
        async with page.expect_download() as saving:
            await page.get_by_role("link", name=words).click()
        saved = await saving.value

        assert name == saved.suggested_filename
        assert await saved.failure() is None

"""The pictures of the README, taken of the page as `make run` shows it: `make pictures`.

Writes PNG files to `.github/pictures`.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from playwright.async_api import Browser, async_playwright, expect

from tests.browser.conftest import SWITCHES, chromium
from tests.browser.playground import ANNA, BEN, ROOT, Playground, Window, playing

PICTURES = ROOT / ".github" / "pictures"
WIDE, PHONE = (1120, 720), (390, 780)


@asynccontextmanager
async def window(
    browser: Browser,
    playground: Playground,
    size: tuple[int, int],
    scheme: Literal["light", "dark"] = "light",
    *,
    as_: str = ANNA,
) -> AsyncIterator[Window]:
    """A window of this size on the page, as this person."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale="en-US",
        timezone_id="Europe/Amsterdam",
        reduced_motion="reduce",
    )
    yield await Window(await context.new_page(), playground.address).opens(as_)
    await context.close()


async def take(seen: Window, name: str) -> None:
    """Keep what this window shows."""
    await seen.page.screenshot(path=PICTURES / f"{name}.png")


async def take_all(browser: Browser, playground: Playground) -> None:
    """A card, a dialog with refusals, Home, what is behind the curtain, and a phone by night."""
    async with window(browser, playground, WIDE) as anna:
        await anna.sends("/pmi set 582 904 7316")
        await expect(anna.latest).to_contain_text("582 904 7316")
        await anna.sends("/personal-link set blue.harbour")
        await expect(anna.latest).to_contain_text("blue.harbour")
        await anna.sends("/pmi")
        await expect(anna.latest).to_contain_text("Business plan")
        await take(anna, "card")
        await anna.page.get_by_role("link", name="Standing Room").click()
        await anna.page.get_by_role("tab", name="Home").click()
        await expect(anna.page.get_by_role("tabpanel", name="Home")).to_contain_text("582 904 7316")
        await take(anna, "home")
    async with window(browser, playground, WIDE, as_=BEN) as ben:
        field = await ben.edits_pmi()
        await field.fill("5551112222")
        await ben.button("Save").click()
        await expect(ben.error).to_contain_text("three groups")
        await take(ben, "refusal")
    async with window(browser, playground, WIDE) as anna:
        await anna.sends("/pmi check 555 111 2222")
        await expect(anna.latest).to_contain_text("would not do")
        await anna.opens_panel()
        await take(anna, "curtain")
    async with window(browser, playground, PHONE, "dark") as anna:
        await anna.sends("/pmi")
        await expect(anna.latest).to_contain_text("582 904 7316")
        await take(anna, "phone")


async def take_meetings(browser: Browser, playground: Playground) -> None:
    """A meeting being scheduled, its invitation, somebody who waits, and the host's message."""
    async with window(browser, playground, (1120, 1150)) as anna:
        await anna.sends("/room settings")
        await anna.dialog.get_by_label("Everybody").check()
        await anna.button("Save").click()
        await expect(anna.dialog).to_contain_text("Saved")
        await anna.button("Done").click()
        await anna.sends("/room schedule")
        await anna.field("Topic").fill("Launch review")
        for label, name in (("Invite", "Ben Okafor"), ("Channel", "general")):
            await anna.dialog.get_by_label(label).fill(name)
            await anna.page.get_by_role("option", name=re.compile(name)).click()
            await anna.dialog.get_by_label(label).press("Tab")
        await take(anna, "schedule")
        await anna.button("Schedule").click()
        await expect(anna.dialog).to_contain_text("is scheduled")
        start = await anna.dialog.locator("a[href*='/s/']").first.get_attribute("href")
        await anna.button("Done").click()
    async with window(browser, playground, WIDE) as anna:
        invitation = anna.messages.filter(has_text="invites you")
        await invitation.scroll_into_view_if_needed()
        await take(anna, "invitation")
        join = await invitation.get_by_role("link", name="Join this meeting").get_attribute("href")
        await anna.page.context.request.get(start or "")
        async with window(browser, playground, PHONE) as guest:
            await guest.page.goto(join or "")
            await guest.page.get_by_label("Your name").fill("Zoë")
            await guest.page.get_by_role("button").click()
            await expect(guest.page.get_by_role("heading", name="The host will let you in")).to_be_visible()
            await take(guest, "waiting")
            await anna.page.get_by_role("link", name="Standing Room").first.click()
            await anna.page.get_by_role("tab", name="Messages").click()
            knock = anna.messages.filter(has_text="waiting to come in")
            await expect(knock).to_contain_text("Zoë")
            await knock.screenshot(path=PICTURES / "admit.png")


async def main() -> None:
    """Start the playground and a browser, and take every picture."""
    await asyncio.to_thread(PICTURES.mkdir, parents=True, exist_ok=True)
    async with playing() as playground, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        await take_all(browser, playground)
        await take_meetings(browser, playground)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())

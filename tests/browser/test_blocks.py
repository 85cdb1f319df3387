"""Blocks as they are drawn."""

import os
from pathlib import Path

import pytest

from tests.browser import gallery
from tests.browser.conftest import FindTroubles, NewPage
from tests.browser.surface import Surface

pytestmark = pytest.mark.asyncio(loop_scope="session")
THEMES = ("light", "dark")
WIDTHS = (1280, 390)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
async def test_nothing_is_serious_for_assistive_technology(
    new_page: NewPage, static_url: str, axe: FindTroubles, theme: str, width: int
) -> None:
    page = await new_page(width=width, color_scheme=theme)
    await page.goto(static_url)
    surface = Surface(page)

    for name, blocks in (("message", gallery.MESSAGE), ("dialog", gallery.DIALOG)):
        await surface.show(*blocks, **gallery.CONTEXT, errors=gallery.ERRORS)
        if folder := os.environ.get("PICTURES"):
            await page.screenshot(path=Path(folder) / f"{name}-{theme}-{width}.png", full_page=True)

        assert [] == await axe(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width

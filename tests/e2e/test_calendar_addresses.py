"""Calendar files at the address of the running application: beside the join page of the same key."""

import aiohttp

from tests.e2e.stage import Stage


async def test_what_is_no_key_is_no_calendar_file_and_no_page(stage: Stage) -> None:
    url = (await stage.start()).removesuffix("/slack/events")

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/i/{'A' * 24}.ics") as response:
            said = await response.text()
            found = (response.status, response.content_type, response.headers["Cache-Control"])
        async with session.get(f"{url}/i/{'A' * 24}") as response:
            page = response.content_type

    assert (404, "text/plain", "no-store") == found
    assert "There is no such invitation, or it was taken back. Ask whoever sent it for a new one." == said
    assert "text/html" == page

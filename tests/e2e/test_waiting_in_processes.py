"""The waiting room where several processes serve it: looks at the clock, and so runs by itself."""

import time

from tests.e2e.guest_browsers import browser, comes, sets_room, start_path, told
from tests.e2e.stage import Stage


async def test_what_another_process_decides_is_seen_within_a_second(stage: Stage) -> None:
    """Seen red: where the hall did not look at the database, the stream said nothing until it ended."""
    await stage.are_known(stage.anna)
    first = stage.slack._delivery.url
    await sets_room(stage, "everybody")
    async with browser(stage, first) as guest:
        await guest.opens(await start_path(stage, stage.anna))
        await comes(stage, guest)
        await told(stage, stage.anna, "1 person is waiting")
        await stage.start()
        async with guest.listens() as events:
            assert "waits" == await events.next()
            assert first != stage.slack._delivery.url
            await stage.anna.presses("Admit")
            clicked = time.perf_counter()
            await events.until("on")
            seconds = time.perf_counter() - clicked

        assert 1.0 > seconds
        assert await guest.gets_in()

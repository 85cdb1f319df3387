"""What becomes of waiting guests as time passes: they leave, meetings end, messages grow old."""

from datetime import timedelta

from bot.services.invitations import InvitationRecords, Opens
from storage.transactions import Transaction
from tests.e2e.conftest import TimedStage
from tests.e2e.guest_browsers import browser, comes, records_house, sets_room, shown, start_path, told
from tests.e2e.stage import ACME, Stage

MINUTE = 60.0


async def test_a_guest_who_closes_the_page_has_left_after_a_minute(clocked: TimedStage) -> None:
    stage = clocked.stage
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        await comes(stage, guest)
        message = await told(stage, stage.anna, "1 person is waiting")
        clocked.clock.passes(MINUTE + 1)
        await stage.restart()

        await shown(stage, message, "Left: \u2068Zoe\u2069")
        assert "Nobody is waiting now." in message.shown


async def test_a_guest_who_left_is_told_of_when_they_come_back(clocked: TimedStage) -> None:
    stage = clocked.stage
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        await comes(stage, guest)
        message = await told(stage, stage.anna, "1 person is waiting")
        clocked.clock.passes(MINUTE + 1)
        await stage.restart()
        await shown(stage, message, "Nobody is waiting now.")
        guest.address = stage.slack._delivery.url.removesuffix("/slack/events")

        assert "The host has not started yet" == (await guest.looks()).title
        await shown(stage, message, "1 person is waiting")
        await told(stage, stage.anna, "Let them in with the buttons above.")


async def test_an_old_message_leads_to_the_newer_one(clocked: TimedStage) -> None:
    stage = clocked.stage
    await stage.are_known(stage.anna)
    async with browser(stage) as zoe, browser(stage) as yan:
        await comes(stage, zoe)
        old = await told(stage, stage.anna, "1 person is waiting")
        blocks = list(old.blocks)
        for _ in range(20):
            clocked.clock.passes(MINUTE / 2)
            await zoe.looks()
        await comes(stage, yan, "Yan")

        new = await told(stage, stage.anna, "2 people are waiting")
        await shown(stage, old, "A newer message shows who is waiting.")
        old.blocks = blocks
        await stage.anna.presses("Admit", on=old)
        await shown(stage, new, "Let in: \u2068Zoe\u2069")
        assert await zoe.gets_in()


async def test_what_has_ended_is_over_and_whoever_asks_again_waits_for_the_next(clocked: TimedStage) -> None:
    stage = clocked.stage
    await stage.are_known(stage.anna)
    await sets_room(stage, "everybody")
    async with browser(stage) as guest, browser(stage) as host:
        await host.opens(await start_path(stage, stage.anna))
        await comes(stage, guest)
        await told(stage, stage.anna, "1 person is waiting")
        async with guest.listens() as events:
            assert "waits" == await events.next()
            await stage.anna.types("/room")
            await stage.anna.presses("End")
            await events.until("over")
        page = await guest.looks()

        assert (410, "This meeting is over") == (page.status, page.title)
        assert "The host has not started yet" == (await guest.opens("/wait", {"again": "1"})).title


async def test_an_invited_guest_types_nothing_but_the_name_that_the_host_is_to_see(stage: Stage) -> None:
    await stage.are_known(stage.anna, stage.ben)
    await sets_room(stage, "everybody")
    row = await stage.row(stage.anna)
    assert row is not None
    records = InvitationRecords(records_house(stage))

    def keys(tx: Transaction) -> tuple[str, ...]:
        return tuple(
            records.key(tx, Opens(ACME, row.id, row.pmi, guest=guest)) for guest in (None, stage.ben.member.id)
        )

    for_all, for_ben = await stage.store.write(keys)
    async with browser(stage) as anybody, browser(stage) as ben:
        page = await anybody.opens(f"/i/{for_all}")
        assert "Who is coming?" == page.title
        assert 422 == (await anybody.opens("/wait", {"name": " \u200b "})).status
        page = await anybody.opens("/wait", {"name": "Zoe"})
        assert "The host has not started yet" == page.title
        assert "You are here as \u2068Zoe\u2069." in page.text
        assert "The host has not started yet" == (await ben.opens(f"/i/{for_ben}")).title
        await told(stage, stage.anna, "waiting to come in")
        message = stage.anna.direct_messages[0]
        await shown(stage, message, "Somebody · with the invitation of ")


async def test_who_is_known_to_wait_is_forgotten_after_a_day(clocked: TimedStage) -> None:
    stage = clocked.stage
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        await comes(stage, guest)
        clocked.clock.passes(timedelta(days=1, seconds=1).total_seconds())
        await stage.restart()
        guest.address = stage.slack._delivery.url.removesuffix("/slack/events")

        assert 404 == (await guest.looks()).status

"""The waiting room from both sides: a guest's page, the host's message, and the page that moves on by itself."""

import asyncio

import pytest

from tests.e2e.guest_browsers import browser, comes, sets_room, shown, start_path, told
from tests.e2e.reading import mrkdwn_in
from tests.e2e.stage import Stage


async def test_a_guest_knocks_the_host_lets_them_in_and_the_page_moves_on(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    await sets_room(stage, "everybody")
    async with browser(stage) as guest:
        page = await comes(stage, guest)
        assert (200, "The host has not started yet") == (page.status, page.title)
        message = await told(stage, stage.anna, "1 person is waiting to come in.")
        assert "\u2068Zoe\u2069" in message.shown

        async with guest.listens() as events:
            assert "early" == await events.next()
            await stage.anna.presses("Admit")
            await events.until("on")
        page = await guest.looks()

        assert (303, True) == (page.status, page.is_gone_on)
        await shown(stage, message, "Let in: \u2068Zoe\u2069")
        assert "Nobody is waiting now." in message.shown
        assert not stage.anna.troubles


async def test_the_host_who_starts_by_it_is_given_their_own_way_in(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest, browser(stage) as host:
        await comes(stage, guest)
        await told(stage, stage.anna, "1 person is waiting")
        await stage.anna.presses("Admit")
        await stage.until_told(stage.anna, "This link lets you in as its host")
        link = next(
            element["url"]
            for block in stage.anna.private_messages[-1].blocks
            for element in block.get("elements", [])
            if element.get("action_id") == "host_meeting"
        )

        page = await host.opens("/s/" + link.rpartition("/s/")[2])

        assert page.is_gone_on
        assert await guest.gets_in()
        assert page.location.partition("#")[0] == (await guest.looks()).location.partition("#")[0]


async def test_a_page_without_events_is_told_by_an_answer_that_was_held_back(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        await comes(stage, guest)
        await told(stage, stage.anna, "1 person is waiting")
        asked = asyncio.ensure_future(guest.state("early"))
        await stage.anna.presses("Admit")

        assert "on" == await asked
        assert "on" == await guest.state("early")


async def test_a_page_without_a_script_looks_again(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    await sets_room(stage, "everybody")
    async with browser(stage) as guest:
        await guest.opens(await start_path(stage, stage.anna))
        page = await comes(stage, guest)

        assert "The host will let you in" == page.title
        assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page.text
        assert 'href="/wait">Look Again</a>' in page.text
        await told(stage, stage.anna, "1 person is waiting")
        await stage.anna.presses("Admit")
        assert await guest.gets_in()


async def test_whoever_is_turned_away_is_told_so(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        await comes(stage, guest)
        message = await told(stage, stage.anna, "1 person is waiting")
        async with guest.listens() as events:
            await stage.anna.presses("Deny")
            await events.until("denied")
            assert "" == await events.next()
        page = await guest.looks()

        assert (403, "The host did not let you in") == (page.status, page.title)
        await shown(stage, message, "Turned away: \u2068Zoe\u2069")
        assert "The host did not let you in" == (await comes(stage, guest)).title


async def test_all_are_let_in_at_once(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    await sets_room(stage, "everybody")
    async with browser(stage) as zoe, browser(stage) as yan:
        await comes(stage, zoe)
        await told(stage, stage.anna, "1 person is waiting")
        await comes(stage, yan, "Yan")
        await told(stage, stage.anna, "Let them in with the buttons above.")
        message = stage.anna.direct_messages[0]
        await shown(stage, message, "2 people are waiting")

        await stage.anna.presses("Admit All (2)", on=message)

        for guest in (zoe, yan):
            assert await guest.gets_in()
        await shown(stage, message, "Let in: \u2068Zoe\u2069, \u2068Yan\u2069")


async def test_once_the_host_has_started_whoever_need_not_be_let_in_goes_on(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest, browser(stage) as host:
        await comes(stage, guest)
        async with guest.listens() as events:
            assert "early" == await events.next()
            await host.opens(await start_path(stage, stage.anna))
            await events.until("on")

        assert await guest.gets_in()
        message = await told(stage, stage.anna, "Let in: \u2068Zoe\u2069")
        assert "Nobody is waiting now." in message.shown


async def test_guests_may_come_before_the_host_where_that_is_set(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    await sets_room(stage, "", "join_before_host")
    async with browser(stage) as guest:
        page = await comes(stage, guest)

        assert page.is_gone_on
        assert [] == stage.anna.direct_messages


async def test_a_guest_waits_on_over_a_restart(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        await comes(stage, guest)
        message = await told(stage, stage.anna, "1 person is waiting")
        async with guest.listens() as events:
            assert "early" == await events.next()
            await stage.stop()
            await events.until("")
        url = await stage.start()
        guest.address = url.removesuffix("/slack/events")
        async with guest.listens() as events:
            assert "early" == await events.next()
            await stage.anna.presses("Admit", on=message)
            await events.until("on")

        assert 1 == len(stage.anna.direct_messages)


HOSTILE = (
    "<!channel> & <@U0BEN>",
    "<script>alert(1)</script>",
    "'; drop table guest; --",
    "*Zoe* `x`",
    "\u05d6\u05d5\u05d0\u05d9",
)


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_a_guest_calls_themselves_comes_alive_nowhere(stage: Stage, name: str) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        page = await comes(stage, guest, name)
        message = await told(stage, stage.anna, "1 person is waiting")

        assert "<script>alert" not in page.text
        alive = [text for text in mrkdwn_in(message.blocks) if "<!channel>" in text or "<@U0BEN>" in text]
        assert [] == alive
        assert "The host has not started yet" == page.title
        assert [] == stage.ben.direct_messages


async def test_only_hosts_decide(stage: Stage) -> None:
    await stage.are_known(stage.anna, stage.ben, stage.carla)
    await sets_room(stage, "everybody", hosts=[stage.carla])
    async with browser(stage) as guest:
        await comes(stage, guest)
        message = await told(stage, stage.carla, "1 person is waiting")
        await told(stage, stage.anna, "1 person is waiting")
        await stage.ben.presses("Admit", on=message)
        await stage.until_told(stage.ben, "You cannot decide this")
        assert "The host has not started yet" == (await guest.looks()).title

        await stage.carla.presses("Admit", on=message)

        assert await guest.gets_in()


async def test_a_press_on_what_was_decided_already_changes_nothing(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        await comes(stage, guest)
        message = await told(stage, stage.anna, "1 person is waiting")
        blocks = list(message.blocks)
        await stage.anna.presses("Admit", on=message)
        await shown(stage, message, "Let in")
        message.blocks = blocks

        await stage.anna.presses("Admit", on=message)
        await stage.anna.presses("Deny", on=message)

        await stage.until_told(stage.anna, "Too late: another host has let this guest in.")
        assert await guest.gets_in()


@pytest.mark.parametrize("path", ["/wait", "/wait/state", "/wait/events"])
@pytest.mark.parametrize("cookie", ["", "forged", "v1.1a2b3c4d.nonce.ciphertext"])
async def test_without_a_way_of_ours_nobody_waits(stage: Stage, path: str, cookie: str) -> None:
    async with browser(stage) as guest:
        guest.cookies = {"__Host-way": cookie, "__Host-guest": "z" * 43}

        page = await guest.ask("GET", path)

        assert 404 == page.status
        assert "This page has lost its way" in (page.text if path == "/wait" else "This page has lost its way")
        assert [] == stage.anna.direct_messages


async def test_what_a_browser_makes_up_about_itself_is_replaced(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        guest.cookies = {"__Host-guest": "../../etc"}
        await comes(stage, guest)

        assert 43 == len(guest.cookies["__Host-guest"])


async def test_asking_for_the_head_alone_lets_nobody_wait(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    async with browser(stage) as guest:
        form = {"name": "Zoe", "passcode": "wrong"}
        await guest.opens(f"/j/{await stage.pmi(stage.anna)}", form)

        assert 405 == (await guest.ask("HEAD", "/wait")).status
        assert [] == stage.anna.direct_messages

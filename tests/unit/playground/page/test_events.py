"""Windows hear of what changes: the newest, folded, and never more than they can take."""

import asyncio
import socket
import time
from typing import Any

import aiohttp

from bot.playground import Channel, Member, StandIn
from bot.playground.page import Seat, serve_page
from tests.unit.playground.page.conftest import ANNA, BEN, Browser, Listen

MANY = 25


async def test_a_window_is_told_at_once_and_then_of_each_change(
    slack: StandIn, browser: Browser, general: Channel, listen: Listen
) -> None:
    async with listen(ANNA) as anna, listen(BEN) as ben:
        first = await anna.hears("state")
        await ben.hears("state")
        await browser.does("type", who=BEN, channel="C0GENERAL", text="good morning")

        for window in (anna, ben):
            seen = await window.hears("state")
            assert "good morning" == seen["messages"]["C0GENERAL"][-1]["text"]
            assert first["version"] < seen["version"]


async def test_two_windows_of_one_person_show_the_same(
    slack: StandIn, anna_member: Member, general: Channel, listen: Listen
) -> None:
    async with listen(ANNA) as one, listen(ANNA) as two:
        await one.hears("state")
        await two.hears("state")
        slack.world.post(general, {"text": "psst"}, ephemeral_for=anna_member)

        assert await one.hears("state") == await two.hears("state")


async def test_changes_that_follow_each_other_closely_are_told_as_one(
    slack: StandIn, general: Channel, listen: Listen
) -> None:
    async with listen() as window:
        await window.hears("state")
        for number in range(50):
            slack.world.post(general, {"text": str(number)}, user="U0BEN")
            await asyncio.sleep(0)
        while len((await window.hears("state"))["messages"]["C0GENERAL"]) < 50:
            pass

        assert 10 > len(window.states)


async def test_a_change_is_told_soon(slack: StandIn, general: Channel, listen: Listen) -> None:
    async with listen() as window:
        await window.hears("state")
        changed = time.monotonic()
        slack.world.post(general, {"text": "now"}, user="U0BEN")
        await window.hears("state")

        assert 0.5 > time.monotonic() - changed


async def test_what_changes_nothing_before_somebody_is_not_told(slack: StandIn, listen: Listen) -> None:
    async with listen() as window:
        await window.hears("state")
        slack.world.changed()
        await window.hears("comment")
        await window.hears("comment")

        assert 1 == len(window.states)


async def test_a_silent_line_is_kept_alive(listen: Listen) -> None:
    async with listen() as window:
        for _ in range(3):
            await window.hears("comment")


async def test_calls_are_told_from_the_first_on_and_each_once(
    slack: StandIn, browser: Browser, answers: dict[str, Any], listen: Listen
) -> None:
    answers["/pmi"] = "fine"
    await browser.does("type", channel="C0GENERAL", text="/pmi one")
    async with listen() as window:
        first = await window.hears("call")
        await browser.does("type", channel="C0GENERAL", text="/pmi two")
        second = await window.hears("call")
        await window.hears("comment")

        assert ["one", "two"] == [first["payload"]["text"], second["payload"]["text"]]
        assert [first, second] == window.calls


async def test_a_window_that_reads_nothing_holds_nobody_up_and_later_sees_the_newest(
    slack: StandIn, general: Channel, browser: Browser, listen: Listen
) -> None:
    host, port = browser.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    writer.write(f"GET /api/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    async with listen(BEN) as window:
        await window.hears("state")
        for number in range(MANY):
            slack.world.post(general, {"text": f"<{number}>" + "x" * 100_000}, user="U0BEN")
            while f"<{number}>" not in (await window.hears("state"))["messages"]["C0GENERAL"][-1]["text"]:
                pass
    heard = b""
    async with asyncio.timeout(5):
        while f"<{MANY - 1}>".encode() not in heard:
            heard += await reader.read(2**20)
    writer.close()

    assert MANY > heard.count(b"event: state")


async def test_closed_windows_are_forgotten(slack: StandIn, listen: Listen) -> None:
    async with listen() as window:
        await window.hears("state")
        assert 1 == len(slack.world._watchers)
    async with listen() as window:
        await window.hears("comment")
        await window.hears("comment")
        await window.hears("comment")

        assert 1 == len(slack.world._watchers)


async def test_the_page_ends_at_once_while_windows_are_open(slack: StandIn, api: object, seats: list[Seat]) -> None:
    async with aiohttp.ClientSession() as session:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            async with serve_page(slack, seats, listening) as address:
                windows = [await session.get(f"{address}/api/events") for _ in range(5)]
                ended = time.monotonic()
        for window in windows:
            assert (await window.read()).endswith(b"\n\n")

    assert 1 > time.monotonic() - ended

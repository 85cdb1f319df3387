"""Files for administrators: what their addresses open, for how long, and what a program for tables makes of them."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from aiohttp import ClientPayloadError

from bot.services.admin_files import LASTS, AdminFile, FileKind, csv_line, file_key
from storage.errors import Unavailable
from storage.secrets import KeyRing
from tests.unit.web.lobbies import HOUSE, NOON, desk

FILE = AdminFile("T0ACME", "U0ANNA", FileKind.MEMBERS, "a detail")
OTHER_KEYS = KeyRing.from_text("another key of another house that is long enough")


async def rows(workspace: str, detail: str) -> AsyncIterator[Sequence[str]]:
    yield ("workspace", "detail")
    yield (workspace, detail)
    yield ("=cmd|' /C calc'!A0", 'says "hello", twice')


async def test_a_file_comes_with_all_that_its_key_says() -> None:
    """Seen red: without the header, browsers opened the file in the place of the page before."""
    async with desk(files={FileKind.MEMBERS: rows}) as pages:
        response, body = await pages.ask("GET", f"/admin/{file_key(HOUSE.keys, FILE, NOON)}.csv")

    assert 200 == response.status
    assert 'workspace,detail\r\nT0ACME,a detail\r\n\'=cmd|\' /C calc\'!A0,"says ""hello"", twice"\r\n' == body
    assert "text/csv" == response.content_type
    assert "utf-8" == response.charset
    assert 'attachment; filename="members-2026-05-04.csv"' == response.headers["Content-Disposition"]
    assert "no-store" == response.headers["Cache-Control"]
    assert "nosniff" == response.headers["X-Content-Type-Options"]


async def test_a_key_that_is_none_opens_nothing_and_neither_does_one_whose_time_is_over() -> None:
    """Seen red: without the time in the key, the address of last year gave the file."""
    keys = {
        "none": "v1.00000000.x.y",
        "over": file_key(HOUSE.keys, FILE, NOON - LASTS),
        "another house's": file_key(OTHER_KEYS, FILE, NOON),
        "for something else": HOUSE.keys.seal("x", table="start_link", column="key", workspace="", key=""),
        "of a kind that is not there": file_key(HOUSE.keys, AdminFile("T0ACME", "U0ANNA", FileKind.LOG), NOON),
        "long": "x" * 5000,
        "empty": "",
    }
    async with desk(files={FileKind.MEMBERS: rows}) as pages:
        found = {name: (await pages.ask("GET", f"/admin/{key}.csv"))[0].status for name, key in keys.items()}
        good, _ = await pages.ask(
            "GET", f"/admin/{file_key(HOUSE.keys, FILE, NOON - LASTS + timedelta(seconds=1))}.csv"
        )
        head, _ = await pages.ask("HEAD", f"/admin/{file_key(HOUSE.keys, FILE, NOON)}.csv")

    assert dict.fromkeys(keys, 404) == found
    assert 200 == good.status
    assert 405 == head.status


async def test_where_the_database_does_not_answer_there_is_no_part_of_a_file() -> None:
    """Seen red: with an end after the part that was read, it looked like the whole."""

    async def none(workspace: str, _detail: str) -> AsyncIterator[Sequence[str]]:
        if workspace:
            raise Unavailable
        yield ()

    async def a_part(_workspace: str, _detail: str) -> AsyncIterator[Sequence[str]]:
        yield ("x" * 100_000,)
        raise Unavailable

    async with desk(files={FileKind.MEMBERS: none, FileKind.LOG: a_part}) as pages:
        response, _ = await pages.ask("GET", f"/admin/{file_key(HOUSE.keys, FILE, NOON)}.csv")
        log = file_key(HOUSE.keys, AdminFile("T0ACME", "U0ANNA", FileKind.LOG), NOON)
        with pytest.raises(ClientPayloadError):
            await pages.ask("GET", f"/admin/{log}.csv")

    assert 503 == response.status
    assert "text/html" == response.content_type


def test_nothing_in_a_file_is_a_formula() -> None:
    cells = ("=1", "+1", "-1", "@a", "\ta", "\ra", "\na", "a=1", "", "'=1")

    assert "'=1,'+1,'-1,'@a,'\ta,\"'\ra\",\"'\na\",a=1,,'=1\r\n" == csv_line(cells)

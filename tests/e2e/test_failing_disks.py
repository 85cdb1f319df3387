"""The disk is full, or fails while a commit is made durable: nothing is called saved that is not, and all heals."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.playground import Person
from bot.rules import draw_number
from storage.transactions import Transaction
from tests.databases import sql
from tests.e2e.process import Served, served
from tests.e2e.reading import FREE, asks, choices, chooses, dialog, digits
from tests.e2e.truth import in_time
from tests.failing_disk import FailingDisk
from tests.integration.services.stored import broken_promises
from tests.lengths import short_or_long

NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""


@dataclass(frozen=True, slots=True)
class FullDisk:
    """A running application whose database's disk can fill up."""

    app: Served
    fills: Callable[[], Awaitable[None]]
    is_freed: Callable[[], Awaitable[None]]


@asynccontextmanager
async def on_sqlite(url: str, folder: Path) -> AsyncIterator[FullDisk]:
    disk = FailingDisk(folder)

    async def fills() -> None:
        disk.fills()

    async def is_freed() -> None:
        disk.is_sound()

    async with served(url, folder, disk.environ) as app:
        yield FullDisk(app, fills, is_freed)


@asynccontextmanager
async def on_postgres(url: str, folder: Path) -> AsyncIterator[FullDisk]:
    """Every insertion fails as it does where the server's disk is full."""
    tables = ("seen_request", "change_log")
    await sql(url, NO_ROOM)

    async def fills() -> None:
        await sql(
            url, *(f"CREATE TRIGGER full_disk BEFORE INSERT ON {each} EXECUTE FUNCTION no_room()" for each in tables)
        )

    async def is_freed() -> None:
        await sql(url, *(f"DROP TRIGGER full_disk ON {each}" for each in tables))

    async with served(url, folder) as app:
        yield FullDisk(app, fills, is_freed)


def integrity(tx: Transaction) -> list[object]:
    broken: list[object] = list(broken_promises(tx))
    if tx.dialect.name == "sqlite":
        broken += [row[0] for row in tx.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
    return broken


@pytest.mark.row("R15")
async def test_on_a_full_disk_changes_are_refused_rooms_are_shown_and_all_heals(
    database_url: str, tmp_path: Path
) -> None:
    """Command, dialog and button are refused in words, the card is served, readiness tells, and no restart is needed.

    Seen red: where the failure of a change is not noted, readiness said "ok" and not "degraded". Without SQLITE_FULL
    among the errors that storage knows, the reason in the log was no full disk.
    """
    how = on_sqlite if database_url.startswith("sqlite") else on_postgres
    async with how(database_url, tmp_path) as disk:
        app, anna, ben = disk.app, disk.app.people["anna"], disk.app.people["ben"]
        await asks(anna, "/pmi")
        await asks(ben, "/pmi suggest")
        pmi, offered = await app.pmi(anna), ben.private_messages[-1]
        await anna.types("/pmi edit")
        await anna.fills("pmi", FREE)
        await disk.fills()

        typed = await anna.types("/personal-link set blue.harbour")
        saved = await anna.submits()
        pressed = await chooses(ben, choices(offered)[0], on=offered)
        await app.slack.until(lambda: offered is not ben.private_messages[-1])
        refused = [anna.private_messages[-1].shown, dialog(anna).errors["pmi"], ben.private_messages[-1].shown]
        await anna.closes()
        card = await asks(anna, "/pmi")
        status, said = await app.readiness()

        assert in_time(typed, saved, pressed, late=app.late, most=1500)
        assert all("Nothing was changed: the database cannot be used" in words for words in refused), refused
        assert pmi is not None
        assert pmi in digits(card)
        assert pmi == await app.pmi(anna)
        assert (200, "degraded") == (status, said["status"])
        assert "changes cannot be saved just now: unavailable; the log says why" == said["checks"]["changes"]
        (noted,) = app.logged("changes_not_saved")
        assert "full" in noted["reason"]

        await disk.is_freed()
        await app.until_ready()
        assert f"now {FREE}*" in await asks(anna, f"/pmi set {FREE}")
        assert 1 == len(app.logged("changes_saved_again"))
        assert [] == app.logged("unexpected")
        assert [] == await app.store.read(integrity)


@pytest.mark.row("R16")
async def test_what_a_broken_disk_did_not_keep_is_never_called_saved(
    make_database: Callable[..., str], tmp_path: Path
) -> None:
    """On PostgreSQL a failed fsync ends the server; what is said then is shown where connections break in the commit.

    Seen red: with a commit that takes SQLITE_IOERR for done, the first of these wishes was answered "Saved".
    """
    disk = FailingDisk(tmp_path)
    async with served(make_database("sqlite"), tmp_path, disk.environ) as app:
        people = [app.people[name] for name in ("anna", "ben", "carla")]
        before = {person: await asks(person, "/pmi") for person in people}
        disk.breaks()

        async def wishes(person: Person) -> str:
            words = await asks(person, f"/pmi set {draw_number(secrets.randbelow).digits}")
            assert "Saved" not in words
            return words

        rounds = [await asyncio.gather(*(wishes(person) for person in people)) for _ in range(short_or_long(3, 100))]
        looked = {person: await asks(person, "/pmi") for person in people}
        disk.is_sound()
        await app.until_ready()

        assert all("Look again" in words or "Nothing was changed" in words for each in rounds for words in each)
        assert before == looked
        assert ["The disk failed during the commit."] == [each["reason"] for each in app.logged("changes_not_saved")]
        assert not [line for line in app.lines if "Traceback" in line]
        assert f"now {FREE}*" in await asks(people[0], f"/pmi set {FREE}")
        assert [] == await app.store.read(integrity)

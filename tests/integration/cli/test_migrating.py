"""Several programs that migrate one database at once, and programs that are older or newer than its schema."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from storage import schema
from storage.engine import postgres_migrator
from tests.integration.cli.program import ENVIRON, run, serving
from tests.integration.cli.test_serve import COMMAND, send
from tests.later_program import FOLDER, REVISION, write_revision
from tests.later_program import later as later_program

LATER = "tests.later_program"


@pytest.fixture
def later(tmp_path: Path) -> dict[str, str]:
    """What the later program is told."""
    write_revision(tmp_path / "later")
    return {FOLDER: str(tmp_path / "later")}


@pytest.mark.row("R54")
async def test_of_four_that_migrate_at_once_one_does_and_three_wait(empty_database_url: str, tmp_path: Path) -> None:
    """Four times `python -m bot migrate`.

    Seen red: without `_take_turns`, on PostgreSQL one of them ended with 1.
    """
    environ = {"DATABASE_URL": empty_database_url}
    ended = await asyncio.gather(*(run("migrate", environ=environ, folder=tmp_path) for _ in range(4)))

    assert [(0, "")] * 4 == [(code, err) for code, _, err in ended]
    words = [f"The schema is {schema.head()} {word}.\n" for word in ("already", "already", "already", "now")]
    assert words == sorted(out for _, out, _ in ended)


@pytest.mark.row("R54")
async def test_of_four_that_serve_one_file_one_migrates_it_and_all_serve(tmp_path: Path) -> None:
    """Four times `python -m bot serve`, on one SQLite file that is not there yet.

    Seen red: without `begin_immediate` in `sqlite_migrator`, "it did not start".
    """
    environ = ENVIRON | {"DATABASE_URL": "sqlite:///fresh.db"}
    async with AsyncExitStack() as stack:
        starting = [stack.enter_async_context(serving(environ, tmp_path)) for _ in range(4)]
        started = await asyncio.gather(*starting)
        bodies = [urlencode(COMMAND | {"user_id": f"U0{each}", "text": ""}).encode() for each in range(4)]
        answers = [await send(address, body) for (address, _, _), body in zip(started, bodies, strict=True)]

    assert [200] * 4 == [status for status, _ in answers]
    assert all("Your Personal Meeting ID is" in text for _, text in answers)
    logged = [json.loads(line) for _, _, lines in started for line in lines]
    ran = [entry["event"] for entry in logged if entry["event"].startswith("Running upgrade")]
    known = schema.revisions()
    assert len({known.newest, *known.older}) == len(ran)
    assert [] == [entry for entry in logged if entry["level"] in ("error", "critical")]


@pytest.mark.row("R54")
async def test_a_lock_that_somebody_holds_on_a_table_is_waited_for_4_s_and_said(
    make_database: Callable[..., str], later: dict[str, str], tmp_path: Path
) -> None:
    """A reader's transaction holds the table that a later revision changes. (SQLite has one lock, for all that write.)

    Seen red: without `_take_turns`, which sets the limit, it still waited after 30 s.
    """
    url = make_database("postgresql")
    before = await asyncio.to_thread(schema.current, url)
    engine = postgres_migrator(url)
    async with engine.connect() as reader:
        await reader.execute(text("SELECT 1 FROM member"))
        began = time.monotonic()
        environ = later | {"DATABASE_URL": url}
        code, out, err = await run("migrate", environ=environ, folder=tmp_path, module=LATER, seconds=30)
        waited = time.monotonic() - began
    await engine.dispose()

    words = "the schema was not changed: Somebody else holds a lock on the tables; nothing was changed."
    assert (1, "", f"DATABASE_URL: {words}\n") == (code, out, err)
    assert waited >= 4
    assert before == await asyncio.to_thread(schema.current, url)
    again = await run("migrate", environ=environ, folder=tmp_path, module=LATER)
    assert (0, f"The schema is {REVISION} now.\n", "") == again


@pytest.mark.row("R55")
async def test_a_program_refuses_to_start_on_the_schema_of_a_later_one(
    database_url: str, later: dict[str, str], tmp_path: Path
) -> None:
    """Somebody starts the version before by mistake, or to go back. (One that runs already serves on.)

    Seen red: without the look for `State.UNKNOWN` in `prepare`, PostgreSQL's operator was told to migrate, and SQLite's
    not which version to run.
    """
    with later_program(Path(later[FOLDER])):
        await asyncio.to_thread(schema.upgrade, database_url)
    code, out, err = await run("serve", environ=ENVIRON | {"DATABASE_URL": database_url}, folder=tmp_path)

    assert (1, "") == (code, out)
    words = "the database has a schema of a later version of Standing Room; run that version, or a newer one"
    assert f"DATABASE_URL: {words}\n" == err
    assert REVISION == await asyncio.to_thread(schema.current, database_url)

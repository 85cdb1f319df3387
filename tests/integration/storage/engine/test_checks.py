"""Each CHECK of the tables, on both databases: what it lets through, and what only it refuses."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage.errors import Busy
from storage.tables import Table
from storage.transactions import Transaction, open_store
from tests.integration.storage.engine.check_rows import ACCEPTED, BEN, FURNITURE, GOOD, HOST, REFUSED, Row

Insert = Callable[[str, Row], Awaitable[None]]


class TakenBack(Exception):  # noqa: N818 - it is none
    """Raised to leave the database as it was."""


@pytest.fixture
async def insert(shared_database_url: str) -> AsyncIterator[Insert]:
    """Inserts a row beside what other rows refer to, lets the database judge, and takes all back."""
    store = await open_store(shared_database_url)

    async def judge(table: str, changes: Row) -> None:
        def work(tx: Transaction) -> None:
            for name, row in (*FURNITURE, (table, changes)):
                tx.execute(sa.insert(Table.metadata.tables[name]).values(**{**GOOD[name], **row}))
            raise TakenBack

        with contextlib.suppress(TakenBack):
            await store.write(work)

    yield judge
    await store.close()


@pytest.mark.parametrize(("table", "changes"), ACCEPTED)
async def test_a_good_row_is_kept(insert: Insert, table: str, changes: Row) -> None:
    await insert(table, changes)


@pytest.mark.parametrize(("check", "table", "changes"), REFUSED)
async def test_a_bad_row_is_refused(insert: Insert, check: str, table: str, changes: Row) -> None:
    with pytest.raises(DBAPIError) as caught:
        await insert(table, changes)

    # Where a row breaks several, PostgreSQL names the first in the alphabet; a text too long for its column it
    # refuses before any of them.
    breaks = {f"ck_{table}_{name}" for name, of, row in REFUSED if (of, row) == (table, changes)} | {
        f"ck_{table}_{check}"
    }
    assert any(name in str(caught.value) for name in (*breaks, "value too long"))


def test_every_check_has_a_row_that_it_refuses() -> None:
    declared = {
        str(constraint.name)
        for table in Table.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }

    assert declared == {f"ck_{table}_{check}" for check, table, _ in REFUSED}


@pytest.mark.row("R44")
@pytest.mark.parametrize("waiting_room", [None, "nobody"])
@pytest.mark.parametrize("members_only", [None, False])
async def test_no_statement_leaves_a_room_open(
    shared_database_url: str, waiting_room: str | None, *, members_only: bool | None
) -> None:
    """By SQL, past every rule: inserted, or what guards it taken away.

    Seen red: without coalesce() in the CHECK, rooms whose waiting room was not chosen could be left open.
    """
    store = await open_store(shared_database_url)
    table = Table.metadata.tables["room"]
    open_ = {"passcode": None, "waiting_room": waiting_room, "members_only": members_only}

    def furnish(tx: Transaction) -> None:
        for name, changes in FURNITURE:
            tx.execute(sa.insert(Table.metadata.tables[name]).values({**GOOD[name], **changes}))

    def inserted(tx: Transaction) -> None:
        furnish(tx)
        tx.execute(sa.insert(table).values({**GOOD["room"], **open_}))

    def changed(tx: Transaction) -> None:
        furnish(tx)
        tx.execute(sa.update(table).where(table.c.member_id == HOST).values(open_))

    try:
        for work in (inserted, changed):
            with pytest.raises(DBAPIError, match="is_not_open"):
                await store.write(work)
    finally:
        await store.close()


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("meeting_number", {"digits": "3141592653\0"}),
        ("meeting_number", {"digits": "31415\x0092653"}),
        ("personal_link", {"key": "green\0field", "spelling": "green\0field"}),
        ("personal_link", {"spelling": "Green.Field\0"}),
    ],
)
async def test_a_nul_is_refused_wherever_it_stands(insert: Insert, table: str, changes: Row) -> None:
    with pytest.raises(DBAPIError):
        await insert(table, changes)


STOLEN: Row = {"id": BEN, "slack_user": "U2", "pmi": "61755501423", "link_key": None}


@pytest.mark.parametrize("changes", [{"pmi": "5829047316"}, {"pmi": "2035134243"}, {"link_key": "blue.harbour"}])
async def test_a_members_number_and_link_are_their_own(insert: Insert, changes: Row) -> None:
    await insert("member", STOLEN)

    with pytest.raises(Busy):
        await insert("member", {**STOLEN, **changes})

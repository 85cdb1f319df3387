"""Statements that go straight to the driver give what SQLAlchemy would, and fail as its statements do."""

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, text

from storage.errors import Busy, OutcomeUnknown, StorageError, Unavailable
from storage.postgres_runner import CONNECTIONS, PostgresStore
from storage.straight import Straight
from storage.tables import members, seen_requests
from storage.transactions import Store
from tests.integration.storage.engine import statements
from tests.tcp_proxy import Network, TcpProxy

_tally = sa.table("tally", sa.column("name", sa.String), sa.column("value", sa.Integer))
_add = Straight(sa.insert(_tally).values(name=sa.bindparam("n"), value=1))
_value = Straight(sa.select(_tally.c.value).where(_tally.c.name == sa.bindparam("n")))


def add(tx: Connection, name: str) -> None:
    assert [] == _add(tx, {"n": name})


def shared(tx: Connection) -> int:
    ((value,),) = _value(tx, {"n": "shared"})
    assert isinstance(value, int)
    return value


async def test_values_come_and_go_as_through_sqlalchemy(tally: Store) -> None:
    """Seen red: without what SQLAlchemy does with values of these types, SQLite gave 1 for true and text for a time."""
    statement = sa.select(
        sa.bindparam("flag", type_=members.c.pmi_for_instant.type),
        sa.bindparam("at", type_=seen_requests.c.at.type),
        sa.bindparam("nothing", None, type_=sa.String),
        sa.bindparam("word", "constant", type_=sa.String),
    )
    values = {"flag": True, "at": datetime(2026, 11, 24, 12, 30, tzinfo=UTC)}

    straight = await tally.read(lambda tx: Straight(statement)(tx, values))
    usual = await tally.read(lambda tx: [tuple(row) for row in tx.execute(statement, values)])

    assert usual == straight
    assert [(True, None, "constant")] == [(row[0], *row[2:]) for row in straight]


async def test_both_kinds_of_statements_share_a_transaction(tally: Store) -> None:
    def work(tx: Connection) -> None:
        add(tx, "straight")
        statements.add("usual")(tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await tally.write(work)

    assert [] == await tally.read(statements.names)


async def test_a_reader_cannot_write_straight_either(tally: Store) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await tally.read(lambda tx: add(tx, "n"))

    assert [] == await tally.read(statements.names)


async def test_a_broken_unique_is_a_lost_race(tally: Store, counted: list[str]) -> None:
    with pytest.raises(Busy):
        await tally.write(lambda tx: add(tx, "shared"))

    assert ["conflict", "conflict", "conflict", "busy"] == counted


async def test_a_swallowed_error_never_becomes_a_success_that_was_rolled_back(tally: Store) -> None:
    """Seen red: where the failure is not noted, PostgreSQL answered COMMIT with a rollback, and "saved" was said."""

    def work(tx: Connection) -> str:
        add(tx, "kept")
        try:
            add(tx, "shared")
        except Exception:  # noqa: BLE001 - whatever the driver raises
            return "saved"
        return "impossible"

    try:
        answer = await tally.write(work)
    except Exception as error:  # noqa: BLE001 - on PostgreSQL the transaction is lost, and says so
        answer = type(error).__name__

    assert ("saved" == answer) == (["kept"] == await tally.read(statements.names))


async def test_a_restart_of_the_server_is_not_noticed(on_postgres: PostgresStore, proxy: TcpProxy) -> None:
    """Seen red: where SQLAlchemy is not told of a lost connection, the second one was as dead as the first."""
    await asyncio.gather(*(on_postgres.write(statements.increment) for _ in range(CONNECTIONS)))
    proxy.reset()

    assert [CONNECTIONS] * CONNECTIONS == await asyncio.gather(*(on_postgres.read(shared) for _ in range(CONNECTIONS)))


@pytest.mark.alone
@pytest.mark.parametrize(
    ("until", "error"), [(b"COMMIT", OutcomeUnknown), (b"into the hole", Unavailable), (b"BEGIN", Unavailable)]
)
async def test_a_black_hole_is_answered_in_time_and_heals(
    on_postgres: PostgresStore, proxy: TcpProxy, until: bytes, error: type[StorageError]
) -> None:
    await on_postgres.write(lambda tx: add(tx, "warm"))
    proxy.break_when, proxy.broken = until, Network.BLACK_HOLE
    with pytest.raises(error):
        await on_postgres.write(lambda tx: add(tx, "into the hole"))
    proxy.break_when, proxy.network = None, Network.PASS

    assert 0 == await on_postgres.read(shared)


async def test_a_statement_is_made_anew_when_its_table_has_changed(on_postgres: PostgresStore) -> None:
    """Seen red: a prepared statement that is kept all the same fails at every try."""
    everything = Straight(sa.select(sa.literal_column("*")).select_from(_tally))
    await asyncio.gather(*(on_postgres.read(lambda tx: everything(tx, {})) for _ in range(CONNECTIONS)))
    await on_postgres.write(lambda tx: tx.execute(text("ALTER TABLE tally ADD COLUMN later INTEGER")).close())

    assert [("shared", 0, None)] == await on_postgres.read(lambda tx: everything(tx, {}))

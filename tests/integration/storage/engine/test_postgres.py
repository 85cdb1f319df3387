"""What a store on PostgreSQL promises, whatever the network and the server do."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import postgres_migrator
from storage.errors import Busy, OutcomeUnknown, StorageError, Unavailable
from storage.postgres_runner import CONNECTIONS, PostgresStore
from storage.transactions import Store
from tests.databases import PostgresTemplates, sql, with_address
from tests.integration.storage.engine import statements
from tests.tcp_proxy import Network, TcpProxy


@asynccontextmanager
async def another_connection(url: str) -> AsyncIterator[AsyncConnection]:
    engine = postgres_migrator(url)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def timed(store: Store, work: Callable[[Connection], object]) -> tuple[float, object]:
    begun = time.monotonic()
    try:
        answer = await store.write(work)
    except StorageError as error:
        return time.monotonic() - begun, error
    return time.monotonic() - begun, answer


async def test_connections_have_the_limits_that_the_promises_need(on_postgres: PostgresStore) -> None:
    def settings(tx: Connection) -> dict[str, object]:
        names = (
            "lock_timeout",
            "statement_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_isolation",
            "transaction_read_only",
        )
        return {name: tx.exec_driver_sql(f"SHOW {name}").scalar() for name in names}

    limits = {"lock_timeout": "1s", "statement_timeout": "1s", "idle_in_transaction_session_timeout": "2s"}
    expected_reads = {**limits, "transaction_isolation": "repeatable read", "transaction_read_only": "on"}
    expected_writes = {**limits, "transaction_isolation": "read committed", "transaction_read_only": "off"}

    assert expected_reads == await on_postgres.read(settings)
    assert expected_writes == await on_postgres.write(settings)


async def test_a_server_that_is_down_is_unavailable_at_once_and_heals(
    on_postgres: PostgresStore, proxy: TcpProxy, counted: list[str]
) -> None:
    await proxy.stop()

    waits = [await timed(on_postgres, statements.increment) for _ in range(3)]
    await proxy.start()

    assert [Unavailable] * 3 == [type(answer) for _, answer in waits]
    assert max(took for took, _ in waits) < 0.5
    assert ["unavailable"] * 3 == counted
    assert 1 == await on_postgres.write(statements.increment)


async def test_a_restart_of_the_server_is_not_noticed(on_postgres: PostgresStore, proxy: TcpProxy) -> None:
    await asyncio.gather(*(on_postgres.write(statements.increment) for _ in range(CONNECTIONS)))
    proxy.reset()

    answers = await asyncio.gather(*(on_postgres.write(statements.increment) for _ in range(CONNECTIONS)))

    assert list(range(CONNECTIONS + 1, 2 * CONNECTIONS + 1)) == sorted(answers)


@pytest.mark.row("R16")
async def test_a_connection_that_breaks_in_the_commit_leaves_the_outcome_open(
    on_postgres: PostgresStore, proxy: TcpProxy, counted: list[str]
) -> None:
    """A server that cannot make its commit durable ends: so this is what its failing disk looks like from here.

    Seen red: where an error in the commit is none but any other, it was called unavailable: nothing was changed.
    """
    proxy.break_when = b"COMMIT"

    with pytest.raises(OutcomeUnknown):
        await on_postgres.write(statements.increment)

    proxy.break_when = None
    proxy.network = Network.PASS
    assert ["outcome_unknown"] == counted
    assert 1 == await on_postgres.write(statements.increment)


@pytest.mark.parametrize(
    ("until", "error"), [(b"COMMIT", OutcomeUnknown), (b"into the hole", Unavailable), (b"BEGIN", Unavailable)]
)
async def test_a_black_hole_is_answered_in_time_and_heals(
    on_postgres: PostgresStore, proxy: TcpProxy, until: bytes, error: type[StorageError]
) -> None:
    await on_postgres.write(statements.increment)
    proxy.break_when = until
    proxy.broken = Network.BLACK_HOLE

    def work(tx: Connection) -> None:
        statements.increment(tx)
        tx.execute(text("SELECT 'into the hole'"))

    took, answer = await timed(on_postgres, work)
    proxy.break_when = None
    proxy.network = Network.PASS
    healed, second = await timed(on_postgres, statements.increment)

    assert error is type(answer)
    assert took < 2.5
    assert (2, True) == (second, healed < 2.0)


@pytest.mark.row("R18")
async def test_100_calls_into_a_black_hole_are_all_answered_in_time(
    on_postgres: PostgresStore, proxy: TcpProxy, direct_url: str
) -> None:
    """Seen red: without the deadlines of the store and of its queue, the last answer came after 10.4 s."""
    await asyncio.gather(*(on_postgres.write(statements.increment) for _ in range(CONNECTIONS)))
    proxy.network = Network.BLACK_HOLE

    waits = await asyncio.gather(*(timed(on_postgres, statements.increment) for _ in range(100)))
    proxy.network = Network.PASS
    begun = time.monotonic()
    while isinstance((await timed(on_postgres, statements.shared))[1], StorageError):
        pass
    healed = time.monotonic() - begun

    assert {Busy, Unavailable} >= {type(answer) for _, answer in waits}
    assert max(took for took, _ in waits) < 2.5
    assert healed < 2.0
    assert [(CONNECTIONS,)] == await sql(direct_url, "SELECT value FROM tally WHERE name = 'shared'")


async def test_a_slow_network_never_contradicts_the_data(
    on_postgres: PostgresStore, proxy: TcpProxy, direct_url: str
) -> None:
    await on_postgres.write(statements.increment)
    proxy.network, proxy.delay = Network.DELAY, 0.4

    took, answer = await timed(on_postgres, statements.increment)
    proxy.network = Network.PASS
    await on_postgres.close()
    [(stored,)] = await sql(direct_url, "SELECT value FROM tally WHERE name = 'shared'")

    assert took < 2.5
    assert isinstance(answer, OutcomeUnknown) or (answer == 2) == (stored == 2)


async def test_a_row_that_is_locked_elsewhere_is_busy_in_time_and_heals(
    on_postgres: PostgresStore, direct_url: str
) -> None:
    # The connections are there: on a slow machine, making ten of them at once may take too long by itself.
    await asyncio.gather(*(on_postgres.write(statements.increment) for _ in range(CONNECTIONS)))
    async with another_connection(direct_url) as other:
        await other.execute(text("SELECT * FROM tally FOR UPDATE"))
        waits = await asyncio.gather(*(timed(on_postgres, statements.increment) for _ in range(40)))
        await other.rollback()

    assert {Busy} == {type(answer) for _, answer in waits}
    assert max(took for took, _ in waits) < 2.5
    assert CONNECTIONS + 1 == await on_postgres.write(statements.increment)


async def test_a_deadlock_runs_the_work_again(on_postgres: PostgresStore, direct_url: str, counted: list[str]) -> None:
    await sql(direct_url, "INSERT INTO tally VALUES ('left', 0), ('right', 0)")
    # The server looks for deadlocks after a second, which is as long as a statement may wait: sooner, here.
    name = direct_url.partition("?")[0].rpartition("/")[2]
    await sql(direct_url, f"ALTER DATABASE {name} SET deadlock_timeout = '50ms'")
    await on_postgres.close()
    store = PostgresStore(direct_url, on_error=counted.append)

    def both(first: str, second: str) -> Callable[[Connection], None]:
        def work(tx: Connection) -> None:
            for row in (first, second):
                tx.execute(text("UPDATE tally SET value = value + 1 WHERE name = :row"), {"row": row})
                tx.execute(text("SELECT pg_sleep(0.05)"))

        return work

    await asyncio.gather(store.write(both("left", "right")), store.write(both("right", "left")))
    await store.close()

    assert [(2,), (2,)] == await sql(direct_url, "SELECT value FROM tally WHERE name <> 'shared'")
    assert {"conflict"} == set(counted)


async def test_a_statement_that_takes_too_long_is_busy(on_postgres: PostgresStore) -> None:
    took, answer = await timed(on_postgres, lambda tx: tx.execute(text("SELECT pg_sleep(10)")))

    assert isinstance(answer, StorageError)
    assert took < 2.5
    assert 1 == await on_postgres.write(statements.increment)


async def test_a_cancelled_caller_leaves_no_connection_and_no_change(
    on_postgres: PostgresStore, direct_url: str
) -> None:
    def slowly(tx: Connection) -> None:
        statements.increment(tx)
        tx.execute(text("SELECT pg_sleep(0.3)"))

    for _ in range(2 * CONNECTIONS):
        waiting = asyncio.create_task(on_postgres.write(slowly))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    answers = await asyncio.gather(*(on_postgres.write(statements.increment) for _ in range(CONNECTIONS)))

    assert list(range(1, CONNECTIONS + 1)) == sorted(answers)
    await on_postgres.close()
    left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    assert [(0,)] == await sql(direct_url, "SELECT pg_sleep(0.1)", left)


async def test_a_work_waits_for_its_turn_while_there_is_time_to_run_it(
    direct_url: str, on_postgres: PostgresStore, counted: list[str]
) -> None:
    narrow = PostgresStore(direct_url, on_error=counted.append, connections=1)
    await narrow.read(statements.shared)

    waits = await asyncio.gather(
        timed(narrow, lambda tx: tx.execute(text("SELECT pg_sleep(0.7)"))), timed(narrow, statements.increment)
    )
    await narrow.close()

    assert (1, []) == (waits[1][1], counted)
    assert 1 == await on_postgres.read(statements.shared)


@pytest.mark.row("R21")
async def test_too_many_at_once_are_busy_in_time(on_postgres: PostgresStore) -> None:
    """Seen red: without the deadlines of the store and of its queue, all 210 were run, one after the other."""

    def slowly(tx: Connection) -> None:
        # So long that who comes second would not be done within the deadline.
        tx.execute(text("SELECT pg_sleep(0.85)"))

    await asyncio.gather(*(on_postgres.write(statements.increment) for _ in range(CONNECTIONS)))
    waits = await asyncio.gather(*(timed(on_postgres, slowly) for _ in range(CONNECTIONS + 200)))

    assert 1 <= len([answer for _, answer in waits if not isinstance(answer, StorageError)]) <= CONNECTIONS
    assert {Busy} == {type(answer) for _, answer in waits if isinstance(answer, StorageError)}
    assert max(took for took, _ in waits) < 2.5


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_every_usual_spelling_of_the_url_works(
    make_database: Callable[..., str], proxy: TcpProxy, scheme: str
) -> None:
    url = with_address(make_database("postgresql"), "127.0.0.1", proxy.port)
    spelt = f"{scheme}://{url.partition('://')[2]}?sslmode=prefer&application_name=rooms"
    store = PostgresStore(spelt, on_error=lambda _: None)

    assert "rooms" == await store.read(lambda tx: tx.exec_driver_sql("SHOW application_name").scalar())
    await store.close()


async def test_a_database_that_is_not_there_is_unavailable_and_its_password_unsaid(
    postgres: PostgresTemplates, proxy: TcpProxy
) -> None:
    url = f"postgresql://postgres:hunter2@127.0.0.1:{proxy.port}/nowhere"
    store = PostgresStore(url, on_error=lambda _: None)

    with pytest.raises(Unavailable, match="nowhere") as caught:
        await store.write(statements.increment)

    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r} {store._engine!r}"
    await store.close()

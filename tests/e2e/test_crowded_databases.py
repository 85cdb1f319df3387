"""All connections are in use: everybody else is told in time that there is a lot to do, and it costs little memory."""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from bot.playground.delivery import Exchange
from tests.databases import sql
from tests.e2e.process import served
from tests.e2e.reading import FREE, asks
from tests.e2e.stage import make_stage
from tests.e2e.truth import in_time, number, sets
from tests.lengths import short_or_long
from tests.soak.faults import LOCKS
from tests.soak.report import sample


@pytest.mark.row("R21")
async def test_where_the_server_takes_no_more_connections_everybody_is_told_that_it_is_busy(
    make_database: Callable[..., str],
) -> None:
    """A role that may not connect any more stands for all of `max_connections` in use: the server says the same.

    Seen red: without 53300 among the errors that mean "too long", people were told that the database cannot be used.
    """
    direct = make_database("postgresql")
    role, database = f"crowded_{secrets.token_hex(4)}", urlsplit(direct).path[1:]
    grant = f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
    await sql(direct, f"CREATE ROLE {role} LOGIN", grant)
    parts = urlsplit(direct)
    own = urlunsplit(parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}"))
    try:
        async with make_stage(direct, DATABASE_URL=own) as stage:
            await stage.start()
            pmi, *_ = await stage.are_known(stage.anna)
            gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'crowded_%'"
            await sql(direct, f"ALTER DATABASE {database} CONNECTION LIMIT 0", gone)

            exchanges = await asyncio.gather(*(sets(stage.anna, number()) for _ in range(20)))
            told = [message.shown for message in stage.anna.private_messages[-20:]]
            kept = await stage.pmi(stage.anna)
            await sql(direct, f"ALTER DATABASE {database} CONNECTION LIMIT -1")

            assert in_time(*exchanges)
            assert {"Nothing was changed: there is a lot to do just now. Try again in a moment."} == set(told)
            assert pmi == kept
            assert f"now {FREE}*" in await asks(stage.anna, f"/pmi set {FREE}")
    finally:
        await sql(direct, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.row("R21")
async def test_a_thousand_requests_for_connections_in_use_are_busy_and_cost_little_memory(
    database_url: str, tmp_path: Path
) -> None:
    """Every connection waits for a lock, and everybody else for a connection, or for their turn to write.

    Seen red: without the deadlines of the answer, of the store and of the queue before the pool, and with a file whose
    lock is waited for, many had no answer after ten seconds on SQLite, and the last came after 3.4 s on PostgreSQL.
    """
    lock = LOCKS["file" if database_url.startswith("sqlite") else "row"]
    async with served(database_url, tmp_path) as app:
        people = list(app.people.values())[:3]
        for person in people:
            await asks(person, "/pmi")

        async def crowd(requests: int, at_once: int) -> list[Exchange]:
            waiting = [people[each % len(people)] for each in range(requests)]

            async def one_after_the_other() -> list[Exchange]:
                found = []
                while waiting:
                    found.append(await sets(waiting.pop(), number()))
                return found

            found = await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
            return [exchange for each in found for exchange in each]

        async with lock(database_url):
            await crowd(25, 25)
            before = sample(0, (await app.look("/metrics"))[1])
            exchanges = await crowd(short_or_long(50, 1000), 25)
            after = sample(0, (await app.look("/metrics"))[1])

        assert in_time(*exchanges, late=app.late), sorted(each.milliseconds for each in exchanges)[-3:]
        assert {True} == {b"Nothing was changed" in exchange.body for exchange in exchanges}
        assert after.megabytes - before.megabytes < 20
        assert "Saved" in await asks(people[0], f"/pmi set {FREE}")

"""The database is slow, locked, crowded or gone: everybody is answered in time, and no answer contradicts the data."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from sqlalchemy import Engine, event
from structlog.testing import capture_logs

from bot.app import Chances
from bot.playground import Person
from bot.playground.delivery import Exchange
from bot.rules import draw_number
from storage import schema
from tests.databases import OwnServer, PostgresTemplates, own_server, socket_of, sql, with_address
from tests.e2e.process import served
from tests.e2e.reading import FREE, asks, choices, chooses, dialog
from tests.e2e.stage import Stage, at_once, make_stage
from tests.e2e.truth import contradictions, in_time
from tests.lengths import short_or_long
from tests.soak.faults import postgres_locked, sqlite_locked
from tests.soak.report import sample
from tests.tcp_proxy import Network, TcpProxy

LOCKS: dict[str, Callable[[str], AbstractAsyncContextManager[None]]] = {
    "file": sqlite_locked,
    "row": lambda url: postgres_locked(url, "SELECT id FROM member FOR UPDATE"),
    "table": lambda url: postgres_locked(url, "LOCK TABLE member IN ACCESS EXCLUSIVE MODE"),
}


def number() -> str:
    return draw_number(secrets.randbelow).digits


def last(person: Person) -> str:
    return person.private_messages[-1].shown


async def sets(person: Person, wish: str) -> Exchange:
    return await person.types(f"/pmi set {wish}")


@pytest.fixture(scope="module")
def a_server() -> Iterator[OwnServer]:
    """A PostgreSQL that a test may stop."""
    with own_server() as server:
        yield server


@pytest.mark.row("R17")
async def test_a_server_that_is_stopped_is_told_at_once_and_not_missed_when_it_is_back(a_server: OwnServer) -> None:
    await asyncio.to_thread(schema.upgrade, a_server.url)
    async with make_stage(a_server.url) as stage:
        await stage.start()
        await stage.are_known(stage.anna, stage.ben)
        await stage.anna.types("/pmi edit")
        await stage.anna.fills("pmi", FREE)
        await stage.ben.types("/pmi suggest")
        offered = stage.ben.private_messages[-1]
        await asyncio.to_thread(a_server.stop)

        saved = await stage.anna.submits()
        typed = await sets(stage.anna, FREE)
        pressed = await chooses(stage.ben, choices(offered)[0], on=offered)
        await stage.slack.until(lambda: offered is not stage.ben.private_messages[-1])
        words = [dialog(stage.anna).errors["pmi"], last(stage.anna), last(stage.ben)]
        await asyncio.to_thread(a_server.start)
        begun = time.monotonic()
        await stage.anna.submits()
        healed = time.monotonic() - begun

        assert max(exchange.milliseconds for exchange in (saved, typed, pressed)) < 500
        assert all(each.startswith("Nothing was changed: the database cannot be used") for each in words), words
        assert f"now {FREE}*" in dialog(stage.anna).shown
        assert healed < 5.0
        assert ["pmi.assigned", "pmi.changed"] == await stage.actions(stage.anna)


@pytest.mark.row("R18")
async def test_100_people_before_a_black_hole_are_all_answered_in_time(
    make_database: Callable[..., str], postgres: PostgresTemplates, tmp_path: Path
) -> None:
    direct = make_database("postgresql")
    async with TcpProxy(socket_of(postgres.url)) as proxy:
        way = {"DATABASE_URL": with_address(direct, "127.0.0.1", proxy.port)}
        async with served(direct, tmp_path, way) as app:
            anna = app.people["anna"]
            await asks(anna, "/pmi")
            people = app.more_people(100)
            for person in people:
                await asks(person, "/pmi")
            wishes = {person: number() for person in people}
            proxy.network = Network.BLACK_HOLE

            exchanges = await asyncio.gather(*(sets(person, wish) for person, wish in wishes.items()))
            told = {person: last(person) for person in people}
            proxy.network = Network.PASS
            begun, tries = time.monotonic(), 0
            while tries < 20 and "Saved" not in await asks(anna, f"/pmi set {number()}"):
                tries += 1
            healed = time.monotonic() - begun

            assert in_time(*exchanges), sorted(exchange.milliseconds for exchange in exchanges)[-3:]
            assert healed < 2.0
            assert [] == await contradictions(app, wishes, told)


@pytest.mark.row("R19")
@pytest.mark.parametrize("lock", LOCKS)
async def test_behind_a_lock_everybody_is_answered_in_time_and_nothing_happens_later(
    make_database: Callable[..., str], lock: str
) -> None:
    url = make_database("sqlite" if lock == "file" else "postgresql")
    async with make_stage(url) as stage:
        await stage.start()
        pmi, *_ = await stage.are_known(stage.anna, stage.ben, stage.carla)
        wishes = {stage.anna: FREE, stage.ben: number(), stage.carla: ""}
        await stage.anna.types("/pmi edit")
        await stage.anna.fills("pmi", FREE)
        await stage.carla.types("/pmi suggest")
        offered = stage.carla.private_messages[-1]
        wishes[stage.carla] = choices(offered)[0]

        async with LOCKS[lock](url):
            exchanges = await asyncio.gather(
                stage.anna.submits(),
                sets(stage.ben, wishes[stage.ben]),
                chooses(stage.carla, wishes[stage.carla], on=offered),
            )
            await stage.slack.until(lambda: offered is not stage.carla.private_messages[-1])
            told = {
                stage.anna: dialog(stage.anna).errors["pmi"],
                stage.ben: last(stage.ben),
                stage.carla: last(stage.carla),
            }
        await stage.stop()

        assert in_time(*exchanges)
        assert [] == await contradictions(stage, wishes, told)
        assert pmi == await stage.pmi(stage.anna)
        assert ["pmi.assigned"] == await stage.actions(stage.anna)
        await stage.start()
        assert "Saved" in await asks(stage.ben, f"/pmi set {wishes[stage.ben]}")


@contextmanager
def slow_file(seconds: float) -> Iterator[None]:
    """Every statement of an application on SQLite takes so much longer."""

    def linger(*_: object) -> None:
        if threading.current_thread().name.startswith("sqlite-"):
            time.sleep(seconds)

    event.listen(Engine, "before_cursor_execute", linger)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", linger)


@pytest.mark.row("R20")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_however_slow_each_statement_is_no_answer_contradicts_the_data(
    request: pytest.FixtureRequest, make_database: Callable[..., str], postgres: PostgresTemplates, kind: str
) -> None:
    direct = make_database(kind)
    async with TcpProxy(socket_of(postgres.url)) as proxy:
        url = direct if kind == "sqlite" else with_address(direct, "127.0.0.1", proxy.port)
        async with make_stage(direct, Chances(sleep=at_once), DATABASE_URL=url) as stage:
            people = [stage.anna, stage.ben, stage.carla]
            await stage.start()
            await stage.are_known(*people)
            for slower in [0.8, 0.3, *(each / 20 for each in range(1, short_or_long(1, 20)))]:
                await stage.start()
                await stage.are_known(*people)
                wishes = {person: number() for person in people}
                with slow_file(slower if kind == "sqlite" else 0.0):
                    proxy.network, proxy.delay = Network.DELAY, slower / 2
                    exchanges = await asyncio.gather(*(sets(person, wish) for person, wish in wishes.items()))
                    told = {person: last(person) for person in people}
                    await stage.stop()
                    proxy.network = Network.PASS

                assert in_time(*exchanges)
                assert [] == await contradictions(stage, wishes, told), slower


@pytest.mark.row("R21")
async def test_where_the_server_takes_no_more_connections_everybody_is_told_that_it_is_busy(
    make_database: Callable[..., str],
) -> None:
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
            await crowd(50, 50)
            before = sample(0, (await app.look("/metrics"))[1])
            exchanges = await crowd(short_or_long(100, 1000), 50)
            after = sample(0, (await app.look("/metrics"))[1])

        assert in_time(*exchanges), sorted(exchange.milliseconds for exchange in exchanges)[-3:]
        assert {True} == {b"Nothing was changed" in exchange.body for exchange in exchanges}
        assert after.megabytes - before.megabytes < 20
        assert "Saved" in await asks(people[0], f"/pmi set {FREE}")


@pytest.mark.row("R22")
async def test_an_event_loop_that_is_blocked_is_noted_and_no_answer_contradicts_the_data(stage: Stage) -> None:
    people = [stage.ben, stage.carla]
    await stage.are_known(stage.anna, *people)
    wishes = {person: number() for person in people}
    blocked: list[float] = []

    def blocks_the_loop(most: int) -> int:
        if not blocked:
            blocked.append(2.0)
            time.sleep(2.0)
        return secrets.randbelow(most)

    await stage.stop()
    await stage.start(chances=replace(stage.chances, below=blocks_the_loop))
    with capture_logs() as logs:
        blocking = asyncio.create_task(stage.anna.types("/pmi suggest"))
        exchanges = await asyncio.gather(*(sets(person, wish) for person, wish in wishes.items()))
        await blocking
    told = {person: last(person) for person in people}
    await stage.stop()

    (noted,) = [each for each in logs if each["event"] == "event_loop_blocked" and each["seconds"] > 1.5]
    assert any("blocks_the_loop" in call for call in noted["where"])
    assert all(exchange.ok for exchange in exchanges)
    assert [] == await contradictions(stage, wishes, told)

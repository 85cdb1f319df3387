"""Fixtures that every folder of tests may use."""

import gc
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.handlers import front, line
from bot.playground import standin
from storage import limits
from storage.transactions import Store, open_store
from tests.databases import PostgresTemplates, SqliteTemplates, postgres_server

KINDS = ("sqlite", "postgresql")
ALONE = tuple(
    Path(__file__).parent / each
    for each in (
        "soak",
        "e2e/test_waiting_in_processes.py",
        "integration/socket_mode",
        *(
            f"integration/cli/test_{name}.py"
            for name in ("hostile_bodies", "migrating", "serve", "serve_over_socket_mode")
        ),
        "integration/cli/test_stopping.py",
        *(f"integration/storage/engine/test_{name}.py" for name in ("deadlines", "postgres", "processes", "sqlite")),
    )
)
"""Tests that start processes, break things and look at the clock: beside others they would measure those."""
BETWEEN = 50
_tests = itertools.count(1)
PATIENCE = 6
"""How many times longer the program waits before it gives up, in tests that look at no clock."""
USUAL = {
    (module, name): getattr(module, name)
    for module, name in (
        *((limits, each) for each in ("LOCK_SECONDS", "ANSWER_SECONDS", "TURN_SECONDS", "DEADLINE_SECONDS")),
        (front, "DEADLINE"),
        (line, "CALL_SECONDS"),
        (standin, "ACK_SECONDS"),
        (standin, "UNTIL_SECONDS"),
    )
}
NO_CLOCK = frozenset(
    f"R{number:02}"
    for number in (
        *(3, 4, 5, 8, 25, 32, 34, 36, 38, 39),
        *(43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 55, 57, 58),
    )
)
"""Rows of the failure matrix whose tests look at no clock and crowd nothing. Those of all other rows run alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` runs by itself, after the tests that share the cores."""
    for item in items:
        rows = {name for marker in item.iter_markers("row") for name in marker.args}
        if rows - NO_CLOCK or any(item.path.is_relative_to(each) for each in ALONE):
            item.add_marker("alone")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector need not look at it while a test runs."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give the program more time where the test looks at no clock, however many share the cores.

    Garbage of many tests is looked at between two: in one of them it could take seconds.
    """
    if next(_tests) % BETWEEN == 0:
        gc.collect()
        gc.freeze()
    factor = 1 if item.get_closest_marker("alone") else PATIENCE
    for (module, name), seconds in USUAL.items():
        setattr(module, name, seconds * factor)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresTemplates]:
    """A PostgreSQL for the whole run, started when the first test wants it."""
    with postgres_server() as url:
        templates = PostgresTemplates(url)
        yield templates
        templates.close()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplates:
    """A migrated SQLite file to copy, for the whole run."""
    return SqliteTemplates(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def make_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes a fresh database of a kind: `make_database("postgresql", migrated=False)` gives its URL."""
    made: list[str] = []

    def make(kind: str, *, migrated: bool = True) -> str:
        if kind == "sqlite":
            files: SqliteTemplates = request.getfixturevalue("sqlite")
            return files.fresh(tmp_path, migrated=migrated)
        server: PostgresTemplates = request.getfixturevalue("postgres")
        made.append(server.fresh(migrated=migrated))
        return made[-1]

    yield make
    for url in made:
        request.getfixturevalue("postgres").give_back(url)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, make_database: Callable[..., str]) -> str:
    """The URL of a fresh, migrated database; the test runs on each kind. Other processes may use it too."""
    return make_database(request.param)


@pytest.fixture(scope="module", params=KINDS)
def shared_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated database for all tests of a module, which leave it as they find it."""
    if request.param == "sqlite":
        files: SqliteTemplates = request.getfixturevalue("sqlite")
        yield files.fresh(tmp_path_factory.mktemp("shared"))
    else:
        server: PostgresTemplates = request.getfixturevalue("postgres")
        url = server.fresh()
        yield url
        server.give_back(url)


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, make_database: Callable[..., str]) -> str:
    """The URL of a fresh database without a schema; the test runs on each kind."""
    return make_database(request.param, migrated=False)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store on a fresh, migrated database of each kind."""
    store = await open_store(database_url)
    yield store
    await store.close()

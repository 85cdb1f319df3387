"""A migration that fails or is killed, at any of its statements, leaves what was there; the next one completes.

Written for any chain of revisions: from each one that the program has to the next, and from its newest to a later one.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.services.people import Actor
from storage import schema
from storage.schema import on_connection
from storage.transactions import open_store
from tests.conftest import KINDS
from tests.databases import anywhere
from tests.integration.services.houses import anna, new_call, use_cases
from tests.integration.storage.engine.interruptions import COMMIT, fail, struck
from tests.later_program import REVISION, later, write_revision
from tests.lengths import SOAK, short_or_long

ROOT = Path(__file__).resolve().parents[4]
KILLER = "tests.integration.storage.engine.interruptions"


def chain() -> list[str]:
    """From nothing to the newest revision that the program has, and to a later one."""
    scripts = ScriptDirectory.from_config(schema._config()).walk_revisions()
    return ["base", *[script.revision for script in scripts][::-1], REVISION]


CHAIN = chain()
STEPS = [*pairwise(CHAIN), (CHAIN[0], CHAIN[-1])]
"""Each alone and all at once; these are one transaction, whose statements are those of each."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one revision to a later one, on a database that people have used."""

    url: str
    after: str
    spare: str
    """A database where the step may be rehearsed."""

    def take(self) -> None:
        schema.upgrade(self.url, self.after)

    def rehearsed(self) -> list[str]:
        """What the step executes."""
        with struck() as executed:
            schema.upgrade(self.spare, self.after)
        return executed

    def found(self) -> dict[str, dict[str, str]]:
        """The schema and every row."""
        return on_connection(self.url, contents)


@pytest.fixture(params=STEPS if SOAK else STEPS[-1:], ids="-".join)
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The two ends of a step."""
    ends: tuple[str, str] = request.param
    return ends


@pytest.fixture(params=KINDS)
def step(
    request: pytest.FixtureRequest, way: tuple[str, str], make_database: Callable[..., str], tmp_path: Path
) -> Iterator[Step]:
    """A step that the program, which knows both ends, can take."""
    before, after = way
    write_revision(tmp_path / "later")
    urls = [make_database(request.param) for _ in range(2)]
    anywhere(people(urls[0]))
    with later(tmp_path / "later"):
        if before != CHAIN[-2]:
            for url in urls:
                schema.downgrade(url, before)
        yield Step(urls[0], after, urls[1])


@pytest.fixture(scope="module")
def killer() -> Iterator[Callable[[Step, Path, int], int]]:
    """Has a process take a step and die by SIGKILL at a statement; says how it ended."""
    with subprocess.Popen(
        [sys.executable, "-m", KILLER], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        orders, answers = process.stdin, process.stdout

        def migrate(step: Step, folder: Path, number: int) -> int:
            print(json.dumps([step.url, step.after, str(folder), number]), file=orders, flush=True)
            return int(answers.readline())

        yield migrate
        orders.close()


def spread(most: int, short: int) -> list[int]:
    """Numbers from 1 to the most: a few in the short form, all in the long one."""
    count = min(most, short_or_long(short, most))
    return sorted({1 + round(place * (most - 1) / (count - 1)) for place in range(count)})


async def people(url: str) -> None:
    """People who have a number and a link each."""
    store = await open_store(url)
    cases = use_cases(store)
    for number in range(3):
        actor = Actor("T0ACME", f"U{number}")
        await cases.pmis.save(new_call(actor), f"582904731{number}")
        await cases.links.save(new_call(actor), f"harbour{number}", anna)
    await store.close()


def contents(connection: Connection) -> dict[str, dict[str, str]]:
    """Everything in a database, to compare."""
    inspector = inspect(connection)
    looks = (
        inspector.get_multi_columns,
        inspector.get_multi_pk_constraint,
        inspector.get_multi_foreign_keys,
        inspector.get_multi_unique_constraints,
        inspector.get_multi_check_constraints,
        inspector.get_multi_indexes,
    )
    tables = inspector.get_table_names()
    found = {look.__name__: {table: repr(each) for (_, table), each in look().items()} for look in looks}
    found["rows"] = {
        table: repr(sorted(repr(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))))  # noqa: S608
        for table in tables
    }
    return found


@pytest.mark.row("R53")
def test_a_step_that_fails_at_a_statement_changes_nothing_and_then_completes(step: Step) -> None:
    """The first statement of the step, its commit and many between are where it fails (in the long form: each).

    Seen red: with `transaction_per_migration=True` in `env.py`, the first revision stayed on both databases ("assert
    {...} == {...}" at INSERT INTO room); without `begin_immediate` in `sqlite_migrator`, SQLite kept every statement.
    """
    executed = step.rehearsed()
    before = step.found()
    assert COMMIT == executed[-1]
    for number in spread(len(executed), 9):
        with struck(number, fail), pytest.raises(RuntimeError, match="the power is gone"):
            step.take()

        assert before == step.found(), executed[number - 1]
    with struck() as now:
        step.take()

    assert len(executed) == len(now)
    assert step.after == schema.current(step.url)


@pytest.mark.row("R53")
def test_a_step_that_is_killed_at_a_statement_changes_nothing_and_then_completes(
    step: Step, killer: Callable[[Step, Path, int], int], tmp_path: Path
) -> None:
    """The process dies by SIGKILL at the first statement, the commit and some between (in the long form: each).

    Seen red: as above, on both databases with `transactional_ddl=False`, and on SQLite without `begin_immediate`.
    """
    executed = step.rehearsed()
    before = step.found()
    for number in spread(len(executed), 4):
        assert -signal.SIGKILL == killer(step, tmp_path / "later", number)
        assert before == step.found(), executed[number - 1]
    assert 0 == killer(step, tmp_path / "later", len(executed) + 1)

    assert step.after == schema.current(step.url)


@pytest.mark.parametrize("way", list(pairwise(CHAIN)), ids="-".join)
def test_a_step_only_adds_so_that_the_program_before_it_goes_on(step: Step) -> None:
    old = on_connection(step.url, columns)
    step.take()
    new = on_connection(step.url, columns)

    assert set() == old.keys() - new.keys()
    for table, before in old.items():
        after = new[table]
        assert set() == before.keys() - after.keys()
        assert [] == [name for name in after.keys() - before.keys() if not after[name]]
        assert [] == [name for name in before if before[name] and not after[name]]


def columns(connection: Connection) -> dict[str, dict[str, bool]]:
    """The columns of each table, and whether a program that does not know them may leave them out."""
    found = inspect(connection).get_multi_columns()
    return {
        table: {each["name"]: each["nullable"] or each["default"] is not None for each in columns}
        for (_, table), columns in found.items()
    }

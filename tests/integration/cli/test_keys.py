"""`python -m bot keys rotate` and `forget`, and the start that is refused where a key is missing."""

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from bot.services.keys import Keys
from bot.settings import Settings
from storage.transactions import Store, open_store
from tests import sealing
from tests.integration.cli.program import ENVIRON, call, run, start
from tests.lengths import short_or_long
from tests.overheard import logging_as_it_was
from tests.sealing import LOST, NEW, OLD, id_of, ring

T = TypeVar("T")
BOTH = f"{NEW},{OLD}"


def on_store(url: str, work: Callable[[Store], Awaitable[T]]) -> T:
    """What a coroutine on the database's store gives."""

    async def run_it() -> T:
        store = await open_store(url)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run_it())


@pytest.fixture
def filled(environ: pytest.MonkeyPatch, database_url: str) -> Callable[..., None]:
    """Fills the database: `filled(old=3)` keeps three answers under that key. SECRET_KEY holds the new and the old."""
    environ.setenv("SECRET_KEY", BOTH)

    def fill(new: int = 0, old: int = 0, lost: int = 0) -> None:
        async def work(store: Store) -> None:
            first = 0
            for text, count in ((NEW, new), (OLD, old), (LOST, lost)):
                if count:
                    await sealing.remember(store, ring(text), range(first, first + count))
                first += count

        on_store(database_url, work)

    return fill


def test_rotating_says_what_was_done(filled: Callable[..., None], database_url: str) -> None:
    filled(new=1, old=2)

    first, second = call("keys", "rotate"), call("keys", "rotate")

    assert (0, f"2 values sealed again under key {id_of(NEW)}.\n") == (first.exit_code, first.output)
    assert (0, f"0 values sealed again under key {id_of(NEW)}.\n") == (second.exit_code, second.output)
    assert {id_of(NEW): 3} == on_store(database_url, sealing.under)


def test_nothing_of_slack_needs_to_be_set_for_it(
    filled: Callable[..., None], environ: pytest.MonkeyPatch, database_url: str
) -> None:
    filled(old=1)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        environ.delenv(name)

    assert 0 == call("keys", "rotate").exit_code
    environ.delenv("SECRET_KEY")
    missing = call("keys", "rotate")
    assert 2 == missing.exit_code
    assert missing.output.startswith("SECRET_KEY is missing")


def test_what_a_lost_key_hid_is_said_with_the_key_s_id_and_ends_with_1(
    filled: Callable[..., None], database_url: str
) -> None:
    filled(old=2, lost=3)
    before = on_store(database_url, sealing.standing)

    ended = call("keys", "rotate")

    assert 1 == ended.exit_code
    assert (
        f"2 values sealed again under key {id_of(NEW)}.\n"
        f"3 values left as found: sealed under key {id_of(LOST)}, which SECRET_KEY does not hold: "
        "add that key behind the first.\n"
    ) == ended.output
    after = on_store(database_url, sealing.standing)
    assert 3 == sum(after[key] == text for key, text in before.items())


def test_what_was_altered_is_said_and_can_be_forgotten(filled: Callable[..., None], database_url: str) -> None:
    filled(old=2)
    moved = ring(OLD).seal("of another row", **sealing.place(7))
    on_store(database_url, lambda store: sealing.put(store, 0, moved))

    ended, gone = call("keys", "rotate"), call("keys", "forget", id_of(OLD))

    assert 1 == ended.exit_code
    assert f"1 value left as found: sealed under key {id_of(OLD)}, and altered or moved since.\n" in ended.output
    assert (0, "1 row of seen_request deleted.\n") == (gone.exit_code, gone.output)
    assert 0 == call("keys", "rotate").exit_code


def test_a_process_that_seals_under_another_key_meanwhile_is_said(
    filled: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(old=2)
    monkeypatch.setattr("bot.services.keys.PASSES", 1)

    ended = call("keys", "rotate")

    assert 1 == ended.exit_code
    assert "Somebody still seals under another key" in ended.output


def test_a_database_that_is_away_is_said_without_its_password(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("DATABASE_URL", "postgresql://nobody:a-password@127.0.0.1:1/none")

    ended = [call("keys", "rotate"), call("keys", "forget", "none")]

    assert [1, 1] == [each.exit_code for each in ended]
    assert all(each.output.startswith("DATABASE_URL: ") for each in ended)
    assert not any("a-password" in each.output for each in ended)


@pytest.mark.parametrize("word", ["", "7c1e4c4", "7C1E4C45", "7c1e4c455", OLD, "none "])
def test_what_is_no_id_of_a_key_is_refused_and_not_repeated(word: str, environ: pytest.MonkeyPatch) -> None:
    refused = call("keys", "forget", word)

    assert 2 == refused.exit_code
    assert "this is no id of a key" in " ".join(refused.output.replace("│", " ").split())
    assert not word or word not in refused.output


def test_forgetting_where_nothing_is_lost_deletes_nothing(filled: Callable[..., None], database_url: str) -> None:
    filled(new=1, old=1)

    ended = [call("keys", "forget", key_id) for key_id in (id_of(OLD), id_of(NEW), "none")]

    assert [0, 0, 0] == [each.exit_code for each in ended]
    assert f"Nothing is under key {id_of(OLD)} that cannot be opened.\n" == ended[0].output
    assert {id_of(NEW): 1, id_of(OLD): 1} == on_store(database_url, sealing.under)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The levels at which `serve` went on to serve, which it does not do here; the logging it set up is undone."""
    went_on: list[str] = []

    async def note(settings: Settings) -> None:
        went_on.append(settings.log_level)

    monkeypatch.setattr("bot.cli.serve._until_stopped", note)
    with logging_as_it_was():
        yield went_on


@pytest.mark.row("R48")
@pytest.mark.parametrize(
    ("keys", "missing"), [(NEW, (LOST, OLD)), (BOTH, (LOST,)), (f"{NEW},{LOST}", (OLD,)), ("n" * 40, (LOST, OLD))]
)
def test_a_start_without_a_key_that_is_needed_is_refused_in_a_line(
    keys: str,
    missing: tuple[str, ...],
    filled: Callable[..., None],
    *,
    environ: pytest.MonkeyPatch,
    database_url: str,
    served: list[str],
) -> None:
    """Seen red: without the look at the keys in `serve`, it ended with 0 and had gone on to serve."""
    filled(old=2, lost=3)
    before = on_store(database_url, sealing.standing)
    environ.setenv("SECRET_KEY", keys)

    refused = call("serve")

    assert (2, []) == (refused.exit_code, served)
    assert refused.output.startswith("SECRET_KEY does not open values in the database. They are sealed under key ")
    assert 1 == refused.output.count("\n")
    for text in (OLD, LOST):
        assert (text in missing) is (id_of(text) in refused.output)
    assert not any(text in refused.output for text in (NEW, OLD, LOST, keys, '"answer"'))
    assert before == on_store(database_url, sealing.standing)


def test_a_start_goes_on_once_the_key_is_back_or_forgotten(
    filled: Callable[..., None], environ: pytest.MonkeyPatch, served: list[str]
) -> None:
    filled(old=2, lost=3)
    environ.setenv("SECRET_KEY", f"{BOTH},{LOST}")

    assert 0 == call("serve").exit_code
    environ.setenv("SECRET_KEY", BOTH)
    assert 2 == call("serve").exit_code
    assert "3 rows of seen_request deleted.\n" == call("keys", "forget", id_of(LOST)).output
    assert 0 == call("serve").exit_code
    assert 2 == len(served)


def test_a_start_over_what_was_never_sealed_is_refused(
    filled: Callable[..., None], database_url: str, served: list[str]
) -> None:
    filled(old=1)
    on_store(database_url, lambda store: sealing.put(store, 0, "plain"))

    refused = call("serve")

    assert (2, []) == (refused.exit_code, served)
    assert "not sealed at all" in refused.output
    assert "`python -m bot keys forget none`" in refused.output


def test_a_start_with_no_key_at_all_is_refused(environ: pytest.MonkeyPatch, served: list[str]) -> None:
    environ.delenv("SECRET_KEY")

    refused = call("serve")

    assert (2, []) == (refused.exit_code, served)
    assert refused.output.startswith("SECRET_KEY is missing")


async def test_a_process_ends_with_2_where_a_key_is_missing(store: Store, database_url: str, tmp_path: Path) -> None:
    await sealing.remember(store, ring(LOST), range(3))

    code, out, err = await run("serve", environ=ENVIRON | {"DATABASE_URL": database_url}, folder=tmp_path)

    assert (2, "") == (code, out)
    assert err.startswith("SECRET_KEY does not open values in the database.")
    assert 1 == err.count("\n")


@pytest.mark.row("R48")
@pytest.mark.parametrize("round_", range(short_or_long(1, 25)))
async def test_a_rotation_that_is_killed_midway_is_resumed(
    round_: int, store: Store, database_url: str, tmp_path: Path
) -> None:
    """Seen red: with all rows in one transaction, nothing was left under the old key when some was under the new."""
    numbers = range(short_or_long(4000, 6000))
    for first in numbers[::1000]:
        await sealing.remember(store, ring(OLD), range(first, first + 1000))
    environ = {"DATABASE_URL": database_url, "SECRET_KEY": BOTH}
    process = await start("keys", "rotate", environ=environ, folder=tmp_path)
    # Killed after another piece in each round.
    reached = sorted(map(sealing.key, numbers))[500 * (round_ % 4)]
    begun = await until_sealed_again(store, process, reached)
    process.kill()
    await process.communicate()
    midway = await sealing.under(store)

    assert begun
    assert -signal.SIGKILL == process.returncode
    assert 0 < midway.get(id_of(OLD), 0) < len(numbers)
    assert await sealing.opened(store, ring(NEW, OLD), numbers)
    resumed = await Keys(store, ring(NEW, OLD)).rotate()
    assert (midway[id_of(OLD)], {}, True) == (resumed.resealed, resumed.unopened, resumed.finished)
    assert {id_of(NEW): len(numbers)} == await sealing.under(store)
    assert await sealing.opened(store, ring(NEW), numbers)


async def until_sealed_again(store: Store, process: Process, row: str) -> bool:
    """Whether a row came under the new key while the process ran."""
    while process.returncode is None:
        if await sealing.under_of(store, row) == id_of(NEW):
            return True
        await asyncio.sleep(0.001)
    return False

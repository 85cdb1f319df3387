"""`python -m bot keys rotate` and `forget`, and the look at the keys before anything is served."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.cli.database import FAILED, prepare
from bot.services.keys import NOT_SEALED, Keys, KeysInUse, ring_of
from bot.settings import SealingSettings
from storage.errors import StorageError
from storage.transactions import open_store

R = TypeVar("R")


def rotate(settings: SealingSettings) -> int:
    """Seal everything again under the first key. The exit code: 1 where something could not be."""
    ring = ring_of(settings)

    async def work(keys: Keys) -> int:
        done = await keys.rotate()
        print(f"{_values(done.resealed)} sealed again under key {ring.first}.")
        for key_id, count in sorted(done.unopened.items()):
            print(f"{_values(count)} left as found: {why_lost(key_id, ring.ids)}.", file=sys.stderr)
        if not done.finished:
            print(
                "Somebody still seals under another key: start every process again with this SECRET_KEY, "
                "then run this again.",
                file=sys.stderr,
            )
        return FAILED if done.unopened or not done.finished else 0

    return _run(settings, work)


def forget(settings: SealingSettings, key_id: str) -> int:
    """Delete what is sealed under a key that is lost. The exit code: 1 where the database does not answer."""

    async def work(keys: Keys) -> int:
        gone = await keys.forget(key_id)
        for table, count in gone.items():
            print(f"{count} {'row' if count == 1 else 'rows'} of {table} deleted.")
        if not gone:
            print(f"Nothing is under key {key_id} that cannot be opened.")
        return 0

    return _run(settings, work)


def in_use(settings: SealingSettings) -> KeysInUse:
    """The keys that values are under.

    Raises:
        StorageError: the database did not answer as it should.
    """
    return asyncio.run(_with_keys(settings, Keys.in_use))


def refusal(found: KeysInUse, held: tuple[str, ...]) -> str | None:
    """Why nothing may be served with the keys that are held; nothing when all is well."""
    if not found.missing:
        return None
    ways = (
        f"{why_lost(key_id, held)}; or `python -m bot keys forget {key_id}` deletes them"
        for key_id in sorted(found.missing)
    )
    return f"SECRET_KEY does not open values in the database. They are {'. Others are '.join(ways)}."


def why_lost(key_id: str, held: tuple[str, ...]) -> str:
    """Why values under this key cannot be opened, and what helps."""
    if key_id == NOT_SEALED:
        return "not sealed at all, so not written by Standing Room"
    if key_id in held:
        return f"sealed under key {key_id}, and altered or moved since"
    return f"sealed under key {key_id}, which SECRET_KEY does not hold: add that key behind the first"


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _run(settings: SealingSettings, work: Callable[[Keys], Awaitable[int]]) -> int:
    problem = prepare(settings.database_url.get_secret_value())
    try:
        code = FAILED if problem is not None else asyncio.run(_with_keys(settings, work))
    except StorageError as error:
        problem, code = f"{str(error) or type(error).__name__} What was done stays done; run this again.", FAILED
    if problem is not None:
        print(f"DATABASE_URL: {problem}", file=sys.stderr)
    return code


async def _with_keys(settings: SealingSettings, work: Callable[[Keys], Awaitable[R]]) -> R:
    store = await open_store(settings.database_url.get_secret_value())
    try:
        return await work(Keys(store, ring_of(settings)))
    finally:
        await store.close()

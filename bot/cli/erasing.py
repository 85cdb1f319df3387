"""`python -m bot workspaces purge`, `erase`, `erase-again`, `erasures` and `export`: what goes, and what is kept."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.database import FAILED, prepare
from bot.rules import load_common_names
from bot.services.erasures import NotAList, erase_again, every_erasure, read_list
from bot.services.export import exported
from bot.services.house import House
from bot.services.keys import ring_of
from bot.services.purging import LEASE, Purges
from bot.services.room import Defaults
from bot.settings import OperatorSettings, SealingSettings
from storage.errors import StorageError
from storage.transactions import Store, Transaction, open_store


def purge(settings: SealingSettings, key: str, *, is_sure: bool) -> int:
    """Delete all that is personal or secret of a workspace, at once. The exit code: 1 where it was not done."""

    async def work(house: House) -> int:
        purges = Purges(house)

        def ask(tx: Transaction) -> None:
            purges.ask(tx, key, None)

        await house.store.write(ask)
        done = await purges.purge(key)
        if done is None or not done.finished:
            seconds = int(LEASE.total_seconds())
            print(f"Another process purges {key} just now; if it died, try again in {seconds} seconds.")
            return FAILED
        print(f"{key} is purged: {done.rows} rows are gone, and {_counted(done.members)} have tombstones.")
        print("Numbers and links stay held. Backups from before hold all of it still.")
        return 0

    if not (is_sure or _says_yes(key)):
        print("Nothing was changed.")
        return FAILED
    return _run(settings, work)


def erase(settings: SealingSettings, key: str, user: str, *, is_sure: bool) -> int:
    """Delete all that is personal of one member."""

    async def work(house: House) -> int:
        if not await Purges(house).erase(key, user):
            print(f"{user} has not used Standing Room in {key}.", file=sys.stderr)
            return FAILED
        print(f"{user} is erased in {key}. Answers to their last requests go within three days.")
        return 0

    if not (is_sure or _says_yes(user)):
        print("Nothing was changed.")
        return FAILED
    return _run(settings, work)


def export(settings: SealingSettings, key: str, user: str) -> int:
    """Print all that is kept about one member as JSON."""

    async def work(house: House) -> int:
        found = await exported(house, key, user)
        if found is None:
            print(f"{user} has not used Standing Room in {key}.", file=sys.stderr)
            return FAILED
        print(found)
        return 0

    return _run(settings, work)


def erasures(settings: OperatorSettings) -> int:
    """Print a line for each workspace that was purged, and each member who was erased."""

    async def work(store: Store) -> int:
        for each in await every_erasure(store):
            print(each.line())
        return 0

    return _on_store(settings, work)


def again(settings: SealingSettings, path: Path) -> int:
    """Erase again what a list names and an older backup has brought back."""

    async def work(house: House) -> int:
        purged, buried = await erase_again(house, listed)
        print(f"Erased again: {purged} {'workspace' if purged == 1 else 'workspaces'}, {_counted(buried)}.")
        return 0

    try:
        listed = read_list(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        print(f"{path} cannot be read.", file=sys.stderr)
        return FAILED
    except NotAList as wrong:
        print(f"{path}: {wrong}.", file=sys.stderr)
        return FAILED
    return _run(settings, work)


def _counted(members: int) -> str:
    return f"{members} {'member' if members == 1 else 'members'}"


def _says_yes(what: str) -> bool:
    """Whether somebody types what is to go: there is no way back."""
    print(f"There is no way back. Type {what} to go on: ", end="", flush=True)
    return sys.stdin.readline().strip() == what


def _now() -> datetime:
    return datetime.now(UTC)


def _house(settings: SealingSettings, store: Store) -> House:
    return House(
        store=store,
        keys=ring_of(settings),
        names=load_common_names(),
        defaults=Defaults(settings.default_plan, settings.default_licence),
        link_hold=timedelta(days=settings.link_hold_days),
        now=_now,
        below=secrets.randbelow,
        on_claim=lambda _what, _won: None,
    )


def _run(settings: SealingSettings, work: Callable[[House], Awaitable[int]]) -> int:
    return _on_store(settings, lambda store: work(_house(settings, store)))


def _on_store(settings: OperatorSettings, work: Callable[[Store], Awaitable[int]]) -> int:
    url = settings.database_url.get_secret_value()

    async def run() -> int:
        store = await open_store(url)
        try:
            return await work(store)
        finally:
            await store.close()

    problem = prepare(url)
    try:
        code = FAILED if problem is not None else asyncio.run(run())
    except StorageError as error:
        problem, code = str(error) or type(error).__name__, FAILED
    if problem is not None:
        print(f"DATABASE_URL: {problem}", file=sys.stderr)
    return code

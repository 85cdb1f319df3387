"""`python -m bot workspaces verify`: whether a workspace's change log is what it was when it was sealed."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bot.cli.database import FAILED, prepare
from bot.services.change_chain import Break, Broken, ChangeChain, Verified
from bot.services.keys import ring_of
from bot.settings import SealingSettings
from storage import workspaces
from storage.errors import StorageError
from storage.secrets import KeyRing
from storage.transactions import Store, open_store

_SAID = {
    Break.ALTERED: "was altered after it was sealed, or its link was",
    Break.MISSING: "is gone",
    Break.LINK_MISSING: "is gone from the chain",
    Break.KEY_MISSING: "cannot be judged: the key of its link is gone, or SECRET_KEY does not open it",
    Break.UNLINKED: "has no link and waits for none: its link is gone, or it was put in from outside",
}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Vault:
    store: Store
    keys: KeyRing
    now: Callable[[], datetime] = _now


def verify(settings: SealingSettings, key: str) -> int:
    """Walk the chain and print what came of it. The exit code: 1 where it is broken, or nothing is known."""
    url = settings.database_url.get_secret_value()
    ring = ring_of(settings)

    async def run() -> Verified | None:
        store = await open_store(url)
        try:
            if not await store.read(lambda tx: workspaces.is_known(tx, key)):
                return None
            return await ChangeChain(_Vault(store, ring)).verify(key)
        finally:
            await store.close()

    problem = prepare(url)
    found: Verified | None = None
    try:
        found = None if problem is not None else asyncio.run(run())
    except StorageError as error:
        problem = str(error) or type(error).__name__
    if problem is not None:
        print(f"DATABASE_URL: {problem}", file=sys.stderr)
        return FAILED
    if found is None:
        print(f"No workspace {key} has used Standing Room yet.", file=sys.stderr)
        return FAILED
    return _say(key, found)


def _say(key: str, found: Verified) -> int:
    print(f"{key}  {_changes(found.links)} as sealed  head {found.links}:{found.head or '-'}")
    if found.late:
        print(f"{_changes(found.late)} sealed more than a day late: nothing is known of that time.")
    if found.waiting:
        print(f"{_changes(found.waiting)} not sealed yet.")
    if found.broken is None:
        return 0
    print(_line(found.broken), file=sys.stderr)
    return FAILED


def _line(broken: Broken) -> str:
    """One line, whatever stands in the row: JSON writes line ends and everything beyond ASCII as escapes."""
    change = f"Change {json.dumps(broken.change_id)}" if broken.change_id else ""
    link = "" if broken.position is None else f"(link {broken.position})" if change else f"Link {broken.position}"
    row = "" if broken.row is None else f" Now: {json.dumps(asdict(broken.row), default=str)}"
    return f"{' '.join(part for part in (change, link, _SAID[broken.what]) if part)}.{row}"


def _changes(count: int) -> str:
    return f"{count} {'change' if count == 1 else 'changes'}"

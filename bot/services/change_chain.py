"""Sealing the change log: each row gets a link that covers it and the link before. Checking it finds the first break.

A link is a keyed hash. Its key is random, of this workspace alone, and kept sealed under `SECRET_KEY`: whoever has only
the database can make no link, and rotating keys leaves every link good.
"""

import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from storage import chain
from storage.chain import KeptChange, KeyRow, Link
from storage.ids import new_id
from storage.secrets import KeyRing, Unsealable
from storage.transactions import Store, Transaction

PAGE = 1000
"""Links that are checked in one transaction."""
LATE = timedelta(days=1)
"""A row whose link is made so long after it is counted as sealed late."""


class Vault(Protocol):
    """What sealing and checking need of the house."""

    @property
    def store(self) -> Store:
        """Where everything is kept."""

    @property
    def keys(self) -> KeyRing:
        """What opens the keys of the chains."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The time, for new links."""


class Break(StrEnum):
    """What is wrong at the first place where a chain does not hold."""

    ALTERED = "altered"
    """The row, or its link, is not what was sealed."""
    MISSING = "missing"
    """The row is gone."""
    LINK_MISSING = "link_missing"
    """The link is gone."""
    KEY_MISSING = "key_missing"
    """The key of the link is gone or does not open: nothing can be said of the row."""
    UNLINKED = "unlinked"
    """The row has no link, and waits for none: its link is gone, or it was put into the log past the queue."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a chain does not hold."""

    what: Break
    change_id: str
    """Empty where a link is gone, and with it the name of what it covered."""
    position: int | None
    """The link's; None where there is none."""
    row: KeptChange | None = None
    """What stands there now."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of checking the chain of a workspace."""

    links: int
    """How many links hold, from the first on."""
    head: str
    """The hash of the last of these. Noted somewhere else, it shows later that nothing was cut off behind it."""
    late: int
    """How many rows were sealed later than `LATE` after they were written."""
    waiting: int
    broken: Broken | None


class ChangeChain:
    """Seals what has no link yet, and checks what has one."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def seal(self, most: int) -> int:
        """Give at most so many rows their links; how many got one. None where somebody else does it just now.

        Raises:
            StorageError: the database did not answer as it should.
        """
        if not await self._vault.store.read(chain.is_anything_unsealed):
            return 0
        return await self._vault.store.write(partial(self._seal, most=most))

    def _seal(self, tx: Transaction, most: int) -> int:
        if not chain.take_turn(tx):
            return 0
        rows = chain.unsealed(tx, most)
        for workspace, of_it in groupby(rows, key=attrgetter("workspace")):
            key_id, secret = self._key(tx, workspace)
            last = chain.head(tx, workspace)
            position, before = (0, "") if last is None else (last.position, last.hash)
            made_at, links = self._vault.now(), []
            for row in of_it:
                position += 1
                before = _hash(secret, position, row, before, made_at)
                links.append(Link(workspace, position, row.id, key_id, before, made_at))
            chain.add(tx, links)
        return len(rows)

    def _key(self, tx: Transaction, workspace: str) -> tuple[str, bytes]:
        """The newest key of a workspace that opens; a new one where none does."""
        for row in reversed(chain.keys(tx, workspace)):
            secret = self._opened(row)
            if secret is not None:
                return row.id, secret
        at = self._vault.now()
        key_id, text = new_id(at), secrets.token_hex(32)
        place = {"table": "change_key", "column": "secret", "workspace": workspace, "key": key_id}
        chain.add_key(tx, KeyRow(key_id, workspace, self._vault.keys.seal(text, **place), at))
        return key_id, bytes.fromhex(text)

    def _opened(self, row: KeyRow) -> bytes | None:
        place = {"table": "change_key", "column": "secret", "workspace": row.workspace, "key": row.id}
        try:
            return bytes.fromhex(self._vault.keys.open(row.secret, **place))
        except Unsealable:
            return None

    async def verify(self, workspace: str) -> Verified:
        """Walk the chain of a workspace from its first link on, to its end or the first break.

        Raises:
            StorageError: the database did not answer as it should.
        """
        kept = await self._vault.store.read(partial(chain.keys, workspace=workspace))
        opened = {row.id: self._opened(row) for row in kept}
        # Before the walk: what is sealed meanwhile must not look as if it had no link.
        waiting, beside = await self._beside(workspace)
        position, before, late = 0, "", 0
        async for link, row in self._links(workspace):
            broken = _broken(link, row, position + 1, before, opened)
            if broken is not None:
                return Verified(position, before, late, waiting, broken)
            position, before = link.position, link.hash
            late += row is not None and link.made_at - row.at > LATE
        return Verified(position, before, late, waiting, beside)

    async def _links(self, workspace: str) -> AsyncIterator[tuple[Link, KeptChange | None]]:
        """The links of a workspace with what they cover, a transaction for each piece."""
        after = 0
        while True:
            pairs = await self._vault.store.read(partial(chain.page, workspace=workspace, after=after, most=PAGE))
            for pair in pairs:
                yield pair
            if len(pairs) < PAGE:
                return
            after = pairs[-1][0].position

    async def _beside(self, workspace: str) -> tuple[int, Broken | None]:
        """How many rows wait for a link, and what there is beside the chain that should not be."""
        count, first = 0, None
        async for change_id, is_there in self._ids(chain.waiting, workspace):
            count += 1
            first = first or (None if is_there else Broken(Break.MISSING, change_id, None))
        async for change_id, is_covered in self._ids(chain.covered, workspace):
            if first is not None:
                break
            first = None if is_covered else Broken(Break.UNLINKED, change_id, None)
        return count, first

    async def _ids(
        self, page: Callable[[Transaction, str, str, int], list[tuple[str, bool]]], workspace: str
    ) -> AsyncIterator[tuple[str, bool]]:
        """All that the pages have, a transaction for each."""
        after = ""
        while True:
            found = await self._vault.store.read(partial(_paged, page, workspace, after))
            for each in found:
                yield each
            if len(found) < PAGE:
                return
            after = found[-1][0]


def _paged(
    page: Callable[[Transaction, str, str, int], list[tuple[str, bool]]], workspace: str, after: str, tx: Transaction
) -> list[tuple[str, bool]]:
    return page(tx, workspace, after, PAGE)


def _broken(
    link: Link, row: KeptChange | None, expected: int, before: str, opened: Mapping[str, bytes | None]
) -> Broken | None:
    if link.position != expected:
        return Broken(Break.LINK_MISSING, "", expected)
    if row is None:
        return Broken(Break.MISSING, link.change_id, expected)
    secret = opened.get(link.key_id)
    if secret is None:
        return Broken(Break.KEY_MISSING, link.change_id, expected, row)
    if not hmac.compare_digest(link.hash, _hash(secret, expected, row, before, link.made_at)):
        return Broken(Break.ALTERED, link.change_id, expected, row)
    return None


def _hash(secret: bytes, position: int, row: KeptChange, before: str, made_at: datetime) -> str:
    """The keyed hash over a row, its place and the link before. Each part has its length before it, or is nothing."""
    parts = (
        "standing-room/change/1",
        str(position),
        row.workspace,
        row.id,
        row.member_id,
        row.actor_id,
        row.action,
        row.old,
        row.new,
        _written(row.at),
        _written(made_at),
        before,
    )
    found = hmac.new(secret, digestmod="sha256")
    for part in parts:
        text = b"" if part is None else part.encode()
        found.update((b"-" if part is None else b"+") + len(text).to_bytes(4, "big") + text)
    return found.hexdigest()


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

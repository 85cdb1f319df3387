"""Sealed answers in a database, for tests of what becomes of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

import sqlalchemy as sa

from storage import requests
from storage.secrets import KeyRing, key_id_of
from storage.tables import seen_requests
from storage.transactions import Store, Transaction

OLD = "the old key of the tests, of 32 characters".replace(",", ";")
NEW = "the new key of the tests, of 32 characters".replace(",", ";")
LOST = "a lost key of the tests, of 32 characters".replace(",", ";")


def ring(*texts: str) -> KeyRing:
    """The keys, the first one first."""
    return KeyRing.from_text(",".join(texts))


def id_of(text: str) -> str:
    """The id of a key."""
    return ring(text).first


def answer(number: int) -> str:
    """What a request of this number was answered, before it was sealed."""
    return f'{{"answer": {number}, "more": "{"x" * 200}"}}'


def key(number: int) -> str:
    """The row's key, a hash as those of requests are."""
    return sha256(str(number).encode()).hexdigest()


def place(number: int, workspace: str = "T0ACME") -> dict[str, str]:
    """Where the answer of a request stands."""
    return {"table": "seen_request", "column": "answer", "workspace": workspace, "key": key(number)}


async def remember(store: Store, keys: KeyRing, numbers: Iterable[int], workspace: str = "T0ACME") -> None:
    """Keep answers under the first of the keys, as requests do that had an effect."""
    rows = [
        {
            "key": key(number),
            "workspace": workspace,
            "answer": keys.seal(answer(number), **place(number, workspace)),
            "at": datetime.now(UTC),
        }
        for number in numbers
    ]

    def work(tx: Transaction) -> None:
        tx.execute(sa.insert(seen_requests), rows)

    await store.write(work)


async def kept(store: Store, number: int) -> str | None:
    """The text that stands in a row."""
    return await store.read(lambda tx: requests.answer_to(tx, key(number)))


async def standing(store: Store) -> dict[str, str]:
    """Every answer as it is kept, by key; read in pieces, since each has to be there in time."""
    texts: dict[str, str] = {}
    after = ""
    while rows := await store.read(partial(_some, after=after)):
        texts |= rows
        after = max(rows)
    return texts


def _some(tx: Transaction, after: str) -> dict[str, str]:
    some = sa.select(seen_requests.c.key, seen_requests.c.answer).where(seen_requests.c.key > after)
    return {row.key: row.answer for row in tx.execute(some.order_by(seen_requests.c.key).limit(2000))}


async def under(store: Store) -> dict[str | None, int]:
    """How many answers are under each key, by its id."""
    counts: dict[str | None, int] = {}
    for text in (await standing(store)).values():
        counts[key_id_of(text)] = counts.get(key_id_of(text), 0) + 1
    return counts


async def opened(store: Store, keys: KeyRing, numbers: Iterable[int], workspace: str = "T0ACME") -> bool:
    """Whether each answer can be opened, and is what it was."""
    texts = await standing(store)
    return all(answer(number) == keys.open(texts[key(number)], **place(number, workspace)) for number in numbers)


async def put(store: Store, number: int, text: str) -> None:
    """Write a text into a row by hand."""
    await store.write(
        lambda tx: tx.execute(sa.update(seen_requests).where(seen_requests.c.key == key(number)).values(answer=text))
    )


async def under_of(store: Store, row: str) -> str | None:
    """The id of the key that one row is under."""
    text = await store.read(lambda tx: requests.answer_to(tx, row))
    return None if text is None else key_id_of(text)

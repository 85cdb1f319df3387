"""Requests that had an effect, with the answer they got: a repeat gets the same answer and no second effect."""

from datetime import datetime

import sqlalchemy as sa

from storage.tables import seen_requests
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere

_add = InsertUnlessThere(seen_requests, "key")
_answer = sa.select(seen_requests.c.answer).where(seen_requests.c.key == sa.bindparam("k"))


def answer_to(tx: Transaction, key: str) -> str | None:
    """The sealed answer that this request got, if it had its effect already."""
    return tx.execute(_answer, {"k": key}).scalar()


def remember(tx: Transaction, key: str, workspace: str, answer: str, at: datetime) -> bool:
    """Keep the answer; False where the same request was kept meanwhile, so that this one must not count."""
    return _add(tx, {"key": key, "workspace": workspace, "answer": answer, "at": at})

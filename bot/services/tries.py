"""Wrong tries, counted in the database for all processes: whence and where are kept as hashes that nobody can undo."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rules import ADDRESS_LIMIT, SOURCE_LIMIT, TryLimit
from bot.services.ways import Source
from storage import attempts
from storage.attempts import Times
from storage.secrets import KeyRing
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Counted:
    """What a try counts under."""

    key: str
    limit: TryLimit


class Tries:
    """The counters, for one process."""

    def __init__(self, keys: KeyRing) -> None:
        self._secret = keys.derive("tries")

    def counted(self, kind: str, address: str, source: Source) -> tuple[Counted, ...]:
        """What a try counts under, in the order in which everybody waits for everybody: no two ever block each other.

        The address is as it is looked up, so that another spelling of it is no other one.
        """
        return (
            Counted(self._hash("address", kind, address), ADDRESS_LIMIT),
            Counted(self._hash("source", source.network), SOURCE_LIMIT),
        )

    def wait(self, tx: Transaction, counted: Sequence[Counted], at: datetime) -> int:
        """For how many seconds nobody is listened to; 0: not at all."""
        return _wait(attempts.find(tx, [each.key for each in counted]), counted, at)

    def wait_locked(self, tx: Transaction, counted: Sequence[Counted], at: datetime) -> int:
        """As `wait`; nobody else counts these until the transaction ends."""
        return _wait({each.key: attempts.lock(tx, each.key, at) for each in counted}, counted, at)

    def count(self, tx: Transaction, counted: Sequence[Counted], at: datetime) -> None:
        """Count a wrong try under what is locked."""
        now = _milliseconds(at)
        times = attempts.find(tx, [each.key for each in counted])
        for each in counted:
            kept = each.limit.recent((*each.limit.recent(times.get(each.key, ()), now), now), now)
            attempts.keep(tx, each.key, kept, at)

    def _hash(self, *parts: str) -> str:
        # The kinds hold no line break, so no two read alike. Half of a surrogate pair is no reason to fail.
        return hmac.new(self._secret, "\n".join(parts).encode(errors="backslashreplace"), hashlib.sha256).hexdigest()


def _wait(times: Mapping[str, Times], counted: Sequence[Counted], at: datetime) -> int:
    now = _milliseconds(at)
    longest = max(each.limit.wait(times.get(each.key, ()), now) for each in counted)
    return -(-longest // 1000)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)

"""Ids made by the application: opaque, unique over all processes, and in the order they were made in."""

import secrets
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(at: datetime) -> str:
    """An id of 26 characters (Crockford's base 32): 56 bits of microseconds, then 72 random bits."""
    return _written((int(at.timestamp() * 1_000_000) << 72) | secrets.randbits(72))


def first_id(at: datetime) -> str:
    """The first that an id of this moment could be: those of later moments are greater, of earlier ones smaller."""
    return _written(min(max(int(at.timestamp() * 1_000_000), 0), (1 << 56) - 1) << 72)


def _written(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))

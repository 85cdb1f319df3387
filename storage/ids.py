"""Ids made by the application: opaque, unique over all processes, and in the order they were made in."""

import secrets
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(at: datetime) -> str:
    """An id of 26 characters (Crockford's base 32): 56 bits of microseconds, then 72 random bits."""
    value = (int(at.timestamp() * 1_000_000) << 72) | secrets.randbits(72)
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))

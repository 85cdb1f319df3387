"""Sealed values: text that only this program's keys open, and only in the place that it was sealed for.

A sealed value reads `v1.<key id>.<nonce>.<ciphertext>`: AES-256-GCM with a random nonce of 96 bits, bound to its
table, column, workspace and row.
"""

import base64
import binascii
import os
import re
import secrets
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_LENGTH = 32
"""How many characters the text of a key has at least."""

_VERSION = "v1"
_NONCE_BYTES = 12
_KEY_ID_BYTES = 4
_PREFIX = re.compile(rf"{_VERSION}\.([0-9a-f]{{{2 * _KEY_ID_BYTES}}})\.")


class Unsealable(Exception):  # noqa: N818 - says what the text is
    """The text was altered, moved from its place, sealed under a key that is not here, or never sealed."""


class BadKeys(ValueError):  # noqa: N818 - says what the keys are
    """The text gives no usable keys. The message says why, and holds none of it."""


def new_key() -> str:
    """The text of a new key: 43 characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def prefix_of(key_id: str) -> str:
    """How every text begins that is sealed under this key."""
    return f"{_VERSION}.{key_id}."


def key_id_of(sealed: str) -> str | None:
    """The id of the key that a text is sealed under; None where it is no sealed text."""
    found = _PREFIX.match(sealed)
    return None if found is None else found[1]


class _Key:
    """One key, and what is derived from its text."""

    __slots__ = ("_text", "cipher", "id")

    def __init__(self, text: str) -> None:
        self._text = text.encode()
        self.id = self.derive("key id")[:_KEY_ID_BYTES].hex()
        self.cipher = AESGCM(self.derive("seal"))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, which tell nothing of those for another."""
        return HKDF(SHA256(), length=32, salt=None, info=f"standing-room/{purpose}".encode()).derive(self._text)


class KeyRing:
    """The program's keys: the first one seals, every one opens."""

    __slots__ = ("_by_id", "_current")

    def __init__(self, keys: list[_Key]) -> None:
        self._current = keys[0]
        self._by_id = {key.id: key for key in keys}

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The keys in `SECRET_KEY`: separated by commas, the current one first, each 32 characters or more.

        Raises:
            BadKeys: one is too short, or stands there twice.
        """
        texts = [part.strip() for part in text.split(",")]
        if any(len(part) < MIN_LENGTH for part in texts):
            raise BadKeys(f"each key needs {MIN_LENGTH} characters or more")
        keys = [_Key(part) for part in texts]
        if len({key.id for key in keys}) != len(keys):
            raise BadKeys("one key stands there twice")
        return cls(keys)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._by_id)})"

    @property
    def first(self) -> str:
        """The id of the key that seals."""
        return self._current.id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, the first one first. An id tells nothing of its key."""
        return tuple(self._by_id)

    def seal(self, value: str, *, table: str, column: str, workspace: str, key: str) -> str:
        """The value, readable only for these keys and in this place; `key` is the row's own."""
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._current.cipher.encrypt(nonce, value.encode(), _place(table, column, workspace, key))
        return ".".join((_VERSION, self._current.id, _written(nonce), _written(ciphertext)))

    def open(self, sealed: str, *, table: str, column: str, workspace: str, key: str) -> str:
        """The value that was sealed for this place.

        Raises:
            Unsealable: it was altered or moved, or its key is not here.
        """
        try:
            version, key_id, nonce, ciphertext = sealed.split(".")
            if version != _VERSION or key_id not in self._by_id:
                raise Unsealable("Sealed in another way, or under another key.")
            cipher = self._by_id[key_id].cipher
            return cipher.decrypt(_read(nonce), _read(ciphertext), _place(table, column, workspace, key)).decode()
        except (InvalidTag, ValueError) as error:
            raise Unsealable("Altered, moved, or never sealed.") from error

    def derive(self, purpose: str) -> bytes:
        """32 bytes of the current key for a purpose of its own, such as signing one kind of link."""
        return self._current.derive(f"for/{purpose}")

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """As `derive`, of every key, the current one first: for what must be known again and cannot be made anew."""
        return tuple(key.derive(f"for/{purpose}") for key in self._by_id.values())


def _place(*parts: str) -> bytes:
    """The parts with their lengths before them, so that no two places read alike."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (_VERSION.encode(), *(p.encode() for p in parts)))


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _written(data) != text:
        raise binascii.Error("Not the one way to write it.")
    return data

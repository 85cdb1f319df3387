"""Signing in on a join page: it is begun here, goes away to whoever vouches for people, and comes back here once.

It knows no HTTP and no Slack.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from bot.services.house import House
from bot.services.signed_in import Return
from storage import oauth_states, workspaces
from storage.secrets import Unsealable

STATE_LASTS = timedelta(minutes=10)
"""For how long somebody may be away."""
PURPOSE = "sign_in"

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")


class StateUnknown(Exception):  # noqa: N818 - says what the state is
    """The state was never given out, came back before, is too old, or another browser began with it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What goes along: the state that must come back, what the voucher must repeat, and what proves who began."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    challenge: str
    """The S256 hash of the verifier (RFC 7636); empty where there is none."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What was begun under a state that has come back."""

    back: Return
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    """Empty where none was begun with."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is sealed beside a state."""

    back: Return
    nonce: str
    verifier: str
    browser: str
    """Hash of what the browser holds that began."""


_KEPT = TypeAdapter(_Kept)


def new_browser() -> str:
    """What a browser is given to be known by while somebody is away: 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def is_browser(text: str) -> bool:
    """Whether this could have been made by `new_browser`."""
    return _TOKEN.match(text) is not None


def mark_of(browser: str) -> str:
    """What tells a browser again, and tells nobody what it is known by."""
    return _hash(browser)


def has_mark(browser: str, mark: str) -> bool:
    """Whether this browser has left that mark."""
    return is_browser(browser) and hmac.compare_digest(mark, _hash(browser))


class SignIns:
    """The use cases of signing in."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def begin(self, back: Return, browser: str, *, with_verifier: bool) -> Begun:
        """Begin for this browser, which comes back to this page; with a verifier where the voucher compares one.

        Raises:
            StorageError: the database did not answer as it should.
        """
        state, nonce, verifier = (secrets.token_urlsafe(_TOKEN_BYTES) for _ in range(3))
        if not with_verifier:
            verifier = ""
        row = _hash(state)
        payload = self._house.keys.seal(
            _KEPT.dump_json(_Kept(back, nonce, verifier, _hash(browser))).decode(), **_payload_place(row)
        )
        until = self._house.now() + STATE_LASTS
        await self._house.store.write(
            lambda tx: oauth_states.add(tx, state_hash=row, purpose=PURPOSE, payload=payload, expires_at=until)
        )
        return Begun(state, nonce, _challenge(verifier) if verifier else "")

    async def finish(self, state: str, browser: str) -> Finished:
        """What was begun under a state. From now on nothing is, whoever comes back with it.

        Raises:
            StateUnknown: nothing was, or not by this browser.
            StorageError: the database did not answer as it should.
        """
        if not _TOKEN.match(state):
            raise StateUnknown
        row = _hash(state)
        now = self._house.now()
        payload = await self._house.store.write(lambda tx: oauth_states.consume(tx, row, PURPOSE, now))
        try:
            kept = _KEPT.validate_json(self._house.keys.open(payload or "", **_payload_place(row)))
        except (Unsealable, ValidationError):
            raise StateUnknown from None
        if not has_mark(browser, kept.browser):
            raise StateUnknown
        return Finished(kept.back, kept.nonce, kept.verifier)

    async def is_known(self, workspace: str) -> bool:
        """Whether anybody of this workspace could have a room here.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return await self._house.store.read(lambda tx: workspaces.is_known(tx, workspace))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _payload_place(row: str) -> dict[str, str]:
    return {"table": "oauth_state", "column": "payload", "workspace": PURPOSE, "key": row}

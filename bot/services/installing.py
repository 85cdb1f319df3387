"""Installing the app: it is begun here, goes away to Slack, and comes back here once, in the browser that began.

It knows no HTTP and no Slack.
"""

import hashlib
import hmac
import re
import secrets

from bot.services.house import House
from bot.services.sign_in import STATE_LASTS, StateUnknown, is_browser
from storage import oauth_states
from storage.secrets import Unsealable

PURPOSE = "install"

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")


class Installs:
    """The use cases of whoever installs."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def begin(self, browser: str) -> str:
        """Begin in this browser; what must come back from Slack.

        Raises:
            StorageError: the database did not answer as it should.
        """
        state = secrets.token_urlsafe(_TOKEN_BYTES)
        row = _hash(state)
        payload = self._house.keys.seal(_hash(browser), **_place(row))
        until = self._house.now() + STATE_LASTS
        await self._house.store.write(
            lambda tx: oauth_states.add(tx, state_hash=row, purpose=PURPOSE, payload=payload, expires_at=until)
        )
        return state

    async def finish(self, state: str, browser: str) -> None:
        """It has come back. From now on it is over, whoever comes back with it.

        Raises:
            StateUnknown: it was never begun, came back before, is too old, or another browser began.
            StorageError: the database did not answer as it should.
        """
        if not _TOKEN.match(state):
            raise StateUnknown
        row, now = _hash(state), self._house.now()
        payload = await self._house.store.write(lambda tx: oauth_states.consume(tx, row, PURPOSE, now))
        try:
            began = self._house.keys.open(payload or "", **_place(row))
        except Unsealable:
            raise StateUnknown from None
        if not is_browser(browser) or not hmac.compare_digest(began, _hash(browser)):
            raise StateUnknown


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _place(row: str) -> dict[str, str]:
    return {"table": "oauth_state", "column": "payload", "workspace": PURPOSE, "key": row}
